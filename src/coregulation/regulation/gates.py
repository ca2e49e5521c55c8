"""What the gates of the regulation branch say: with against alone (G4), both ways and at what price (G5).

G4 speaks of the one who was upset: own burden and half-lives. G5 speaks of the other: price and net. So what is known of the
one is said even where the other is open. Decisions are made elsewhere; no number is weighed here that was not weighed there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from coregulation.errors import CoregulationError
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Answer, Direction, Words
from coregulation.regulation.interval import Interval
from coregulation.regulation.verdict import Gate, GateState, VerdictKind

_SMALL = 0.25  # of a push: a price whose whole interval lies below this is told as little
_MIXED = "Alone and together in mixed order, drawn by lot."
_ONE_AT_A_TIME = "A hard moment for one at a time, while the other is at ease."


def refusal(error: CoregulationError) -> Gate:
    """Return the gate of a design that was refused or of a search that failed."""
    why, settle = str(error), "Correct what the reason names, in the recording or in its blocks, and ask again."
    plain = ""
    if isinstance(error, NotConvergedError):
        plain = "The reckoning did not come to an end that can be trusted, so there is no number to tell."
        settle = "More hard moments of each, alone and together."
    if isinstance(error, UnidentifiedError):
        why, settle = error.why, error.settle
    return Gate("G4", GateState.CANNOT_TELL, why, settle, plain)


def too_few(person: str, counts: tuple[int, int], least: int) -> Words:
    """Return what is said where a person had, or came through, too few hard moments."""
    alone, together = counts
    if not (alone or together):
        return Words(
            f"{person} had no hard moment that could be followed, alone or together.",
            f"{person} had no hard moment of their own, so there was nothing to come back from.",
            f"Three hard moments for {person} alone and three together, in mixed order.",
        )
    why = f"{person} recovered {alone} times alone and {together} times together; {least} of each are the least."
    return Words(why, why, f"Three hard moments for {person} alone and three together, in mixed order.")


def not_raised(person: str, rise: float, least: float) -> Words:
    """Return what is said where the stressor did not perturb."""
    return Words(
        f"Alone, the hard moment raised {person} by {rise:.1f} rest SDs; {least:g} are the least.",
        f"The hard moments did not move {person} enough, even alone, to see how they settle.",
        "A stronger moment that is still all right to go through, or a cleaner signal.",
    )


def explained(told: Direction, design: Design, shared: bool, margin: float) -> Direction:
    """Return a direction with its reason in both voices and what would settle it; one that lacks something has them."""
    if told.why:
        return told
    words = _words(told, design, shared, margin)
    why = f"{words.why}: {_numbers(told)}."
    if _both_at_once(told, design):
        together = f"Every hard moment hit {told.giver} and {told.receiver} at once: how {told.receiver} settles beside somebody calm was not seen."
        words = Words(why, f"{words.plain} {together}", words.settle or _ONE_AT_A_TIME)
        why = f"{why} {together}"
    return replace(told, why=why, plain=words.plain, settle=words.settle)


def _words(told: Direction, design: Design, shared: bool, margin: float) -> Words:
    to, of = told.receiver, told.giver
    if told.answer is Answer.SOONER:
        return Words(
            "Settles sooner, and nobody carries it instead",
            f"{to} came back sooner when {of} was there, and {of} did not have to carry it instead.",
        )
    if told.answer is Answer.CARRIED:
        return Words(
            f"Settles sooner, but {of} or the pair bears it instead",
            f"{to} came back sooner when {of} was there, but what {to} shed, {of} took on.",
        )
    if told.answer is Answer.LATER:
        return _later(told)
    if told.answer is Answer.NO_DIFFERENT:
        return Words(
            f"No different within a factor of {margin:g}",
            f"{to} came back about as fast alone as with {of}, as near as this visit can tell.",
        )
    return _sooner_at_least(told) if told.sooner else _open(told, design, shared)


def _later(told: Direction) -> Words:
    to, of = told.receiver, told.giver
    if told.own.above(1.0):
        return Words("Settles later", f"{to} took longer to come back when {of} was there.")
    return Words(
        "Being together adds to the burden, though whether the one settles later is open",
        f"{to} did not come back sooner when {of} was there, and {of} was stirred as well.",
    )


def _sooner_at_least(told: Direction) -> Words:
    """Return the words where the one settles sooner and only the other's part is open."""
    to, of = told.receiver, told.giver
    carried = f"how much of it {of} carries" if told.price.above(0) else f"whether {of} carries a part of it"
    return Words(
        f"Settles sooner; {carried} is open",
        f"{to} came back sooner when {of} was there; {carried} is open.",
        _needed(told.net, told, f"would show {carried}"),
    )


def _open(told: Direction, design: Design, shared: bool) -> Words:
    """Return the words where even the one's own side is open: what leans which way, and why it is not enough."""
    to, of, own = told.receiver, told.giver, told.own
    ratio = told.recovery.ratio if told.recovery is not None else own
    settle = _needed(own, told, "would bring the interval under a factor of 2")
    if own.below(1.0) and ratio.value < 1.0:
        return _doubted(told, design, shared, settle)
    if own.below(1.0) or (own.above(1.0) and ratio.value < 1.0):
        which = "sooner" if own.below(1.0) else "later"
        return Words(
            f"The model says {which} and the half-lives do not",
            f"The two ways of reckoning do not agree on whether {to} came back sooner when {of} was there.",
            settle,
        )
    if own.above(1.0):
        return Words(
            "Settles later; what both together bear is open",
            f"{to} took longer to come back when {of} was there; what it meant for {of} is open.",
            settle,
        )
    if told.net.above(1.0):
        return Words(
            "The other is stirred; whether the one settles sooner is open",
            f"{of} was stirred by it; whether {to} came back sooner is open.",
            settle,
        )
    return Words(
        "Too uncertain either way", f"{to} may have come back sooner with {of}, or not: it could be either way.", settle
    )


