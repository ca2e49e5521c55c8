"""No single moment and no 20 s turn an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.regulation.design import Probe
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.leaving_out import PairClaim, _stretches, stretch_that_turns, without_stretch
from coregulation.regulation.pair_regulation import answer_pair, assess_pair, compare_all
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Recovered
from coregulation.regulation.recovery import measure_recoveries
from coregulation.regulation.responses import measure_responses
from coregulation.regulation.statespace import StateSpace
from coregulation.regulation.thresholds import THRESHOLDS
from tests.regulation.answers import direction
from tests.regulation.truth import A, B, Truth, simulate, timetable

DESIGN = timetable(3, rest=120.0, hit=30.0, recover=150.0)
HELPED = Truth(k=(0.02, 0.02), d=(0.04, 0.0), sigma=0.004, noise=0.2, dose=0.03)


@pytest.fixture(scope="module")
def fitted():
    panel, _ = simulate(HELPED, DESIGN, np.random.default_rng(2), 0.5)
    return panel, StateSpace(draws=400).fit(panel, DESIGN)


def test_a_step_without_a_moment_comes_close_to_a_fit_without_it(fitted) -> None:
    panel, fit = fitted
    probe = DESIGN.of(A, True)[1]
    values = panel.values.copy()
    values[(panel.times >= probe.start) & (panel.times < probe.until)] = np.nan
    again = StateSpace(draws=400).fit(Panel(panel.times, values), DESIGN)
    moved = without_stretch(fit, probe.start, probe.until)
    assert moved.own_burden(A).value == pytest.approx(again.own_burden(A).value, rel=0.2)


def test_a_clear_claim_hangs_on_nothing_and_one_moment_can_make_another(fitted) -> None:
    panel, fit = fitted
    found = measure_recoveries(panel, DESIGN)
    told = assess_pair(panel, DESIGN, StateSpace(draws=400))[0]
    assert told.kind is VerdictKind.LENT
    claim = PairClaim(told.kind, told.directions)
    rest = panel, DESIGN, found, measure_responses(panel, DESIGN, (A, B)), THRESHOLDS
    assert stretch_that_turns(claim, fit, *rest) is None
    # a level at which hardly anything holds: the first moment already turns it
    strict = replace(THRESHOLDS, kept_level=0.9999)
    weak = replace(
        fit,
        draws=fit.draws._replace(
            vectors=fit.draws.vectors + np.random.default_rng(0).normal(0, 1.5, fit.draws.vectors.shape)
        ),
    )
    assert stretch_that_turns(claim, weak, *rest[:-1], strict) == (DESIGN.probes[0].start, DESIGN.probes[0].until)


def test_a_claim_that_hangs_on_a_stretch_is_open_and_says_which(fitted) -> None:
    panel, fit = fitted
    free = compare_all(panel, measure_recoveries(panel, DESIGN), DESIGN)
    told = answer_pair((A, B), DESIGN, fit, free, False, THRESHOLDS, hangs=lambda claim: (300.0, 320.0))
    assert told.kind is VerdictKind.CANNOT_TELL
    reason = told.directions[0].reason
    assert reason is not None
    assert reason.code == Recovered.HANGS_ON_STRETCH
    assert (reason.facts["start"], reason.facts["end"]) == (300.0, 320.0)
    assert told.directions[1].reason is not None
    assert told.directions[1].reason.code != Recovered.HANGS_ON_STRETCH  # nothing was claimed of it


def test_stretches_are_twenty_seconds_long() -> None:
    probe = Probe((A,), 100.0, 130.0, 150.0, True)
    assert list(_stretches(probe, THRESHOLDS.left_out)) == [(100.0, 120.0), (120.0, 140.0), (140.0, 150.0)]


def test_a_claim_is_kept_at_its_own_level(fitted) -> None:
    panel, fit = fitted
    asked = []

    class Noting:
        def own_burden(self, person: str, level: float) -> Interval:
            asked.append(level)
            return fit.own_burden(person, level)

    found = measure_recoveries(panel, DESIGN)
    claim = PairClaim(VerdictKind.LENT, (direction(answer=DirectionAnswer.SOONER),))
    assert claim.holds(Noting(), found, (), THRESHOLDS)
    assert asked == [0.7]
