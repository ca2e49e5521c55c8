from __future__ import annotations

import datetime
import zipfile

import openpyxl
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import inspect_file, open_session
from coregulation.io.formats.workbook import read_excel, sheets
from coregulation.io.tables.table import TableShape
from tests.io.write import wave


def book(path, **contents):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in contents.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    made.save(path)
    return path


PAIR = [["time", "a", "b"], *([n, x, y] for n, (x, y) in enumerate(zip(wave(40), wave(40, phase=1), strict=True)))]


def test_the_only_sheet_is_read(tmp_path):
    session = open_session(book(tmp_path / "x.xlsx", one=PAIR), signal="heart_rate", time_column=0, time_unit="s")
    assert session.of("A").signals["heart_rate"].values.tolist() == wave(40)


def test_of_several_sheets_one_is_chosen(tmp_path):
    path = book(tmp_path / "x.xlsx", one=PAIR, two=PAIR[:20])
    assert sheets(path) == ["one", "two"]
    with pytest.raises(UsageError, match=r"which sheet\? Choose with --sheet .*: one, two"):
        read_excel(path, TableShape())
    with pytest.raises(UsageError, match="no sheet 'three'"):
        read_excel(path, TableShape(sheet="three"))
    assert len(read_excel(path, TableShape(sheet="two"))) == len(read_excel(path, TableShape(sheet=1))) == 19
    assert [found.sheet for found in inspect_file(path)] == ["one", "two"]


def test_times_and_empty_cells(tmp_path):
    zero = datetime.datetime.fromisoformat("2026-05-04T14:00:00")  # a workbook knows no zones
    lines = [
        [zero + datetime.timedelta(seconds=n), 70 + n % 7, None if n == 3 else 80 + n % 5, None] for n in range(30)
    ]
    path = book(tmp_path / "x.xlsx", one=[["time", "a", "b", None], *lines, [None, None, None, None]])
    session = open_session(path, signal="heart_rate")
    assert session.of("B").signals["heart_rate"].coverage == pytest.approx(29 / 30)
    clock = [
        [(zero + datetime.timedelta(seconds=n)).time(), datetime.timedelta(seconds=n), True, "x"] for n in range(5)
    ]
    table = read_excel(book(tmp_path / "y.xlsx", one=[["t", "d", "flag", "word"], *clock]), TableShape())
    assert table.numbers("d").tolist() == [0, 1, 2, 3, 4]
    assert table.words("flag") == ("True",) * 5


def test_text_and_lines_to_skip(tmp_path):
    lines = [["made by a watch"], *PAIR, ["the end"]]
    path = book(tmp_path / "x.xlsx", one=lines)
    with pytest.raises(DataError, match="--skip-lines 1"):
        read_excel(path, TableShape())
    table = read_excel(path, TableShape(skip_lines=1, skip_end_lines=1))
    assert (len(table), table.first_row) == (40, 3)
    lines[10] = [8, "artefact", 70.0]
    with pytest.raises(DataError, match=r"row 11, column 1 \('a'\) is 'artefact'"):
        read_excel(book(tmp_path / "y.xlsx", one=lines), TableShape(skip_lines=1, skip_end_lines=1)).numbers("a")


def test_an_empty_sheet_and_a_damaged_book(tmp_path):
    with pytest.raises(DataError, match="the sheet is empty"):
        read_excel(book(tmp_path / "x.xlsx", one=[]), TableShape())
    content = book(tmp_path / "y.xlsx", one=PAIR).read_bytes()
    (tmp_path / "z.xlsx").write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="not a readable"):
        read_excel(tmp_path / "z.xlsx", TableShape())


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_part_in_an_encoding_that_is_none_is_refused(tmp_path, part):
    good = book(tmp_path / "good.xlsx", one=PAIR)
    with zipfile.ZipFile(good) as whole, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as packed:
        for name in whole.namelist():
            body = whole.read(name)
            begin = b'<?xml version="1.0" encoding="UTG-8"?>' if name == part else b""
            packed.writestr(name, begin + body[body.find(b"?>") + 2 if begin and body.startswith(b"<?xml") else 0 :])
    with pytest.raises(DataError, match=r"damaged|not a readable"):
        open_session(tmp_path / "x.xlsx", signal="heart_rate", time_column=0, time_unit="s")
