"""RR intervals that were resampled evenly are a signal; those of single beats have no rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from tests.io.write import rows

LENGTH = 300.0  # s


def resampled(rate, phase=0.0):
    """Intervals (ms) of one heart, evenly sampled at `rate`."""
    times = np.arange(int(LENGTH * rate)) / rate
    return times, np.round(850 + 60 * np.sin(0.5 * times + phase) + 20 * np.sin(0.06 * times), 1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rate=st.sampled_from([1, 2, 4, 5, 8, 10]), timed=st.booleans(), stated=st.booleans())
def test_a_series_is_as_long_as_it_says_and_holds_no_beats(tmp_path, rate, timed, stated):
    (times, ada), (_, ben) = resampled(rate), resampled(rate, 1.0)
    columns = (times, ada, ben) if timed else (ada, ben)
    path = rows(tmp_path / "x.csv", "time_s,ada,ben" if timed else "ada,ben", *columns)
    said = {"rate": rate} if stated or not timed else {}
    session = open_session(path, people={"a": "ada", "b": "ben"}, signal="rr", unit="ms", **said)
    for recording, values in zip(session.recordings, (ada, ben), strict=True):
        assert recording.channels == ("heart_rate",)
        signal = recording.signals["heart_rate"]
        assert (signal.rate, signal.window.length) == (pytest.approx(rate), pytest.approx(LENGTH))
        np.testing.assert_allclose(signal.values, 60_000 / values)
    assert {remark.code for remark in session.remarks} >= {"read.even-intervals"}


def test_a_rate_beside_the_stamps_of_single_beats_is_refused(tmp_path):
    rr = np.round(850 + 60 * np.sin(np.arange(300) * 0.4))
    path = rows(tmp_path / "x.csv", "time_s,rr_ms", np.cumsum(rr) / 1000, rr)
    with pytest.raises(DataError, match=r"a rate of 1 Hz was stated.*one row per beat have no rate: leave out --rate"):
        open_session(path, column="rr_ms", rate=1)
    assert len(open_session(path, column="rr_ms").of("A").beats) == 301


def test_beats_have_no_rate_unless_they_count_samples(tmp_path):
    samples = np.round(360 * np.cumsum(0.85 + 0.05 * np.sin(np.arange(100))))
    path = rows(tmp_path / "x.csv", "beat", samples)
    with pytest.raises(UsageError, match="say --unit sample --rate 360"):
        open_session(path, signal="beats", unit="s", rate=360, column=0)
    beats = open_session(path, signal="beats", unit="sample", rate=360, column=0).of("A").beats
    np.testing.assert_allclose(beats.times, samples / 360)
    with pytest.raises(UsageError, match="say --rate HZ as well"):
        open_session(path, signal="beats", unit="sample", column=0)
