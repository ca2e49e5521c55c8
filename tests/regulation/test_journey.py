"""Visits: a trend where there is one, none from chance, and nothing but description from few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import Visit, analyze_journey, make_visit, pool_slopes, slope
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.solo import pool_solo, solo_recovery
from tests.regulation.truth import A, timetable


def visits(count: int, solo_change: float, with_change: float, seed: int = 0) -> list[Visit]:
    rng = np.random.default_rng(seed)
    return [
        Visit(k, (4 + solo_change * k + 0.1 * rng.standard_normal(), 0.1), (3 + with_change * k + 0.1 * rng.standard_normal(), 0.1), 9.0)
        for k in range(count)
    ]  # fmt: skip


def test_settling_alone_that_grows_while_less_is_borrowed_is_carried_over() -> None:
    told = analyze_journey(visits(8, -0.1, 0.0))
    assert told.alone is not None
    assert told.alone.low < -0.1 < told.alone.high < 0
    assert told.carried
    assert told.visits[0].dependence > told.visits[-1].dependence
    assert analyze_journey(visits(8, 0.0, 0.0)).carried is False


def test_few_visits_are_described_and_drawn_to_their_mean() -> None:
    told = analyze_journey(visits(3, -0.1, 0.0))
    assert told.alone is None
    assert told.carried is None
    raw = np.array([one.alone[0] for one in told.visits])
    assert told.pooled_alone is not None
    assert np.ptp([one.value for one in told.pooled_alone.each]) < np.ptp(raw)
    assert told.pooled_burden is None


def test_own_burdens_of_visits_borrow_from_each_other_and_one_alone_does_not() -> None:
    half = Interval(30.0, 20.0, 45.0)
    burdens = (Interval(0.4, 0.2, 0.8), Interval(0.6, 0.3, 1.2), None, Interval(0.5, 0.0, 1.0))
    told = analyze_journey([make_visit(at, half, half, [], own) for at, own in enumerate(burdens)]).pooled_burden
    assert told is not None
    values = [math.exp(one.value) for one in told.each]
    assert 0.4 < values[0] < values[2] < values[1] < 0.6
    assert math.exp(told.each[0].high) < 0.8
    alone = analyze_journey([make_visit(0, half, half, [], burdens[0])]).pooled_burden
    assert alone is not None
    assert [math.exp(x) for x in (alone.each[0].low, alone.each[0].high)] == pytest.approx([0.2, 0.8], rel=0.01)


def test_a_slope_covers_the_truth_with_an_excess_between_visits() -> None:
    rng = np.random.default_rng(1)
    at = np.arange(8.0)
    covered = 0
    for _ in range(400):
        values = 4 - 0.05 * at + rng.normal(0, 0.15, 8) + rng.normal(0, 0.1, 8)
        told = slope(at, values, np.full(8, 0.1))
        covered += told.low <= -0.05 <= told.high
    assert covered / 400 > 0.93
    assert math.isinf(slope(at[:2], np.zeros(2), np.ones(2)).high)


def test_visits_must_be_told_apart_and_slopes_be_several() -> None:
    with pytest.raises(UsageError, match="number of its own"):
        analyze_journey([])
    with pytest.raises(UsageError, match="Two slopes"):
        pool_slopes([Interval(0.1, 0.0, 0.2)])
    assert pool_slopes([Interval(0.1, 0.0, 0.2), Interval(0.3, 0.2, 0.4)]).value == pytest.approx(0.2)


def recovered(half_life: float, censored: bool = False, peak: float = 5.0) -> Recovery:
    probe = timetable(1).of(A, False)[0]
    return Recovery(A, probe, 0.0, 1.0, peak, half_life, censored)


def test_solo_is_the_geometric_mean_of_what_was_raised() -> None:
    told = solo_recovery([recovered(20.0), recovered(45.0), recovered(90.0, peak=1.0)], A)
    assert told is not None
    assert told.half_life.value == pytest.approx(30.0)
    assert told.count == 2
    assert solo_recovery([recovered(90.0, peak=1.0)], A) is None
    never = solo_recovery([recovered(90.0, True), recovered(80.0, True)], A)
    assert never is not None
    assert math.isinf(never.half_life.high)
    assert pool_solo([told, told]).value == pytest.approx(30.0)
