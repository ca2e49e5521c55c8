"""The regulation branch of the verdict: does one settle sooner when the other is there, and at what price.

Per-direction answers come first and the pair's kind is derived from them (REGULATION.md 7, SESSION.md 3). Linkage is not
asked here and not needed.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.regulation.control import LIVE, Control, controls, earned
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.interval import Interval
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import Comparison, Recovery, compare, recoveries
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.verdict import Gate, GateState, VerdictKind


class Answer(StrEnum):
    """What can be said of one direction."""

    SOONER = "settles sooner"
    CARRIED = "what one sheds the other carries"
    NO_DIFFERENT = "no different"
    LATER = "settles later or is stirred"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number a verdict hangs on; set on the public simulator, then frozen and tested on fresh seeds.

    Args:
        rise: rest SDs by which the stressor must raise arousal, alone. recoveries: least number of each kind.
        own, net: the burdens' intervals (95 and 90 %) must lie below these. fixed: the same where alone always came first,
            since getting used to it does the same; strict: where unscripted shared input was seen.
        agree: the model-free half-life ratio must be below this; its whole interval where shared input was seen.
        margin: "no different" is an interval (90 %) within 1/margin to margin that shows no difference either.
        price: a price above this is a co-rise, asked at the level `sure`. stirred: of the pair burden, for co-dysregulation.
        common: a fast shared correlation whose interval lies above this calls for the slow input. slow: time constants
            tried for it, s. spilled: share of a stressor's size that reaching the other directly makes it a shared one.
    """

    rise: float = 3.0
    recoveries: int = 2
    own: float = 0.95
    net: float = 1.0
    fixed: tuple[float, float] = (0.75, 0.95)
    strict: tuple[float, float] = (0.8, 0.8)
    agree: float = 0.9
    margin: float = 2.0
    price: float = 0.05
    sure: float = 0.975
    stirred: float = 1.0
    common: float = 0.1
    slow: tuple[float, ...] = (8.0, 20.0, 50.0)
    spilled: float = 0.25


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Direction:
    """What `receiver` got from `giver`'s company.

    Args:
        own, net: burden of a push to the receiver in company, 1 = alone, 95 %; where every stressor hit both, of pushes to
            both. own_narrow, net_narrow: 90 %, for equivalence and where both directions are claimed at once; own_wide: 97.5 %,
            for a difference in either of two directions. price: what it cost the giver, in the receiver's burdens; rising: it is
            above the threshold. recovery: the same without a model. nearly: it would be "sooner" if the other direction was.
    """

    receiver: str
    giver: str
    own: Interval
    own_narrow: Interval
    own_wide: Interval
    net: Interval
    net_narrow: Interval
    price: Interval
    recovery: Comparison | None
    answer: Answer
    why: str
    settle: str = ""
    rising: bool = False
    nearly: bool = False


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
    """Fit; fit again with what the first fit shows to be missing; say whether unscripted shared input was seen.

    Where each one's stressor clearly reached the other at once both were hit, whatever was written down. Where fast shared
    input is seen, a slow one is modelled, which else passes for contagion; its time constant is the one of
    `thresholds.slow` with the highest posterior.
    """
    how = how or StateSpace()
    first = how.fit(panel, design, rng)
    hit = _as_it_was(first, thresholds)
    if hit is not design:
        design, first = hit, how.fit(panel, hit, rng)
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
        every = recoveries(panel, design)
        main = design.arm(LIVE) if LIVE in design.partners else design
        fit, shared = fit_guarded(panel, main, rng, how, thresholds)
    except (UnidentifiedError, NotConvergedError) as error:
        return tuple(refused(pair, design, error) for pair in pairs)
    free = compared(every, main)
    asked_of = controls(every, design)
    return tuple(answered(pair, main, fit, free, shared, thresholds, asked_of) for pair in pairs)


def compared(found: Sequence[Recovery], design: Design) -> dict[str, Comparison | None]:
    """Return each person's comparison over the recoveries from a design's own probes."""
    mine = [one for one in found if one.probe in design.probes]
    return {who: compare(mine, who) for who in design.people}


