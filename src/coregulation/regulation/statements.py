"""What a pair's answer says of regulation: statements for the people, evidence for a methods section, as codes in order.

The same facts in both. "When … was there" unless the design earns "because of".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from coregulation.reasons import Fact, Reason, because
from coregulation.regulation.control import LIVE
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import Question, VerdictKind
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.reason_codes import Company, Cost, Evidence, HalfWay, Recovered, Statement, triple
from coregulation.regulation.reciprocity import who_rose
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.settling import in_company
from coregulation.regulation.thresholds import THRESHOLDS

_ORDERS = {"alone first": Statement.ALONE_FIRST, "together first": Statement.TOGETHER_FIRST}
_STEADIED = (VerdictKind.MUTUAL, VerdictKind.LENT, VerdictKind.ONE_WAY)


def statements(pair: PairRegulation, before: tuple[Reason, ...] = ()) -> tuple[Reason, ...]:
    """Say what the people are told.

    Parameters
    ----------
    pair
        The regulation branch of a pair; one that was refused has no directions.
    before
        What linkage has to say first.

    Returns
    -------
    tuple of Reason
        Each a sentence, in order.
    """
    if not pair.directions:
        return (*before, *_refused(pair))
    if pair.kind is VerdictKind.CANNOT_TELL:
        return (*before, *_known(pair), *pair.notes, *_settle(pair))
    opening = (_same(pair),) if before and pair.kind is VerdictKind.SELF_REGULATING else tuple(_opening(pair))
    order = (because(_ORDERS[pair.order]),) if pair.order in _ORDERS else ()
    return (*before, *opening, *pair.notes, *order, because(Statement.ONE_VISIT))


def evidence(pair: PairRegulation, kind: VerdictKind) -> tuple[Reason, ...]:
    """Say what a methods section is told.

    Parameters
    ----------
    pair
        The regulation branch of a pair.
    kind
        Of the whole verdict.

    Returns
    -------
    tuple of Reason
        Each a sentence, in order.
    """
    head = because(Evidence.KIND, people=pair.people, kind=kind.value)
    if not pair.directions:
        return head, because(Evidence.REFUSED, why=pair.gates[0].reason)
    return (head, *(_direction_evidence(direction, pair) for direction in pair.directions), *_circumstances(pair))


def _circumstances(pair: PairRegulation) -> Iterator[Reason]:
    if pair.pair_burden is not None and all(direction.identified for direction in pair.directions):
        yield because(Evidence.PAIR_BURDEN, pair_burden=triple(pair.pair_burden))
    yield because(Evidence.ORDER, order=pair.order)
    if any(direction.jointly for direction in pair.directions):
        yield because(Evidence.ALL_JOINT)
    elif pair.shared:
        yield because(Evidence.SHARED_SEEN)


def _direction_evidence(direction: Direction, pair: PairRegulation) -> Reason:
    people: dict[str, Fact] = {"giver": direction.giver, "receiver": direction.receiver}
    if direction.model_free is None or not direction.identified:
        return because(Evidence.NOT_ANSWERED, **people, why=direction.reason)
    earned = pair.partner_mattered and direction.answer is DirectionAnswer.SOONER
    code = Evidence.DIRECTION_JOINT if direction.jointly else Evidence.DIRECTION
    facts: dict[str, Fact] = {
        **people,
        "answer": direction.answer.value,
        "own_burden": triple(direction.own_burden),
        "net_effect": triple(direction.net_effect),
        "cost_to_partner": triple(direction.cost_to_partner),
        "half_lives": _half_lives(direction.model_free),
        "link": _link(direction.giver, pair, earned),
    }
    return because(code, **{name: facts[name] for name in code.facts})


def _half_lives(model_free: RecoveryComparison) -> Reason:
    alone, together = model_free.counts
    return because(
        Evidence.HALF_LIVES_POOLED if model_free.pooled else Evidence.HALF_LIVES,
        together=triple(model_free.together), alone=triple(model_free.alone), ratio=triple(model_free.ratio),
        count_alone=alone, count_together=together,
    )  # fmt: skip


def _link(giver: str, pair: PairRegulation, earned: bool) -> Reason:
    return because(Company.EARNED, giver=giver) if earned else in_company(giver, pair.partner)


def _settle(pair: PairRegulation) -> tuple[Reason, ...]:
    """Return what would settle it, each once; of both together only where nothing would settle one direction."""
    each = [gate.settle for gate in pair.gates if gate.settle is not None and gate.question is Question.RECOVERY]
    return _each_once(each or [gate.settle for gate in pair.gates if gate.settle is not None])


def _each_once(reasons: list[Reason]) -> tuple[Reason, ...]:
    return tuple(reason for at, reason in enumerate(reasons) if reason not in reasons[:at])


def _known(pair: PairRegulation) -> tuple[Reason, ...]:
    """Return what is known of either where the whole cannot be told; what could be either way is said once."""
    known = [
        direction.reason
        for direction in pair.directions
        if direction.reason is not None and direction.reason.code != Recovered.EITHER_WAY
    ]
    return _each_once(known) or (because(Statement.CANNOT_TELL, people=pair.people),)


def _opening(pair: PairRegulation) -> Iterator[Reason]:
    if pair.kind in _STEADIED:
        yield from _steadied(pair)
        return
    if pair.kind in (VerdictKind.CO_DYSREGULATION, VerdictKind.LINKED_ONLY, VerdictKind.LINKED):
        yield from who_rose(pair.directions)
    if pair.kind is VerdictKind.CO_DYSREGULATION:
        yield from _longer(pair)
        yield because(Statement.MORE_TOGETHER)
    elif pair.kind is VerdictKind.LINKED_ONLY:
        yield because(Statement.AS_MUCH_TOGETHER)
        yield because(Statement.TWO_THINGS)
    elif pair.kind is VerdictKind.LINKED:
        yield from _known(pair)
    else:
        yield from _unmoved(pair)


def _unmoved(pair: PairRegulation) -> Iterator[Reason]:
    """Say of two who settle the same either way whether something moved both; where every hard moment did, the notes say so."""
    noted = any(direction.jointly for direction in pair.directions) and bool(pair.notes)
    if pair.kind is VerdictKind.SELF_REGULATING:
        yield because(Statement.OWN_TIME, people=pair.people)
    elif not noted:
        yield because(Statement.MOVED_AT_ONCE, people=pair.people)
    yield _same(pair)


def _longer(pair: PairRegulation) -> Iterator[Reason]:
    """Say who clearly took longer to come back, if anybody did."""
    slow = [direction.receiver for direction in pair.directions if direction.own_burden.above(1.0)]
    if len(slow) > 1:
        yield because(Statement.BOTH_TOOK_LONGER)
    elif slow:
        yield because(Statement.TOOK_LONGER, receiver=slow[0])


def _same(pair: PairRegulation) -> Reason:
    disputed = any(direction.disputed for direction in pair.directions)
    return because(Statement.NOT_QUITE_SAME_SPEED if disputed else Statement.SAME_SPEED)


def _refused(pair: PairRegulation) -> Iterator[Reason]:
    """Say that the branch was refused, why, and what would settle it."""
    yield because(Statement.REFUSED)
    for gate in pair.gates:
        yield gate.reason
        if gate.settle is not None:
            yield gate.settle


def _steadied(pair: PairRegulation) -> Iterator[Reason]:
    """Say of each direction what is known, where somebody was steadied."""
    for direction in pair.directions:
        if direction.answer is DirectionAnswer.SOONER:
            yield from _sooner(direction, pair)
        elif pair.partner == LIVE and direction.reason is not None:
            yield direction.reason
    if pair.kind is VerdictKind.ONE_WAY:
        yield because(Statement.NOBODY_ANSWERED)


def _sooner(direction: Direction, pair: PairRegulation) -> Iterator[Reason]:
    receiver, link = direction.receiver, _link(direction.giver, pair, pair.partner_mattered)
    seconds = _half_way(direction.model_free)
    if seconds is None:
        yield because(Statement.SETTLED_SOONER, receiver=receiver, link=link)
    else:
        yield because(Statement.SETTLED_SOONER_BY, receiver=receiver, link=link, seconds=seconds)
    if pair.partner == LIVE:
        if direction.cost_to_partner.below(THRESHOLDS.small_cost):
            yield because(Cost.LITTLE, giver=direction.giver)
        elif direction.cost_to_partner.above(0):
            yield because(Cost.PART_OF_IT, giver=direction.giver)


def _half_way(model_free: RecoveryComparison | None) -> Reason | None:
    if model_free is None or not math.isfinite(model_free.alone.value):
        return None
    code = HalfWay.KNOWN if math.isfinite(model_free.alone.high) else HalfWay.OR_MORE
    return because(code, together=model_free.together.value, alone=model_free.alone.value)
