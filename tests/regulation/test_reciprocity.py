"""Gate G5: whether it goes both ways, and what it costs whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.reasons import because
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import Gate, GateState, VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.reason_codes import Cost, Numbers, Reciprocity, Settle
from coregulation.regulation.reciprocity import who_rose
from tests.regulation.answers import (
    BOTH,
    CROSSED,
    LITTLE,
    MUCH,
    OPEN,
    RECORDED,
    SOME,
    SOONER,
    codes,
    direction,
    helped,
    pair,
    risen,
    same,
)

PASSED, FAILED, CANNOT_TELL = GateState.PASSED, GateState.FAILED, GateState.CANNOT_TELL
KINDS = {
    VerdictKind.MUTUAL: ((helped(), helped("ben")), PASSED, Reciprocity.BOTH_WAYS),
    VerdictKind.LENT: ((helped(), same("ben")), FAILED, Reciprocity.ONE_DIRECTION),
    VerdictKind.CO_DYSREGULATION: ((risen(), risen("ben")), FAILED, Reciprocity.MORE_TOGETHER),
    VerdictKind.LINKED_ONLY: ((risen(), same("ben")), FAILED, Reciprocity.AS_MUCH_TOGETHER),
    VerdictKind.LINKED: ((risen(), same("ben")), CANNOT_TELL, Reciprocity.UNKNOWN),
    VerdictKind.IN_PARALLEL: ((same(), same("ben")), CANNOT_TELL, Reciprocity.BOTH_AT_ONCE),
    VerdictKind.SELF_REGULATING: ((same(), same("ben")), FAILED, Reciprocity.NOTHING_SEEN),
    VerdictKind.CANNOT_TELL: ((risen(), same("ben")), CANNOT_TELL, Reciprocity.UNKNOWN),
}


def gate(kind: VerdictKind, *each, design=CROSSED) -> Gate:
    return pair(kind, design, *each).gates[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_answer(kind: VerdictKind) -> None:
    each, state, code = KINDS[kind]
    found = gate(kind, *each)
    assert (found.state, found.reason.code, found.name) == (state, code, "G5")
    assert codes(found.reason.facts["numbers"]) == [Numbers.PAIR_BURDEN, Numbers.COST, Numbers.COST]
    assert (found.settle is not None) is (state is CANNOT_TELL)


def test_an_open_other_direction_leaves_reciprocity_open() -> None:
    found = gate(VerdictKind.LENT, helped(), direction(to="ben"))
    assert (found.state, found.reason.code) == (CANNOT_TELL, Reciprocity.ONE_DIRECTION_OTHER_OPEN)
    assert (found.reason.facts["giver"], found.reason.facts["receiver"]) == ("ben", "ada")
    assert found.remarks == (because(Cost.LITTLE, giver="ben"),)
    assert found.settle == because(Settle.MORE_MOMENTS)


def test_what_would_settle_the_cost_settles_reciprocity() -> None:
    half = direction(SOONER, OPEN, SOME, SOONER, sooner=True)
    found = gate(VerdictKind.CANNOT_TELL, half, same("ben"))
    assert found.settle is not None
    assert (found.settle.code, found.settle.facts["giver"]) == (Settle.MOMENTS_FOR_COST, "ben")


def test_jointly_hit_no_cost_is_told() -> None:
    each = [replace(one, jointly=True, cost_to_partner=MUCH) for one in (same(), same("ben"))]
    found = gate(VerdictKind.IN_PARALLEL, *each, design=BOTH)
    assert codes(found.reason.facts["numbers"]) == [Numbers.PAIR_BURDEN]
    assert found.settle == because(Settle.ONE_AT_A_TIME)
    assert found.remarks == ()


def test_what_was_not_identified_has_no_number() -> None:
    unasked = replace(same("ben"), model_free=None, identified=False)
    assert codes(gate(VerdictKind.LENT, helped(), unasked).reason.facts["numbers"]) == [Numbers.COST]
    nothing = gate(VerdictKind.CANNOT_TELL, replace(unasked, receiver="ada", giver="ben"), unasked)
    assert codes(nothing.reason.facts["numbers"]) == [Numbers.NONE]


@pytest.mark.parametrize(
    ("cost", "code"),
    [
        (LITTLE, Cost.LITTLE), (Interval(0.1, 0.05, 0.249), Cost.LITTLE), (Interval(0.1, 0.05, 0.25), Cost.PART_OF_SHED),
        (Interval(0.1, 0.05, 0.251), Cost.PART_OF_SHED), (Interval(0.2, 0.0, 0.4), None), (Interval(0.2, 0.001, 0.4), Cost.PART_OF_SHED),
    ],
)  # fmt: skip
def test_a_cost_is_little_only_below_its_threshold(cost: Interval, code: Cost | None) -> None:
    shed = direction(SOONER, SOONER, cost, SOONER, DirectionAnswer.SOONER)
    assert codes(gate(VerdictKind.LENT, shed, same("ben")).remarks) == ([code] if code else [])  # same() costs nothing


def test_who_rose_with_whom() -> None:
    assert gate(VerdictKind.LINKED_ONLY, risen(), same("ben")).remarks == (
        because(Cost.ROSE_TOO, giver="ben", receiver="ada"),
    )
    assert who_rose([risen(), risen("ben")]) == (because(Cost.BOTH_ROSE),)
    assert who_rose([risen(), same("ben")]) == (because(Cost.ROSE_TOO, giver="ben", receiver="ada"),)
    assert who_rose([same(), same("ben")]) == ()


def test_one_way_nothing_costs_anybody() -> None:
    found = gate(VerdictKind.ONE_WAY, helped(), direction(to="ben"), design=RECORDED)
    assert (found.reason.code, found.remarks, found.state) == (Reciprocity.ONE_WAY, (), FAILED)