def refused(pair: tuple[str, str], design: Design, error: CoregulationError) -> Steadying:
    """Return "cannot tell" for a design that was refused or a search that failed, with what would settle it."""
    why, settle = str(error), "Correct what the reason names, in the recording or in its blocks, and ask again."
    if isinstance(error, NotConvergedError):
        settle = "More hard moments of each, alone and together."
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
    asked_of: Sequence[Control] = (),
) -> Steadying:
    """Answer the regulation branch for one pair from a fit, the model-free comparisons and the controls, if any."""
    joint = shared or fit.design.jointly(pair)
    directions = tuple(
        _direction(fit, design, receiver, giver, free[receiver], joint, thresholds)
        for receiver, giver in (pair, pair[::-1])
    )
    if all(one.nearly for one in directions):  # Holm: two claims at once need each only its own level
        directions = tuple(replace(one, answer=Answer.SOONER, why=_sooner(one), settle="") for one in directions)
    burden, narrow = fit.pair_of(pair), fit.pair_of(pair, 0.9)
    if any(one.rising for one in directions if design.of(one.receiver, True)) and narrow.high >= 1:
        directions = tuple(_carried(one) if one.answer is Answer.SOONER else one for one in directions)
    asked = [one for one in directions if design.of(one.receiver, True)]
    kind = _kind(directions, asked, narrow, design, joint, thresholds)
    gates = (*(_gate(direction) for direction in directions), _reciprocity(directions, burden, kind))
    sooner = [one.receiver for one in directions if one.answer is Answer.SOONER]
    because = bool(sooner) and all(earned(asked_of, who) for who in sooner)
    return Steadying(pair, directions, burden, joint, kind, gates, because, design.order)


def _as_it_was(fit: Fit, thresholds: Thresholds) -> Design:
    """Return the design with the people hit whom a stressor evidently reached; the same one where nobody was."""
    design = fit.design
    for pair in itertools.combinations(design.people, 2):
        if _spilled(fit, pair, thresholds):
            design = design.spread(pair)
    return design


def _spilled(fit: Fit, pair: tuple[str, str], thresholds: Thresholds) -> bool:
    """Return whether each one's stressor clearly reached the other at once."""
    effects, at = fit.target.grid.effects, [fit.design.people.index(who) for who in pair]
    dose = {
        i: np.median(
            [v for v, e in zip(fit.effects, effects, strict=True) if e.kind == "dose" and e.person == i] or [0]
        )
        for i in at
    }
    spills = [e for e in effects if e.kind == "spill" and e.person in at and e.source in at]
    return len(spills) == 2 and all(
        dose[e.person] > 0 and fit.effect(e).above(thresholds.spilled * float(dose[e.person])) for e in spills
    )


def _direction(
    fit: Fit, design: Design, receiver: str, giver: str, free: Comparison | None, shared: bool, thresholds: Thresholds
) -> Direction:
    bare = _measured(fit, receiver, giver, free, thresholds)
    lack = _lack(design, receiver, free, thresholds)
    if lack is not None:
        return replace(bare, why=lack[0], settle=lack[1])
    return _weighed(bare, shared, design.order, thresholds)


def _measured(fit: Fit, receiver: str, giver: str, free: Comparison | None, thresholds: Thresholds) -> Direction:
    """Return a direction's numbers before they are weighed."""
    own: Callable[[float], Interval] = functools.partial(fit.own, receiver)
    net: Callable[[float], Interval] = functools.partial(fit.net, receiver)
    rising = fit.price(receiver, giver, thresholds.sure).above(thresholds.price)
    if "live" not in fit.design.partners:  # a recording bears nothing, so there is no net
        net = own
    if fit.design.jointly((receiver, giver)):  # own and price apart are not identified
        own, net, rising = functools.partial(fit.jointly, receiver), fit.jointly_all, False
    return Direction(
        receiver, giver, own(0.95), own(0.9), own(0.975), net(0.95), net(0.9), fit.price(receiver, giver), free,
        Answer.CANNOT_TELL, "", rising=rising,
    )  # fmt: skip


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


