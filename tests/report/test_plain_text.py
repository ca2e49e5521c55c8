"""Names and labels from files stay text, in spreadsheets and on terminals."""

from __future__ import annotations

import csv
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coregulation.report.plain_text import spreadsheet_cell, terminal_text


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "\uff1d1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_formula_becomes_text(text):
    assert spreadsheet_cell(text).startswith("'")


@pytest.mark.parametrize("value", ["ada", "-1.5", "+2e-3", "-inf", "", 3, -2.5, None, True, "a=b", "张三"])
def test_what_is_none_stays_as_it_is(value):
    assert spreadsheet_cell(value) == value


@given(st.text())
def test_no_cell_begins_as_a_formula_and_none_holds_a_control_character(text):
    out = io.StringIO()
    csv.writer(out).writerow([spreadsheet_cell(text)])
    (cell,) = next(csv.reader(io.StringIO(out.getvalue(), newline="")), [""])
    assert cell[:1] not in ("=", "@") or False
    assert not any(ord(one) < 32 and one not in "\t\n" for one in cell)


def test_a_terminal_obeys_nothing_that_is_printed():
    assert terminal_text("\x1b]0;OWNED\x07\x1b[2Jada\u202e") == "\\x1b]0;OWNED\\x07\\x1b[2Jada\\x202e"
    assert terminal_text("ada\n\tben") == "ada\n\tben"
