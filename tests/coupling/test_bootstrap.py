import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coupling.bootstrap import BlockBootstrap


@given(st.integers(1, 30), st.integers(1, 40), st.integers(0, 99), st.booleans())
def test_a_resample_is_the_mean_of_whole_runs_on_a_circle(n, block, seed, gap):
    z = np.random.default_rng(3).standard_normal((n, 2))
    if gap:
        z[0] = np.nan
    drawn = BlockBootstrap(draws=7).profiles(z, block, np.random.default_rng(seed))
    size = min(block, n)
    starts = np.random.default_rng(seed).integers(0, n, (7, max(1, round(n / size))))
    for row, begin in zip(drawn, starts, strict=True):
        rows = np.concatenate([z[(a + np.arange(size)) % n] for a in begin])
        there = np.isfinite(rows[:, 0])
        expected = rows[there].mean(axis=0) if there.any() else [math.nan, math.nan]
        assert row == pytest.approx(expected, nan_ok=True, abs=1e-12)


def test_the_interval_is_a_t_interval():
    resampled = np.array([0.9, 1.0, 1.1])
    low, high = BlockBootstrap().interval(1.0, resampled, 5)
    assert (high - low) / 2 == pytest.approx(2.7764451 * 0.1 * math.sqrt(5 / 4), rel=1e-6)
    assert (low + high) / 2 == pytest.approx(1.0)
    wider = BlockBootstrap(level=0.99).interval(1.0, resampled, 5)
    assert wider[0] < low
    assert BlockBootstrap().interval(1.0, resampled, 2)[0] < BlockBootstrap().interval(1.0, resampled, 50)[0]


@pytest.mark.parametrize(
    ("blocks", "quantile", "share"),
    [(1, 12.7062047, 1.0), (2, 12.7062047, 2.0), (3, 4.3026527, 1.5), (4, 3.1824463, 4 / 3)],
)
def test_few_blocks_have_a_wide_quantile(blocks, quantile, share):
    low, high = BlockBootstrap().interval(1.0, np.array([0.9, 1.0, 1.1]), blocks)
    assert (high - low) / 2 == pytest.approx(quantile * 0.1 * math.sqrt(share), rel=1e-6)


def coverage(times, rng, blocks=12):
    """Share of intervals that hold the mean of overlapping windows over noise."""
    window, hop, held = 20, 4, 0
    boot = BlockBootstrap(draws=199)
    for _ in range(times):
        noise = rng.standard_normal(window * 2 * blocks + window)
        z = np.lib.stride_tricks.sliding_window_view(noise, window)[::hop].mean(axis=1)
        block = 2 * window // hop
        drawn = boot.profiles(z[:, None], block, rng)[:, 0]
        low, high = boot.interval(float(z.mean()), drawn, len(z) // block)
        held += low <= 0 <= high
    return held / times


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    assert 0.90 <= coverage(400, np.random.default_rng(1)) <= 0.99


@pytest.mark.nightly
@pytest.mark.parametrize("blocks", [4, 12, 40])
def test_the_interval_holds_the_truth_as_often_as_it_says(blocks):
    assert 0.93 <= coverage(8000, np.random.default_rng(2), blocks) <= 0.975
