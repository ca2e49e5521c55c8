"""The page about security names a test for every requirement and fault, and each of them exists."""

from __future__ import annotations

import ast
import functools
import re

import pytest

from tests.paths import ROOT

PAGE = ROOT / "docs" / "live-security.md"
TESTS = ROOT / "tests"
# Requirements of OWASP ASVS 4.0.3 of levels 1 and 2 that must have a row: what a server without accounts has to meet.
EXPECTED = [
    "2.2.1",
    "2.3.1",
    "2.7.2",
    "2.7.3",
    "2.7.4",
    "2.7.5",
    "2.7.6",
    "3.1.1",
    "3.2.1",
    "3.2.2",
    "3.2.3",
    "3.2.4",
    "3.3.1",
    "3.3.2",
    "3.3.4",
    "3.4.1",
    "3.4.2",
    "3.4.3",
    "3.4.4",
    "3.4.5",
    "3.5.2",
    "3.5.3",
    "3.7.1",
    "4.1.1",
    "4.1.2",
    "4.1.3",
    "4.1.5",
    "4.2.1",
    "4.2.2",
    "4.3.2",
    "5.1.1",
    "5.1.2",
    "5.1.3",
    "5.1.4",
    "5.2.2",
    "5.2.4",
    "5.2.5",
    "5.3.1",
    "5.3.3",
    "5.3.4",
    "5.3.8",
    "5.3.9",
    "5.3.10",
    "5.5.2",
    "5.5.3",
    "5.5.4",
    "6.1.1",
    "6.1.2",
    "6.2.1",
    "6.2.2",
    "6.2.3",
    "6.2.4",
    "6.2.5",
    "6.2.6",
    "6.3.1",
    "6.4.1",
    "7.1.1",
    "7.1.2",
    "7.1.3",
    "7.1.4",
    "7.2.1",
    "7.2.2",
    "7.3.1",
    "7.3.3",
    "7.4.1",
    "7.4.2",
    "7.4.3",
    "8.1.1",
    "8.1.2",
    "8.1.4",
    "8.2.1",
    "8.2.2",
    "8.2.3",
    "8.3.1",
    "8.3.2",
    "8.3.3",
    "8.3.4",
    "8.3.5",
    "8.3.6",
    "8.3.7",
    "8.3.8",
    "9.1.1",
    "9.1.2",
    "9.1.3",
    "9.2.1",
    "9.2.4",
    "10.2.1",
    "10.2.2",
    "10.3.2",
    "11.1.1",
    "11.1.2",
    "11.1.3",
    "11.1.4",
    "11.1.6",
    "11.1.7",
    "12.1.1",
    "12.1.2",
    "12.2.1",
    "12.3.1",
    "12.3.2",
    "12.3.5",
    "12.4.1",
    "12.5.1",
    "12.5.2",
    "13.1.3",
    "13.1.4",
    "13.1.5",
    "13.2.1",
    "13.2.2",
    "13.2.3",
    "13.2.5",
    "14.2.1",
    "14.2.3",
    "14.2.4",
    "14.3.2",
    "14.3.3",
    "14.4.1",
    "14.4.2",
    "14.4.3",
    "14.4.4",
    "14.4.5",
    "14.4.6",
    "14.4.7",
    "14.5.1",
    "14.5.2",
    "14.5.3",
    "14.5.4",
]


def rows():
    """Return the cells of every row of every table of the page whose last column names tests."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[-1].strip("| ") != "test"]


def named(cell):
    return re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", cell)


@functools.cache
def names_in(file):
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:40])
def test_every_row_names_tests_that_exist(row):
    tests = named(row[-1])
    assert tests, row
    for file, name in tests:
        assert (TESTS / file).is_file(), file
        assert names_in(file), file
        assert not name or name in names_in(file), f"{file}::{name}"


def test_every_requirement_that_applies_has_one_row():
    requirements = [
        one for row in rows() if re.match(r"\d", row[0]) for one in re.findall(r"\b\d+\.\d+\.\d+\b", row[0])
    ]
    assert sorted(set(requirements)) == sorted(set(EXPECTED))
    assert len(requirements) == len(set(requirements))


def test_a_name_that_is_not_there_would_be_noticed():
    with pytest.raises(AssertionError):
        test_every_row_names_tests_that_exist(["1.1.1", "x", "`live/test_visits.py::test_that_is_not_there`"])
    with pytest.raises(AssertionError):
        test_every_row_names_tests_that_exist(["1.1.1", "x", "none"])
