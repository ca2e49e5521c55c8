"""A large table is read with little more memory than it has itself, and to the same cells as a small one."""

from __future__ import annotations

import csv
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.io import inspect_file, open_session
from coregulation.io import text_lines as lines_module
from coregulation.io.tables.dialect import Dialect
from coregulation.io.tables.line_rows import LineRows
from coregulation.io.tables.row_sieve import RowSieve
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.table_reading import read_table
from coregulation.io.text_lines import TextLines, read_text_file

SIZE = 40_000  # rows: about 1 MB
TIMES = 2.0  # of the unpacked table that is larger by as much


def written(path, rows):
    rng = np.random.default_rng(0)
    t = np.arange(rows) / 250
    values = np.round(np.sin([t, t + 1]) + 0.1 * rng.standard_normal((2, rows)), 6)
    lines = (f"{at:.3f},{a},{b}" for at, a, b in zip(t, *values, strict=True))
    path.write_text("\n".join(["time_s,a [mV],b [mV]", *lines]) + "\n", encoding="utf-8")
    return path


def traced(task):
    tracemalloc.start()
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", ["open", "inspect"])
def test_memory_is_within_twice_the_table(tmp_path, way):
    files = [written(tmp_path / f"{rows}.csv", rows) for rows in (1000, SIZE, 2 * SIZE)]

    def read(path):
        if way == "inspect":
            return inspect_file(path)
        return open_session(path, signal="ecg", people={"ada": 1, "ben": 2})

    _, less, more = (traced(lambda path=path: read(path)) for path in files)  # the first loads what reading needs
    assert more - less < TIMES * (files[2].stat().st_size - files[1].stat().st_size)


CELL = st.sampled_from(
    ["1", "-2.5", "", "nan", "0.8414709848078965", "1e-3", "a b", " 3", "4 ", '"5"', '"6, 7"', "8_0"]
)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=40),
    st.integers(1, 60),
    st.sampled_from(",;\t"),
)
def test_packed_columns_hold_what_a_reader_of_csv_reads(rows, block, sign):
    lines = [sign.join(row) for row in rows]
    blocks = ["\n".join(lines[n : n + block]) for n in range(0, len(lines), block)]
    dialect = Dialect(sign, ".", 3)
    split = LineRows("x", TextLines(blocks), dialect)
    expected = list(csv.reader(lines, delimiter=sign, skipinitialspace=True))
    assert list(split) == expected
    if {len(row) for row in expected} == {3}:
        parts = list(split.columns_by_block(3, RowSieve("x", 3, 1)))
        columns = [[cell for part, _ in parts for cell in part[n].split("\n")] for n in range(3)]
        assert list(zip(*columns, strict=True)) == list(map(tuple, expected))


@given(
    st.lists(st.text("ab \u00b5\u03a9", max_size=3), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.data(),
)
def test_lines_in_blocks_are_the_lines(tmp_path_factory, lines, ending, data):
    lines = ["x", *lines, "y"]
    path = tmp_path_factory.mktemp("lines") / "t.txt"
    path.write_bytes(ending.join(lines).encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", 5)
        read = read_text_file(path).lines
    first, last = sorted(data.draw(st.tuples(*2 * [st.integers(0, len(lines))])))
    assert list(read) == lines
    assert list(read[first:last]) == lines[first:last]
    assert [read[n] for n in range(-1, len(lines))] == [lines[n] for n in range(-1, len(lines))]


def test_what_is_wrong_far_below_is_named_by_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(lines_module, "BLOCK", 100)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 200 + "1\n" + "1,2\n" * 300, encoding="utf-8")
    with pytest.raises(DataError, match="row 202 has 1 value where 2 were expected"):
        read_table(path, TableShape())
    path.write_text("a,b\n" + "1,2\n" * 200 + "1,x\n" + "1,2\n" * 300, encoding="utf-8")
    with pytest.raises(DataError, match=r"row 202, column 1 \('b'\) is 'x'"):
        read_table(path, TableShape()).numbers("b")
