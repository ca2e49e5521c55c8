"""Intervals of means of series with memory: when one is given, on which scale, and from which stretches."""

import math

import numpy as np
import pytest

from coregulation.physiology import mean_interval
from coregulation.physiology.mean_interval import (
    MIN_EFFECTIVE,
    binned,
    chi_square_factors,
    half_width,
    interval_of_mean,
    interval_of_power,
    stretches,
    surrounding_interval,
    within_bins,
)
from coregulation.physiology.memory import MeanUncertainty, VarianceFreedom
from coregulation.signals import Window
from tests.physiology.test_memory import remembering


def coverage(make, truth, interval, runs=200):
    found = [interval(make(seed)) for seed in range(runs)]
    known = [item for item in found if item is not None]
    return sum(low <= truth <= high for low, high in known) / len(known), len(known) / runs


@pytest.mark.parametrize(("n", "memory"), [(200, 0), (120, 3), (300, 5), (600, 15)])
def test_an_interval_of_a_mean_covers_it(n, memory):
    covers, given = coverage(lambda seed: remembering(seed, n, memory), 0.0, interval_of_mean)
    assert covers >= 0.91
    assert given >= 0.92


@pytest.mark.parametrize(("n", "memory"), [(300, 0), (300, 3)])
def test_an_interval_of_a_power_covers_it(n, memory):
    covers, given = coverage(lambda seed: remembering(seed, n, memory) ** 2, 1.0, interval_of_power)
    assert covers >= 0.90
    assert given >= 0.97


@pytest.mark.parametrize(("effective", "given"), [(MIN_EFFECTIVE - 0.01, False), (MIN_EFFECTIVE, True)])
def test_an_interval_needs_effective_values(monkeypatch, effective, given):
    monkeypatch.setattr(mean_interval, "mean_uncertainty", lambda values, others=(): MeanUncertainty(0.1, effective))
    values = remembering(3, 50, 0) ** 2
    assert (half_width(values) == 0.1) is given
    assert (interval_of_mean(values) is not None) is given
    assert (interval_of_power(values) is not None) is given


def test_a_drift_is_no_interval_and_a_constant_has_no_width():
    assert interval_of_mean(np.arange(100.0)) is None
    assert interval_of_mean(np.full(50, 3.0)) == (3.0, 3.0)
    assert interval_of_power(np.zeros(50)) is None
    assert interval_of_power(np.full(50, np.nan)) is None


def test_an_interval_of_a_power_is_on_a_log_scale():
    low, high = interval_of_power(remembering(4, 200, 0) ** 2)
    mean = np.mean(remembering(4, 200, 0) ** 2)
    assert high / mean == pytest.approx(mean / low)
    assert 0 < low < mean


def test_what_surrounds_a_span_is_known_less_well():
    values = remembering(5, 60, 0)
    low, high = surrounding_interval(values)
    assert low < values.mean() < high
    assert high - low > np.ptp(interval_of_mean(values))
    assert surrounding_interval(values[:11]) is None
    assert surrounding_interval(np.full(20, 2.0)) == (2.0, 2.0)


def test_bins_need_half_of_their_values():
    values = np.array([1.0, 3.0, np.nan, np.nan, 5.0, np.nan, np.nan, np.nan, 7.0])
    np.testing.assert_array_equal(binned(values, 4), [2.0, np.nan])
    np.testing.assert_array_equal(binned(values, 2), [2.0, np.nan, 5.0, np.nan])


def test_stretches_are_as_long_as_the_span_and_lie_beside_it():
    found = stretches(Window(100.0, 160.0), Window(0.0, 300.0))
    assert found == [Window(40.0, 100.0), Window(160.0, 220.0), Window(220.0, 280.0)]
    assert stretches(Window(0.0, 60.0), Window(0.0, 60.0)) == []
    assert len(stretches(Window(0.0, 1.0), Window(0.0, 100.0))) == 12
    assert math.isclose(stretches(Window(0.0, 1.0), Window(0.0, 100.0))[-1].start, 12.0)


@pytest.mark.parametrize("freedom", [2.0, 9.0, 80.0])
def test_factors_of_one_number_of_degrees_of_freedom_are_those_of_a_chi_square(freedom):
    from scipy.stats import chi2

    factors = chi_square_factors(VarianceFreedom(np.array([freedom]), np.ones(1), 1.0, 1))
    assert factors == pytest.approx([freedom / chi2.ppf(share, freedom) for share in (0.975, 0.025)], rel=1e-6)


def test_a_few_degrees_of_freedom_that_are_possible_make_the_upper_bound_wider():
    sure = chi_square_factors(VarianceFreedom(np.array([30.0]), np.ones(1), 1.0, 1))
    open_ = chi_square_factors(VarianceFreedom(np.array([30.0, 4.0]), np.array([0.9, 0.1]), 1.0, 1))
    assert open_[1] > sure[1]
    assert open_[0] < sure[0] < 1.0


def test_values_less_the_mean_of_their_bin_have_none_after_the_last_whole_one():
    values = np.array([1.0, 3.0, 4.0, np.nan, np.nan, np.nan, 7.0])
    np.testing.assert_array_equal(within_bins(values, 2), [-1.0, 1.0, 0.0, np.nan, np.nan, np.nan, np.nan])
