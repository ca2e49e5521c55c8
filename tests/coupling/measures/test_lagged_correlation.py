import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.coupling.measures.lagged_correlation import (
    LaggedCorrelation,
    WindowGrid,
    correlate_windows,
    prepare,
    split_sums,
    window_sums,
)
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit
from tests import naive


def signal(values, rate=1.0, start=0.0):
    return Signal(values, rate, start, Unit.ARBITRARY)


def pair(seed, n, gaps=()):
    """Two wandering series with gaps and a stretch that stands still."""
    rng = np.random.default_rng(seed)
    both = np.cumsum(rng.standard_normal((2, n)), axis=1) + 5 * rng.standard_normal((2, 1))
    both[1] += 0.5 * np.roll(both[0], rng.integers(-3, 4))
    for who, first, length in gaps:
        both[who, first : first + length] = np.nan
    still = rng.integers(0, n)
    both[rng.integers(2), still : still + n // 8] = 1.5
    return both


gaps = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 150), st.integers(1, 20)), max_size=3)


@st.composite
def grids(draw):
    hop = draw(st.integers(1, 6))
    width = hop * draw(st.integers(-(-8 // hop), 30 // hop))
    return WindowGrid(width, hop, draw(st.integers(0, min(width - 1, 12))), 1.0)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200), gaps, grids(), st.booleans())
def test_the_map_equals_the_slow_one(seed, n, gaps, grid, detrend):
    x, y = pair(seed, n, gaps)
    fast = correlate_windows(prepare(x, grid, detrend), prepare(y, grid, detrend), grid)
    slow = naive.lagged_correlation(x, y, grid.width, grid.hop, grid.max_lag, detrend)
    assert fast.shape == slow.shape
    assert np.array_equal(np.isnan(fast), np.isnan(slow))
    assert np.allclose(fast, slow, rtol=0, atol=1e-10, equal_nan=True)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200), gaps, grids(), st.booleans(), st.integers(1, 3))
def test_the_sums_over_windows_are_those_of_the_map(seed, n, gaps, grid, detrend, jobs):
    x, y = pair(seed, n, gaps)
    a, b = prepare(x, grid, detrend), prepare(y, grid, detrend)
    sums = split_sums(window_sums(a, b, grid, grid.lags, jobs), len(grid.lags))
    r = naive.lagged_correlation(x, y, grid.width, grid.hop, grid.max_lag, detrend)
    there = np.isfinite(r)
    assert sums.count.tolist() == there.sum(axis=0).tolist()
    assert np.allclose(sums.z, np.where(there, np.arctanh(np.where(there, r, 0)), 0).sum(axis=0), atol=1e-9)
    assert np.allclose(sums.largest, np.abs(np.where(there, r, 0)).max(axis=0, initial=0), atol=1e-10)
    assert np.allclose(sums.mean, sums.z / np.maximum(1, sums.count))


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(20, 200), gaps, grids())
def test_naming_the_other_first_mirrors_the_lag_and_nothing_else(seed, n, gaps, grid):
    x, y = (prepare(values, grid) for values in pair(seed, n, gaps))
    assert np.allclose(
        correlate_windows(x, y, grid), correlate_windows(y, x, grid)[:, ::-1], rtol=0, atol=1e-10, equal_nan=True
    )


@settings(deadline=None)
@given(
    st.integers(0, 10**6), st.integers(40, 200), gaps, grids(), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3), st.booleans()
)  # fmt: skip
def test_neither_scale_nor_offset_matters_and_a_turned_sign_turns_r(seed, n, gaps, grid, scale, offset, detrend):
    x, y = pair(seed, n, gaps)
    plain = correlate_windows(prepare(x, grid, detrend), prepare(y, grid, detrend), grid)
    moved = correlate_windows(prepare(-scale * (x + offset), grid, detrend), prepare(y, grid, detrend), grid)
    assert np.allclose(moved, -plain, rtol=0, atol=1e-7, equal_nan=True)


@settings(deadline=None)
@given(st.integers(0, 10**6), grids(), st.floats(-50, 50))
def test_a_straight_line_under_a_series_is_taken_out(seed, grid, slope):
    x, y = pair(seed, 150)
    plain = correlate_windows(prepare(x, grid), prepare(y, grid), grid)
    tilted = correlate_windows(prepare(x + slope * np.arange(150), grid), prepare(y, grid), grid)
    varying = np.isfinite(plain) & np.isfinite(tilted)  # a still stretch on a line varies by rounding alone
    assert np.allclose(plain[varying], tilted[varying], rtol=0, atol=1e-6)


@pytest.mark.parametrize("spike", [1e5, 1e7, 1e9])
def test_a_gross_spike_in_both_never_makes_up_a_correlation_elsewhere(spike):
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 2000))
    grid = WindowGrid(60, 2, 5, 1.0)
    clean = correlate_windows(prepare(x, grid), prepare(y, grid), grid)
    x[1000] = y[1001] = spike
    spiked = correlate_windows(prepare(x, grid), prepare(y, grid), grid)
    outside = np.r_[0:450, 550 : len(clean)]
    there = np.isfinite(spiked[outside])
    assert np.allclose(spiked[outside][there], clean[outside][there], atol=1e-3)


