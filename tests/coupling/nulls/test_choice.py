"""Which null is chosen, just below, at and just above what decides it; and that its size holds where the old one's did not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import p_value
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.choice import choose_null, count_places, largest_missing
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import CircularShift, PhaseRandomised
from coregulation.signals import Signal, Unit, Window

MEASURE = LaggedCorrelation(30.0, 5.0)
RATE = 2.0


def compared(x, y, spans=()):
    return compare_signals(*(Signal(v, RATE, 0.0, Unit.ARBITRARY) for v in (x, y)), MEASURE, spans)


def wander(n, rng, tau=12.0):
    a = np.exp(-1 / (RATE * tau))
    return lfilter([np.sqrt(1 - a * a)], [1.0, -a], rng.standard_normal(n + 500))[500:]


@pytest.mark.parametrize(("missing", "kind"), [(59, PhaseRandomised), (60, PhaseRandomised), (61, SpectrumModel)])
def test_more_than_a_twentieth_missing_is_answered_by_a_model(missing, kind):
    values = np.random.default_rng(1).standard_normal(1200)
    gone = np.where(np.arange(1200) < missing, np.nan, values)
    for pair in ((gone, values), (values, gone)):
        assert type(choose_null(compared(*pair))) is kind
    assert largest_missing(compared(values, gone)) == missing / 1200


@pytest.mark.parametrize(("seconds", "places", "kind"), [(12014, 998, PhaseRandomised), (12016, 999, CircularShift)])
def test_circular_shifts_are_taken_where_p_of_one_in_a_thousand_can_be_reached(seconds, places, kind):
    values = np.random.default_rng(1).standard_normal(round(RATE * seconds))
    comparison = compared(values, values[::-1])
    assert count_places(comparison) == places
    assert type(choose_null(comparison)) is kind


def test_places_of_several_spans_are_combined_and_no_span_has_none():
    values = np.random.default_rng(1).standard_normal(1200)
    spans = [Window(0.0, 300.0), Window(300.0, 600.0)]
    one = count_places(compared(values[:600], values[:600]))
    assert count_places(compared(values, values, spans)) == one**2
    assert count_places(compared(values[:40], values[:40])) == 0


def staggered(n, rng):
    x, y = wander(n, rng), wander(n, rng)
    x[round(0.6 * n) :], y[: round(0.4 * n)] = np.nan, np.nan
    return x, y


def lively_together(n, rng):
    common = np.exp(1.2 * wander(n, rng, 60.0))
    return wander(n, rng) * common, wander(n, rng) * common


@pytest.mark.parametrize(("law", "n"), [(staggered, 1200), (lively_together, 600)])
def test_the_size_holds_where_gaps_differ_and_where_both_are_lively_together(law, n):
    """Seeds and bound were set before: of 40 pairs, more than 6 at .05 have a chance of .003; unstudentised means give 5 to 7."""
    passed = 0
    for seed in range(40):
        comparison = compared(*law(n, np.random.default_rng([41, seed])))
        sources = (np.random.default_rng([seed, person]) for person in (1, 2))
        profiles = choose_null(comparison).profiles(comparison, 99, *sources)
        passed += p_value(profiles.statistic, profiles.statistics) <= 0.05
    assert passed <= 6


def test_a_link_is_found_with_gaps_and_in_four_minutes():
    rng = np.random.default_rng(5)
    for n, gap in ((480, 0), (1800, 700)):
        x = wander(n, rng)
        y = 0.7 * np.roll(x, 4) + 0.7 * wander(n, rng)
        y[:gap] = np.nan
        comparison = compared(x, y)
        profiles = choose_null(comparison).profiles(comparison, 199, rng, np.random.default_rng(6))
        assert p_value(profiles.statistic, profiles.statistics) <= 0.01
