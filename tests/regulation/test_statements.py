"""What a pair's answer says of regulation; half of an answer is not thrown away with the other half."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.reasons import because
from coregulation.regulation.design import UnidentifiedError
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation, refuse_pair
from coregulation.regulation.reason_codes import (
    Company,
    Cost,
    Evidence,
    HalfWay,
    Recovered,
    Refusal,
    Settle,
    Statement,
)
from coregulation.regulation.statements import evidence, statements
from coregulation.report.catalogue import Catalogue, Voice
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
    codes,
    direction,
    helped,
    pair,
    risen,
    same,
)
from tests.wording import judging

HALF = direction(SOONER, OPEN, SOME, SOONER, sooner=True)
KINDS = {
    VerdictKind.MUTUAL: (
        (helped(), helped("ben")),
        [Statement.SETTLED_SOONER_BY, Cost.LITTLE, Statement.SETTLED_SOONER_BY, Cost.LITTLE, Statement.ONE_VISIT],
    ),
    VerdictKind.LENT: (
        (helped(), same("ben")),
        [Statement.SETTLED_SOONER_BY, Cost.LITTLE, Recovered.NO_DIFFERENT, Statement.ONE_VISIT],
    ),
    VerdictKind.CO_DYSREGULATION: (
        (risen(), risen("ben")), [Cost.BOTH_ROSE, Statement.MORE_TOGETHER, Statement.ONE_VISIT],
    ),
    VerdictKind.LINKED_ONLY: (
        (risen(), same("ben")),
        [Cost.ROSE_TOO, Statement.AS_MUCH_TOGETHER, Statement.TWO_THINGS, Statement.ONE_VISIT],
    ),
    VerdictKind.LINKED: (
        (risen(), same("ben")),
        [Cost.ROSE_TOO, Recovered.PARTNER_STIRRED_REST_OPEN, Recovered.NO_DIFFERENT, Statement.ONE_VISIT],
    ),
    VerdictKind.IN_PARALLEL: (
        (same(), same("ben")), [Statement.MOVED_AT_ONCE, Statement.SAME_SPEED, Statement.ONE_VISIT],
    ),
    VerdictKind.SELF_REGULATING: (
        (same(), same("ben")), [Statement.OWN_TIME, Statement.SAME_SPEED, Statement.ONE_VISIT],
    ),
    VerdictKind.CANNOT_TELL: (
        (HALF, direction(to="ben")),
        [Recovered.SOONER_COST_OPEN, Settle.MOMENTS_FOR_COST, Settle.MOMENTS_TO_NARROW],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_statements(kind: VerdictKind) -> None:
    each, said = KINDS[kind]
    here = pair(kind, CROSSED, *each)
    assert codes(statements(here)) == said
    assert evidence(here, kind)[0] == because(Evidence.KIND, people=("ada", "ben"), kind=kind.value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_of_any_kind_judges(kind: VerdictKind) -> None:
    here, catalogue = pair(kind, CROSSED, *KINDS[kind][0]), Catalogue()
    plain = [*statements(here), *(one for gate in here.gates for one in (gate.reason, *gate.remarks))]
    for text in (catalogue.sentence(one) for one in plain):
        assert not judging(text)
        assert "  " not in text
        assert text.endswith(".")
    for one in evidence(here, kind):
        assert catalogue.sentence(one, Voice.METHODS).endswith(".")


def test_nothing_known_of_either_is_said_once() -> None:
    nothing = pair(VerdictKind.CANNOT_TELL, CROSSED, direction(), direction(to="ben"))
    assert codes(statements(nothing))[0] == Statement.CANNOT_TELL
    assert len(set(statements(nothing))) == len(statements(nothing))


def test_who_took_longer_is_named() -> None:
    slow, slow_ben = replace(risen(), own_burden=LATER), replace(risen("ben"), own_burden=LATER)
    kind = VerdictKind.CO_DYSREGULATION
    assert because(Statement.BOTH_TOOK_LONGER) in statements(pair(kind, CROSSED, slow, slow_ben))
    assert because(Statement.TOOK_LONGER, receiver="ada") in statements(pair(kind, CROSSED, slow, risen("ben")))
    level = replace(risen(), own_burden=replace(LATER, low=1.0))
    assert Statement.TOOK_LONGER not in codes(statements(pair(kind, CROSSED, level, risen("ben"))))


@pytest.mark.parametrize(
    ("cost", "code"),
    [
        (LITTLE, Cost.LITTLE), (Interval(0.1, -0.1, 0.249), Cost.LITTLE), (Interval(0.1, -0.1, 0.25), None),
        (MUCH, Cost.PART_OF_IT), (Interval(0.4, 0.0, 0.9), None),
    ],
)  # fmt: skip
def test_what_it_cost_is_said_where_it_is_known(cost: Interval, code: Cost | None) -> None:
    paid = replace(helped(), cost_to_partner=cost)
    told = codes(statements(pair(VerdictKind.LENT, CROSSED, paid, same("ben"))))
    assert [one for one in told if one.startswith("cost.")] == ([code] if code else [])


def test_seconds_are_told_where_both_half_lives_are_known() -> None:
    (first, *_) = statements(pair(VerdictKind.LENT, CROSSED, helped(), same("ben")))
    assert first.facts["seconds"] == because(HalfWay.KNOWN, together=14, alone=39)
    assert first.facts["link"] == because(Company.LIVE, giver="ben")
    model_free = helped().model_free
    assert model_free is not None
    for alone, code in (
        (Interval(39, 28, float("inf")), HalfWay.OR_MORE),
        (Interval(float("inf"), 28, float("inf")), None),
    ):
        hidden = replace(helped(), model_free=replace(model_free, alone=alone))
        (first, *_) = statements(pair(VerdictKind.LENT, CROSSED, hidden, same("ben")))
        assert (first.facts["seconds"].code if "seconds" in first.facts else None) == code


def test_because_of_needs_a_partner_who_mattered() -> None:
    earned = pair(VerdictKind.LENT, CROSSED, helped(), same("ben"), mattered=True)
    assert statements(earned)[0].facts["link"].code == Company.EARNED
    told = [one for one in evidence(earned, VerdictKind.LENT) if one.code == Evidence.DIRECTION]
    assert [one.facts["link"].code for one in told] == [Company.EARNED, Company.LIVE]  # only of who did settle sooner


def test_the_order_and_what_hit_both_are_said() -> None:
    assert Statement.ALONE_FIRST in codes(statements(pair(VerdictKind.LENT, ALONE_FIRST, helped(), same("ben"))))
    each = [replace(one, jointly=True) for one in (same(), same("ben"))]
    here = pair(VerdictKind.IN_PARALLEL, BOTH, *each)
    assert codes(statements(here))[:2] == [Statement.SAME_SPEED, Statement.BOTH_HIT]
    assert codes(evidence(here, here.kind))[-1] == Evidence.ALL_JOINT
    assert Evidence.DIRECTION_JOINT in codes(evidence(here, here.kind))
    seen = replace(pair(VerdictKind.LENT, CROSSED, helped(), same("ben")), shared=True)
    assert codes(evidence(seen, seen.kind))[-1] == Evidence.SHARED_SEEN


def test_what_was_not_identified_is_not_answered() -> None:
    why = because(Recovered.NO_MOMENTS, person="ben")
    unasked = replace(same("ben"), model_free=None, identified=False, reason=why)
    told = evidence(pair(VerdictKind.LENT, CROSSED, helped(), unasked), VerdictKind.LENT)
    assert because(Evidence.NOT_ANSWERED, giver="ada", receiver="ben", why=why) in told
    assert Evidence.PAIR_BURDEN not in codes(told)
    assert Evidence.PAIR_BURDEN in codes(
        evidence(pair(VerdictKind.LENT, CROSSED, helped(), same("ben")), VerdictKind.LENT)
    )


def test_a_recording_is_called_one() -> None:
    here = pair(VerdictKind.ONE_WAY, RECORDED, helped(), direction(to="ben"))
    assert codes(statements(here)) == [Statement.SETTLED_SOONER_BY, Statement.NOBODY_ANSWERED, Statement.ONE_VISIT]
    assert statements(here)[0].facts["link"] == because(Company.RECORDED, giver="ben")


def test_half_lives_that_differ_are_not_called_the_same() -> None:
    doubtful = direction(ONE, ONE, LITTLE, SOONER, DirectionAnswer.NO_DIFFERENT)
    here = pair(VerdictKind.SELF_REGULATING, CROSSED, doubtful, same("ben"))
    assert Statement.NOT_QUITE_SAME_SPEED in codes(statements(here))
    assert Statement.SAME_SPEED not in codes(statements(here))


def test_what_linkage_says_comes_first_and_replaces_the_opening() -> None:
    before = (because(Statement.TWO_THINGS),)
    here = pair(VerdictKind.SELF_REGULATING, CROSSED, same(), same("ben"))
    assert codes(statements(here, before)) == [Statement.TWO_THINGS, Statement.SAME_SPEED, Statement.ONE_VISIT]


def test_a_refusal_is_told_with_its_reason() -> None:
    error = UnidentifiedError("No alone block.", because(Refusal.NOBODY_ALONE), because(Settle.TIME_APART))
    here: PairRegulation = refuse_pair(("ada", "ben"), CROSSED, error)
    assert codes(statements(here)) == [Statement.REFUSED, Refusal.NOBODY_ALONE, Settle.TIME_APART]
    assert codes(evidence(here, VerdictKind.LINKED)) == [Evidence.KIND, Evidence.REFUSED]
