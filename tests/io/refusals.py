"""Inputs that reach every refusal of the readers and of the commands, as files and the words that were said about them.

A case returns the words of a command line: the command (where it is not a mere reading of files), files, options. `REACHED_BY_CALL`
are refusals that only a call in Python reaches.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import gzip
import json
import pathlib
import struct
import sys
import zipfile

import numpy as np

from coregulation.cli import parser
from coregulation.cli.conversation import split_people
from coregulation.cli.live import PASSPHRASE
from coregulation.io import inspect_file, new_manifest, open_session, open_sessions
from coregulation.io.examples import exports, laboratory, streams
from coregulation.io.formats import acqknowledge_text, apple_ecg, fitbit, labchart
from coregulation.io.options_manifest import manifest_of_options
from coregulation.io.tables.table import TableShape
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats
from coregulation.simulate.laws.registry import LAWS
from tests.io.format_refusals import FORMAT_CASES
from tests.io.odd_refusals import ODD_CASES
from tests.io.test_manifest import FULL, folder
from tests.io.write import rows, text, wave
from tests.paths import ROOT

SOURCES = [
    *(
        path
        for path in (ROOT / "src/coregulation/io").rglob("*.py")
        if path.parent.name != "turns" and path.name != "limits.py"
    ),  # turns of speech: tests/io/turns
    *(ROOT / "src/coregulation/cli").glob("*.py"),
]
KINDS = ("DataError", "UsageError", "EmptyChannelError")
N = 60
HEART, RR_MS = ("--signal", "heart_rate"), ("--signal", "rr", "--unit", "ms")
RR = np.round(850 + 60 * np.sin(np.arange(80) * 0.4))
PAIRS = "pair,who,hr\n" + "".join(
    f"{p},{w},{60 + 10 * p + 3 * (w == 'a') + (n * (3 + p)) % 7}\n" for p in (1, 2) for w in "ab" for n in range(30)
)


def templates():
    """Return every refusal's template with the module it stands in."""
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KINDS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found[node.args[0].value] = f"{path.parent.name}/{path.name}"
    return found


def moments(form, n=N, step=1):
    start = datetime.datetime(2026, 5, 4, 14, 0, 0)  # noqa: DTZ001 - as devices write it
    return [(start + datetime.timedelta(seconds=step * k)).strftime(form) for k in range(n)]


def swap(path, old, new, count=-1):
    """Replace bytes in a file."""
    content = path.read_bytes()
    old, new = (word.encode() if isinstance(word, str) else word for word in (old, new))
    assert old in content
    path.write_bytes(content.replace(old, new, count))
    return path


def raw(path, content):
    path.write_bytes(content)
    return path


def made(write, path, *swaps):
    write(path)
    for old, new in swaps:
        swap(path, old, new)
    return path


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_fit", ".fit"), content)
    return path


def heart(p, *, name="a.csv", phase=0.0):
    return rows(p / name, "time_s,hr", range(N), wave(N, phase=phase))


def timed(p, times, *, header="time,hr"):
    return rows(p / "a.csv", header, times, wave(len(times)))


def long(p, **more):
    return [
        raw(p / "long.csv", PAIRS.encode()),
        "--long",
        "--person-column",
        "who",
        "--value-column",
        "hr",
        "--rate",
        "1",
        *HEART,
    ]


def noted(p, option, *lines):
    return [heart(p), *HEART, f"--{option}", text(p / "notes.csv", *lines)]


def corrected(p, *lines):
    return [
        text(p / "a.txt", *RR),
        "--person",
        "ada",
        *RR_MS,
        "--corrections",
        text(p / "c.csv", "kind,time,to,person,why", *lines),
    ]


def manifest(p, old="", new="", count=-1):
    assert old in FULL
    return [folder(p, FULL.replace(old, new, count))]


def sidecar(p, **changed):
    path = p / "x_physio.tsv"
    exports.bids(path)
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) | changed
    path.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    return [path]


def bids_folder(p, description='{"Name": "x", "BIDSVersion": "1.11.0"}', **files):
    text(p / "dataset_description.json", description)
    for name, content in files.items():
        place = p / "sub-01" / "beh" / name.replace("__", ".").replace("_tsv", ".tsv").replace("_json", ".json")
        place.parent.mkdir(parents=True, exist_ok=True)
        raw(place, gzip.compress(content.encode()) if name.endswith("gz") else content.encode())
    return [p]


def stepped(p, stamps, rate=0):
    return [
        streams.xdf(p / "x.xdf", streams.stream(1, "a", "HR", rate, stamps=stamps, values=wave(len(stamps)))),
        "--person",
        "ada",
    ]


def header(p, *swaps):
    laboratory.wfdb(p / "x.hea", "16")
    for old, new in swaps:
        swap(p / "x.hea", old, new)
    return [p / "x.hea", "--signal", "ecg"]


