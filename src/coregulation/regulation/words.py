"""What an answer about steadying says: one sentence for the methods section, and plain words for the two people.

The same facts in both. No scores, no blame, no promise (LIVE.md 7.3); "when … was there" unless the design earns "because of".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from coregulation.regulation import gates
from coregulation.regulation.control import LIVE
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.reciprocity import moved
from coregulation.regulation.verdict import VerdictKind

_CAUTIONS = {
    "alone first": "Alone always came first; getting used to it can make a difference, or hide one.",
    "together first": "Together always came first; growing tired of it can make a difference, or hide one.",
}
_CLOSING = "It was one visit; we cannot say that it will be so next time."
TWO_THINGS = "Being moved by each other and being steadied are two things."
SAME = "How fast each settled was the same alone and together, as near as this visit can tell."
NOT_QUITE = (
    "By the model each settled as fast alone as together, but the half-lives by themselves differ, so look again."
)


def methods(told: PairRegulation) -> str:
    """Return the sentence for the methods section."""
    pair = " and ".join(told.people)
    if told.pair_burden is None:
        return f"{pair}: {told.kind.value}; {told.gates[0].why}"
    each = "; ".join(_methods(direction, told) for direction in told.directions)
    extra = "; unscripted shared input was seen and modelled" if told.shared else ""
    if any(one.jointly for one in told.directions):
        extra = "; every hard moment in company hit both"
    burden = f"pair burden {_span(told.pair_burden)}; " if all(one.asked for one in told.directions) else ""
    return f"{pair}: {told.kind.value}. {each}; {burden}order {told.order}{extra}."


def untested(told: PairRegulation) -> str:
    """Return why the regulation branch has no numbers, as the end of a sentence for the methods section."""
    why = told.gates[0].why.removesuffix(".")
    return f"whether either steadies the other cannot be told: {why[:1].lower()}{why[1:]}"


def plain(told: PairRegulation, before: str = "") -> str:
    """Return the words for the two people; what linkage has to say comes `before`."""
    if told.kind is VerdictKind.CANNOT_TELL:
        return " ".join(part for part in (before, _known(told), *told.notes, *_settle(told)) if part)
    said = _same(told) if before and told.kind is VerdictKind.SELF_REGULATING else _opening(told)
    return " ".join(part for part in (before, said, *told.notes, _CAUTIONS.get(told.order, ""), _CLOSING) if part)


def _settle(told: PairRegulation) -> tuple[str, ...]:
    """Return what would settle it, each once; of both together only where nothing would settle one direction."""
    of_each = dict.fromkeys(gate.settle for gate in told.gates if gate.settle and gate.question == "G4")
    return tuple(of_each or dict.fromkeys(gate.settle for gate in told.gates if gate.settle))


def _known(told: PairRegulation) -> str:
    """Return what is known of either where the whole cannot be told; what is uncertain either way is said once."""
    each = [
        one.plain
        for one in told.directions
        if one.answer is not DirectionAnswer.CANNOT_TELL or one.plain != gates.either(one)
    ]
    both = " and ".join(told.people)
    return " ".join(dict.fromkeys(each)) or f"Whether {both} settle sooner together, this visit cannot tell."


def _methods(direction: Direction, told: PairRegulation) -> str:
    to = f"{direction.giver} → {direction.receiver}"
    model_free = direction.model_free
    if model_free is None or not direction.asked:
        return f"{to}: not answered, as {direction.why[:1].lower()}{direction.why[1:].removesuffix('.')}"
    words = [
        f"own burden {_span(direction.own_burden)}",
        f"net {_span(direction.net_effect)}",
        f"price to {direction.giver} {_span(direction.cost_to_partner)}",
    ]
    if direction.jointly:
        words = [
            f"burden with both hit at once {_span(direction.own_burden)}",
            f"of both together {_span(direction.net_effect)}",
        ]
    words.append(
        f"half-life {_span(model_free.together, 0)} s together, {_span(model_free.alone, 0)} s alone, ratio {_span(model_free.ratio)} "
        f"(t on ln half-life{', SD pooled' if model_free.pooled else ''}), {model_free.counts[0]} + {model_free.counts[1]} recoveries"
    )
    earned = told.because and direction.answer is DirectionAnswer.SOONER
    link = f"because of {direction.giver}" if earned else gates.company(direction.giver, told.partner)
    return f'{to}: {direction.answer.value} ({", ".join(words)}; "{link}")'


def _opening(told: PairRegulation) -> str:
    first, second = told.people
    if told.kind in (VerdictKind.MUTUAL, VerdictKind.LENT, VerdictKind.ONE_WAY):
        return " ".join(_steadied(told))
    return {
        VerdictKind.CO_DYSREGULATION: (
            f"{moved(told.directions)} {_longer(told)}Being together was more to bear than being apart. This happens to "
            "people who care about each other. You may want to try a pause, apart, and see; you decide."
        ),
        VerdictKind.LINKED_ONLY: (
            f"{moved(told.directions)} Together there was about as much to bear as apart. {TWO_THINGS}"
        ),
        VerdictKind.LINKED: f"{moved(told.directions)} {_known(told)}",
        VerdictKind.IN_PARALLEL: f"{_moved_both(told)}{_same(told)}",
        VerdictKind.SELF_REGULATING: f"{first} and {second} each settled in their own time. {_same(told)}",
    }[told.kind]


def _longer(told: PairRegulation) -> str:
    """Return who clearly took longer to come back, if anybody did."""
    slow = [one.receiver for one in told.directions if one.own_burden.above(1.0)]
    who = "Both" if len(slow) > 1 else "".join(slow)
    return f"{who} took longer to come back. " if slow else ""


def _moved_both(told: PairRegulation) -> str:
    """Return what moved both; where every hard moment did, the notes say so."""
    noted = any(one.jointly for one in told.directions) and told.notes
    return "" if noted else f"Something moved {' and '.join(told.people)} at the same time. "


def _same(told: PairRegulation) -> str:
    return NOT_QUITE if any(one.disputed for one in told.directions) else SAME


def refused(told: PairRegulation) -> str:
    """Return what is said to the people where the branch was refused: why, and what would settle it."""
    (gate,) = told.gates
    return (
        f"Whether either settles sooner with the other, this visit cannot tell. {gate.plain or gate.why} {gate.settle}"
    )


def _steadied(told: PairRegulation) -> Iterator[str]:
    """Yield what is said of each direction where somebody was steadied."""
    for direction in told.directions:
        if direction.answer is DirectionAnswer.SOONER:
            yield _sooner(direction, told)
        elif told.partner == LIVE:
            yield direction.plain
    if told.kind is VerdictKind.ONE_WAY:
        yield "Nobody was there who could answer; what helped came from one side."


def _sooner(direction: Direction, told: PairRegulation) -> str:
    to, of, model_free = direction.receiver, direction.giver, direction.model_free
    link = (
        f"because of {of}, and not only because somebody was there" if told.because else gates.company(of, told.partner)
    )
    seconds = ""
    if model_free is not None and math.isfinite(model_free.alone.value):
        more = "" if math.isfinite(model_free.alone.high) else " or more"
        seconds = f": half-way back in about {model_free.together.value:.0f} seconds instead of {model_free.alone.value:.0f}{more}"
    text = f"After the hard moments, {to} settled sooner {link}{seconds}."
    if told.partner != LIVE:
        return text
    if direction.cost_to_partner.below(gates.SMALL_COST):
        return f"{text} It cost {of} little or nothing."
    return f"{text} A part of it, {of} took on." if direction.cost_to_partner.above(0) else text


def _span(told: Interval, digits: int = 2) -> str:
    return f"{told.value:.{digits}f} ({told.level * 100:.0f} % CI {told.low:.{digits}f} to {told.high:.{digits}f})"
