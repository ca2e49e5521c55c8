"""What the gates say: of the one, of the other, and of both; half of an answer is not thrown away with the other half."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.errors import DataError
from coregulation.regulation import gates
from coregulation.regulation.branches import join_branches
from coregulation.regulation.design import Design, DesignSpan, NotConvergedError, Probe, UnidentifiedError
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.reciprocity import reciprocity
from coregulation.regulation.recovery import Comparison
from coregulation.regulation.verdict import Gate, GateState, Verdict, VerdictKind
from coregulation.regulation.words import methods, plain
from tests.wording import judging

SOONER, ONE, LATER, OPEN = (
    Interval(0.4, 0.3, 0.6),
    Interval(1.0, 0.8, 1.2),
    Interval(2.0, 1.4, 3.0),
    Interval(0.8, 0.4, 1.6),
)
LITTLE, SOME, MUCH = Interval(0.0, -0.1, 0.1), Interval(0.1, -0.3, 0.5), Interval(0.5, 0.2, 0.9)
PROBES = tuple(
    Probe((who,), at, at + 40, at + 200, together)
    for at, who, together in ((0, "ada", False), (200, "ada", True), (400, "ben", True), (600, "ben", False))
)
CROSSED = Design(
    ("ada", "ben"), (DesignSpan(0, 200), DesignSpan(200, 600, ("ada", "ben")), DesignSpan(600, 800)), PROBES
)
ALONE_FIRST = replace(CROSSED, probes=PROBES[:3])
BOTH = replace(CROSSED, probes=tuple(replace(probe, hit=("ada", "ben")) for probe in PROBES))
RECORDED = replace(CROSSED, partners=frozenset({"recorded"}))


def free(ratio: Interval) -> Comparison:
    return Comparison("ada", ratio, Interval(39, 28, 55), Interval(14, 10, 20), ratio, 100.0, (3, 3), (0, 0), 9.0, True)


def direction(
    own: Interval = OPEN, net: Interval = OPEN, price: Interval = SOME, ratio: Interval = OPEN,
    answer: DirectionAnswer = DirectionAnswer.CANNOT_TELL, to: str = "ada", **more: bool,
) -> Direction:  # fmt: skip
    giver = "ben" if to == "ada" else "ada"
    return Direction(to, giver, own, own, own, net, net, price, free(ratio), answer, asked=True, **more)


def told(one: Direction, design: Design = CROSSED, shared: bool = False) -> Gate:
    return gates.settling(gates.explained(one, design, shared, 2.5))


CASES = {
    "sooner": (direction(SOONER, SOONER, LITTLE, SOONER, DirectionAnswer.SOONER), GateState.PASSED, "did not have to carry it"),
    "carried": (direction(SOONER, ONE, MUCH, SOONER, DirectionAnswer.CARRIED), GateState.PASSED, "what ada shed, ben took on"),
    "only the price is open": (
        direction(SOONER, OPEN, SOME, SOONER, sooner=True), GateState.PASSED, "whether ben carries a part of it is open",
    ),
    "a price is seen, its size is open": (
        direction(SOONER, OPEN, MUCH, SOONER, sooner=True), GateState.PASSED, "how much of it ben carries is open",
    ),
    "later": (direction(LATER, LATER, SOME, LATER, DirectionAnswer.LATER), GateState.FAILED, "took longer to come back"),
    "stirred": (direction(OPEN, LATER, MUCH, OPEN, DirectionAnswer.LATER), GateState.FAILED, "ben was stirred as well"),
    "same": (direction(ONE, ONE, LITTLE, ONE, DirectionAnswer.NO_DIFFERENT), GateState.FAILED, "about as fast alone as with ben"),
    "same but for the half-lives": (
        direction(ONE, ONE, LITTLE, SOONER, DirectionAnswer.NO_DIFFERENT), GateState.FAILED, "two ways of reckoning differ",
    ),
    "they disagree": (direction(SOONER, OPEN, SOME, ONE), GateState.CANNOT_TELL, "do not agree"),
    "they disagree the other way": (direction(LATER, OPEN, SOME, SOONER), GateState.CANNOT_TELL, "do not agree"),
    "longer, the rest open": (direction(LATER, OPEN, SOME, LATER), GateState.CANNOT_TELL, "what it meant for ben is open"),
    "the other stirred, the one open": (
        direction(OPEN, LATER, MUCH, OPEN), GateState.CANNOT_TELL, "ben was stirred by it; whether ada came back sooner is open",
    ),
    "nothing known": (direction(), GateState.CANNOT_TELL, "it could be either way"),
    "leaning": (direction(SOONER, SOONER, SOME, SOONER), GateState.CANNOT_TELL, "not surely"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_case_says_what_is_known(case: str) -> None:
    one, state, words = CASES[case]
    gate = told(one)
    assert gate.state is state
    assert words in gate.plain
    assert "own burden" in gate.why
    assert "half-life ratio" in gate.why
    assert not judging(gate.plain)
    assert bool(gate.settle) == (one.answer is DirectionAnswer.CANNOT_TELL)


def test_what_could_do_as_much_is_named_with_what_would_tell() -> None:
    one = direction(SOONER, SOONER, SOME, SOONER)
    fixed = told(one, ALONE_FIRST)
    assert "getting used to it can do as much" in fixed.plain
    assert "mixed order" in fixed.settle
    shared = told(one, shared=True)
    assert "something moved both at once" in shared.plain
    assert "one at a time" in shared.settle
    same = told(direction(ONE, ONE, LITTLE, SOONER, DirectionAnswer.NO_DIFFERENT), ALONE_FIRST)
    assert "two ways of reckoning differ" in same.plain


def test_what_is_lacking_is_said_and_stays() -> None:
    few = gates.too_few("ada", (1, 0), 2)
    assert "1 hard moment alone and 0 together" in few.why
    assert "no hard moment of their own" in gates.too_few("ada", (0, 0), 2).plain
    assert "a chest strap" in gates.not_followed("ada").settle
    assert "2.1 rest SDs" in gates.not_raised("ada", 2.1, 3.0).why
    lacking = replace(direction(), why=few.why, plain=few.plain, settle=few.settle)
    assert gates.explained(lacking, CROSSED, False, 2.5) is lacking


def test_a_refusal_says_what_would_settle_it() -> None:
    assert gates.refusal(UnidentifiedError("No alone block.", "Three minutes apart.")).settle == "Three minutes apart."
    assert "can be trusted" in gates.refusal(NotConvergedError("no estimate")).plain
    assert "ask again" in gates.refusal(DataError("Person 1's values do not vary.")).settle


def test_every_hard_moment_for_both_at_once_is_said_once() -> None:
    assert gates.notes(CROSSED) == ()
    assert gates.notes(replace(BOTH, partners=frozenset({"recorded"}))) == ()
    (note,) = gates.notes(BOTH)
    assert "somebody calm was not seen" in note
    assert note in plain(pair(VerdictKind.SELF_REGULATING, BOTH, same(), same("ben")))


def test_jointly_hit_no_price_is_told() -> None:
    each = [replace(one, jointly=True, cost_to_partner=MUCH) for one in (same(), same("ben"))]
    here = pair(VerdictKind.IN_PARALLEL, BOTH, *each)
    assert "price to" not in methods(here) + here.gates[-1].why
    assert "both hit at once" in here.gates[0].why
    assert methods(here).endswith("every hard moment in company hit both.")
    assert plain(here).startswith("How fast each settled was the same")
    assert "one at a time" in here.gates[-1].settle
    assert "rose" not in here.gates[-1].plain


def test_who_took_longer_is_named() -> None:
    slow = replace(risen(), own_burden=LATER)
    said = plain(pair(VerdictKind.CO_DYSREGULATION, CROSSED, slow, replace(risen("ben"), own_burden=LATER)))
    assert said.startswith("When one was upset, the other rose too. Both took longer to come back. Being together")
    assert "ada took longer" in plain(pair(VerdictKind.CO_DYSREGULATION, CROSSED, slow, risen("ben")))
    assert "took longer" not in plain(pair(VerdictKind.CO_DYSREGULATION, CROSSED, risen(), risen("ben")))


def test_what_was_not_asked_has_no_number() -> None:
    unasked = replace(
        direction(to="ben"),
        model_free=None,
        asked=False,
        why="ben had no hard moment.",
        plain="ben had no hard moment.",
    )
    here = pair(VerdictKind.LENT, CROSSED, helped(), unasked)
    assert "ada → ben: not answered, as ben had no hard moment;" in methods(here)
    assert "pair burden" not in methods(here) + here.gates[-1].why.lower()
    assert "price to ada" not in here.gates[-1].why
    nothing = pair(VerdictKind.CANNOT_TELL, CROSSED, replace(unasked, receiver="ada", giver="ben"), unasked)
    assert nothing.gates[-1].why == "Nothing was asked that would tell a price."


def same(to: str = "ada") -> Direction:
    return direction(ONE, ONE, LITTLE, ONE, DirectionAnswer.NO_DIFFERENT, to)


def helped(to: str = "ada") -> Direction:
    return direction(SOONER, SOONER, LITTLE, SOONER, DirectionAnswer.SOONER, to)


def risen(to: str = "ada") -> Direction:
    return direction(OPEN, LATER, MUCH, OPEN, DirectionAnswer.CANNOT_TELL, to, rising=True)


def pair(kind: VerdictKind, design: Design, *each: Direction, because: bool = False) -> PairRegulation:
    said = tuple(gates.explained(one, design, False, 2.5) for one in each)
    asked = (*(gates.settling(one) for one in said), reciprocity(said, ONE, kind))
    return PairRegulation(
        ("ada", "ben"),
        said,
        ONE,
        False,
        kind,
        asked,
        because,
        design.order,
        gates.partner_of(design),
        gates.notes(design),
    )


KINDS = {
    VerdictKind.MUTUAL: ((helped(), helped("ben")), GateState.PASSED, "ben settled sooner when ada was there"),
    VerdictKind.LENT: ((helped(), same("ben")), GateState.FAILED, "ben came back about as fast alone as with ada"),
    VerdictKind.CO_DYSREGULATION: ((risen(), risen("ben")), GateState.FAILED, "When one was upset, the other rose too."),
    VerdictKind.LINKED_ONLY: ((risen(), same("ben")), GateState.FAILED, "When ada was upset, ben rose too. Together there was"),
    VerdictKind.LINKED: ((risen(), same("ben")), GateState.CANNOT_TELL, "whether ada came back sooner is open"),
    VerdictKind.IN_PARALLEL: ((same(), same("ben")), GateState.CANNOT_TELL, "Something moved ada and ben"),
    VerdictKind.SELF_REGULATING: ((same(), same("ben")), GateState.FAILED, "each settled in their own time"),
    VerdictKind.CANNOT_TELL: (
        (direction(SOONER, OPEN, SOME, SOONER, sooner=True), direction(to="ben")), GateState.CANNOT_TELL,
        "ada came back sooner when ben was there; whether ben carries a part of it is open.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_in_plain_words(kind: VerdictKind) -> None:
    each, state, words = KINDS[kind]
    here = pair(kind, CROSSED, *each)
    assert here.gates[-1].state is state
    assert words in plain(here)
    assert "either way" not in plain(here)
    for text in (plain(here), *(gate.plain for gate in here.gates)):
        assert not judging(text)
        assert "  " not in text
    assert kind.value in methods(here)


def test_the_price_names_who_paid_and_for_what() -> None:
    paid = pair(VerdictKind.LINKED_ONLY, CROSSED, risen(), same("ben")).gates[-1].plain
    assert paid.endswith("When ada was upset, ben rose too.")
    carried = direction(SOONER, ONE, MUCH, SOONER, DirectionAnswer.CARRIED, rising=True)
    assert (
        "A part of what ada shed, ben took on."
        in pair(VerdictKind.LINKED, CROSSED, carried, same("ben")).gates[-1].plain
    )
    lent = pair(VerdictKind.LENT, CROSSED, helped(), direction(to="ben")).gates[-1]
    assert lent.state is GateState.CANNOT_TELL
    assert lent.plain == "ben steadied ada; the other way round it is open. It cost ben little or nothing."
    assert lent.settle
    half = pair(
        VerdictKind.CANNOT_TELL, CROSSED, direction(SOONER, OPEN, SOME, SOONER, sooner=True), same("ben")
    ).gates[-1]
    assert "whether ben carries a part of it" in half.settle
    dear = replace(helped(), cost_to_partner=MUCH)
    assert "A part of it, ben took on." in plain(pair(VerdictKind.LENT, CROSSED, dear, same("ben")))


def test_a_recording_is_called_one() -> None:
    assert gates.too_few("ben", (0, 0), 2, "recorded").plain == "ben was not there to be asked."
    assert gates.too_few("ben", (0, 0), 2, "recorded").settle == ""
    here = pair(VerdictKind.ONE_WAY, RECORDED, helped(), direction(to="ben"))
    assert "with a recording of ben" in plain(here)
    assert "Nobody was there who could answer" in plain(here)
    assert "steady" not in plain(here)
    assert "ben was there" not in " ".join([plain(here), methods(here), *(gate.plain for gate in here.gates)])
    assert "cost" not in here.gates[-1].plain
    assert gates.company("ben", "delayed") == "with ben shown with a delay"
    assert gates.company("ben", "imagined") == "with ben in mind"


def test_half_lives_that_differ_are_not_called_the_same() -> None:
    doubtful = direction(ONE, ONE, LITTLE, SOONER, DirectionAnswer.NO_DIFFERENT)
    said = plain(pair(VerdictKind.SELF_REGULATING, CROSSED, doubtful, same("ben")))
    assert "the half-lives by themselves differ" in said
    assert "was the same" not in said


def linkage(kind: VerdictKind) -> Verdict:
    return Verdict(("ada", "ben"), kind, (), "Numbers. Verdict: x.", "Both followed a pacer.", measured="Numbers.")


def test_linkage_comes_first_where_steadying_has_no_answer_of_its_own() -> None:
    nothing = pair(VerdictKind.SELF_REGULATING, CROSSED, same(), same("ben"))
    linked = join_branches(linkage(VerdictKind.LINKED), nothing)
    assert linked.kind is VerdictKind.LINKED_ONLY
    assert linked.plain.startswith("ada and ben moved together")
    assert "the same alone and together" in linked.plain
    guided = join_branches(linkage(VerdictKind.IN_PARALLEL), nothing)
    assert guided.kind is VerdictKind.IN_PARALLEL
    assert guided.plain.startswith("Both followed a pacer. How fast each settled")
    refusal = PairRegulation(
        ("ada", "ben"), (), None, False, VerdictKind.CANNOT_TELL,
        (gates.refusal(UnidentifiedError("No alone block.", "Three minutes apart.")),), False, "none",
    )  # fmt: skip
    refused = join_branches(linkage(VerdictKind.LINKED), refusal)
    assert refused.kind is VerdictKind.LINKED
    assert refused.plain.endswith("this visit cannot tell. No alone block. Three minutes apart.")
    assert refused.sentence.endswith("cannot be told: no alone block.")
    unknown = join_branches(
        linkage(VerdictKind.LINKED), pair(VerdictKind.CANNOT_TELL, CROSSED, direction(), direction(to="ben"))
    )
    assert unknown.kind is VerdictKind.LINKED
    assert "this visit cannot tell" in unknown.plain
    lent = join_branches(linkage(VerdictKind.LINKED), pair(VerdictKind.LENT, CROSSED, helped(), same("ben")))
    assert lent.plain.startswith("After the hard moments, ada settled sooner")
    for verdict in (linked, guided, unknown, lent):
        assert "Verdict: x" not in verdict.sentence
        assert verdict.sentence.endswith("Linkage: Numbers.")
