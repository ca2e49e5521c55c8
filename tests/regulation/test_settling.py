"""Gate G4: what is known of the person who was upset, and what would settle the rest."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from coregulation.errors import DataError
from coregulation.reasons import ERROR, because
from coregulation.regulation.design import NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import Gate, GateState
from coregulation.regulation.interval import Interval
from coregulation.regulation.reason_codes import Company, Recovered, Refusal, Settle, Statement
from coregulation.regulation.settling import (
    design_notes,
    find_lack,
    in_company,
    probes_needed,
    recovery_gate,
    refusal_gate,
    with_reason,
)
from coregulation.regulation.thresholds import THRESHOLDS
from tests.regulation.answers import (
    ALONE_FIRST,
    BOTH,
    CROSSED,
    LATER,
    LITTLE,
    MUCH,
    ONE,
    OPEN,
    RECORDED,
    SOME,
    SOONER,
    Direction,
    direction,
)

PASSED, FAILED, CANNOT_TELL = GateState.PASSED, GateState.FAILED, GateState.CANNOT_TELL
CASES = {
    Recovered.SOONER: (direction(SOONER, SOONER, LITTLE, SOONER, DirectionAnswer.SOONER), PASSED, None),
    Recovered.CARRIED: (direction(SOONER, ONE, MUCH, SOONER, DirectionAnswer.CARRIED), PASSED, None),
    Recovered.SOONER_COST_OPEN: (direction(SOONER, OPEN, SOME, SOONER, sooner=True), PASSED, Settle.MOMENTS_FOR_COST),
    Recovered.SOONER_COST_SIZE_OPEN: (
        direction(SOONER, OPEN, MUCH, SOONER, sooner=True), PASSED, Settle.MOMENTS_FOR_COST_SIZE,
    ),
    Recovered.LATER: (direction(LATER, LATER, SOME, LATER, DirectionAnswer.LATER), FAILED, None),
    Recovered.PARTNER_STIRRED: (direction(OPEN, LATER, MUCH, OPEN, DirectionAnswer.LATER), FAILED, None),
    Recovered.NO_DIFFERENT: (direction(ONE, ONE, LITTLE, ONE, DirectionAnswer.NO_DIFFERENT), FAILED, None),
    Recovered.NO_DIFFERENT_DISPUTED: (direction(ONE, ONE, LITTLE, SOONER, DirectionAnswer.NO_DIFFERENT), FAILED, None),
    Recovered.DISAGREE_SOONER: (direction(SOONER, OPEN, SOME, ONE), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
    Recovered.DISAGREE_LATER: (direction(LATER, OPEN, SOME, SOONER), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
    Recovered.LATER_PAIR_OPEN: (direction(LATER, OPEN, SOME, LATER), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
    Recovered.PARTNER_STIRRED_REST_OPEN: (direction(OPEN, LATER, MUCH, OPEN), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
    Recovered.EITHER_WAY: (direction(), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
    Recovered.TOO_LITTLE_SOONER: (direction(SOONER, SOONER, SOME, SOONER), CANNOT_TELL, Settle.MOMENTS_TO_NARROW),
}  # fmt: skip


def gate_of(one: Direction, design=CROSSED, shared: bool = False) -> Gate:
    return recovery_gate(with_reason(one, design, shared, 2.5))


@pytest.mark.parametrize("code", CASES)
def test_each_case_has_a_code_of_its_own(code: Recovered) -> None:
    one, state, settle = CASES[code]
    gate = gate_of(one)
    assert (gate.reason.code, gate.state, gate.name) == (code, state, "G4 ben → ada")
    assert (gate.settle and gate.settle.code) == settle
    assert gate.reason.facts["numbers"].facts["own_burden"] == (
        one.own_burden.value, one.own_burden.low, one.own_burden.high,
    )  # fmt: skip


def test_what_could_do_as_much_is_named_with_what_would_tell() -> None:
    one = direction(SOONER, SOONER, SOME, SOONER)
    fixed, shared = gate_of(one, ALONE_FIRST), gate_of(one, shared=True)
    assert (fixed.reason.code, fixed.settle) == (Recovered.HABITUATION_COULD, because(Settle.MIXED_ORDER))
    assert (shared.reason.code, shared.settle) == (Recovered.SHARED_INPUT_COULD, because(Settle.ONE_AT_A_TIME))


@pytest.mark.parametrize(("rose_less", "even", "code"), [
    (True, Interval(0.8, 0.5, 1.1), Recovered.SMALLER_RISE_COULD), (True, SOONER, Recovered.TOO_LITTLE_SOONER),
    (False, Interval(0.8, 0.5, 1.1), Recovered.TOO_LITTLE_SOONER),
])  # fmt: skip
def test_a_smaller_rise_is_named_where_equal_heights_do_not_agree(
    rose_less: bool, even: Interval, code: Recovered
) -> None:
    one = direction(SOONER, SOONER, SOME, SOONER)
    assert one.model_free is not None
    seen = replace(
        one.model_free, rise_ratio=Interval(0.6, 0.5, 0.9 if rose_less else 1.1), equal_heights=replace(one.model_free, ratio=even)
    )  # fmt: skip
    assert gate_of(replace(one, model_free=seen)).reason.code == code


@pytest.mark.parametrize(
    ("counts", "rise", "code"),
    [
        ((0, 0), None, Recovered.NO_MOMENTS),
        ((1, 0), None, Recovered.TOO_FEW_MOMENTS),
        ((1, 2), 9.0, Recovered.TOO_FEW_MOMENTS),
        ((2, 1), 9.0, Recovered.TOO_FEW_MOMENTS),
        ((2, 2), None, Recovered.NOT_FOLLOWED),
        ((2, 2), 2.99, Recovered.NOT_RAISED),
        ((2, 2), 3.0, Recovered.NOT_RAISED),
    ],
)
def test_what_is_lacking_is_said(counts, rise, code) -> None:
    reason, settle = find_lack(CROSSED, "ada", counts, rise, THRESHOLDS) or (None, None)
    assert reason is not None
    assert settle is not None
    assert reason.code == code
    lacking = replace(direction(), reason=reason, settle=settle)
    assert with_reason(lacking, CROSSED, False, 2.5) is lacking


def test_two_recoveries_of_each_and_a_clear_rise_lack_nothing() -> None:
    assert find_lack(CROSSED, "ada", (2, 2), 3.01, THRESHOLDS) is None


def test_a_stand_in_is_not_asked() -> None:
    assert find_lack(RECORDED, "ben", (0, 0), None, THRESHOLDS) == (
        because(Recovered.NO_LIVE_PARTNER, person="ben", partner="recorded"), None,
    )  # fmt: skip


def test_a_refusal_says_what_would_settle_it() -> None:
    unidentified = UnidentifiedError("No alone block.", because(Refusal.NOBODY_ALONE), because(Settle.TIME_APART))
    stuck = NotConvergedError("{steps} steps.", because(Refusal.NO_MAXIMUM, steps=60))
    broken = DataError("Person {person}'s values do not vary.", person=1)
    gates = [refusal_gate(error) for error in (unidentified, stuck, broken)]
    assert [gate.reason.code for gate in gates] == [Refusal.NOBODY_ALONE, Refusal.NO_MAXIMUM, ERROR]
    assert [gate.settle and gate.settle.code for gate in gates] == [
        Settle.TIME_APART, None, Settle.CORRECT_RECORDING,
    ]  # fmt: skip
    assert str(stuck) == "60 steps."
    for error in (unidentified, stuck):
        copy = pickle.loads(pickle.dumps(error))
        assert (str(copy), copy.reason) == (str(error), error.reason)


def test_every_hard_moment_for_both_at_once_is_noted() -> None:
    assert design_notes(CROSSED) == ()
    assert design_notes(replace(BOTH, partners=frozenset({"recorded"}))) == ()
    assert design_notes(BOTH) == (because(Statement.BOTH_HIT),)


@pytest.mark.parametrize(
    ("partner", "code"),
    [("live", Company.LIVE), ("recorded", Company.RECORDED), ("delayed", Company.DELAYED), ("imagined", Company.IMAGINED)],
)  # fmt: skip
def test_company_is_called_what_it_was(partner: str, code: Company) -> None:
    assert in_company("ben", partner) == because(code, giver="ben")


def test_the_number_of_moments_goes_with_the_square_of_the_interval() -> None:
    assert probes_needed(Interval(1.0, 0.5, 2.0), 3) == 4  # within a factor of two already: one more
    assert probes_needed(Interval(1.0, 0.4, 2.5), 3) == 6
    assert probes_needed(Interval(1.0, 0.9, 1.1), 3) == 4
    assert probes_needed(Interval(1.0, 0.25, 4.0), 3) == 12
    assert probes_needed(Interval(1.0, 0.0, 4.0), 3) == 12
    assert probes_needed(Interval(1.0, 0.5, float("inf")), 2) == 8


@pytest.mark.parametrize(
    ("ratio", "disputed"),
    [
        (Interval(0.5, 0.4, 0.66), True), (Interval(0.5, 0.4, 1 / 1.5), False), (Interval(0.5, 0.4, 0.67), False),
        (Interval(2.0, 1.51, 3.0), True), (Interval(2.0, 1.5, 3.0), False), (Interval(2.0, 1.49, 3.0), False),
    ],
)  # fmt: skip
def test_half_lives_differ_only_beyond_a_slight_factor(ratio: Interval, disputed: bool) -> None:
    assert direction(ratio=ratio).disputed is disputed