CASES = {
    **FORMAT_CASES,
    **ODD_CASES,
    # what the numbers are
    "no knock": lambda p: [rows(p / "a.csv", "time_s,motion", range(N), wave(N)), rows(p / "b.csv", "time_s,motion", range(N), wave(N, phase=1)), "--signal", "motion", "--align", "knock"],
    "no acceleration": lambda p: [heart(p), heart(p, name="b.csv", phase=1.0), *HEART, "--align", "knock"],
    "times alone": lambda p: [rows(p / "a.csv", "time_s", range(N)), *HEART],
    "no signal": lambda p: [rows(p / "a.csv", "time_s,v", range(N), wave(N))],
    "no rate": lambda p: [rows(p / "a.csv", "hr", wave(N)), *HEART],
    "an unknown signal": lambda p: [heart(p), "--signal", "HR"],
    "an own name": lambda p: [heart(p), "--signal", "glow"],
    "RR without a unit": lambda p: [text(p / "a.txt", *RR), "--signal", "rr"],
    "an unknown unit": lambda p: [rows(p / "a.csv", "eda [units]", 5 + np.sin(np.arange(N))), "--signal", "eda", "--rate", "4"],
    "a stated unknown unit": lambda p: [rows(p / "a.csv", "eda", 5 + np.sin(np.arange(N))), "--signal", "eda", "--rate", "4", "--unit", "glow"],
    "a unit against the header": lambda p: [rows(p / "a.csv", "eda [µS]", 5 + np.sin(np.arange(N))), "--signal", "eda", "--rate", "4", "--unit", "ms"],
    "intervals as heart rate": lambda p: [text(p / "a.txt", *RR), *HEART, "--rate", "1"],
    "a heart rate times ten": lambda p: [text(p / "a.txt", *np.multiply(wave(N), 100)), *HEART, "--rate", "1"],
    "seconds as ms": lambda p: [text(p / "a.txt", *RR / 1000), *RR_MS],
    "a conductance below zero": lambda p: [rows(p / "a.csv", "time_s,eda", np.arange(N) / 4, np.sin(np.arange(N) / 3) + 0.1), "--signal", "eda"],
    "rows of several people": lambda p: [rows(p / "a.csv", "id,hr", ["a", "b"] * 30, wave(N)), *HEART, "--rate", "1"],
    "words beside the values": lambda p: [rows(p / "a.csv", "hr,source", wave(N), ["awake", "rest"] * 30), *HEART, "--rate", "1"],
    "arbitrary units of skin": lambda p: [rows(p / "a.csv", "eda", 5 + np.sin(np.arange(N))), "--signal", "eda", "--rate", "4", "--unit", "a.u."],
    "a belt at its rails": lambda p: [rows(p / "a.csv", "resp", [0, 1023] * 60), "--signal", "resp", "--rate", "4"],
    "no value": lambda p: [rows(p / "a.csv", "time_s,hr,x", range(N), ["nan"] * N, wave(N)), *HEART, "--person", "ada=hr"],
    "no interval": lambda p: [rows(p / "a.csv", "rr,x", ["nan"] * N, wave(N)), *RR_MS, "--column", "rr"],
    "text among numbers": lambda p: [rows(p / "a.csv", "hr", [*wave(N)[:-3], "oops", *wave(2)]), *HEART, "--rate", "1"],
    "a number with a comma": lambda p: [text(p / "a.txt", "hr\tx", *(f"7{n % 10},{n % 7 + 1}\t{n % 3}" for n in range(N))), *HEART, "--rate", "1", "--decimal", ".", "--person", "ada=hr"],
    "text at the end": lambda p: [rows(p / "a.csv", "hr", [*wave(N), "Mean: 70.2"]), *HEART, "--rate", "1"],
    "a lost decimal sign": lambda p: [rows(p / "a.csv", "time_s,eda", range(N), [f"{round(5 + 0.01 * n, 2):g}".replace(".", "") for n in range(N)]), "--signal", "eda", "--unit", "nS"],
    "an infinite number": lambda p: [rows(p / "a.csv", "hr", [*wave(N), "1e999"]), *HEART, "--rate", "1"],
    "beats with a rate": lambda p: [text(p / "a.txt", *np.cumsum(RR)), "--signal", "beats", "--unit", "s", "--rate", "1000"],
    "beats of samples": lambda p: [text(p / "a.txt", *np.cumsum(RR)), "--signal", "beats", "--unit", "sample"],
    "a beat without a time": lambda p: [text(p / "a.txt", *np.cumsum(RR)[:9], "nan", *np.cumsum(RR)[10:]), "--signal", "beats", "--unit", "ms"],
    "beats that go back": lambda p: [text(p / "a.txt", *np.cumsum(RR)[:9], 3, *np.cumsum(RR)[10:]), "--signal", "beats", "--unit", "ms"],
    "a scale of nothing": lambda p: [heart(p), *HEART, "--scale", "0"],
    # when each row was taken
    "no unit of time": lambda p: [timed(p, range(N)), *HEART],
    "a stated column without a unit": lambda p: [timed(p, range(N), header="x,hr"), *HEART, "--time-column", "x"],
    "an unknown unit of time": lambda p: [timed(p, range(N)), *HEART, "--time-column", "0", "--time-unit", "fortnight"],
    "a time that is none": lambda p: [timed(p, ["x"] * N), *HEART],
    "rate against stamps": lambda p: [timed(p, range(N), header="time_s,hr"), *HEART, "--rate", "4"],
    "rate in no unit": lambda p: [timed(p, 7.0 * np.arange(N)), *HEART, "--rate", "4"],
    "unit against the header": lambda p: [timed(p, range(N), header="time [ms],hr"), *HEART, "--time-unit", "s"],
    "samples without a rate": lambda p: [timed(p, range(N)), *HEART, "--time-column", "0", "--time-unit", "sample"],
    "dates of either order": lambda p: [timed(p, moments("%d/%m/%Y %H:%M:%S")), *HEART],
    "no date of this order": lambda p: [timed(p, [*moments("%m/%d/%Y %H:%M:%S")[:-1], "05/24/2026 14:01:00"]), *HEART, "--date-order", "day-first"],
    "minutes or hours": lambda p: [timed(p, moments("%M:%S")), *HEART],
    "61 seconds": lambda p: [timed(p, [*moments("%M:%S"), "01:61"]), *HEART, "--time-unit", "m:ss"],
    "25 hours": lambda p: [timed(p, [*moments("%M:%S", 25 * 60, 60)]), *HEART, "--time-unit", "h:mm"],
    "13 o'clock PM": lambda p: [timed(p, [*moments("%I:%M:%S %p"), "13:01:00 PM"]), *HEART],
    "a stamp that is none": lambda p: [timed(p, [*moments("%H:%M:%S"), "soon"]), *HEART],
    "with and without a zone": lambda p: [timed(p, [*moments("%Y-%m-%dT%H:%M:%S"), "2026-05-04T14:01:00Z"]), *HEART],
    "coarse stamps": lambda p: [rows(p / "a.csv", "time_s,hr", np.arange(240) // 4, wave(240)), *HEART],
    "coarse stamps and another rate": lambda p: [rows(p / "a.csv", "time_s,hr", np.arange(240) // 4, wave(240)), *HEART, "--rate", "7"],
    "a stray stamp": lambda p: [timed(p, [*np.arange(N) / 100, 9e5], header="time_s,v"), "--signal", "resp"],
    "two columns of times": lambda p: [rows(p / "a.csv", "time_s,hr_a,time_b_s,hr_b", range(N), wave(N), range(5, N + 5), wave(N, phase=1)), *HEART, "--person", "ada=hr_a", "--person", "ben=hr_b"],
    "a column that only rises": lambda p: [rows(p / "a.csv", "a,b,c", range(100, 100 + N), wave(N), wave(N, phase=1)), *HEART],
    "a signal beside a column that rises": lambda p: [rows(p / "a.csv", "wann,hr", 1.5 * np.arange(N), wave(N)), *HEART, "--person", "ada=hr"],
    "a time without a name": lambda p: [text(p / "a.txt", *(f"{n * 1.5}\t{v}" for n, v in enumerate(wave(N)))), *HEART, "--person", "ada"],
    "stamps that go back": lambda p: [timed(p, [*range(30), *range(20, 50)], header="time_s,hr"), *HEART],
    "two rows": lambda p: [text(p / "a.csv", "time_s,hr", "0,60", "1,61"), *HEART],
    "a wrong unit of time": lambda p: [timed(p, 1000 * np.arange(N)), *HEART, "--time-column", "0", "--time-unit", "s"],
    "an own rate": lambda p: [exports.e4(p / "x.zip"), "--signal", "eda", "--rate", "8"],
    "two clocks": lambda p: [timed(p, moments("%Y-%m-%dT%H:%M:%SZ")), rows(p / "b.csv", "time,hr", moments("%Y-%m-%dT16:%M:%S"), wave(N, phase=1)), *HEART],
    "no date": lambda p: [timed(p, ["2026/13/05 10:00:00"] * N), *HEART],
    "days from a date": lambda p: [timed(p, [f"{46146.5 + n / 86400:.8f}" for n in range(N)], header="time [d],hr"), *HEART],
    "a zone of times of day": lambda p: [timed(p, moments("%H:%M:%S")), *HEART, "--zone", "+02:00"],
    "a zone of nothing": lambda p: [heart(p), *HEART, "--zone", "+02:00"],
    "an unknown zone": lambda p: [heart(p), *HEART, "--zone", "Mars"],
    "a start that is none": lambda p: [heart(p), *HEART, "--start", "soon"],
    "an endless start": lambda p: [heart(p), *HEART, "--start", "inf"],
    "a start beside moments": lambda p: [timed(p, moments("%Y-%m-%dT%H:%M:%SZ")), *HEART, "--start", "2026-05-04T14:00:00Z"],
    "blocks of another clock": lambda p: [timed(p, moments("%H:%M:%S")), *HEART, "--blocks", text(p / "b.csv", "kind,start,end", "talk,2026-05-04T14:00:00Z,2026-05-04T14:00:30Z")],
    "never together": lambda p: [heart(p), rows(p / "b.csv", "time_s,hr", range(900, 960), wave(N, phase=1)), *HEART],
    "a copy": lambda p: [heart(p), heart(p, name="b.csv"), *HEART],
    # intervals
    "intervals beside times": lambda p: [rows(p / "a.csv", "wann,rr_ms", np.cumsum(RR), RR), "--signal", "rr", "--column", "rr_ms"],
    "a rate of intervals": lambda p: [rows(p / "a.csv", "time_s,rr", np.cumsum(RR) / 1000, RR), *RR_MS, "--rate", "1"],
    "an interval of 0": lambda p: [text(p / "a.txt", *RR[:20], 0, *RR[21:]), *RR_MS],
    "intervals whose stamps go back": lambda p: [rows(p / "a.csv", "time_s,rr", [*np.cumsum(RR[:40]) / 1000, *np.cumsum(RR[:40]) / 1000], RR), *RR_MS],
    "intervals in another unit": lambda p: [rows(p / "a.csv", "time [ms],rr", np.cumsum(RR) / 1000, RR), *RR_MS],
    "a part twice": lambda p: [rows(p / "a.csv", "time_s,rr", [*np.cumsum(RR) / 1000, *[RR.sum() / 1000 + 0.001 * n for n in range(15)]], [*RR, *RR[:15]]), *RR_MS],
    "packets twice": lambda p: [rows(p / "a.csv", "time_s,rr", [*np.ceil(np.cumsum(RR) / 1000), *[np.ceil(RR.sum() / 1000)] * 20], [*RR, *RR[:20]]), *RR_MS],
    # how a table is written
    "no file": lambda p: [p / "a.csv", *HEART],
    "a zip of two": lambda p: [zipped(p / "x.zip", ada_csv="hr\n60\n", ben_csv="hr\n60\n"), *HEART],
    "an old workbook": lambda p: [raw(p / "a.xls", b"\xd0\xcf\x11\xe0" + bytes(200)), *HEART],
    "a list in JSON": lambda p: [raw(p / "a.json", b"[812, 830, 845]"), *RR_MS],
    "a web page": lambda p: [raw(p / "a.xls", b"<table><tr><td>60</td></tr></table>"), *HEART],
    "a header that comes again": lambda p: [text(p / "a.csv", "a,b", *["60,61", "62,63"] * 20, "a,b", *["60,61", "62,63"] * 20), *HEART, "--rate", "1"],
    "a row that is damaged": lambda p: [text(p / "a.csv", "a,b", *["60,61", "62,63"] * 20, "60", *["60,61", "62,63"] * 20), *HEART, "--rate", "1"],
    "a rate before the header": lambda p: [text(p / "a.csv", "a logger", "rate: 4 Hz", "hr", *wave(N)), *HEART],
    "an empty file": lambda p: [raw(p / "a.csv", b"\n \n"), *HEART],
    "a binary file": lambda p: [raw(p / "a.csv", bytes(range(256))), *HEART],
    "no folder": lambda p: [p / "gone" / "a.csv", *HEART],
    "a file of another name": lambda p: [p / "pairs.csv", *HEART] if heart(p, name="pair.csv") else [],
    "a folder instead of blocks": lambda p: [heart(p), *HEART, "--blocks", p],
    "a broken gzip": lambda p: [raw(p / "a.csv.gz", gzip.compress(b"hr\n60\n" * 99)[:-9]), *HEART],
    "a header alone": lambda p: [text(p / "a.csv", "time_s,hr"), *HEART],
    "a header and its units": lambda p: [text(p / "a.csv", ",0,1"), *HEART, "--rate", "1"],
    "one width too few": lambda p: [text(p / "a.csv", "a,b", *["60,61", "62,63"] * 20, "60"), *HEART, "--rate", "1"],
    "a quotation mark": lambda p: [text(p / "a.csv", "a,b", '"1,2', *["3,4"] * 99), *HEART, "--rate", "1"],
    "a quotation mark in the middle": lambda p: [text(p / "a.csv", "a,b", *["3,4"] * 20, '"' + "5" * 140_000, *["3,4"] * 20), *HEART, "--rate", "1"],
    "a very long cell": lambda p: [text(p / "a.csv", "a,b", '"' + "5" * 140_000 + '",1', *["3,4"] * 200), *HEART, "--rate", "1"],
    "lines before the header": lambda p: [text(p / "a.csv", "a logger", "of mine", "hr", *wave(N)), *HEART, "--rate", "4"],
    "JSON at the end": lambda p: [text(p / "a.csv", '{"v": 1}', "hr", *wave(N), '{"x": 1}'), *HEART, "--rate", "4"],
    "all lines skipped": lambda p: [heart(p), *HEART, "--skip-lines", "99"],
    "lines fewer than none": lambda p: [heart(p), *HEART, "--skip-lines", "-1"],
    "a table of Empatica": lambda p: [text(p / "EDA.csv", "1644227574.0", "4.0", *np.round(5 + np.sin(np.arange(N)), 4)), "--signal", "eda"],
    "one number or two": lambda p: [text(p / "a.csv", *(f"0,8{n % 90 + 10}" for n in range(N))), "--signal", "resp", "--rate", "4"],
    "comma and point": lambda p: [text(p / "a.txt", "a;b", *(f"{n % 7},{n % 9 + 1};{n % 8}.{n % 5 + 1}" for n in range(N))), "--signal", "resp", "--rate", "4"],
    "thousands": lambda p: [rows(p / "a.txt", "resp", [987, "1,012", *range(960, 999)], separator="\t"), "--signal", "resp", "--rate", "4", "--separator", "\t"],
    "two signs": lambda p: [heart(p), *HEART, "--separator", ";;"],
    "which column": lambda p: [rows(p / f"{k}.csv", "a,b", wave(N, phase=k), wave(N, phase=k + 1)) for k in (1, 3)] + [*HEART, "--rate", "4"],
    "no such column": lambda p: [heart(p), *HEART, "--column", "x"],
    "no such number": lambda p: [heart(p), *HEART, "--column", "7"],
    # who is who
    "a column of another channel": lambda p: [rows(p / "a.csv", "time_s,HR_a,steps,HR_b", range(N), wave(N), wave(N, phase=2), wave(N, phase=1)), *HEART],
    "several dyads": lambda p: [rows(p / "a.csv", "dyad,hr_a,hr_b", [1] * 30 + [2] * 30, wave(N), wave(N, phase=1)), *HEART, "--rate", "1"],
    "several measures": lambda p: [text(p / "a.csv", "who,measure,value", *(f"{w},{m},{60 + n % 7 + 9 * (w == 'a')}" for n in range(30) for w in "ab" for m in ("EDA", "HR"))), *HEART, "--rate", "1", "--long", "--person-column", "who", "--value-column", "value"],
    "measures of several dyads": lambda p: [text(p / "a.csv", "dyad,measure,a,b", *(f"{d},{m},{60 + n % 7},{70 + n % 5}" for d in (1, 2) for n in range(30) for m in ("EDA", "HR"))), *HEART, "--rate", "1", "--pair-column", "dyad"],
    "pairs in two files": lambda p: [heart(p), heart(p, name="b.csv"), *HEART, "--pair-column", "dyad"],
    "a person without a column": lambda p: [heart(p), *HEART, "--person", "ada="],
    "a person twice": lambda p: [heart(p), *HEART, "--person", "ada=hr", "--person", "ada=hr"],
    "a role without a name": lambda p: [heart(p), *HEART, "--role", "client"],
    "a role of nobody": lambda p: [heart(p), *HEART, "--person", "ada=hr", "--role", "ben=client"],
    "three people in two files": lambda p: [heart(p), heart(p, name="b.csv", phase=1), *HEART, "--person", "ada", "--person", "ben", "--person", "cyd"],
    "shared nothing and music": lambda p: [heart(p), *HEART, "--shared", "none,music"],
    # long tables and several sessions
    "a person column alone": lambda p: [heart(p), *HEART, "--person-column", "who"],
    "a pair column that is not there": lambda p: [heart(p), *HEART, "--pair-column", "who"],
    "a long table without columns": lambda p: [heart(p), *HEART, "--long"],
    "two long tables": lambda p: [*long(p)[:1], *long(p)],
    "an unknown person": lambda p: [*long(p), "--pair-column", "pair", "--person", "x=nobody"],
    "an unknown session": lambda p: [*long(p), "--pair-column", "pair", "--only", "9"],
    "an unknown session of one": lambda p: [heart(p), *HEART, "--only", "9"],
    "which session": lambda p: ["analyze", *long(p), "--pair-column", "pair"],
    "which session to correct": lambda p: ["beats", *long(p), "--pair-column", "pair", "--out", p / "o"],
    "two sessions of one BIDS label": lambda p: ["convert", text(p / "l.csv", PAIRS.replace("\n1,", "\na-b,").replace("\n2,", "\nab,")), *HEART, "--rate", "1", "--long", "--person-column", "who", "--value-column", "hr", "--pair-column", "pair", "--to", "bids", "--out", p / "o"],
    "which session to convert": lambda p: ["convert", *long(p), "--pair-column", "pair", "--to", "edf", "--out", p / "o"],
    # blocks, marks, corrections
    "blocks without a header": lambda p: noted(p, "blocks", "talk,0,20"),
    "a block without an end": lambda p: noted(p, "blocks", "kind,start,end", "talk,0,"),
    "a block that ends before it starts": lambda p: noted(p, "blocks", "kind,start,end", "talk,20,5"),
    "a correction of another kind": lambda p: corrected(p, "mend,3,,ada,x"),
    "a correction of a stranger": lambda p: corrected(p, "add,3.1,,cyd,x"),
    "a correction without a person": lambda p: corrected(p, "add,3.1,,,x"),
    "a correction without an end": lambda p: corrected(p, "exclude,3.1,,ada,x"),
    "no beat there": lambda p: corrected(p, "remove,900,,ada,x"),
    "a beat past the next": lambda p: corrected(p, f"move,{RR[:3].sum() / 1000:.3f},40,ada,x"),
    "an endless correction": lambda p: corrected(p, "exclude,nan,3,ada,x"),
    "no beats to correct": lambda p: [heart(p), *HEART, "--person", "ada", "--corrections", text(p / "c.csv", "kind,time,to,person,why", "remove,3,,ada,x")],
    # manifests
    "no TOML": lambda p: [raw(p / "session.toml", b"= 1")],
    "a key that is not known": lambda p: manifest(p, "task =", "tsk ="),
    "lines to fill in": lambda p: manifest(p, '"tell a hard', '"FILL IN: tell a hard'),
    "a file that is not there": lambda p: manifest(p, "ben_hr.csv", "gone.csv"),
    "nobody has a file": lambda p: [text(p / "session.toml", 'schema = "coregulation.session/2"', "person = []")],
    "a person without a file": lambda p: [text(p / "session.toml", 'schema = "coregulation.session/2"', "[[person]]", 'id = "ada"')],
    "a zone beside moments": lambda p: manifest(p, "  rate = 1\n", '  rate = 1\n  zone = "+02:00"\n'),
    "a rate of nothing": lambda p: manifest(p, "  rate = 1\n", "  rate = 0\n"),
    "a channel twice": lambda p: manifest(p, 'channel = "rr"\n  unit = "ms"', 'channel = "heart_rate"\n  scale = 0.1'),
    "manifest and table": lambda p: [*manifest(p), heart(p), *HEART],
    "options of a manifest": lambda p: [*manifest(p), "--rate", "4"],
    "a folder of nothing": lambda p: [p, *HEART],
    "two bad ones in folders of one name": lambda p: [text(place / "session.toml", 'schema = "coregulation.session/2"', "person = []") for k in "ab" if (place := p / k / "x").mkdir(parents=True) is None],
    "a manifest twice": lambda p: [*manifest(p), p / "session.toml"],
    "two of one name": lambda p: [folder(sub) for sub in (p / "x", p / "y") if sub.mkdir() is None],
    # BIDS
    "two data sets": lambda p: [*bids_folder(p), *bids_folder(p)],
    "no description": lambda p: bids_folder(p, "[]"),
    "no physiology": lambda p: bids_folder(p),
    "no sidecar": lambda p: [raw(p / "x_physio.tsv", b"1\t2\n" * 9)],
    "a rate that cannot be": lambda p: sidecar(p, SamplingFrequency=-1),
    "no sidecar of physiology": lambda p: sidecar(p, Columns=3),
    # formats
    "a shape of a device": lambda p: [exports.e4(p / "x.zip"), "--decimal", ","],
    "no labels": lambda p: [laboratory.edf(p / "x.edf")],
    "two ECGs": lambda p: [streams.two_laptops(p / "x.xdf"), "--unit", "mV"],
    "AcqKnowledge too early": lambda p: [text(p / "a.txt", "x.acq", "1 msec/sample", "9 channels", "ECG", "mV"), "--signal", "ecg"],
    "AcqKnowledge with a word": lambda p: [made(acqknowledge_text.write_example, p / "a.txt", ("\t4.0000\t", "\toops\t")), "--signal", "eda", "--column", "EDA"],
    "AcqKnowledge cut off": lambda p: [raw(p / "a.txt", made(acqknowledge_text.write_example, p / "b.txt").read_bytes()[:-400]), "--signal", "eda", "--column", "EDA"],
    "AcqKnowledge of other columns": lambda p: [made(acqknowledge_text.write_example, p / "a.txt", ("sec\tCH1\tCH2\t", "sec\tCH1\tCH2\tCH3\t")), "--signal", "ecg"],
    "an ECG without a rate": lambda p: [made(apple_ecg.write_example, p / "a.csv", ("500 hertz", "often"))],
    "annotations that go back": lambda p: [swap(laboratory.wfdb_annotations(p / "x.atr"), b"\xd2\x04" * 3, b"\xd2\x04" + struct.pack("<HhHH", 59 << 10, -1, 0xF000, 1 << 10) + b"\xd2\x04" * 2, 1)],
    "XDF that is none": lambda p: [raw(p / "x.xdf", b"no XDF at all")],
    "XDF cut off": lambda p: [raw(p / "x.xdf", streams.two_laptops(p / "y.xdf").read_bytes()[:-40])],
    "XDF with a broken footer": lambda p: [streams.xdf(p / "x.xdf", streams.stream(1, "a", "HR", 1, stamps=range(N), values=wave(N), footer="<a>{n}"))],
    "XDF whose clock jumped": lambda p: [streams.xdf(p / "x.xdf", streams.stream(1, "a", "HR", 1, stamps=range(N), values=wave(N), offsets=[(n, 50.0 * (n > 4)) for n in range(9)]))],
    "XDF whose stamps go back": lambda p: stepped(p, [*range(30), *range(20, 50)]),
    "XDF of nothing": lambda p: [streams.xdf(p / "x.xdf", streams.stream(1, "a", "HR", 1))],
    "EDF cut off": lambda p: [raw(p / "x.edf", laboratory.edf(p / "y.edf").read_bytes()[:1024])],
    "EDF damaged": lambda p: [raw(p / "x.edf", laboratory.edf(p / "y.edf").read_bytes()[:300])],
    "E4 of two": lambda p: [zipped(p / "x.zip", a__EDA_csv=exports.e4_tables()["EDA.csv"], b__EDA_csv=exports.e4_tables()["EDA.csv"])],
    "E4 cut off": lambda p: [exports.e4(p / "x.zip", **{"EDA.csv": "1644227574.0\n4.0\n5.1\n5"[:-1] + "x,y\n"})],
    "E4 beats cut off": lambda p: [exports.e4(p / "x.zip", **{"IBI.csv": "1644227574.0, IBI\n1.0\n"})],
    "E4 without a start": lambda p: [exports.e4(p / "x.zip", **{"EDA.csv": "5.1\n"})],
    "a broken zip of an E4": lambda p: [swap(exports.e4(p / "x.zip"), b"EDA.csv", b"EDA.csx", 1)],
    "a broken zip of FIT": lambda p: [swap(streams.fit_in_zip(p / "x.zip"), b"123_ACTIVITY.fit", b"124_ACTIVITY.fit", 1)],
    "Fitbit of another kind": lambda p: [made(fitbit.write_example, p / "heart_rate-2026-05-04.json", ('"bpm"', '"cpm"'))],
    "EmbracePlus of nothing": lambda p: [streams.embrace(p / "x.avro", rate=-1.0)],
    "Kubios without RR": lambda p: [made(exports.kubios, p / "r.csv", ("RR INTERVAL DATA", "OTHER DATA"))],
    "Kubios without times": lambda p: [made(exports.kubios, p / "r.csv", ("Time,RR interval", "x,y"))],
    "Kubios without intervals": lambda p: [exports.kubios(p / "r.csv", ((0, 0), (0, 0)))],
    "Kubios without units": lambda p: [made(exports.kubios, p / "r.csv", ("(s),(s),(s),(s)", ",,,"))],
    "Kubios with text": lambda p: [made(exports.kubios, p / "r.csv", ("0.801", "soon"))],
    "LabChart of two kinds": lambda p: [text(p / "l.txt", "Interval=\t0.01 s", "ChannelTitle=\tECG", "0\t1", "0.01\t2", "Interval=\t0.02 s", "ChannelTitle=\tECG", "0\t1", "0.02\t2")],
    "LabChart without a length": lambda p: [made(labchart.write_example, p / "l.txt", ("0.01 s", "often"))],
    "LabChart without beginnings": lambda p: [text(p / "l.txt", *["Interval=\t0.01 s", "ChannelTitle=\tECG", "UnitName=\tmV", "0\t1", "0.01\t2"] * 2)],
    "LabChart with text": lambda p: [made(labchart.write_example, p / "l.txt", ("\t0.0125\t", "\tsoon\t"))],
    "MATLAB 7.3": lambda p: [raw(p / "x.mat", b"MATLAB 7.3 MAT-file" + bytes(200))],
    "MATLAB damaged": lambda p: [raw(p / "x.mat", b"MATLAB 5.0 MAT-file" + bytes(200))],
    "a start that is no date": lambda p: [exports.e4(p / "x.zip", **{"EDA.csv": "9e18\n4.0\n" + "5.1\n" * 40})],
    "a rate of a signal": lambda p: [exports.e4(p / "x.zip", **{"EDA.csv": "1644227574.0\n0.0\n" + "5.1\n" * 40})],
    "OpenSignals without an end": lambda p: [made(exports.opensignals, p / "s.txt", ("# EndOfHeader", "# Nothing"))],
    "OpenSignals of other columns": lambda p: [exports.opensignals(p / "s.txt", column=["nSeq"], label=[], sensor=[])],
    "OpenSignals of nobody": lambda p: [made(exports.opensignals, p / "s.txt", ('"column"', '"kolumn"'), ('"sensor"', '"zensor"'), ('"label"', '"xabel"'))],
    "OpenSignals of no JSON": lambda p: [made(exports.opensignals, p / "s.txt", ('# {"00:07"', '# {00:07"'))],
    "OpenSignals without rows": lambda p: [raw(p / "s.txt", b"\n".join(exports.opensignals(p / "t.txt").read_bytes().split(b"\n")[:3]) + b"\n")],
    "OpenSignals with text": lambda p: [made(exports.opensignals, p / "s.txt", ("\t20007\t", "\tsoon\t"))],
    "Polar of another interval": lambda p: [exports.hrm(p / "x.hrm", interval=204)],
    "Polar damaged": lambda p: [made(exports.hrm, p / "x.hrm", ("[HRData]", "[Data]"))],
    "a logger's moment": lambda p: [made(exports.polar_rates, p / "hr.txt", ("2026-05-04T14:00:03.000", "soon"))],
    "WFDB of fewer signals": lambda p: header(p, ("x 2 250", "x 3 250")),
    "WFDB without a header": lambda p: header(p, ("x 2 250 500", "nothing")),
    "WFDB of segments": lambda p: header(p, ("x 2 250", "x/2 2 250")),
    "WFDB without a format": lambda p: header(p, (" 16 500(0)/mV 12 0", " sixteen 500(0)/mV 12 0")),
    "WFDB of another format": lambda p: header(p, (" 16 ", " 508 ")),
    "WFDB without samples": lambda p: [path for path in header(p) if not str(path).endswith(".hea") or (p / "x.dat").unlink() is None],
    "WFDB cut off": lambda p: [path for path in header(p) if not str(path).endswith(".hea") or raw(p / "x.dat", bytes(100))],
    "WFDB changed": lambda p: [path for path in header(p) if not str(path).endswith(".hea") or raw(p / "x.dat", bytes(2000))],
    "WFDB at no rate": lambda p: header(p, ("x 2 250 ", "x 2 often ")),
    "WFDB with a number that is none": lambda p: header(p, ("500(0)/mV 12 0", "5e9e9(0)/mV 12 0")),
    "annotations cut off": lambda p: [raw(p / "x.atr", laboratory.wfdb_annotations(p / "x.atr").read_bytes()[:21])],
    "a sheet": lambda p: [exports.workbook(p / "x.xlsx"), *HEART, "--sheet", "gone"],
    "no workbook": lambda p: [raw(p / "x.xlsx", b"no workbook"), *HEART],
    "which session to read": lambda p: ["analyze", *long(p), "--pair-column", "pair", "--only", "x"],
    "EDF without a record": lambda p: [raw(p / "x.edf", (lambda c: c[:236] + b"0       " + c[244:768])(laboratory.edf(p / "y.edf").read_bytes()))],
    "EDF with an interruption": lambda p: [edf_with_an_interruption(p / "x.edf")],
    "Fitbit with a time that is none": lambda p: [made(fitbit.write_example, p / "heart_rate-2026-05-04.json", ("05/04/26 14:00:10", "soon"))],
    "Polar at no interval": lambda p: [exports.hrm(p / "x.hrm", interval=0)],
    "Polar without a date": lambda p: [made(exports.hrm, p / "x.hrm", ("Date=20260504", "Date=soon"))],
    "a logger's first moment": lambda p: [made(exports.polar_logger, p / "ecg.txt", ("2026-05-04T14:00:00.000", "04.05.2026 14:00:00"))],
    "WFDB at a rate that is none": lambda p: header(p, ("x 2 250 ", "x 2 1e9e9 ")),
    "an empty sheet": lambda p: [workbook(p / "x.xlsx", []), *HEART],
    "a damaged sheet": lambda p: [damaged_workbook(p / "x.xlsx"), *HEART],
    "no known column of BIDS": lambda p: bids_folder(p, **{"sub-01_task-x_physio_tsv__gz": "1\n2\n" * 20, "sub-01_task-x_physio_json": '{"SamplingFrequency": 1, "StartTime": 0, "Columns": ["trigger"]}'}),
    "an event of BIDS without a time": lambda p: bids_folder(
        p, **{"sub-01_task-x_physio_tsv__gz": "60\n62\n61\n64\n" * 20, "sub-01_task-x_physio_json": '{"SamplingFrequency": 1, "StartTime": 0, "Columns": ["heart_rate"], "heart_rate": {"Units": "1/min"}}',
              "sub-01_task-x_events_tsv": "onset\tduration\ttrial_type\nsoon\t3\ttalk\n"}),
    "a beat where one is": lambda p: corrected(p, "add,0,,ada,x"),
    "neither header nor row": lambda p: [text(p / "a.csv", "60,x,5", *["60,61", "62,63"] * 20), *HEART, "--rate", "1"],
    # commands
    "threads": lambda p: ["analyze", heart(p), *HEART, "--jobs", "-1"],
    "surrogates": lambda p: ["analyze", heart(p), *HEART, "--surrogates", "3"],
    "an ordinary hour of one person": lambda p: ["natural", heart(p), *HEART, "--person", "ada"],
    "a coin nowhere": lambda p: ["coin", p],
    "no log of a coin": lambda p: ["coin", manifest(p)[0].parent] if text(p / "coin.toml", "x = 1") else [],
    "a coin of another schema": lambda p: ["coin", manifest(p)[0].parent] if text(p / "coin.toml", 'schema = "x"', 'giver = "ada"', 'receiver = "ben"', 'commitment = "00"', f'seed = "{"00" * 32}"') else [],
    "a speaker without a name": lambda p: [heart(p), *HEART, "--speaker", "x"],
    "speakers without turns": lambda p: [heart(p), *HEART, "--speaker", "x=ada"],
    "no others": lambda p: ["analyze", heart(p), *HEART, "--pseudo-from", p / "empty"] if (p / "empty").mkdir() is None else [],
    "more than one thing": lambda p: ["analyze", rows(p / "a.csv", "x,y", wave(N), wave(N, phase=1))],
    "no beats": lambda p: ["beats", heart(p), *HEART, "--person", "ada", "--out", p / "o"],
    "a folder that is there": lambda p: ["convert", heart(p), *HEART, "--person", "ada", "--to", "bids", "--out", p],
    "an author of EDF": lambda p: ["convert", heart(p), *HEART, "--person", "ada", "--to", "edf", "--out", p / "o", "--author", "me"],
    "a folder in a file": lambda p: ["convert", heart(p), *HEART, "--person", "ada", "--to", "bids", "--out", p / "a.csv" / "o"],
    "a rate that EDF has not": lambda p: ["convert", rows(p / "a.csv", "v", wave(900)), "--signal", "resp", "--rate", "3.14159", "--person", "ada", "--to", "edf", "--out", p / "o"],
    "a manifest that is there": lambda p: ["new-manifest", heart(p), "--out", heart(p)],
    "a manifest nowhere": lambda p: ["new-manifest", heart(p), "--out", p / "a.csv" / "m.toml"],
    "no visit": lambda p: ["journey", p],
    "a visit that is none": lambda p: ["journey", text(p / "result.json", "{}")],
    "a visit that cannot be read": lambda p: ["journey", p / "v", p / "w"] if [(p / v / "result.json").mkdir(parents=True) for v in "vw"] else [],
    "beats in a folder of corrections": lambda p: ["beats", text(p / "a.txt", *RR), *RR_MS, "--person", "ada", "--out", p] if text(p / "corrections.csv", "kind") else [],
    "pairs to calibrate": lambda p: ["calibrate", "--pairs", "0"],
    "a seed to calibrate": lambda p: ["calibrate", "--seed", "-1"],
    "nowhere to keep a calibration": lambda p: ["calibrate", "--pairs", "1", "--kept", p / "gone" / "x"],
    "nowhere to calibrate": lambda p: ["calibrate", "--pairs", "1", "--out", p / "gone" / "x.md"],
    "a port": lambda p: ["live", "--port", "99999"],
    "no plan": lambda p: ["power"],
    "an example instead of a plan": lambda p: ["power", "first-look"],
    "a plan that cannot be read": lambda p: ["power", p / "gone.toml"],
    "no scenario": lambda p: ["simulate", "--out", p / "o"],
    "a scenario that cannot be read": lambda p: ["simulate", p / "gone.toml", "--out", p / "o"],
    "a seed to simulate": lambda p: ["simulate", next(iter(LAWS)), "--seed", "-1", "--out", p / "o"],
    "options of a cluster": lambda p: ["study", *long(p), "--pair-column", "pair", "--sbatch", "x", "--out", p / "o"],
    "a plan that is no text": lambda p: ["study", raw(p / "plan.toml", b"\xff\xfe\xff")],
    "a plan of power that is no text": lambda p: ["power", raw(p / "plan.toml", b"\xff\xfe\xff")],
    "a scenario that is no text": lambda p: ["simulate", raw(p / "s.toml", b"\xff\xfe\xff"), "--out", p / "o"],
    "a scheduler of nobody": lambda p: ["study", *long(p), "--pair-column", "pair", "--scheduler", "tcp://x:1", "--out", p / "o"],
    "dask without a scheduler": lambda p: ["study", *long(p), "--pair-column", "pair", "--engine", "dask", "--out", p / "o"],
    "a plan and options": lambda p: ["study", text(p / "plan.toml", ""), "--lag", "2"],
    "a plan that is none": lambda p: ["study", p / "gone.toml"],
    "covariates without a table": lambda p: ["study", heart(p), *HEART, "--covariate", "age", "--out", p / "o"],
}  # fmt: skip


def workbook(path, cells):
    import openpyxl

    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    book.save(path)
    return path


def two_sheets(path):
    import openpyxl

    book = openpyxl.Workbook()
    book.create_sheet("second")
    for sheet in book.worksheets:
        for row in [["time_s", "hr"], *([n, 70 + n % 5] for n in range(60))]:
            sheet.append(row)
    book.save(path)
    return path


def _opened(path, **said):
    from coregulation.io import open_session

    return open_session(path, signal="heart_rate", **said)


def damaged_workbook(path):
    """Write a workbook whose sheet is no XML."""
    with zipfile.ZipFile(exports.workbook(path)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    return path


def edf_with_an_interruption(path):
    """Write an EDF+ whose third record begins a second late."""
    from edfio import Edf, EdfAnnotation, EdfSignal, Recording

    signal = EdfSignal(np.sin(np.arange(1000) / 9), 100, label="ECG", physical_dimension="mV", physical_range=(-3, 3))
    edf = Edf(
        [signal], recording=Recording(startdate=datetime.date(2026, 5, 4)), annotations=[EdfAnnotation(1.0, None, "go")]
    )
    edf.write(path)
    return swap(swap(path, b"EDF+C", b"EDF+D"), b"+5\x14\x14", b"+9\x14\x14")


def _options(**said):
    from coregulation.io import ReadOptions

    return ReadOptions(**said)


def _unpacks(limit, path):
    def call(tmp_path, patch):
        for module in (
            "coregulation.io.text",
            "coregulation.io.unpacking",
            "coregulation.io.formats.fit",
            "coregulation.io.formats.empatica",
        ):
            patch.setattr(f"{module}.MAX_BYTES", limit)
        inspect_file(path(tmp_path))

    return call


def _without_a_library(tmp_path, patch):
    patch.setitem(sys.modules, "pyxdf", None)
    inspect_file(streams.two_laptops(tmp_path / "x.xdf"))


def _unreadable(tmp_path, patch):
    def refused(self, *mode):
        raise PermissionError(13, "no")

    path = heart(tmp_path)
    patch.setattr(pathlib.Path, "open", refused)
    inspect_file(path)


def _unreadable_device(tmp_path, patch):
    def refused(self):
        raise PermissionError(13, "no")

    path = exports.e4(tmp_path / "x.zip")
    patch.setattr(pathlib.Path, "read_bytes", refused)
    inspect_file(path)


def _unreadable_visit(tmp_path, patch):
    def refused(self):
        raise PermissionError(13, "no")

    args = parser().parse_args(["journey", str(text(tmp_path / "result.json", "{}"))])
    patch.setattr(pathlib.Path, "read_bytes", refused)
    args.run(args)


def _a_long_edf(tmp_path, patch):
    from coregulation.io.writers.edf import write_edf

    write_edf(Session("x", (Recording(Person("ada"), {}, Beats(np.array([0.0, 1e9]))),)), tmp_path)


def _nothing_to_write(tmp_path, patch):
    from coregulation.io.writers.edf import write_edf

    write_edf(Session("x", (Recording(Person("ada"), {}),)), tmp_path)


def _wrong_rate(tmp_path, patch):
    from coregulation.cli.conversation import _setter

    _setter(argparse.Namespace(), "rate")("often")


def _no_passphrase(tmp_path, patch):
    patch.setenv(PASSPHRASE, "")
    args = parser().parse_args(["live", "--encrypted", "--no-browser"])
    args.run(args)


REACHED_BY_CALL = {
    "options and keywords": lambda p, m: open_sessions(heart(p), options=_options(), signal="heart_rate"),
    "an unknown keyword": lambda p, m: open_sessions(heart(p), sgnal="heart_rate"),
    "several sessions in one": lambda p, m: open_session(*long(p)[:1], signal="heart_rate", rate=1, long=True, pair_column="pair", person_column="who", value_column="hr"),
    "no path": lambda p, m: open_sessions(),
    "no file for a manifest": lambda p, m: new_manifest([]),
    "an alignment that is none": lambda p, m: _options(align="clap"),
    "an order that is none": lambda p, m: _options(date_order="year-first"),
    "a sign that is none": lambda p, m: _options(decimal=";"),
    "lines fewer than none": lambda p, m: inspect_file(heart(p), TableShape(skip_lines=-1)),
    "no place in a manifest": lambda p, m: manifest_of_options([heart(p)], _options(signal="heart_rate", marks="m.csv"), p),
    "nothing says what it is": lambda p, m: manifest_of_options([rows(p / "a.csv", "time_s,v", range(N), wave(N))], _options(), p),
    "a table that unpacks to much": _unpacks(99, lambda p: raw(p / "a.csv.gz", gzip.compress(b"hr\n" + b"60\n" * 200))),
    "a device's file that unpacks to much": _unpacks(99, lambda p: raw(p / "a.mat", gzip.compress(bytes(200)))),
    "a device's file that cannot be read": _unreadable_device,
    "a device's file of which a part is lost": lambda p, m: inspect_file(raw(p / "a.mat", gzip.compress(bytes(2000))[:-9])),
    "an empty file of a device": lambda p, m: inspect_file(raw(p / "a.mat", b"  ")),
    "an answer with an open quotation mark": lambda p, m: split_people('"ada', []),
    "three names for two files": lambda p, m: split_people("ada maria ben", [], 2),
    "a FIT that unpacks to much": _unpacks(99, lambda p: streams.fit_in_zip(p / "x.zip")),
    "an E4 that unpacks to much": _unpacks(99, lambda p: exports.e4(p / "x.zip")),
    "a library that is not there": _without_a_library,
    "a file that cannot be read": _unreadable,
    "a visit that cannot be read": _unreadable_visit,
    "an EDF that is too long": _a_long_edf,
    "an EDF of nothing": _nothing_to_write,
    "a rate that is none": _wrong_rate,
    "no passphrase": _no_passphrase,
    "one sheet of two": lambda p, m: _opened(two_sheets(p / "x.xlsx")),
    "a column that comes twice": lambda p, m: _opened(rows(p / "a.csv", "time_s,v,v", range(N), wave(N), wave(N)), column="v"),
}  # fmt: skip
