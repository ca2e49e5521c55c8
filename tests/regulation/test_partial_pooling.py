"""Estimates that borrow from each other: nearer to the truth, and covered, whether they truly differ or not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coregulation.errors import UsageError
from coregulation.regulation.partial_pooling import pool_partially


def study(rng: np.random.Generator, pairs: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    true = -0.6 + spread * rng.standard_normal(pairs)
    errors = rng.uniform(0.25, 0.5, pairs)  # of ln own burden at 3 + 3 hard moments
    return true, true + errors * rng.standard_normal(pairs), errors


@pytest.mark.parametrize(("pairs", "spread"), [(40, 0.0), (40, 0.2), (40, 0.4), (6, 0.2), (6, 0.4)])
def test_pooled_estimates_are_nearer_and_cover(pairs, spread):
    rng, alone, pooled, covered = np.random.default_rng(3), [], [], []
    for _ in range(2000 // pairs):
        true, values, errors = study(rng, pairs, spread)
        told = pool_partially(values, errors)
        alone.append((values - true) ** 2)
        pooled.append((np.array([one.value for one in told.each]) - true) ** 2)
        covered.append([one.low <= t <= one.high for one, t in zip(told.each, true, strict=True)])
    falls = 1 - np.sqrt(np.concatenate(pooled).mean() / np.concatenate(alone).mean())
    assert falls > (0.3 if pairs == 40 and spread <= 0.2 else 0.2 if pairs == 40 else 0.1)
    assert np.mean(np.concatenate(covered)) > 0.93


def slow_intervals(values: np.ndarray, errors: np.ndarray, level: float) -> list[tuple[float, float, float]]:
    """Mean and ends of each true value, by matrices: for each spread the joint normal of mean and true values, then the mixture."""
    n, spreads = len(values), np.linspace(0.005, 4.0, 1200)
    usual = 1 / np.mean(1 / errors**2)
    shares, centres, widths = [], [], []
    for spread in spreads:
        precision = np.diag(np.append(n / spread**2, 1 / spread**2 + 1 / errors**2))
        precision[0, 1:] = precision[1:, 0] = -1 / spread**2
        covariance = np.linalg.inv(precision)
        middle = covariance @ np.append(0.0, values / errors**2)
        seen = np.diag(errors**2 + spread**2) + 1e6  # a mean of which nothing is known beforehand
        likelihood = -0.5 * (np.linalg.slogdet(seen)[1] + values @ np.linalg.solve(seen, values))
        shares.append(likelihood + np.log(usual * spread / (usual + spread**2) ** 2))
        centres.append(middle[1:])
        widths.append(np.sqrt(np.diag(covariance)[1:]))
    shares = np.exp(shares - np.max(shares))
    shares /= shares.sum()
    out = []
    for centre, width in zip(np.array(centres).T, np.array(widths).T, strict=True):
        points = np.linspace(centre.min() - 6 * width.max(), centre.max() + 6 * width.max(), 4001)
        below = shares @ stats.norm.cdf((points - centre[:, None]) / width[:, None])
        out.append((float(shares @ centre), *np.interp([(1 - level) / 2, (1 + level) / 2], below, points)))
    return out


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ([-0.9, -0.2, 0.4], [0.3, 0.2, 0.5]),
        ([-0.5, -0.6, -0.4, 1.2, 0.1], [0.1, 0.4, 0.3, 0.25, 0.6]),
        ([1.0, -1.0], [0.3, 0.3]),
    ],
)
def test_the_intervals_are_those_of_the_matrices(values, errors):
    values, errors = np.array(values), np.array(errors)
    told = pool_partially(values, errors, 0.9)
    for one, slow in zip(told.each, slow_intervals(values, errors, 0.9), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx(slow, abs=0.02)


def test_one_estimate_keeps_its_own_value_and_interval():
    told = pool_partially(np.array([-0.5]), np.array([0.3])).each[0]
    assert (told.value, told.low, told.high) == (
        -0.5, pytest.approx(-0.5 - 1.96 * 0.3, abs=0.01), pytest.approx(-0.5 + 1.96 * 0.3, abs=0.01)
    )  # fmt: skip


def test_what_differs_beyond_doubt_stays_apart():
    told = pool_partially(np.array([-2.0, 0.0, 2.0]), np.full(3, 0.05))
    assert [one.value for one in told.each] == pytest.approx([-2, 0, 2], abs=0.01)
    assert told.spread.low > 0.5


def test_one_without_an_error_is_a_new_member():
    told = pool_partially(np.array([-0.5, -0.6, -0.4, np.nan]), np.array([0.1, 0.1, 0.1, np.inf]))
    assert told.each[3].value == pytest.approx(told.mean.value, abs=0.01)
    assert told.each[3].high - told.each[3].low > told.mean.high - told.mean.low


@pytest.mark.parametrize(("values", "errors"), [([1.0], [0.1, 0.2]), ([np.nan], [0.1]), ([1.0], [0.0])])
def test_nothing_known_is_refused(values, errors):
    with pytest.raises(UsageError):
        pool_partially(np.array(values), np.array(errors))
