"""FIT activities: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.examples import streams
from coregulation.io.examples.values import RR
from tests.io.formats.reading import alone, table


def test_fit_intervals_and_rates(tmp_path):
    recording = alone(streams.fit(tmp_path / "x.fit"))
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR)
    rates = recording.signals["heart_rate"]
    assert (rates.rate, rates.values[:3].tolist(), np.isnan(rates.values[3])) == (1.0, [60, 61, 62], True)


def test_a_pause_of_a_fit_file_stays_a_gap(tmp_path):
    beats = alone(streams.fit(tmp_path / "x.fit", pause=60), signal="rr").beats
    assert beats.breaks.sum() == 2
    assert np.diff(beats.times).max() > 55


def test_a_fit_file_without_records_has_intervals_without_times(tmp_path):
    found = table(streams.fit(tmp_path / "x.fit", records=False))
    assert (found.names, found.said(0).times) == (("rr",), None)
    with pytest.raises(DataError, match="holds no signal"):
        table(streams.fit(tmp_path / "y.fit", records=False, intervals=[]))
