"""What gate G5 says: whether it goes both ways, and what it costs whom; price and net, where they are identified."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gates import SETTLE_MORE, SETTLE_ONE_AT_A_TIME, SMALL_COST, span
from coregulation.regulation.interval import Interval
from coregulation.regulation.verdict import Gate, GateState, VerdictKind


def reciprocity(directions: Sequence[Direction], pair: Interval, kind: VerdictKind) -> Gate:
    """Return gate G5: whether it goes both ways, and what it costs whom."""
    known = [f"pair burden {span(pair)}"] if all(one.asked for one in directions) else []
    known += [
        f"price to {o.giver} {span(o.cost_to_partner)}, net {span(o.net_effect)}"
        for o in directions
        if o.asked and not o.jointly
    ]
    why = "; ".join(known) or "nothing was asked that would tell a price"
    state = _state(directions, kind)
    costs = () if kind is VerdictKind.ONE_WAY else (cost for one in directions if (cost := _cost(one)))
    open_parts = [one.settle for one in directions if one.sooner and one.answer is DirectionAnswer.CANNOT_TELL]
    more = SETTLE_ONE_AT_A_TIME if any(one.jointly for one in directions) else SETTLE_MORE
    settle = open_parts[0] if open_parts else more if state is GateState.CANNOT_TELL else ""
    plain = " ".join([_both_ways(directions, kind), *costs])
    return Gate("G5", state, f"{why[0].upper()}{why[1:]}.", settle, plain)


def _state(directions: Sequence[Direction], kind: VerdictKind) -> GateState:
    if kind is VerdictKind.MUTUAL:
        return GateState.PASSED
    unknown = (VerdictKind.CANNOT_TELL, VerdictKind.LINKED, VerdictKind.IN_PARALLEL)
    is_open = kind in unknown or (kind is VerdictKind.LENT and _other_open(directions))
    return GateState.CANNOT_TELL if is_open else GateState.FAILED


def _other_open(directions: Sequence[Direction]) -> bool:
    return any(one.answer is DirectionAnswer.CANNOT_TELL for one in directions)


def _both_ways(directions: Sequence[Direction], kind: VerdictKind) -> str:
    first, second = directions[0].receiver, directions[0].giver
    if kind is VerdictKind.LENT:
        given = next(one for one in directions if one.answer is DirectionAnswer.SOONER)
        back = "is open" if _other_open(directions) else "was not seen"
        return f"{given.giver} steadied {given.receiver}; the other way round it {back}."
    return {
        VerdictKind.MUTUAL: f"Both ways: {first} and {second} each came back sooner with the other.",
        VerdictKind.ONE_WAY: "One way only: nobody was there who could be steadied in turn.",
        VerdictKind.CO_DYSREGULATION: "Together it was more to bear than apart.",
        VerdictKind.LINKED_ONLY: "Together there was about as much to bear as apart.",
        VerdictKind.IN_PARALLEL: "Something reached both at once, so what went from one to the other is not known.",
        VerdictKind.SELF_REGULATING: f"Nothing was seen to go from {first} to {second} or back.",
    }.get(kind, "Whether it goes both ways is not known from this visit.")


def _cost(told: Direction) -> str:
    """Return what a direction cost the giver, where that is known."""
    if told.jointly or not told.asked:
        return ""
    shed = told.sooner or told.answer in (DirectionAnswer.SOONER, DirectionAnswer.CARRIED)
    if shed and told.cost_to_partner.below(SMALL_COST):
        return f"It cost {told.giver} little or nothing."
    if not told.cost_to_partner.above(0):
        return ""
    return f"A part of what {told.receiver} shed, {told.giver} took on." if shed else _rose(told)


def _rose(told: Direction) -> str:
    return f"When {told.receiver} was upset, {told.giver} rose too."


def moved(directions: Sequence[Direction]) -> str:
    """Return who rose when the other was upset."""
    rising = [one for one in directions if one.rising]
    return "When one was upset, the other rose too." if len(rising) > 1 else " ".join(_rose(one) for one in rising)