def _doubted(told: Direction, design: Design, shared: bool, settle: str) -> Words:
    """Return the words where everything leans to sooner, but something else could have done as much."""
    to, of = told.receiver, told.giver
    sooner = f"{to} came back sooner when {of} was there"
    if shared:
        return Words(
            "Sooner, but not by more than the input seen in both at once can do",
            f"{sooner}, but something moved both at once, and that can do as much.",
            _ONE_AT_A_TIME,
        )
    if design.order == "alone first":
        return Words(
            "Sooner, but not by more than getting used to it can do, alone having come first",
            f"{sooner}, but alone always came first, and getting used to it can do as much.",
            _MIXED,
        )
    return Words(
        "Perhaps sooner, but by too little to be sure",
        f"{to} seemed to come back a little sooner with {of}, not surely.",
        settle,
    )


def _both_at_once(told: Direction, design: Design) -> bool:
    """Return whether the other was hit by every one of the person's hard moments in company."""
    probes = design.of(told.receiver, True)
    return bool(probes) and all(told.giver in probe.hit for probe in probes)


def settling(told: Direction) -> Gate:
    """Return gate G4 of one direction: whether the receiver settles sooner, whoever carries it."""
    if told.sooner or told.answer in (Answer.SOONER, Answer.CARRIED):
        state = GateState.PASSED
    else:
        state = GateState.CANNOT_TELL if told.answer is Answer.CANNOT_TELL else GateState.FAILED
    return Gate(f"G4 {told.giver} → {told.receiver}", state, told.why, told.settle, told.plain)


def reciprocity(directions: Sequence[Direction], pair: Interval, kind: VerdictKind) -> Gate:
    """Return gate G5: whether it goes both ways, and what it costs whom."""
    prices = "; ".join(f"price to {one.giver} {span(one.price)}, net {span(one.net)}" for one in directions)
    why = f"Pair burden {span(pair)}; {prices}."
    state = {VerdictKind.MUTUAL: GateState.PASSED}.get(kind, GateState.FAILED)
    if kind in (VerdictKind.CANNOT_TELL, VerdictKind.LINKED) or (kind is VerdictKind.LENT and _other_open(directions)):
        state = GateState.CANNOT_TELL
    plain = " ".join([_both_ways(directions, kind), *(cost for one in directions if (cost := _cost(one)))])
    settle = "More hard moments of each, alone and together." if state is GateState.CANNOT_TELL else ""
    return Gate("G5", state, why, settle, plain)


def _other_open(directions: Sequence[Direction]) -> bool:
    return any(one.answer is Answer.CANNOT_TELL for one in directions)


def _both_ways(directions: Sequence[Direction], kind: VerdictKind) -> str:
    first, second = directions[0].receiver, directions[0].giver
    if kind is VerdictKind.LENT:
        given = next(one for one in directions if one.answer is Answer.SOONER)
        back = "is open" if _other_open(directions) else "was not seen"
        return f"{given.giver} steadied {given.receiver}; the other way round it {back}."
    return {
        VerdictKind.MUTUAL: f"Both ways: {first} and {second} each came back sooner with the other.",
        VerdictKind.ONE_WAY: "One way only: nobody was there who could be steadied in turn.",
        VerdictKind.CO_DYSREGULATION: "Together it was more to bear than apart.",
        VerdictKind.LINKED_ONLY: "Each was moved by the other, and together there was as much to bear as apart.",
        VerdictKind.IN_PARALLEL: "Something reached both at once, so what went from one to the other is not known.",
        VerdictKind.SELF_REGULATING: f"Nothing was seen to go from {first} to {second} or back.",
    }.get(kind, "Whether it goes both ways is not known from this visit.")


def _cost(told: Direction) -> str:
    """Return what a direction cost the giver, where that is known."""
    if told.price.above(0):
        shed = told.sooner or told.answer in (Answer.SOONER, Answer.CARRIED)
        return (
            f"A part of what {told.receiver} shed, {told.giver} took on."
            if shed
            else f"{told.giver} rose when {told.receiver} was upset."
        )
    if told.answer is Answer.SOONER and told.price.below(_SMALL):
        return f"It cost {told.giver} little or nothing."
    return ""


def probes_needed(ratio: Interval, now: int) -> int:
    """Return how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n."""
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _needed(ratio: Interval, told: Direction, what: str) -> str:
    now = min(told.recovery.counts) if told.recovery is not None else 2
    return f"About {probes_needed(ratio, now)} hard moments of each kind {what}."


def _numbers(told: Direction) -> str:
    ratio = "" if told.recovery is None else f", half-life ratio {span(told.recovery.ratio)}"
    return f"own burden {span(told.own)}{ratio}, net {span(told.net)}"


def span(told: Interval) -> str:
    """Return a value with its interval, as a gate prints it."""
    return f"{told.value:.2f} ({told.level:.0%} {told.low:.2f} to {told.high:.2f})".replace("%", " %")
