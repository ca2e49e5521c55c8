"""LabChart text: blocks, gaps between them, units, comments, and what is damaged."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.formats import labchart
from tests.io.formats.reading import alone, table

START = datetime.datetime(2026, 5, 4, 12)  # noqa: DTZ001 - LabChart writes the laboratory's own time


def example(tmp_path):
    labchart.write_example(tmp_path / "x.txt")
    return tmp_path / "x.txt"


def test_blocks_keep_the_gap_between_them_and_comments_are_marks(tmp_path):
    path = example(tmp_path)
    found = table(path)
    assert found.names == ("ECG", "EDA")
    assert (found.metadata_of(1).unit, found.metadata_of(1).start) == ("uS", START)
    np.testing.assert_allclose(
        found.metadata_of(0).times, [*np.arange(200) / 100, *(10 + np.arange(200) / 100)], atol=1e-3
    )
    signal = alone(path, signal="eda", column="EDA").signals["eda"]
    assert (signal.rate, signal.window.length) == (100, pytest.approx(12.0, abs=0.02))
    assert signal.values[[0, -1]].tolist() == [4.0, pytest.approx(5.199)]
    assert found.events.labels == ("talk begins",)
    assert found.events.seconds[0] == pytest.approx(10.5, abs=1e-3)


def test_one_block_has_a_rate_and_a_start(tmp_path):
    path = example(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()[:205]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = table(path).metadata_of(0)
    assert (said.rate, said.start, said.unit) == (100.0, START, "mV")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.01 s", "fast", "its interval is 'fast'"),
        ("0.01 s", "0 s", "its interval is '0 s'"),
        ("0.02\t", "0.02\tx", "line 8 holds text where 2 numbers were expected"),
        ("ECG\tEDA", "ECG", "differ in their channels"),
        ("ExcelDateTime=\t46146.500000000000", "ExcelDateTime=\tnoon", "does not say when each began"),
    ],
)
def test_labchart_that_is_damaged(tmp_path, old, new, words):
    path = example(tmp_path)
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)
