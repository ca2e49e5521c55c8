"""On a terminal what is missing is asked for; without one, all of it is named at once."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys

import numpy as np
import pytest

from coregulation.cli import main, parser
from coregulation.cli.conversation import first_rows, split_people
from coregulation.cli.sources import options_from
from coregulation.errors import UsageError
from coregulation.io import open_session
from coregulation.io.options_manifest import manifest_of_options
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.table_reading import read_table
from tests.io.write import rows, text, wave

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
N = 300
CTRL_C, CTRL_D = "Ctrl-C", "\x04"


def pair(path):
    return rows(path, "t,x1,x2", range(N), wave(N, phase=0.3), wave(N))


def converse(folder, words, answers):
    """Run the command on a pseudo-terminal; return what it showed and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "coregulation", "analyze", *words, "--surrogates", "199", "--jobs", "1"]
    process = subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "COLUMNS": "100"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    os.close(theirs)
    shown, waiting = "", list(answers)
    while True:
        ready, _, _ = select.select([ours], [], [], 60)
        try:
            part = os.read(ours, 4096).decode() if ready else ""
        except OSError:  # the other side is closed
            part = ""
        if not part:
            break
        shown += part
        asked = shown.rstrip(" ").endswith(":") and not shown.endswith("\n")
        if (
            waiting and asked and not select.select([ours], [], [], 0.3)[0]
        ):  # a question that is whole, and not a part of one
            answer = waiting.pop(0)
            if answer == CTRL_C:
                process.send_signal(signal.SIGINT)
            else:
                os.write(ours, (answer + "\n").encode())
            shown += "\n"
    os.close(ours)
    return shown, process.wait(60), waiting


def test_a_terminal_is_asked_and_the_answers_are_kept(tmp_path):
    pair(tmp_path / "pair.csv")
    answers = ["", "heartrate", "heart_rate", "0", "", "none"]
    shown, code, left = converse(tmp_path, ["pair.csv", "--out", "out"], answers)
    assert (code, left) == (0, []), shown
    assert "0  t" in shown
    assert "Did you mean heart_rate?" in shown  # the first answer could not be meant, so it was asked again
    manifest = tmp_path / "session.toml"
    assert f"coregulation analyze {manifest}" in shown
    kept = open_session(manifest)
    assert [person.id for person in kept.people] == ["A", "B"]
    assert kept.recordings[0].signals["heart_rate"].rate == 1
    assert kept.shared == ()


@pytest.mark.parametrize(
    ("answers", "people", "asked_again"),
    [
        (["Ada Maria=HR Ada Ben Ali=HR Ben", "", "", "", "none"], ["Ada Maria", "Ben Ali"], ""),
        (
            ["小明=HR Ada\uff0c小红=HR Ben", "help", "", "", "fortnight", "s", ""],
            ["小明", "小红"],
            "'fortnight' is not known",
        ),
        (["ada=HRA ben=HRB", "", "", "x", "", "", "none"], ["A", "B"], "no column 'HRA'. Did you mean HR Ada?"),
        (['"ada=1 ben=2', "", "", "", "", ""], ["A", "B"], "quotation mark is open"),
    ],
)
def test_names_with_blanks_other_scripts_help_and_what_cannot_be_meant(tmp_path, answers, people, asked_again):
    rows(tmp_path / "pair.csv", "t,HR Ada,HR Ben", range(N), wave(N, phase=0.3), wave(N))
    shown, code, left = converse(tmp_path, ["pair.csv", "--out", "out"], answers)
    assert (code, left) == (0, []), shown
    assert asked_again in " ".join(shown.split())
    assert "or a name of your own" in shown
    assert [person.id for person in open_session(tmp_path / "session.toml").people] == people


@pytest.mark.parametrize("stop", [CTRL_C, CTRL_D])
def test_who_stops_loses_no_answer(tmp_path, stop):
    rows(tmp_path / "pair.csv", "t,HR Ada,HR Ben", range(N), wave(N, phase=0.3), wave(N))
    shown, code, _ = converse(tmp_path, ["pair.csv", "--out", "out"], ['"Ada M"=HR Ada Ben=2', "heart_rate", stop])
    assert code == 130
    command = shlex.split(
        " ".join(shown.split("kept in this command")[1].split()).split(": ", 1)[1].split(" coregulation: ")[0]
    )
    assert command[:2] == ["coregulation", "analyze"]
    said = options_from(parser().parse_args(["inspect", *command[2 : command.index("--out")]]))
    assert (said.signal, dict(said.columns)) == ("heart_rate", {"Ada M": "HR Ada", "Ben": "2"})


