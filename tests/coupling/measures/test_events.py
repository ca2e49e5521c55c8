"""Peaks that coincide: how many are needed, what counts as one event, and settings that cannot be meant."""

import numpy as np
import pytest

from coregulation.coupling.measures.events import EventSynchronisation
from coregulation.errors import UsageError


def bumps(times, seconds=400.0, rate=2.0):
    t = np.arange(0, seconds, 1 / rate)
    return sum(np.exp(-0.5 * ((t - at) / 1.5) ** 2) for at in times) + 1e-3 * np.cos(t / 40)


def share(x, y, measure=None):
    valid = np.ones(len(x), bool)
    return (measure or EventSynchronisation(2.0, 5.0, 0.5)).compare_with(x, valid, 2.0)(y[None])[0, 0]


@pytest.mark.parametrize(("count", "has_number"), [(4, False), (5, True), (6, True)])
def test_five_peaks_of_each_are_needed(count, has_number):
    many, few = bumps(range(20, 380, 30)), bumps([20 + 60 * k for k in range(count)])
    assert np.isfinite(share(many, few)) == has_number
    assert np.isfinite(share(few, many)) == has_number


@pytest.mark.parametrize(("apart", "expected"), [(0.0, 1.0), (1.5, 1.0), (2.0, 1.0), (2.5, 0.0)])
def test_peaks_within_the_tolerance_are_one_event(apart, expected):
    times = np.arange(20.0, 380.0, 30.0)
    assert share(bumps(times), bumps(times + apart)) == pytest.approx(expected)


def test_the_share_counts_what_both_have():
    times = np.arange(20.0, 380.0, 30.0)
    assert share(bumps(times), bumps(times[::2])) == pytest.approx(6 / np.sqrt(12 * 6))


@pytest.mark.parametrize(("tolerance", "wrong"), [(0.0, True), (2.49, False), (2.5, True)])
def test_a_tolerance_lets_no_two_peaks_match_one(tolerance, wrong):
    if wrong:
        with pytest.raises(UsageError):
            EventSynchronisation(tolerance, 5.0)
    else:
        assert EventSynchronisation(tolerance, 5.0).tolerance == tolerance
