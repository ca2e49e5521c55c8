"""What the gates of the regulation branch say: with against alone (G4), both ways and at what price (G5).

G4 speaks of the one who was upset: own burden and half-lives. G5 speaks of the other: price and net. So what is known of the
one is said even where the other is open. Decisions are made elsewhere; no number is weighed here that was not weighed there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from coregulation.errors import CoregulationError
from coregulation.regulation.control import LIVE
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Answer, Direction, Words
from coregulation.regulation.interval import Interval
from coregulation.regulation.verdict import Gate, GateState, VerdictKind

SMALL = 0.25  # of a push: a price whose whole interval lies below this is told as little
THREE_EACH = "Three hard moments for each, alone and together, in mixed order."
_MORE = "More hard moments of each, alone and together."
_MIXED = "Alone and together in mixed order, drawn by lot."
_ONE_AT_A_TIME = "A hard moment for one at a time, while the other is at ease."


def refusal(error: CoregulationError) -> Gate:
    """Return the gate of a design that was refused or of a search that failed."""
    why, settle = str(error), "Correct what the reason names, in the recording or in its blocks, and ask again."
    plain = ""
    if isinstance(error, NotConvergedError):
        plain = "The reckoning did not come to an end that can be trusted, so there is no number to tell."
        settle = _MORE
    if isinstance(error, UnidentifiedError):
        why, settle = error.why, error.settle
    return Gate("G4", GateState.CANNOT_TELL, why, settle, plain)


def too_few(person: str, counts: tuple[int, int], least: int, partner: str = LIVE) -> Words:
    """Return what is said where a person had, or came through, too few hard moments, or was there as a stand-in only."""
    alone, together = counts
    if partner != LIVE and not together:
        return Words(f"{person} was no live partner here ({partner}).", f"{person} was not there to be asked.")
    if not (alone or together):
        return Words(
            f"{person} had no hard moment, alone or together.",
            f"{person} had no hard moment of their own, so there was nothing to come back from.",
            f"Three hard moments for {person} alone and three together, in mixed order.",
        )
    moments = f"{alone} hard {'moment' if alone == 1 else 'moments'} alone and {together} together"
    why = f"{person} had {moments} that could be followed; {least} of each are the least."
    return Words(why, why, f"Three hard moments for {person} alone and three together, in mixed order.")


def not_followed(person: str) -> Words:
    """Return what is said where too much is missing after the hard moments."""
    return Words(
        f"Too much of {person}'s signal is missing after the hard moments, so no return could be followed.",
        f"Too much of {person}'s signal was lost after the hard moments to see how they settle.",
        "The same again with a sensor that sits well; a chest strap loses least.",
    )


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
    return replace(told, why=f"{words.why}: {_numbers(told)}.", plain=words.plain, settle=words.settle)


def notes(design: Design) -> tuple[str, ...]:
    """Return what a design leaves open whatever came out, for the people who were there."""
    together = [probe for probe in design.probes if probe.together]
    if partner_of(design) == LIVE and together and all(len(probe.hit) > 1 for probe in together):
        return (
            "Every hard moment together hit both at once, so how either settles beside somebody calm was not seen.",
        )
    return ()


def partner_of(design: Design) -> str:
    """Return what kind of partner an answer is about: the live one wherever there was one."""
    return LIVE if LIVE in design.partners else min(design.partners)


def company(giver: str, partner: str) -> str:
    """Return "when … was there", for what kind of partner it was."""
    return {
        "recorded": f"with a recording of {giver}",
        "delayed": f"with {giver} shown with a delay",
        "imagined": f"with {giver} in mind",
    }.get(partner, f"when {giver} was there")


def _words(told: Direction, design: Design, shared: bool, margin: float) -> Words:
    to, of = told.receiver, told.giver
    if told.answer is Answer.SOONER:
        there = company(of, partner_of(design))
        spared = f", and {of} did not have to carry it instead" if partner_of(design) == LIVE else ""
        why = "Settles sooner, and nobody carries it instead" if spared else "Settles sooner"
        return Words(why, f"{to} came back sooner {there}{spared}.")
    if told.answer is Answer.CARRIED:
        return Words(
            f"Settles sooner, but {of} or the pair bears it instead",
            f"{to} came back sooner when {of} was there, but what {to} shed, {of} took on.",
        )
    if told.answer is Answer.LATER:
        return _later(told)
    if told.answer is Answer.NO_DIFFERENT:
        return _no_different(told, design, margin)
    return _sooner_at_least(told) if told.sooner else _open(told, design, shared)


def _no_different(told: Direction, design: Design, margin: float) -> Words:
    """Return the words of "no different", and where the half-lives by themselves are not, what makes the difference."""
    ratio = told.recovery.ratio if told.recovery is not None else told.own
    why = f"No different within a factor of {margin:g}"
    same = f"{told.receiver} came back about as fast alone as with {told.giver}"
    if ratio.below(1.0) or ratio.above(1.0):
        if design.order in ("alone first", "together first"):
            return Words(
                f"{why} once the order is allowed for", f"{same}, once it is allowed for which came first.", _MIXED
            )
        return Words(
            f"{why} by the model, though the half-lives differ", f"{same}, or near it: two ways of reckoning differ."
        )
    return Words(why, f"{same}, as near as this visit can tell.")


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
    settle = _needed(own, told, "would narrow it to within a factor of two")
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
    return Words("Too uncertain either way", either(told), settle)


def either(told: Direction) -> str:
    """Return the words for a direction of which nothing is known."""
    return f"{told.receiver} may have come back sooner with {told.giver}, or not: it could be either way."


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


def settling(told: Direction) -> Gate:
    """Return gate G4 of one direction: whether the receiver settles sooner, whoever carries it."""
    if told.sooner or told.answer in (Answer.SOONER, Answer.CARRIED):
        state = GateState.PASSED
    else:
        state = GateState.CANNOT_TELL if told.answer is Answer.CANNOT_TELL else GateState.FAILED
    return Gate(f"G4 {told.giver} → {told.receiver}", state, told.why, told.settle, told.plain)


def reciprocity(directions: Sequence[Direction], pair: Interval, kind: VerdictKind) -> Gate:
    """Return gate G5: whether it goes both ways, and what it costs whom."""
    known = [f"pair burden {span(pair)}"] if all(one.asked for one in directions) else []
    known += [f"price to {o.giver} {span(o.price)}, net {span(o.net)}" for o in directions if o.asked and not o.jointly]
    why = "; ".join(known) or "nothing was asked that would tell a price"
    state = _state(directions, kind)
    costs = () if kind is VerdictKind.ONE_WAY else (cost for one in directions if (cost := _cost(one)))
    open_parts = [one.settle for one in directions if one.sooner and one.answer is Answer.CANNOT_TELL]
    more = _ONE_AT_A_TIME if any(one.jointly for one in directions) else _MORE
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
        VerdictKind.LINKED_ONLY: "Together there was about as much to bear as apart.",
        VerdictKind.IN_PARALLEL: "Something reached both at once, so what went from one to the other is not known.",
        VerdictKind.SELF_REGULATING: f"Nothing was seen to go from {first} to {second} or back.",
    }.get(kind, "Whether it goes both ways is not known from this visit.")


def _cost(told: Direction) -> str:
    """Return what a direction cost the giver, where that is known."""
    if told.jointly or not told.asked:
        return ""
    shed = told.sooner or told.answer in (Answer.SOONER, Answer.CARRIED)
    if shed and told.price.below(SMALL):
        return f"It cost {told.giver} little or nothing."
    if not told.price.above(0):
        return ""
    return f"A part of what {told.receiver} shed, {told.giver} took on." if shed else _rose(told)


def _rose(told: Direction) -> str:
    return f"When {told.receiver} was upset, {told.giver} rose too."


def moved(directions: Sequence[Direction]) -> str:
    """Return who rose when the other was upset."""
    rising = [one for one in directions if one.rising]
    return "When one was upset, the other rose too." if len(rising) > 1 else " ".join(_rose(one) for one in rising)


def probes_needed(ratio: Interval, now: int) -> int:
    """Return how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n."""
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _needed(ratio: Interval, told: Direction, what: str) -> str:
    now = min(told.recovery.counts) if told.recovery is not None else 2
    return f"About {probes_needed(ratio, now)} hard moments of each, alone and together, {what}."


def _numbers(told: Direction) -> str:
    ratio = "" if told.recovery is None else f", half-life ratio {span(told.recovery.ratio)}"
    if told.jointly:
        return f"burden with both hit at once {span(told.own)}{ratio}, of both together {span(told.net)}"
    return f"own burden {span(told.own)}{ratio}, net {span(told.net)}"


def span(told: Interval) -> str:
    """Return a value with its interval, as a gate prints it."""
    return f"{told.value:.2f} ({told.level:.0%} {told.low:.2f} to {told.high:.2f})".replace("%", " %")
