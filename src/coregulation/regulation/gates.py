"""What gate G4 says of each direction, with against alone, and what is said where it was refused or lacks something.

G4 speaks of the one who was upset: own burden and half-lives; `reciprocity` (G5) speaks of the other: price and net. So what is
known of the one is said even where the other is open. Decisions are made elsewhere; no number is weighed here that was not
weighed there.
"""

from __future__ import annotations

import math
from dataclasses import replace

from coregulation.errors import CoregulationError
from coregulation.regulation.control import LIVE
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Direction, DirectionAnswer, Wording
from coregulation.regulation.interval import Interval
from coregulation.regulation.verdict import Gate, GateState

SMALL_COST = 0.25  # of a push: a price whose whole interval lies below this is told as little
SETTLE_THREE_EACH = "Three hard moments for each, alone and together, in mixed order."
SETTLE_MORE = "More hard moments of each, alone and together."
_MIXED = "Alone and together in mixed order, drawn by lot."
SETTLE_ONE_AT_A_TIME = "A hard moment for one at a time, while the other is at ease."


def refusal(error: CoregulationError) -> Gate:
    """Return the gate of a design that was refused or of a search that failed."""
    why, settle = str(error), "Correct what the reason names, in the recording or in its blocks, and ask again."
    plain = ""
    if isinstance(error, NotConvergedError):
        plain = "The reckoning did not come to an end that can be trusted, so there is no number to tell."
        settle = SETTLE_MORE
    if isinstance(error, UnidentifiedError):
        why, settle = error.why, error.settle
    return Gate("G4", GateState.CANNOT_TELL, why, settle, plain)


def too_few(person: str, counts: tuple[int, int], least: int, partner: str = LIVE) -> Wording:
    """Return what is said where a person had, or came through, too few hard moments, or was there as a stand-in only."""
    alone, together = counts
    if partner != LIVE and not together:
        return Wording(f"{person} was no live partner here ({partner}).", f"{person} was not there to be asked.")
    if not (alone or together):
        return Wording(
            f"{person} had no hard moment, alone or together.",
            f"{person} had no hard moment of their own, so there was nothing to come back from.",
            f"Three hard moments for {person} alone and three together, in mixed order.",
        )
    moments = f"{alone} hard {'moment' if alone == 1 else 'moments'} alone and {together} together"
    why = f"{person} had {moments} that could be followed; {least} of each are the least."
    return Wording(why, why, f"Three hard moments for {person} alone and three together, in mixed order.")


def not_followed(person: str) -> Wording:
    """Return what is said where too much is missing after the hard moments."""
    return Wording(
        f"Too much of {person}'s signal is missing after the hard moments, so no return could be followed.",
        f"Too much of {person}'s signal was lost after the hard moments to see how they settle.",
        "The same again with a sensor that sits well; a chest strap loses least.",
    )


