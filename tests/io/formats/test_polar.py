""".hrm files of Polar: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import exports
from coregulation.io.examples.values import RR, START
from tests.io.formats.reading import alone, table
from tests.io.write import text


def test_polar_hrm_intervals_and_rates(tmp_path):
    beats = alone(exports.hrm(tmp_path / "x.hrm")).beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR)
    rates = alone(exports.hrm(tmp_path / "y.hrm", 5, [f"{60 + n % 9}\t0" for n in range(30)])).signals["heart_rate"]
    assert (rates.rate, rates.values[:3].tolist()) == (0.2, [60, 61, 62])
    assert table(tmp_path / "y.hrm").metadata_of(0).start == START


@pytest.mark.parametrize(
    ("old", "new"), [("Interval=238", "Interval=0"), ("Date=2026", "Date=x"), ("[HRData]", "[Hr]"), ("800", "8oo")]
)
def test_polar_hrm_that_is_damaged(tmp_path, old, new):
    path = exports.hrm(tmp_path / "x.hrm")
    path.write_text(path.read_text(encoding="ascii").replace(old, new, 1), encoding="ascii")
    with pytest.raises(DataError, match=r"x\.hrm: "):
        table(path)


@pytest.mark.parametrize(("lost", "count"), [(0, 0), (2, 0), (3, 1), (9, 1)])
def test_a_length_that_is_not_that_of_the_rows_is_told(tmp_path, lost, count):
    lines = exports.hrm(tmp_path / "x.hrm").read_text(encoding="ascii").splitlines()
    session = open_session(text(tmp_path / "y.hrm", *lines[: len(lines) - lost]))
    assert [remark.code for remark in session.remarks].count("read.other-length") == count
