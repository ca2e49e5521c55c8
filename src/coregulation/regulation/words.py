"""What an answer about steadying says: one sentence for the methods section, and plain words for the two people.

The same facts in both. No scores, no blame, no promise (LIVE.md 7.3); "when … was there" unless the design earns "because of".
"""

from __future__ import annotations

import math

from coregulation.regulation.direction import Answer, Direction
from coregulation.regulation.interval import Interval
from coregulation.regulation.steadying import Steadying
from coregulation.regulation.verdict import VerdictKind

_CAUTIONS = {
    "alone first": "Alone always came first, and getting used to it can do a part of this.",
    "together first": "Together always came first, and growing tired of it can do a part of this.",
}


def methods(told: Steadying) -> str:
    """Return the sentence for the methods section."""
    pair = " and ".join(told.people)
    if told.pair is None:
        return f"{pair}: {told.kind.value}; {told.gates[0].why}"
    each = "; ".join(_methods(direction, told.because) for direction in told.directions)
    extra = "; unscripted shared input was seen and modelled" if told.shared else ""
    return f"{pair}: {told.kind.value}. {each}; pair burden {_span(told.pair)}; order {told.order}{extra}."


def untested(told: Steadying) -> str:
    """Return why the regulation branch has no numbers, as the end of a sentence for the methods section."""
    why = told.gates[0].why.removesuffix(".")
    return f"whether either steadies the other cannot be told: {why[:1].lower()}{why[1:]}"


def plain(told: Steadying, moved: str | None = None) -> str:
    """Return the words for the two people; `moved` begins them where linkage has its own."""
    text = moved or _opening(told)
    caution = _CAUTIONS.get(told.order, "")
    closing = "It was one visit; we cannot say that it will be so next time."
    if told.kind is VerdictKind.CANNOT_TELL:
        return " ".join([text, *dict.fromkeys(gate.settle for gate in told.gates if gate.settle)])
    return " ".join(part for part in (text, caution, closing) if part)


def _methods(direction: Direction, because: bool) -> str:
    to = f"{direction.giver} → {direction.receiver}"
    free = direction.recovery
    words = [
        f"own burden {_span(direction.own)}",
        f"net {_span(direction.net)}",
        f"price to {direction.giver} {_span(direction.price)}",
    ]
    if free is not None:
        words.append(
            f"half-life {_span(free.together, 0)} s together, {_span(free.alone, 0)} s alone, ratio {_span(free.ratio)} "
            f"(t on ln half-life{', SD pooled' if free.pooled else ''}), {free.counts[0]} + {free.counts[1]} recoveries"
        )
    how = f'"because of {direction.giver}"' if because else f'"when {direction.giver} was there"'
    return f"{to}: {direction.answer.value} ({', '.join(words)}; {how})"


def _opening(told: Steadying) -> str:
    first, second = told.people
    both = f"{first} and {second}"
    sooner = [direction for direction in told.directions if direction.answer is Answer.SOONER]
    if told.kind in (VerdictKind.MUTUAL, VerdictKind.LENT, VerdictKind.ONE_WAY):
        return " ".join(_sooner(direction, told) for direction in sooner)
    return {
        VerdictKind.CO_DYSREGULATION: (
            "When one was upset, the other rose too, and it took longer to come back than apart. This happens to people who "
            "care about each other. You may want to try a pause, apart, and see; you decide."
        ),
        VerdictKind.LINKED_ONLY: (
            f"{both} were moved by each other's hard moments. What one shed the other carried, so that together it was no less. "
            "Being moved by each other and being steadied are two things."
        ),
        VerdictKind.LINKED: (
            f"{both} were moved by each other's hard moments. Whether either settled sooner for it, this visit cannot tell."
        ),
        VerdictKind.IN_PARALLEL: (
            f"Something in the room moved {both} at the same time. How fast each settled was the same alone and together, "
            "as near as this visit can tell."
        ),
        VerdictKind.SELF_REGULATING: (
            "Each settled in their own time. How fast was the same alone and together, as near as this visit can tell."
        ),
        VerdictKind.CANNOT_TELL: f"Whether {both} settle sooner together, this visit cannot tell.",
    }[told.kind]


def _sooner(direction: Direction, told: Steadying) -> str:
    link = f"because of {direction.giver}" if told.because else f"when {direction.giver} was there"
    free = direction.recovery
    seconds = ""
    if free is not None and math.isfinite(free.alone.value):
        seconds = f": half-way back in about {free.together.value:.0f} seconds instead of {free.alone.value:.0f}"
    text = f"After the hard moments, {direction.receiver} came back to the own resting level sooner {link}{seconds}."
    if told.kind is VerdictKind.ONE_WAY:
        return f"{text} Nobody was there who could answer; what helped came from one side."
    if direction.price.below(0.25):
        text += f" {direction.giver} stayed steady meanwhile."
    return text


def _span(told: Interval, digits: int = 2) -> str:
    return f"{told.value:.{digits}f} ({told.level * 100:.0f} % CI {told.low:.{digits}f} to {told.high:.{digits}f})"
