from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.io.grid import on_grid
from coregulation.io.remarks import ReadingRemark, note

HEART = CHANNELS["heart_rate"]


def told(values, times, rate=None, clock=None):
    return on_grid(np.asarray(values, float), np.asarray(times, float), rate, 0.0, HEART, clock or Clock(), "x.csv")


def test_even_rows_are_kept_as_they_are():
    signal, notes = told(np.arange(50), 3.7 + np.arange(50) / 4)
    assert signal.rate == 4
    assert signal.start == 3.7
    assert signal.values.tolist() == list(range(50))
    assert notes == [note(ReadingRemark.RATE_FOUND, rate=4.0)]


@given(st.integers(0, 10_000))
def test_a_straight_line_survives_irregular_rows(seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.03, 0.05, 400))
    signal, _ = told(2 * times + 1, times)
    np.testing.assert_allclose(signal.values, 2 * signal.times + 1)


def test_a_drift_is_applied_to_the_times():
    clock = Clock(offset=10.0, offset_sd=0.1, drift_ppm=1e4)
    signal, _ = told(np.arange(100), np.arange(100), clock=clock)
    np.testing.assert_allclose(signal.values, (signal.times - 10) / 1.01, atol=1e-9)
    even, _ = on_grid(np.arange(100.0), None, 1.0, 5.0, HEART, clock, "x")
    assert even.start == pytest.approx(10 + 5 * 1.01)
    assert even.rate == pytest.approx(1 / 1.01)


def test_rows_without_a_time_are_left_out_and_counted():
    times = np.arange(50.0)
    times[7] = np.nan
    signal, notes = told(np.arange(50), times)
    assert note(ReadingRemark.ROWS_WITHOUT_TIME, 1) in notes
    assert signal.values[7] == pytest.approx(7)  # one second missing is bridged


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 2, 4, 10, 25, 32, 64, 100, 250])
def test_the_nominal_rate_is_found_from_jittered_stamps_with_gaps(rate):
    rng = np.random.default_rng(1)
    times = (np.arange(3000) + rng.uniform(-0.2, 0.2, 3000)) / rate
    times = np.delete(times, np.s_[1000:1200])
    signal, _ = told(np.zeros(2800) + 70, times)
    assert signal.rate == rate


def test_a_stated_rate_may_differ_a_little_from_the_one_found():
    signal, notes = told(np.arange(300), np.arange(300) / 23.8, rate=25)
    assert signal.rate == 25
    assert not any(reason.code == ReadingRemark.RATE_FOUND for reason, _ in notes)


def test_too_few_rows():
    with pytest.raises(DataError, match="2 rows with a time are too few"):
        told([1, 2], [0, 1])


def test_rows_hours_apart_mean_a_wrong_unit():
    with pytest.raises(DataError, match=r"apart by their time column.*--time-unit"):
        told(np.arange(20), np.arange(20) * 3600)


EPOCH = 1_779_000_000.0  # s, in 2026
RESOLUTIONS = {  # what a file's own numbers make of times in s since its start
    "days to 1e-8": lambda t: np.round(46_000 + t / 86400, 8) * 86400,
    "days to 1e-11": lambda t: np.round(46_000 + t / 86400, 11) * 86400,
    "seconds to the ms": lambda t: np.round(t, 3),
    "epoch seconds to the ms": lambda t: np.round(EPOCH + t, 3),
    "epoch seconds": lambda t: EPOCH + t,
    "epoch ns": lambda t: np.round((EPOCH + t) * 1e9) / 1e9,
    "epoch ms as a float": lambda t: np.round((EPOCH + t) * 1e3) / 1e3,
    "single precision": lambda t: t.astype(np.float32).astype(float),
    "minutes to 1e-6": lambda t: np.round(t / 60, 6) * 60,
}


@pytest.mark.parametrize("written", RESOLUTIONS)
@given(
    rate=st.sampled_from([1.0, 4.0, 25.0, 32.0, 64.0, 128.0, 130.0, 250.0, 256.0]),
    begin=st.floats(0, 3),
    lost=st.integers(0, 60),
    seed=st.integers(0, 99),
)
def test_rounded_stamps_lose_no_sample_and_change_none(written, rate, begin, lost, seed):
    rng = np.random.default_rng(seed)
    count, half = 400, 200
    rows = np.arange(count) + np.where(np.arange(count) >= half, int(lost * rate), 0)
    values = rng.normal(70, 5, count)
    stamps = RESOLUTIONS[written](begin + rows / rate)
    if (np.diff(stamps) <= 0).any() or np.ptp(np.diff(stamps)[np.diff(rows) == 1]) * rate > 0.75:
        return  # coarser than the rows: refused, or read at a stated rate
    ecg = CHANNELS["ecg"]
    signal, _ = on_grid(values, stamps, None, 0.0, ecg, Clock(), "x.csv")
    assert signal.rate == rate
    assert signal.start == pytest.approx(stamps[0], abs=0.5 / rate)
    np.testing.assert_array_equal(signal.values[rows], values)
    if lost > 3:
        assert np.isnan(signal.values[rows[half - 1] + 1 : rows[half]]).all()


@given(st.floats(0.06, 0.3), st.integers(0, 99))
def test_rows_beside_their_places_for_another_reason_than_rounding_are_interpolated(jitter, seed):
    rng = np.random.default_rng(seed)
    times = np.arange(300) + rng.uniform(-jitter, jitter, 300)
    times[:2] = [-jitter, 1 + jitter]
    signal, _ = told(2 * times, times)
    np.testing.assert_allclose(signal.values, 2 * signal.times, atol=1e-6)


@pytest.mark.parametrize(("beside", "kept"), [(0.0499, True), (0.0501, False)])
def test_how_far_rows_may_lie_beside_an_even_grid(beside, kept):
    times = np.arange(100.0) + np.where(np.arange(100) > 50, 20, 0) + beside * np.resize([1, -1], 100)
    values = np.resize([60.0, 80.0], 100)
    signal, _ = told(values, times)
    assert (set(signal.values[np.isfinite(signal.values)]) == {60.0, 80.0}) == kept
