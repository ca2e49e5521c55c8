"""Intervals of means of series with memory: they cover, they are refused where too little is known, gaps do not count."""

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from coregulation.physiology import mean_interval
from coregulation.physiology.mean_interval import binned, interval_of_mean, interval_of_power, standard_error


def remembering(seed, n, memory):
    """Return values whose correlation falls to 1/e over `memory` values; mean 0, variance 1."""
    a = math.exp(-1 / memory) if memory else 0.0
    white = np.random.default_rng(seed).standard_normal(n + 2000)
    return lfilter([math.sqrt(1 - a * a)], [1, -a], white)[2000:]


def coverage(make, truth, interval, runs=300):
    found = [interval(make(seed)) for seed in range(runs)]
    told = [one for one in found if one is not None]
    return sum(low <= truth <= high for low, high in told) / len(told), len(told) / runs


@pytest.mark.parametrize(("n", "memory"), [(200, 0), (120, 1), (300, 5), (600, 15)])
def test_an_interval_of_a_mean_covers_it(n, memory):
    covers, told = coverage(lambda seed: remembering(seed, n, memory), 0.0, interval_of_mean)
    assert 0.92 <= covers <= 0.98
    assert told >= 0.95


@pytest.mark.parametrize(("n", "memory"), [(300, 0), (300, 3)])
def test_an_interval_of_a_power_covers_it(n, memory):
    covers, told = coverage(lambda seed: remembering(seed, n, memory) ** 2, 1.0, interval_of_power)
    assert 0.90 <= covers <= 0.98
    assert told == 1.0


def test_gaps_leave_the_error_of_what_is_known():
    errors = []
    for seed in range(100):
        values = remembering(seed, 400, 4)
        values[np.random.default_rng(seed).random(400) < 0.3] = np.nan
        values[100:150] = np.nan
        errors.append(standard_error(values)[0])
    means = [np.nanmean(np.where(np.arange(400) // 50 == 2, np.nan, remembering(seed, 400, 4))) for seed in range(400)]
    assert np.median(errors) == pytest.approx(np.std(means), rel=0.25)


def test_white_values_have_the_plain_error():
    values = remembering(1, 2000, 0)
    error, effective = standard_error(values)
    assert error == pytest.approx(values.std() / math.sqrt(2000), rel=0.1)
    assert effective > 1500


@pytest.mark.parametrize(("known", "told"), [(11, False), (12, True)])
def test_twelve_values_must_be_known(known, told):
    values = np.where(np.arange(40) < known, remembering(2, 40, 0), np.nan)
    assert math.isfinite(standard_error(values)[0]) is told


def test_a_drift_is_no_interval_and_a_constant_has_no_error():
    assert interval_of_mean(np.arange(100.0)) is None
    assert standard_error(np.full(50, 3.0)) == (0.0, 50.0)
    assert interval_of_power(np.zeros(50)) is None


@pytest.mark.parametrize(("effective", "told"), [(2.99, False), (3.0, True)])
def test_three_effective_samples_are_needed(monkeypatch, effective, told):
    monkeypatch.setattr(mean_interval, "standard_error", lambda values, order=6: (0.1, effective))
    values = remembering(3, 50, 0) ** 2
    assert (interval_of_mean(values) is not None) is told
    assert (interval_of_power(values) is not None) is told


def test_bins_need_half_of_their_values():
    values = np.array([1.0, 3.0, np.nan, np.nan, 5.0, np.nan, np.nan, np.nan, 7.0])
    np.testing.assert_array_equal(binned(values, 4), [2.0, np.nan])
    np.testing.assert_array_equal(binned(values, 2), [2.0, np.nan, 5.0, np.nan])
