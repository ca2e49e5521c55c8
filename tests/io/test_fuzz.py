"""Whatever bytes come: an answer or one of our own errors, never another one."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import CoregulationError
from coregulation.io import inspect_file, new_manifest, open_sessions
from tests.io.formats.test_workbook import PAIR, book
from tests.io.test_manifest import FULL, folder
from tests.io.write import wave

TABLE = "\n".join(
    [
        "time_s;ada [1/min];ben",
        *(f"{n};{a};{b}" for n, (a, b) in enumerate(zip(wave(25), wave(25, phase=1), strict=True))),
    ]
)
LONG = "\n".join(["pair,who,value", *(f"{n // 20},{n % 2},{v}" for n, v in enumerate(wave(60)))])
JUNK = st.sampled_from(
    [
        b"\x00",
        b",",
        b";",
        b'"',
        b"\n",
        b"\n\n",
        b"nan",
        b"inf",
        b"{",
        b"1e999",
        b"-",
        b"\xff",
        b"\xc2\xb5",
        b"0,5",
        b"1e308",
        b"9" * 400,
        b"[",
        b"=",
        b"\r",
        b"12:00:61",
        b"2026-13-01",
    ]
)


def mutated(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, junk in edits:
        at = place % (len(content) + 1)
        content = content[:at] + junk + content[at + length :]
    return content


EDITS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), JUNK | st.binary(max_size=6)), max_size=6)
fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(*paths, **said):
    with contextlib.suppress(CoregulationError):
        open_sessions(*paths, **said)


@fuzzed
@given(EDITS, st.booleans())
def test_a_table(tmp_path, edits, packed):
    path = tmp_path / "pair.csv"
    content = mutated(TABLE.encode(), edits)
    path.write_bytes(gzip.compress(content) if packed else content)
    survives(path, signal="heart_rate")
    survives(path, path, signal="rr", unit="ms", time_column=0, time_unit="s", column=1)
    survives(path, signal="resp", rate=4, start=2.0)
    with contextlib.suppress(CoregulationError):
        inspect_file(path)
        new_manifest([path])


@fuzzed
@given(EDITS)
def test_a_long_table(tmp_path, edits):
    path = tmp_path / "long.csv"
    path.write_bytes(mutated(LONG.encode(), edits))
    survives(path, signal="heart_rate", rate=1, long=True, pair_column=0, person_column=1, value_column=2)


@fuzzed
@given(EDITS)
def test_a_packed_table(tmp_path, edits):
    path = tmp_path / "pair.csv.gz"
    path.write_bytes(mutated(gzip.compress(TABLE.encode(), mtime=0), edits))
    survives(path, signal="heart_rate")


@fuzzed
@given(EDITS)
def test_a_manifest(tmp_path, edits):
    path = folder(tmp_path)
    path.write_bytes(mutated(FULL.encode(), edits))
    survives(path)


@fuzzed
@given(EDITS)
def test_a_table_of_notes(tmp_path, edits):
    pair = tmp_path / "pair.csv"
    pair.write_text(TABLE, encoding="utf-8")
    notes = tmp_path / "notes.csv"
    notes.write_bytes(mutated(b"kind,start,end,label,time,why\na,0,5,x,1,c\nb,5,9,y,2,d\n", edits))
    for name in ("blocks", "marks", "exclude"):
        survives(pair, signal="heart_rate", **{name: notes})


@fuzzed
@given(edits=EDITS)
def test_a_workbook(tmp_path_factory, edits):
    folder = tmp_path_factory.mktemp("book")
    path = book(folder / "pair.xlsx", one=PAIR)
    path.write_bytes(mutated(path.read_bytes(), edits))
    survives(path, signal="heart_rate", time_column=0, time_unit="s")


@pytest.mark.nightly
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_ten_thousand_tables(tmp_path, edits):
    path = tmp_path / "pair.csv"
    path.write_bytes(mutated(TABLE.encode(), edits))
    survives(path, signal="heart_rate")