def test_an_error_after_the_answers_keeps_them(tmp_path):
    rows(tmp_path / "pair.csv", "t,a,b", range(N), np.multiply(wave(N), 100), np.multiply(wave(N), 100))
    shown, code, _ = converse(tmp_path, ["pair.csv"], ["", "eda", "0", "s", "none"])
    assert code == 3
    assert "--signal eda --time-column 0 --time-unit s --shared none" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("answer", "files", "people"),
    [
        ("ada=x1 ben=x2", 1, ["ada=x1", "ben=x2"]), ("ada = x1", 1, None), ("Ada Maria=HR 1 Ben=HR 2", 1, ["Ada Maria=HR 1", "Ben=HR 2"]),
        ("Ada Maria, Ben Ali", 2, ["Ada Maria", "Ben Ali"]), ("ada ben", 2, ["ada", "ben"]), ("Ada Maria Ben", 2, None),
        ('"Ada Maria" "Ben Ali"', 2, ["Ada Maria", "Ben Ali"]), ("\u201cAda Maria\u201d=HR 1", 1, ["Ada Maria=HR 1"]), ('"ada', 1, None),
    ],
)  # fmt: skip
def test_an_answer_is_split_into_people(answer, files, people):
    if (people is None and files == 2) or answer == '"ada':
        with pytest.raises(UsageError):
            split_people(answer, ["HR 1", "HR 2"], files)
    elif people is not None:
        assert split_people(answer, ["HR 1", "HR 2"], files) == people


def test_without_a_terminal_all_that_is_missing_is_named_and_can_be_said(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pair(tmp_path / "pair.csv")
    assert main(["analyze", "pair.csv"]) == 2
    refusal = capsys.readouterr().err
    assert "--signal, --time-column and --time-unit" in refusal
    words = shlex.split(refusal.split("such as ")[1].split(". What")[0])
    assert main(["analyze", "pair.csv", *words, "--surrogates", "199", "--jobs", "1", "--quiet"]) == 0


def test_one_missing_thing_keeps_its_own_words(tmp_path, capsys):
    path = rows(tmp_path / "pair.csv", "a,b", wave(N), wave(N, phase=1))
    assert main(["analyze", str(path), "--signal", "heart_rate"]) == 2
    assert "nothing says when each row of heart_rate was taken" in capsys.readouterr().err


SAID = {
    "a table": lambda p: [pair(p / "x.csv"), "--person", "a:client=x1", "--person", "b=x2", "--signal", "heart_rate", "--time-column", "t", "--time-unit", "s"],
    "no names": lambda p: [rows(p / "x.csv", "a,b", wave(N), wave(N, phase=1)), "--signal", "resp", "--rate", "4", "--setting", "one room"],
    "intervals": lambda p: [text(p / f"{k}.txt", *np.round(850 + 60 * np.sin(np.arange(80) * 0.4 + k))) for k in (1, 2)] + ["--signal", "rr", "--unit", "ms", "--shared", "music"],
    "skipped lines": lambda p: [text(p / "x.csv", "a logger", "a;b", *(f"{a:g};{b:g}".replace(".", ",") for a, b in zip(wave(N), wave(N, phase=1), strict=True))), "--skip-lines", "1", "--decimal", ",", "--signal", "eda", "--unit", "µS", "--rate", "4", "--scale", "0.1"],
    "no time": lambda p: [pair(p / "x.csv"), "--person", "a=x1", "--person", "b=x2", "--signal", "resp", "--time-column", "none", "--rate", "2", "--start", "2026-05-04T14:00:00"],
    "a zone": lambda p: [rows(p / "x.csv", "time,a,b", [f"2026-05-04T14:{n // 60:02d}:{n % 60:02d}" for n in range(N)], wave(N), wave(N, phase=1)), "--signal", "resp", "--zone", "+02:00"],
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_a_manifest_of_what_was_said_opens_the_same_session(tmp_path, case):
    args = parser().parse_args(["inspect", *map(str, SAID[case](tmp_path))])
    options = options_from(args)
    paths = [tmp_path / name for name in args.files]
    said = open_session(*paths, options=options)
    kept = open_session(text(tmp_path / "session.toml", manifest_of_options(paths, options, tmp_path)))
    assert (kept.people, kept.shared, kept.setting) == (said.people, said.shared, said.setting)
    for one, other in zip(kept.recordings, said.recordings, strict=True):
        assert one.channels == other.channels
        for name, own in one.signals.items():
            twin = other.signals[name]
            assert (own.rate, own.start, own.unit) == (twin.rate, twin.start, twin.unit)
            np.testing.assert_array_equal(own.values, twin.values)
        if one.beats is not None:
            np.testing.assert_array_equal(one.beats.times, other.beats.times)


def test_first_rows_are_aligned(tmp_path):
    assert first_rows(read_table(pair(tmp_path / "x.csv"), TableShape()))[0].split() == ["0", "t", "1", "x1", "2", "x2"]
