"""Other ways to compare a pair: every combination once, each as if it had been asked for, and no other answer changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.analysis.multiverse import Multiverse
from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.preprocessing import FrequencyBand, SignalPlan
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.errors import UsageError
from coregulation.simulate.linkage import simulated_pair

QUICK = Analysis(surrogates=199, bodies=False)
DECLARED = SignalPlan(2.0, LaggedCorrelation(window=30, max_lag=5))


def linked(strength: float = 0.6):
    return simulated_pair(seconds=420, strength=strength, lag=2.0, seed=3)[0]


@pytest.fixture(scope="module")
def finding():
    return replace(QUICK, multiverse=Multiverse())(linked())


def test_every_combination_is_there_once_and_the_declared_one_among_them():
    plans = list(Multiverse().plans(DECLARED, 2.0))
    assert len(plans) == 3 * 3 * 2 * 2
    assert len(set(plans)) == len(plans)
    assert plans.count(DECLARED) == 1
    assert {(plan.measure.window, plan.measure.max_lag) for plan in plans} == {
        (window, lag) for window in (15, 30, 60) for lag in (2.5, 5, 10)
    }


def test_lags_as_long_as_the_window_are_left_out():
    plans = list(Multiverse().plans(replace(DECLARED, measure=LaggedCorrelation(window=30, max_lag=10)), 2.0))
    lengths = {(plan.measure.window, plan.measure.max_lag) for plan in plans}
    assert (15, 20) not in lengths
    assert len(lengths) == 8


def test_a_band_has_no_levels_to_compare():
    plans = list(Multiverse().plans(replace(DECLARED, band=FrequencyBand(0.1, 0.5, 0.05)), 4.0))
    assert {plan.difference for plan in plans} == {False}


@pytest.mark.parametrize("factors", [(0.5, 2.0), (0.0, 1.0)])
def test_the_declared_way_must_be_among_the_factors(factors):
    with pytest.raises(UsageError, match="have 1 among them"):
        Multiverse(factors=factors)


def test_the_declared_way_keeps_its_answer_and_no_other_answer_changes(finding):
    (of,) = finding.multiverse
    (declared,) = [way for way in of.ways if way.is_declared]
    (plain,) = [c for c in QUICK(linked()).couplings if c.primary]
    assert (declared.coupling.p, declared.coupling.statistic) == (plain.p, plain.statistic)
    assert [c.p for c in finding.couplings if c.primary] == [plain.p]


def test_each_way_is_what_its_lengths_give_alone(finding):
    (of,) = finding.multiverse
    (way,) = [w for w in of.ways if w.plan == replace(DECLARED, rate=w.plan.rate, measure=LaggedCorrelation(60, 2.5))]
    alone = replace(QUICK, window=60, max_lag=2.5, sensitivity=())(linked())
    (expected,) = [c for c in alone.couplings if c.primary]
    assert way.coupling.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert way.coupling.p == expected.p  # the same person's surrogates are the same under every measure


def test_a_strong_link_survives_and_none_is_not_made(finding):
    (of,) = finding.multiverse
    assert sum(way.is_beyond for way in of.tested) > 0.9 * len(of.tested)
    (apart,) = replace(QUICK, multiverse=Multiverse())(linked(0.0)).multiverse
    assert sum(way.is_beyond for way in apart.tested) < 0.5 * len(apart.tested)


def test_ways_that_leave_too_little_are_refused_and_not_counted():
    short = simulated_pair(seconds=170, strength=0.6, lag=2.0, seed=3)[0]
    (of,) = replace(QUICK, multiverse=Multiverse())(short).multiverse
    assert 0 < len(of.tested) < len(of.ways)
    assert {way.plan.measure.window for way in of.ways if way.coupling.p is None} == {60}


def test_of_many_pairs_those_that_stand_out_most_are_compared():
    multiverse = Multiverse(factors=(1.0,), max_pairs=1)
    both = replace(QUICK, multiverse=multiverse)(linked())
    assert [of.pair for of in both.multiverse] == [("ada", "ben")]
    assert len(both.multiverse[0].ways) == 4