@pytest.mark.parametrize("frequency", [0.07, 0.11])
@pytest.mark.parametrize("lag", [-3.0, 0.0, 2.5])
def test_two_sinusoids_correlate_as_the_cosine_of_what_is_left_of_their_lag(frequency, lag):
    t = np.arange(0, 600, 0.25)
    measure = LaggedCorrelation(window=10 / frequency, max_lag=4.0, hop=1.0, detrend=False)
    x = signal(np.sin(2 * np.pi * frequency * t), 4.0)
    y = signal(np.sin(2 * np.pi * frequency * (t - lag)), 4.0)
    found = measure.surface(x, y)
    assert found.lags[np.nanargmax(found.profile)] == pytest.approx(lag, abs=0.26)
    width = measure.grid(4.0).width / 4.0
    expected = np.cos(2 * np.pi * frequency * (found.lags - lag))
    assert np.allclose(np.nanmean(found.r, axis=0), expected, atol=2 / (frequency * width * 2 * np.pi * 10) + 0.03)


@settings(deadline=None, max_examples=20)
@given(st.integers(-10, 10), st.floats(0.2, 0.95), st.sampled_from([-1, 1]), st.integers(0, 10**6))
def test_a_known_lag_and_strength_are_found(lag, strength, sign, seed):
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((2, 6100))
    x = noise[0, 50:6050]
    y = sign * strength * noise[0, 50 - lag : 6050 - lag] + math.sqrt(1 - strength**2) * noise[1, 50:6050]
    found = LaggedCorrelation(60.0, 5.0).surface(signal(x, 2.0), signal(y, 2.0))
    best = int(np.argmax(np.abs(found.profile)))
    assert found.lags[best] == lag / 2  # positive: the first leads
    assert math.tanh(found.profile[best]) == pytest.approx(sign * strength, abs=0.08)


def test_where_windows_lie_in_session_time():
    x = signal(np.random.default_rng(1).standard_normal(120), 2.0, start=7.0)
    found = LaggedCorrelation(10.0, 2.0).surface(x, x)
    assert found.centres[0] == pytest.approx(7.0 + (20 - 1) / 4)
    assert np.allclose(np.diff(found.centres), 1.0)
    assert found.lags[[0, -1]].tolist() == [-2.0, 2.0]


def test_a_lag_without_any_window_has_no_mean():
    x = signal(np.random.default_rng(1).standard_normal(20))
    found = LaggedCorrelation(20.0, 2.0).surface(x, x)
    assert np.isnan(found.profile[[0, 1, 3, 4]]).all()
    assert found.profile[2] == pytest.approx(math.atanh(1 - 1e-6))


@given(
    st.floats(0.1, 200).map(lambda r: round(r, 3)), st.floats(0.1, 100), st.floats(0.01, 1), st.floats(0, 0.4)
)  # fmt: skip
def test_the_lengths_in_samples_fit_each_other(rate, window, hop, lag):
    grid = LaggedCorrelation(window, lag * window, hop * window).grid(rate)
    assert grid.width % grid.hop == 0
    assert grid.width >= 4
    assert grid.max_lag < grid.width


def test_a_lag_that_is_as_long_as_the_window_in_samples():
    with pytest.raises(UsageError, match="max_lag"):
        LaggedCorrelation(5.0, 4.4, 2.0).grid(1.0)


@pytest.mark.parametrize(
    ("window", "lag", "hop"),
    [(0, 0, 1), (10, -1, 1), (10, 10, 1), (10, 11, 1), (10, 5, 0), (10, 5, 11), (math.nan, 1, 1), (10, math.nan, 1)],
)
def test_lengths_that_cannot_be_meant(window, lag, hop):
    with pytest.raises(UsageError, match="max_lag"):
        LaggedCorrelation(window, lag, hop)


@pytest.mark.parametrize(
    "other", [signal(np.zeros(99)), signal(np.zeros(100), 2.0), signal(np.zeros(100), 1.0, 0.5)], ids=str
)
def test_two_signals_must_be_on_one_grid(other):
    with pytest.raises(UsageError, match="one grid"):
        LaggedCorrelation(10.0, 2.0).surface(signal(np.zeros(100)), other)


@pytest.mark.parametrize("values", [np.full(100, np.nan), np.full(100, 0.1), np.zeros(100), np.empty(0), np.ones(3)])
def test_nothing_comes_of_nothing(values):
    grid = WindowGrid(10, 2, 3, 1.0)
    x = prepare(values, grid)
    y = prepare(np.random.default_rng(1).standard_normal(len(values)), grid)
    assert x.windows == 0
    assert not np.isfinite(correlate_windows(x, y, grid)).any()
    assert all(not values.any() for values in window_sums(x, y, grid, grid.lags))


@pytest.mark.parametrize(("size", "counts"), [(0.5e-5, False), (0.9e-5, False), (1.1e-5, True), (2e-5, True)])
@pytest.mark.parametrize("width", [10, 60])
def test_a_window_counts_where_it_varies_by_a_hundred_thousandth_of_the_series_sd(size, counts, width):
    grid = WindowGrid(width, 1, 0, 1.0)
    loud, quiet = np.resize([1.0, -1.0], 400), np.zeros(50)
    sd = np.concatenate([loud, quiet, np.zeros(width), quiet, loud]).std()
    ripple = size * sd * np.resize([1.0, -1.0], width)
    terms = prepare(np.concatenate([loud, quiet, ripple, quiet, loud]), grid, detrend=False).terms
    assert (terms[0].ravel()[450] > 0) is np.bool_(counts)


@pytest.mark.parametrize("detrend", [True, False])
def test_the_methods_section_says_whether_a_line_was_taken_out(detrend):
    said = LaggedCorrelation(10.0, 2.0, detrend=detrend).treatment
    assert ("a straight line was taken out of each window" in said) is detrend
    assert said[-1] == "windows with a missing sample were left out"
