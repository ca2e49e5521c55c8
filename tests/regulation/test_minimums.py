"""How much data, how many people and how large an effect an answer about regulation needs: just below, at, and just above."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.errors import DataError
from coregulation.regulation.composure import measure_composure
from coregulation.regulation.design import Design, DesignSpan, UnidentifiedError
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.guarded_fit import _spilled, fit_guarded
from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import Visit, analyze_journey
from coregulation.regulation.pair_regulation import answer_pair
from coregulation.regulation.panel import Panel, model_grid
from coregulation.regulation.reciprocity import Cost, _cost
from coregulation.regulation.recovery import resting_levels
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.regulation.weighing import PairEvidence, _measured
from coregulation.session import Person, Recording, Session
from coregulation.signals import Window
from tests.regulation.answers import CROSSED, ONE, SOONER, direction
from tests.regulation.test_recovery import one_recovery
from tests.regulation.test_thresholds import Fitted, comparison
from tests.regulation.truth import A, B


def noise(rows: int, columns: int = 2, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal((rows, columns))


@pytest.mark.parametrize(("high", "little"), [(0.249, True), (0.25, False), (0.251, False)])
def test_a_cost_wholly_below_a_quarter_is_little(high: float, little: bool) -> None:
    reason = _cost(direction(SOONER, SOONER, Interval(0.1, 0.05, high), SOONER, DirectionAnswer.SOONER))
    assert reason is not None
    assert (reason.code == Cost.LITTLE) is little


@pytest.mark.parametrize(
    ("common", "slow", "seen"),
    [
        (0.099, 0.0, False), (0.1, 0.0, False), (0.101, 0.0, True), (0.0, 0.149, False), (0.0, 0.15, False), (0.0, 0.151, True),
    ],
)  # fmt: skip
def test_a_shared_input_is_seen_from_a_tenth_fast_and_from_a_seventh_slow(
    common: float, slow: float, seen: bool
) -> None:
    fit = SimpleNamespace(
        common=lambda: Interval(0.5, common, 0.9), slow_share=lambda level: Interval(0.5, slow, 0.9, level), design=CROSSED
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coregulation.regulation.guarded_fit._fit_all", lambda *args: fit)
        patch.setattr("coregulation.regulation.guarded_fit._as_it_was", lambda fit, thresholds: CROSSED)
        assert fit_guarded(None, CROSSED)[1] is seen  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "reached"), [(0.249, False), (0.25, False), (0.251, True)])
def test_a_stressor_reaches_both_from_a_quarter_of_its_size(share: float, reached: bool) -> None:
    def effect(kind: str, person: int, source: int) -> SimpleNamespace:
        return SimpleNamespace(kind=kind, person=person, source=source)

    effects = [
        effect("dose", 0, 0), effect("dose", 1, 1), effect("cross_exposure", 0, 1), effect("cross_exposure", 1, 0)
    ]  # fmt: skip
    fit = SimpleNamespace(
        target=SimpleNamespace(grid=SimpleNamespace(effects=effects)), design=SimpleNamespace(people=("ada", "ben")),
        effects=[2.0, 2.0, 0.0, 0.0], effect=lambda wanted: Interval(2.0, 2.0 * share, 4.0),
    )  # fmt: skip
    assert _spilled(fit, ("ada", "ben"), THRESHOLDS) is reached  # type: ignore[arg-type]


@pytest.mark.parametrize(("settles", "half_life"), [(0.9, 1.0), (1.0, 1.0), (1.1, 1.1)])
def test_half_lives_under_a_second_are_not_resolved(settles: float, half_life: float) -> None:
    """Heights once a second, on a line that crosses half after this many seconds."""
    heights = [1.0, 1.0 - 0.5 / settles, 1.0 - 1.0 / settles, *([0.0] * 60)]
    found = one_recovery(heights)
    assert found is not None
    assert found.half_life == pytest.approx(half_life)


@pytest.mark.parametrize(("late", "read"), [(4, True), (5, True), (6, False)])
def test_a_recovery_is_known_within_the_length_of_the_running_mean(late: int, read: bool) -> None:
    heights = [np.nan] * late + [1.0] * 10 + [0.2] * 60
    assert (one_recovery(heights) is not None) is read


@pytest.mark.parametrize(("known", "enough"), [(9, False), (10, True), (11, True)])
def test_ten_values_of_rest_give_a_level(known: int, enough: bool) -> None:
    values = noise(200)
    values[known:60] = np.nan
    values[:, 1] = noise(200, 1, 1)[:, 0]
    panel = Panel(np.arange(200.0), values)
    design = Design((A, B), (DesignSpan(0.0, 60.0), DesignSpan(60.0, 200.0, (A, B))))
    if enough:
        assert len(resting_levels(panel, design)) == 2
    else:
        with pytest.raises(DataError, match="Almost nothing"):
            # the running mean of 5 s would bring two more values in
            resting_levels(panel, design, _without_smoothing())


def _without_smoothing() -> Any:
    from dataclasses import replace

    return replace(THRESHOLDS, smoothing=0.0)


@pytest.mark.parametrize(("known", "enough"), [(29, False), (30, True), (31, True)])
def test_thirty_values_make_a_person(known: int, enough: bool) -> None:
    values = noise(100)
    values[known:, 0] = np.nan
    if enough:
        assert len(Panel(np.arange(100.0), values).values) == 100
    else:
        with pytest.raises(DataError, match="at least 30"):
            Panel(np.arange(100.0), values)


@pytest.mark.parametrize(("inside", "enough"), [(29, False), (30, True), (31, True)])
def test_thirty_values_lie_inside_the_blocks(inside: int, enough: bool) -> None:
    panel = Panel(np.arange(100.0) + 0.5, noise(100))
    design = Design((A, B), (DesignSpan(0.0, float(inside), (A, B)),))
    make = functools.partial(model_grid, panel, design)
    if enough:
        assert np.isfinite(make().y).sum() == 2 * inside
    else:
        with pytest.raises(DataError, match="fewer than 30"):
            make()


@pytest.mark.parametrize(("known", "enough"), [(9, False), (10, True), (11, True)])
def test_ten_values_of_rest_and_of_a_moment_tell_composure(known: int, enough: bool) -> None:
    times, values = np.arange(200.0), noise(200, 1)[:, 0]
    resting, moment = Window(0.0, float(known)), Window(100.0, 100.0 + known)
    for rest, hard, lack in ((resting, Window(100.0, 120.0), "no rest"), (Window(0.0, 50.0), moment, "No moment")):
        if enough:
            assert measure_composure("ada", times, values, [hard], [rest]).moments == 1
        else:
            with pytest.raises(DataError, match=lack):
                measure_composure("ada", times, values, [hard], [rest])


@pytest.mark.parametrize(("seconds", "rise"), [(29.0, 1.0), (30.0, 1.0), (31.0, 31.0)])
def test_composure_compares_with_the_thirty_seconds_before(seconds: float, rise: float) -> None:
    """One high value lies this long before the moment; only within thirty seconds it counts into the level before."""
    times = np.arange(200.0)
    values = np.zeros(200)
    values[:50:2] = 1.0
    values[100:120] = 10.0
    values[int(100 - seconds)] = 1000.0
    found = measure_composure("ada", times, values, [Window(100.0, 120.0)], [Window(0.0, 50.0)])
    before = 0.0 if rise > 1 else 1000.0 / 30
    assert found.rise.value == pytest.approx((10.0 - before) / values[:50].std())


@pytest.mark.parametrize(("count", "trend"), [(4, False), (5, True), (6, True)])
def test_five_visits_make_a_trend(count: int, trend: bool) -> None:
    journey = analyze_journey([Visit(k, (4.0 + 0.1 * k, 0.1), (3.0, 0.1), 9.0) for k in range(count)])
    assert (journey.alone is not None) is trend


@pytest.mark.parametrize(("people", "told_apart"), [(5, True), (6, True), (7, False)])
def test_six_people_can_be_told_apart(people: int, told_apart: bool) -> None:
    names = tuple(f"p{k}" for k in range(people))
    session = Session("s", tuple(Recording(Person(name)) for name in names))
    design = Design(names, (DesignSpan(0.0, 100.0),))
    reached = RuntimeError("the panel is made")

    def panel(*args: object) -> None:
        raise reached

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coregulation.analysis.regulation._panel", panel)
        with pytest.raises(RuntimeError if told_apart else UnidentifiedError):
            RegulationAnalysis()._account(
                design, session, "arousal", dict.fromkeys(names), np.random.default_rng(0), None  # type: ignore[arg-type]
            )  # fmt: skip


def test_each_interval_is_read_at_its_own_level() -> None:
    """90 % for equivalence, 97.5 % for two directions and for a cost, 95 % else."""
    levels: dict[str, list[float]] = {"own": [], "net": [], "cost": [], "pair": []}

    class Noting(Fitted):
        def own_burden(self, person: str, level: float = 0.95) -> Interval:
            levels["own"].append(level)
            return SOONER

        def net_effect(self, person: str, level: float = 0.95) -> Interval:
            levels["net"].append(level)
            return SOONER

        def cost_to_partner(self, person: str, to: str, level: float = 0.95) -> Interval:
            levels["cost"].append(level)
            return ONE

        def burden_of_pair(self, pair: tuple[str, str], level: float = 0.95) -> Interval:
            levels["pair"].append(level)
            return SOONER

    _measured(Noting(), "ada", "ben", comparison(), PairEvidence(), THRESHOLDS)  # type: ignore[arg-type]
    assert levels == {"own": [0.95, 0.9, 0.975, 0.99], "net": [0.95, 0.9], "cost": [0.95], "pair": []}
    answer_pair(("ada", "ben"), CROSSED, Noting(), dict.fromkeys(("ada", "ben"), comparison()), False, THRESHOLDS)  # type: ignore[arg-type]
    assert levels["pair"][:2] == [0.95, 0.9]
