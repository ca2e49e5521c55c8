"""Recoveries together against alone: ratios, bounds where nobody came back, pooled spreads."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.regulation.censored import Cells
from coregulation.regulation.design import Design, DesignSpan, Probe
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import measure_recoveries
from coregulation.regulation.recovery_comparison import _alike, compare_recoveries
from tests.regulation.test_recovery import DESIGN, decays
from tests.regulation.truth import A, B


def test_the_ratio_the_seconds_and_the_check_come_out() -> None:
    told = compare_recoveries(measure_recoveries(decays(40.0, 15.0, 0.1), DESIGN), A)
    assert told is not None
    assert told.ratio.inside(0.25, 0.6)
    assert told.borrowed.low > 10
    assert told.counts == (3, 3)
    assert told.pooled
    assert told.manipulated
    assert not told.no_different()
    same = compare_recoveries(measure_recoveries(decays(30.0, 30.0, 0.1), DESIGN), B)
    assert same is not None
    assert same.no_different()


def test_never_recovered_is_kept_as_a_bound() -> None:
    slow_together = compare_recoveries(measure_recoveries(decays(20.0, 1e6, 0.1), DESIGN), A)
    assert slow_together is not None
    assert slow_together.censored == (0, 3)
    assert math.isinf(slow_together.ratio.high)
    assert slow_together.ratio.low > 2
    slow_alone = compare_recoveries(measure_recoveries(decays(1e6, 20.0, 0.1), DESIGN), A)
    assert slow_alone is not None
    assert slow_alone.ratio.low == 0
    assert slow_alone.ratio.high < 0.5


def test_a_stressor_that_did_nothing_fails_the_check() -> None:
    calm = decays(30.0, 30.0)
    flat = Panel(calm.times, 0.01 * np.random.default_rng(1).standard_normal(calm.values.shape))
    told = compare_recoveries(measure_recoveries(flat, DESIGN), A)
    assert told is not None
    assert not told.manipulated


def test_people_with_very_different_spreads_are_not_pooled() -> None:
    rng = np.random.default_rng(0)
    found = [
        replace(one, half_life=30 * math.exp((0.02 if one.person == A else 0.8) * rng.standard_normal()))
        for one in measure_recoveries(decays(30.0, 30.0), DESIGN)
    ]
    told = compare_recoveries(found, A)
    assert told is not None
    assert not told.pooled


def test_a_single_probe_of_each_says_nothing_sure() -> None:
    design = Design(
        (A, B),
        (DesignSpan(0, 60), DesignSpan(60, 200), DesignSpan(200, 400, (A, B))),
        (Probe((A,), 60, 80, 200, False), Probe((A,), 200, 220, 400, True)),
    )
    told = compare_recoveries(measure_recoveries(decays(40.0, 15.0, design=design), design), A)
    assert told is not None
    assert math.isinf(told.ratio.high)
    assert math.isinf(told.borrowed.high)


@pytest.mark.parametrize(("sds", "pooled"), [((1.0, 2.99), True), ((1.0, 3.0), True), ((1.0, 3.01), False)])
def test_spreads_are_pooled_up_to_a_factor_of_three(sds: tuple[float, float], pooled: bool) -> None:
    assert _alike([Cells(np.zeros(2), np.ones(2), sd, 2.0) for sd in sds]) is pooled


def test_one_kind_alone_is_no_comparison() -> None:
    alone = [one for one in measure_recoveries(decays(30.0, 30.0), DESIGN) if not one.together]
    assert compare_recoveries(alone, A) is None