def not_raised(person: str, rise: float, least: float) -> Wording:
    """Return what is said where the stressor did not perturb."""
    return Wording(
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


def _words(told: Direction, design: Design, shared: bool, margin: float) -> Wording:
    to, of = told.receiver, told.giver
    if told.answer is DirectionAnswer.SOONER:
        there = company(of, partner_of(design))
        spared = f", and {of} did not have to carry it instead" if partner_of(design) == LIVE else ""
        why = "Settles sooner, and nobody carries it instead" if spared else "Settles sooner"
        return Wording(why, f"{to} came back sooner {there}{spared}.")
    if told.answer is DirectionAnswer.CARRIED:
        return Wording(
            f"Settles sooner, but {of} or the pair bears it instead",
            f"{to} came back sooner when {of} was there, but what {to} shed, {of} took on.",
        )
    if told.answer is DirectionAnswer.LATER:
        return _later(told)
    if told.answer is DirectionAnswer.NO_DIFFERENT:
        return _no_different(told, margin)
    return _sooner_at_least(told) if told.sooner else _open(told, design, shared)


def _no_different(told: Direction, margin: float) -> Wording:
    """Return the words of "no different", and where the half-lives by themselves are not, what makes the difference."""
    why = f"No different within a factor of {margin:g}"
    same = f"{told.receiver} came back about as fast alone as with {told.giver}"
    if told.disputed:
        return Wording(
            f"{why} by the model, though the half-lives differ", f"{same}, or near it: two ways of reckoning differ."
        )
    return Wording(why, f"{same}, as near as this visit can tell.")


def _later(told: Direction) -> Wording:
    to, of = told.receiver, told.giver
    if told.own_burden.above(1.0):
        return Wording("Settles later", f"{to} took longer to come back when {of} was there.")
    return Wording(
        "Being together adds to the burden, though whether the one settles later is open",
        f"{to} did not come back sooner when {of} was there, and {of} was stirred as well.",
    )


def _sooner_at_least(told: Direction) -> Wording:
    """Return the words where the one settles sooner and only the other's part is open."""
    to, of = told.receiver, told.giver
    carried = f"how much of it {of} carries" if told.cost_to_partner.above(0) else f"whether {of} carries a part of it"
    return Wording(
        f"Settles sooner; {carried} is open",
        f"{to} came back sooner when {of} was there; {carried} is open.",
        _needed(told.net_effect, told, f"would show {carried}"),
    )


def _open(told: Direction, design: Design, shared: bool) -> Wording:
    """Return the words where even the one's own side is open: what leans which way, and why it is not enough."""
    to, of, own = told.receiver, told.giver, told.own_burden
    ratio = told.model_free.ratio if told.model_free is not None else own
    settle = _needed(own, told, "would narrow it to within a factor of two")
    if own.below(1.0) and ratio.value < 1.0:
        return _doubted(told, design, shared, settle)
    if own.below(1.0) or (own.above(1.0) and ratio.value < 1.0):
        which = "sooner" if own.below(1.0) else "later"
        return Wording(
            f"The model says {which} and the half-lives do not",
            f"The two ways of reckoning do not agree on whether {to} came back sooner when {of} was there.",
            settle,
        )
    if own.above(1.0):
        return Wording(
            "Settles later; what both together bear is open",
            f"{to} took longer to come back when {of} was there; what it meant for {of} is open.",
            settle,
        )
    if told.net_effect.above(1.0):
        return Wording(
            "The other is stirred; whether the one settles sooner is open",
            f"{of} was stirred by it; whether {to} came back sooner is open.",
            settle,
        )
    return Wording("Too uncertain either way", either(told), settle)


def either(told: Direction) -> str:
    """Return the words for a direction of which nothing is known."""
    return f"{told.receiver} may have come back sooner with {told.giver}, or not: it could be either way."


def _doubted(told: Direction, design: Design, shared: bool, settle: str) -> Wording:
    """Return the words where everything leans to sooner, but something else could have done as much."""
    to, of = told.receiver, told.giver
    sooner = f"{to} came back sooner when {of} was there"
    if shared:
        return Wording(
            "Sooner, but not by more than the input seen in both at once can do",
            f"{sooner}, but something moved both at once, and that can do as much.",
            SETTLE_ONE_AT_A_TIME,
        )
    if design.order == "alone first":
        return Wording(
            "Sooner, but not by more than getting used to it can do, alone having come first",
            f"{sooner}, but alone always came first, and getting used to it can do as much.",
            _MIXED,
        )
    return Wording(
        "Perhaps sooner, but by too little to be sure",
        f"{to} seemed to come back a little sooner with {of}, not surely.",
        settle,
    )


def settling(told: Direction) -> Gate:
    """Return gate G4 of one direction: whether the receiver settles sooner, whoever carries it."""
    if told.sooner or told.answer in (DirectionAnswer.SOONER, DirectionAnswer.CARRIED):
        state = GateState.PASSED
    else:
        state = GateState.CANNOT_TELL if told.answer is DirectionAnswer.CANNOT_TELL else GateState.FAILED
    return Gate(f"G4 {told.giver} → {told.receiver}", state, told.why, told.settle, told.plain)


def probes_needed(ratio: Interval, now: int) -> int:
    """Return how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n."""
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _needed(ratio: Interval, told: Direction, what: str) -> str:
    now = min(told.model_free.counts) if told.model_free is not None else 2
    return f"About {probes_needed(ratio, now)} hard moments of each, alone and together, {what}."


def _numbers(told: Direction) -> str:
    ratio = "" if told.model_free is None else f", half-life ratio {span(told.model_free.ratio)}"
    if told.jointly:
        return f"burden with both hit at once {span(told.own_burden)}{ratio}, of both together {span(told.net_effect)}"
    return f"own burden {span(told.own_burden)}{ratio}, net {span(told.net_effect)}"


def span(told: Interval) -> str:
    """Return a value with its interval, as a gate prints it."""
    return f"{told.value:.2f} ({told.level:.0%} {told.low:.2f} to {told.high:.2f})".replace("%", " %")