def _weighed(bare: Direction, shared: bool, order: str, thresholds: Thresholds) -> Direction:
    """Return a direction with its answer: the model's burdens and the model-free half-lives must agree."""
    own, net, free = bare.own, bare.net, bare.recovery
    assert free is not None
    fixed = order == "alone first"
    most = thresholds.strict if shared else thresholds.fixed if fixed else (thresholds.own, thresholds.net)
    agreed = free.ratio.below(thresholds.agree) if shared else free.ratio.value < thresholds.agree
    nearly = agreed and bare.own_narrow.below(most[0]) and bare.net_narrow.below(most[1])
    if nearly and own.below(most[0]):
        return replace(bare, answer=Answer.SOONER, why=_sooner(bare), nearly=True)
    if net.above(1.0) and own.value > 1.0:
        return replace(bare, answer=Answer.LATER, why=f"Being together adds to the burden: {_numbers(bare)}.")
    margin = thresholds.margin
    if bare.own_narrow.inside(1 / margin, margin) and _unmoved(bare, order, thresholds):
        why = f"No different within a factor of {margin:g}: {_numbers(bare)}."
        return replace(bare, answer=Answer.NO_DIFFERENT, why=why, nearly=nearly)
    needed = probes_needed(own, min(free.counts))
    settle = f"About {needed} hard moments of each kind would bring the interval under a factor of 2."
    return replace(bare, why=f"Too uncertain either way: {_numbers(bare)}.", settle=settle, nearly=nearly)


def _unmoved(told: Direction, order: str, thresholds: Thresholds) -> bool:
    """Return whether no difference is shown, or none beyond what the order of the blocks does by itself."""
    slack = thresholds.fixed[0]
    low = slack if order == "alone first" else 1.0
    high = 1 / slack if order == "together first" else 1.0
    return told.own_wide.low < high and told.own_wide.high > low


def _sooner(told: Direction) -> str:
    return f"Settles sooner, and nobody carries it instead: {_numbers(told)}."


def _carried(told: Direction) -> Direction:
    """Return a direction whose burden was passed on: the other rises in turn, and the pair bears no less."""
    why = f"Settles sooner, but {told.giver} or the pair bears it instead: {_numbers(told)}."
    return replace(told, answer=Answer.CARRIED, why=why, nearly=False)


def _numbers(told: Direction) -> str:
    ratio = "" if told.recovery is None else f", half-life ratio {_told(told.recovery.ratio)}"
    return f"own burden {_told(told.own)}, net {_told(told.net)}{ratio}"


def probes_needed(ratio: Interval, now: int) -> int:
    """Return how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n."""
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _kind(
    directions: Sequence[Direction], asked: Sequence[Direction], pair: Interval, design: Design, shared: bool,
    thresholds: Thresholds,
) -> VerdictKind:  # fmt: skip
    """Derive the pair's kind from the directions; `pair` is its burden at 90 %."""
    sooner = [one for one in asked if one.answer is Answer.SOONER]
    same = bool(asked) and all(one.answer is Answer.NO_DIFFERENT for one in asked)
    both = len(asked) == len(directions)
    if "live" not in design.partners:
        return VerdictKind.ONE_WAY if sooner else VerdictKind.SELF_REGULATING if same else VerdictKind.CANNOT_TELL
    if sooner:
        return VerdictKind.MUTUAL if len(sooner) == len(directions) else VerdictKind.LENT
    if not shared and any(one.rising for one in asked):
        if both and pair.above(thresholds.stirred):
            return VerdictKind.CO_DYSREGULATION
        level = pair.low < 1 < pair.high and pair.inside(1 / thresholds.margin, thresholds.margin)
        return VerdictKind.LINKED_ONLY if level else VerdictKind.LINKED
    if shared and both and all(_unmoved(one, design.order, thresholds) for one in asked):
        return VerdictKind.IN_PARALLEL
    return VerdictKind.SELF_REGULATING if same and both and not shared else VerdictKind.CANNOT_TELL


def _gate(direction: Direction) -> Gate:
    states = {
        Answer.SOONER: GateState.PASSED,
        Answer.CARRIED: GateState.FAILED,
        Answer.LATER: GateState.FAILED,
        Answer.NO_DIFFERENT: GateState.FAILED,
        Answer.CANNOT_TELL: GateState.CANNOT_TELL,
    }
    to, of = direction.receiver, direction.giver
    plain = {
        Answer.SOONER: f"{to} came back sooner when {of} was there, and {of} did not have to carry it instead.",
        Answer.CARRIED: f"{to} came back sooner when {of} was there, but what {to} shed, {of} took on.",
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
