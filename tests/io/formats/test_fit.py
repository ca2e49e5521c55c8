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
    assert (found.names, found.metadata_of(0).times) == (("rr",), None)
    with pytest.raises(DataError, match="holds no signal"):
        table(streams.fit(tmp_path / "y.fit", records=False, intervals=[]))


def test_beats_that_a_strap_kept_are_intervals_with_their_times(tmp_path):
    beats = alone(streams.fit_kept(tmp_path / "x.fit")).beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR, atol=1)  # the strap counts in 1/1024 s
    assert len(beats) == len(RR) + 1
    long = np.full(80, 2400)  # ms: its count of 12 bits begins anew every 4 s
    beats = alone(streams.fit_kept(tmp_path / "y.fit", intervals=long)).beats
    assert beats.times[-1] - beats.times[0] == pytest.approx(80 * 2.4, abs=0.01)
