"""Gate G5: whether it goes both ways, and what it costs whom; cost and net effect where they are identified."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.reasons import Fact, Reason, because
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import Gate, GateState, Question, VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.reason_codes import Cost, Numbers, Reciprocity, Settle, triple
from coregulation.regulation.thresholds import THRESHOLDS

_UNKNOWN = (VerdictKind.CANNOT_TELL, VerdictKind.LINKED, VerdictKind.IN_PARALLEL)
_CODES = {
    VerdictKind.MUTUAL: Reciprocity.BOTH_WAYS,
    VerdictKind.ONE_WAY: Reciprocity.ONE_WAY,
    VerdictKind.CO_DYSREGULATION: Reciprocity.MORE_TOGETHER,
    VerdictKind.LINKED_ONLY: Reciprocity.AS_MUCH_TOGETHER,
    VerdictKind.IN_PARALLEL: Reciprocity.BOTH_AT_ONCE,
    VerdictKind.SELF_REGULATING: Reciprocity.NOTHING_SEEN,
}


def reciprocity_gate(directions: Sequence[Direction], pair_burden: Interval, kind: VerdictKind) -> Gate:
    """Answer gate G5 of a pair.

    Parameters
    ----------
    directions
        Both, with their answers.
    pair_burden
        Of both together over both alone, 1 = as alone.
    kind
        What the regulation branch says of the pair.

    Returns
    -------
    Gate
        With what each direction cost as remarks, where that is known.
    """
    state = _state(directions, kind)
    costs = () if kind is VerdictKind.ONE_WAY else tuple(cost for direction in directions if (cost := _cost(direction)))
    return Gate(
        Question.RECIPROCITY, state, _reason(directions, _numbers(directions, pair_burden), kind),
        _settle(directions, state), remarks=costs,
    )  # fmt: skip


def _numbers(directions: Sequence[Direction], pair_burden: Interval) -> tuple[Reason, ...]:
    known = []
    if all(direction.identified for direction in directions):
        known.append(because(Numbers.PAIR_BURDEN, pair_burden=triple(pair_burden)))
    known += [
        because(Numbers.COST, giver=o.giver, cost_to_partner=triple(o.cost_to_partner), net_effect=triple(o.net_effect))
        for o in directions
        if o.identified and not o.jointly
    ]
    return tuple(known) or (because(Numbers.NONE),)


def _settle(directions: Sequence[Direction], state: GateState) -> Reason | None:
    for direction in directions:
        if direction.sooner and direction.answer is DirectionAnswer.CANNOT_TELL:
            return direction.settle
    if state is not GateState.CANNOT_TELL:
        return None
    return because(Settle.ONE_AT_A_TIME if any(direction.jointly for direction in directions) else Settle.MORE_MOMENTS)


def _state(directions: Sequence[Direction], kind: VerdictKind) -> GateState:
    if kind is VerdictKind.MUTUAL:
        return GateState.PASSED
    is_open = kind in _UNKNOWN or (kind is VerdictKind.LENT and _other_open(directions))
    return GateState.CANNOT_TELL if is_open else GateState.FAILED


def _other_open(directions: Sequence[Direction]) -> bool:
    return any(direction.answer is DirectionAnswer.CANNOT_TELL for direction in directions)


def _reason(directions: Sequence[Direction], numbers: tuple[Reason, ...], kind: VerdictKind) -> Reason:
    if kind is VerdictKind.LENT:
        code = Reciprocity.ONE_DIRECTION_OTHER_OPEN if _other_open(directions) else Reciprocity.ONE_DIRECTION
        steadied = next(steadied for steadied in directions if steadied.answer is DirectionAnswer.SOONER)
        return because(code, giver=steadied.giver, receiver=steadied.receiver, numbers=numbers)
    code = _CODES.get(kind, Reciprocity.UNKNOWN)
    facts: dict[str, Fact] = {"first": directions[0].receiver, "second": directions[0].giver, "numbers": numbers}
    return because(code, **{name: facts[name] for name in code.facts})


def _cost(direction: Direction) -> Reason | None:
    """Say what a direction cost the giver, where that is known."""
    if direction.jointly or not direction.identified:
        return None
    shed = direction.sooner or direction.answer in (DirectionAnswer.SOONER, DirectionAnswer.CARRIED)
    if shed and direction.cost_to_partner.below(THRESHOLDS.small_cost):
        return because(Cost.LITTLE, giver=direction.giver)
    if not direction.cost_to_partner.above(0):
        return None
    code = Cost.PART_OF_SHED if shed else Cost.ROSE_TOO
    return because(code, giver=direction.giver, receiver=direction.receiver)


def who_rose(directions: Sequence[Direction]) -> tuple[Reason, ...]:
    """List whose arousal rose when the other was upset.

    Parameters
    ----------
    directions
        Both directions of a pair.

    Returns
    -------
    tuple of Reason
        () where neither cost is above its threshold; one reason, with the people as facts, where one is; one reason
        for both where both are.
    """
    rising = [direction for direction in directions if direction.rising]
    if len(rising) > 1:
        return (because(Cost.BOTH_ROSE),)
    return tuple(because(Cost.ROSE_TOO, giver=direction.giver, receiver=direction.receiver) for direction in rising)
