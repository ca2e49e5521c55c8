"""The regulation branch of the verdict: does one settle sooner when the other is there, and at what price.

Per-direction answers come first and the pair's kind is derived from them (REGULATION.md 7, SESSION.md 3). Linkage is not
asked here and not needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.interval import Interval
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import Comparison, compare, recoveries
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.verdict import Gate, GateState, VerdictKind


class Answer(StrEnum):
    """What can be said of one direction."""

    SOONER = "settles sooner"
    NO_DIFFERENT = "no different"
    LATER = "settles later or is stirred"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number a verdict hangs on; set on the public simulator, then frozen and tested on fresh seeds.

    Args:
        rise: rest SDs by which the stressor must raise arousal, alone. recoveries: least number of each kind.
        own: the own burden's interval must lie below this. net: and the net burden's below this.
        agree: the model-free half-life ratio must be below this. margin: "no different" is 1/margin to margin.
        stirred: the pair burden's interval must lie above this for co-dysregulation. price: a price's interval above this
            is a co-rise. common: a fast shared correlation whose interval lies above this calls for the slow input.
        slow: time constants tried for it, s. strict: with shared input seen, own and net must lie below this,
            and the half-life ratio's whole interval below `agree`.
    """

    rise: float = 3.0
    recoveries: int = 2
    own: float = 0.85
    net: float = 0.95
    agree: float = 0.85
    margin: float = 2.0
    stirred: float = 1.0
    price: float = 0.05
    common: float = 0.1
    slow: tuple[float, ...] = (8.0, 20.0, 50.0)
    strict: float = 0.75


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Direction:
    """What `receiver` got from `giver`'s company.

    Args:
        own, net: burden of a push to the receiver in company, 1 = alone; wide: 95 %; the narrow ones: 90 %, for equivalence.
        price: what it cost the giver, in the receiver's burdens. recovery: the same without a model.
    """

    receiver: str
    giver: str
    own: Interval
    own_narrow: Interval
    net: Interval
    net_narrow: Interval
    price: Interval
    recovery: Comparison | None
    answer: Answer
    why: str
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Steadying:
    """The regulation branch for one pair: directions, the pair's burden, gates and the kind that follows.

    Args:
        directions: to the first person, then to the second; empty where the design or the fit refused.
        pair: burden of both together over both alone. shared: slow or fast unscripted input was seen.
        kind: what regulation alone allows to say. because: the design earns "because of", not only "when … was there".
        order: how alone and together followed each other.
    """

    people: tuple[str, str]
    directions: tuple[Direction, ...]
    pair: Interval | None
    shared: bool
    kind: VerdictKind
    gates: tuple[Gate, ...]
    because: bool
    order: str


