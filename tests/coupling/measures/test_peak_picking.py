import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.coupling.measures.peak_picking import PeakPicking
from coregulation.coupling.surface import Surface
from tests import naive


def surface(r, most=2.5):
    r = np.atleast_2d(r)
    return Surface(r, np.linspace(-most, most, r.shape[1]), np.arange(len(r)) * 1.0)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20), st.floats(0.05, 0.6), st.floats(0.01, 0.3))
def test_it_equals_the_slow_search(seed, half, span, share):
    n = 2 * half + 1
    r = np.cumsum(np.random.default_rng(seed).standard_normal((6, n)), axis=1) / 20
    found = PeakPicking(span, share)(surface(r))
    size = min(n, max(4, math.ceil(span * n)) // 2 * 2 + 1)  # odd, so that both sides count alike
    reach = max(1, math.ceil(share * (n - 1)))
    for row, lag, height in zip(r, found.lag, found.r, strict=True):
        slow = naive.peak(naive.loess(row, size), surface(r).lags, reach)
        assert (lag, height) == pytest.approx(slow, abs=1e-9, nan_ok=True)


def test_a_flat_row_has_no_peak_and_of_equal_tops_the_first_counts():
    """Smoothing leaves last digits that differ along a flat row, and between two equal tops."""
    rng, lags = np.random.default_rng(1), np.linspace(-2.5, 2.5, 41)
    flat = 0.7 + 1e-14 * rng.standard_normal((50, 41))
    assert PeakPicking()(surface(flat)).share == 0.0
    tops = np.exp(-((np.abs(lags) - 1.0) ** 2) * 4) + 1e-14 * rng.standard_normal((50, 41))
    assert PeakPicking()(surface(tops)).lag == pytest.approx(-1.0)


def test_a_bell_has_its_peak_where_it_stands():
    lags = np.linspace(-2.5, 2.5, 41)
    rows = np.exp(-((lags - np.array([[-1.0], [0.0], [0.75]])) ** 2))
    found = PeakPicking()(Surface(rows, lags, np.arange(3.0)))
    assert found.lag.tolist() == [-1.0, 0.0, 0.75]
    assert found.r == pytest.approx(1.0, abs=0.05)
    assert found.share == 1.0
    assert found.summary == pytest.approx((found.r.mean(), found.r.std(ddof=1), -1 / 12, np.std([-1, 0, 0.75], ddof=1)))


def test_the_nearest_of_two_and_of_two_as_near_the_higher_whoever_is_first():
    lags = np.linspace(-5, 5, 81)
    bells = np.exp(-4 * (lags - np.array([[-3.0], [2.0], [3.0]])) ** 2)
    far_is_higher = 0.9 * bells[0] + 0.5 * bells[1]
    as_near = 0.9 * bells[0] + 0.5 * bells[2] - np.exp(-(lags**2) / 2)
    found = PeakPicking()(Surface(np.stack([far_is_higher, as_near, as_near[::-1]]), lags, np.arange(3.0)))
    assert found.lag.tolist() == [2.0, -3.0, 3.0]


@pytest.mark.parametrize(
    "r", [np.linspace(-0.5, 0.5, 41), np.full(41, np.nan), np.zeros(3), np.zeros(1), np.empty((0, 41))]
)
def test_no_peak_is_no_number(r):
    found = PeakPicking()(surface(r))
    assert np.isnan(found.lag).all()
    assert found.share == 0.0
    assert np.isnan(found.summary).all()


@pytest.mark.parametrize("peaks", [1, 2, 3])
def test_a_mean_and_a_spread_need_two_peaks(peaks):
    rows = [np.exp(-((np.linspace(-2.5, 2.5, 41) - at) ** 2)) for at in (-0.5, 0.0, 0.5)[:peaks]]
    summary = PeakPicking()(surface(rows)).summary
    assert np.isfinite(summary).all() == (peaks >= 2)
    if peaks == 2:
        assert summary[2:] == pytest.approx((-0.25, 0.5 / math.sqrt(2)), abs=0.01)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 20), st.floats(0.05, 0.6))
def test_the_other_order_of_names_gives_the_opposite_lag(seed, half, span):
    r = np.cumsum(np.random.default_rng(seed).standard_normal((6, 2 * half + 1)), axis=1) / 20
    there, back = PeakPicking(span)(surface(r)), PeakPicking(span)(surface(r[:, ::-1]))
    assert back.r == pytest.approx(there.r, abs=1e-9, nan_ok=True)
    assert np.abs(back.lag) == pytest.approx(np.abs(there.lag), abs=1e-9, nan_ok=True)
