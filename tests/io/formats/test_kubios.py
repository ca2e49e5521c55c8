"""Results of Kubios: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import exports
from coregulation.io.examples.values import RR
from tests.io.formats.reading import alone, table


def test_kubios_lists_the_samples_one_after_the_other(tmp_path):
    beats = alone(exports.kubios(tmp_path / "report.csv")).beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR, atol=1e-6)
    session = open_session(tmp_path / "report.csv")
    assert ("read.kubios-corrected", 40) in {(r.code, r.count) for r in session.remarks}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("RR INTERVAL DATA", "NOTHING", "export it from Kubios with the RR data"),
        ("Time,RR", "When,RR", "no column of times"),
        ("Time,RR interval,Time,RR interval", "Time,x,Time,x", "no interval was found"),
        ("(s),(s)", "s,s", "units of time and interval are not told"),
        ("0.800,", "x,", "no time and interval"),
    ],
)
def test_kubios_that_is_damaged(tmp_path, old, new, words):
    path = exports.kubios(tmp_path / "report.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)


def test_kubios_without_rows(tmp_path):
    report = exports.kubios(tmp_path / "report.csv")
    lines = report.read_text(encoding="utf-8").split("\n")
    report.write_text("\n".join(lines[:11]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column of times"):
        table(report)