def fit_guarded(
    panel: Panel,
    design: Design,
    rng: np.random.Generator,
    how: StateSpace | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> tuple[Fit, bool]:
    """Fit; where fast shared input is seen, fit again with a slow one (which else passes for contagion); say which.

    The slow input's time constant is the one of `thresholds.slow` with the highest posterior.
    """
    how = how or StateSpace()
    first = how.fit(panel, design, rng)
    if not how.common or not first.common().above(thresholds.common):
        return first, False
    tried = [how.with_slow(slow).search(panel, design) for slow in thresholds.slow]
    best = min(tried, key=lambda found: found[1].point.loss)
    return how.finish(design, *best, rng), True


def steadying(
    panel: Panel,
    design: Design,
    rng: np.random.Generator,
    how: StateSpace | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> tuple[Steadying, ...]:
    """Answer the regulation branch for every pair.

    Refusals of the design and failures of the fit become "cannot tell" with what would settle it; bad recordings raise.

    Raises:
        DataError: if the recording does not fit the design.
    """
    pairs = [(a, b) for i, a in enumerate(design.people) for b in design.people[i + 1 :]]
    try:
        found = recoveries(panel, design)
        fit, shared = fit_guarded(panel, design, rng, how, thresholds)
    except (UnidentifiedError, NotConvergedError) as error:
        return tuple(refused(pair, design, error) for pair in pairs)
    free = {who: compare(found, who) for who in design.people}
    return tuple(answered(pair, design, fit, free, shared, thresholds) for pair in pairs)


def refused(pair: tuple[str, str], design: Design, error: CoregulationError) -> Steadying:
    """Return "cannot tell" for a design that was refused or a search that failed, with what would settle it."""
    why, settle = str(error), "More probes of each, alone and together."
    if isinstance(error, UnidentifiedError):
        why, settle = error.why, error.settle
    gate = Gate("G4", GateState.CANNOT_TELL, why, settle)
    return Steadying(pair, (), None, False, VerdictKind.CANNOT_TELL, (gate,), False, design.order)


def answered(
    pair: tuple[str, str],
    design: Design,
    fit: Fit,
    free: dict[str, Comparison | None],
    shared: bool,
    thresholds: Thresholds,
) -> Steadying:
    """Answer the regulation branch for one pair from a fit and the model-free comparisons."""
    burden = fit.pair_of(pair)
    directions = tuple(
        _direction(fit, design, receiver, giver, free[receiver], shared, thresholds)
        for receiver, giver in (pair, pair[::-1])
    )
    kind = _kind(directions, burden, design, shared, thresholds)
    gates = (*(_gate(direction) for direction in directions), _reciprocity(directions, burden, kind))
    return Steadying(pair, directions, burden, shared, kind, gates, len(design.partners) > 1, design.order)


def _direction(
    fit: Fit, design: Design, receiver: str, giver: str, free: Comparison | None, shared: bool, thresholds: Thresholds
) -> Direction:
    own, net, price = fit.own(receiver), fit.net(receiver), fit.price(receiver, giver)
    narrow = fit.own(receiver, 0.9)
    lack = _lack(design, receiver, free, thresholds)
    if lack is not None:
        return Direction(
            receiver, giver, own, narrow, net, fit.net(receiver, 0.9), price, free, Answer.CANNOT_TELL, *lack
        )
    assert free is not None
    live = "live" in design.partners  # a recording bears nothing, so there is no net
    answer, why, settle = _weigh(own, narrow, net if live else own, free, shared, thresholds)
    return Direction(receiver, giver, own, narrow, net, fit.net(receiver, 0.9), price, free, answer, why, settle)


def _lack(design: Design, receiver: str, free: Comparison | None, thresholds: Thresholds) -> tuple[str, str] | None:
    """Return what keeps a direction from being answered at all, and what would settle it."""
    counts = tuple(len(design.of(receiver, together)) for together in (False, True))
    if free is None or min(free.counts) < thresholds.recoveries:
        alone, together = free.counts if free is not None else counts
        why = f"{receiver} recovered {alone} times alone and {together} times together; {thresholds.recoveries} are the least."
        return why, f"Three hard moments for {receiver} alone and three together, in mixed order."
    if free.rise <= thresholds.rise:
        why = (
            f"Alone, the hard moment raised {receiver} by {free.rise:.1f} rest SDs; {thresholds.rise:g} are the least."
        )
        return why, "A stronger moment, or a cleaner signal."
    return None


def _weigh(
    own: Interval, narrow: Interval, net: Interval, free: Comparison, shared: bool, thresholds: Thresholds
) -> tuple[Answer, str, str]:
    told = f"own burden {_told(own)}, net {_told(net)}, half-life ratio {_told(free.ratio)}"
    lowest = (thresholds.strict, thresholds.strict) if shared else (thresholds.own, thresholds.net)
    agreed = free.ratio.below(thresholds.agree) if shared else free.ratio.value < thresholds.agree
    if own.below(lowest[0]) and net.below(lowest[1]) and agreed:
        return Answer.SOONER, f"Settles sooner, and nobody carries it instead: {told}.", ""
    if net.above(1.0) and own.value > 1.0:
        return Answer.LATER, f"Being together adds to the burden: {told}.", ""
    if narrow.inside(1 / thresholds.margin, thresholds.margin):
        return Answer.NO_DIFFERENT, f"No different within a factor of {thresholds.margin:g}: {told}.", ""
    needed = probes_needed(own, min(free.counts))
    return (
        Answer.CANNOT_TELL,
        f"Too uncertain either way: {told}.",
        f"About {needed} hard moments of each kind would bring the interval under a factor of 2.",
    )


def probes_needed(ratio: Interval, now: int) -> int:
    """Return how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n."""
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _kind(
    directions: Sequence[Direction], pair: Interval, design: Design, shared: bool, thresholds: Thresholds
) -> VerdictKind:
    asked = [one for one in directions if design.of(one.receiver, True)]
    sooner = [one for one in asked if one.answer is Answer.SOONER]
    same = bool(asked) and all(one.answer is Answer.NO_DIFFERENT for one in asked)
    if "live" not in design.partners:
        return VerdictKind.ONE_WAY if sooner else VerdictKind.SELF_REGULATING if same else VerdictKind.CANNOT_TELL
    if sooner:
        return VerdictKind.MUTUAL if len(sooner) == len(directions) else VerdictKind.LENT
    rising = not shared and any(one.price.above(thresholds.price) for one in asked)
    if rising and pair.above(thresholds.stirred) and len(asked) == len(directions):
        return VerdictKind.CO_DYSREGULATION
    if rising:
        shifted = all(one.net_narrow.inside(1 / thresholds.margin, thresholds.margin) for one in asked)
        return VerdictKind.LINKED_ONLY if shifted else VerdictKind.LINKED
    if same and len(asked) == len(directions):
        return VerdictKind.IN_PARALLEL if shared else VerdictKind.SELF_REGULATING
    return VerdictKind.CANNOT_TELL


def _gate(direction: Direction) -> Gate:
    states = {
        Answer.SOONER: GateState.PASSED,
        Answer.LATER: GateState.FAILED,
        Answer.NO_DIFFERENT: GateState.FAILED,
        Answer.CANNOT_TELL: GateState.CANNOT_TELL,
    }
    to, of = direction.receiver, direction.giver
    plain = {
        Answer.SOONER: f"{to} came back sooner when {of} was there, and {of} did not have to carry it instead.",
        Answer.LATER: f"{to} took longer to come back when {of} was there, or {of} was stirred as well.",
        Answer.NO_DIFFERENT: f"As fast alone as with {of}, as near as this visit can tell.",
        Answer.CANNOT_TELL: "It could be either way." if direction.why.startswith("Too") else direction.why,
    }
    return Gate(
        f"G4 {of} → {to}",
        states[direction.answer],
        direction.why,
        direction.settle,
        plain[direction.answer],
    )


def _reciprocity(directions: Sequence[Direction], pair: Interval, kind: VerdictKind) -> Gate:
    told = "; ".join(f"price to {d.giver} {_told(d.price)}" for d in directions)
    why = f"Pair burden {_told(pair)}; {told}."
    if kind is VerdictKind.CANNOT_TELL:
        plain = "Whether it goes both ways, and what it costs whom, is not known from this visit."
        return Gate("G5", GateState.CANNOT_TELL, why, "More hard moments of each, alone and together.", plain)
    if kind is VerdictKind.MUTUAL:
        return Gate("G5", GateState.PASSED, why, plain="Each was steadied by the other.")
    return Gate("G5", GateState.FAILED, why, plain=_one_sided(directions))


def _one_sided(directions: Sequence[Direction]) -> str:
    paid = [d.giver for d in directions if d.price.above(0)]
    if paid:
        return f"What one shed, {' and '.join(paid)} carried."
    return "Steadying was not shown both ways; a price was not seen either."


def _told(told: Interval) -> str:
    return f"{told.value:.2f} ({told.level:.0%} {told.low:.2f} to {told.high:.2f})".replace("%", " %")
