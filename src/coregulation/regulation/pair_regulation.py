"""The regulation branch of the verdict: does one settle sooner when the other is there, and at what price.

Per-direction answers come first and the pair's kind is derived from them. Linkage is not
asked here and not needed.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.reasons import Reason
from coregulation.regulation.control import LIVE, PartnerControl, live_partner_mattered, partner_controls
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import Gate, VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.panel import Panel
from coregulation.regulation.reciprocity import reciprocity_gate
from coregulation.regulation.recovery import Recovery, RecoveryComparison, compare_recoveries, measure_recoveries
from coregulation.regulation.settling import (
    design_notes,
    find_lack,
    partner_of,
    recovery_gate,
    refusal_gate,
    with_reason,
)
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.settings import LEVEL


@dataclass(frozen=True, slots=True)
class PairRegulation:
    """The regulation branch for one pair.

    Parameters
    ----------
    people
        The two, in the session's order.
    directions
        To the first person, then to the second; empty where the design or the fit refused.
    pair_burden
        Burden of both together over both alone, 1 = as alone; None where refused.
    shared
        Whether slow or fast unscripted input was seen in both.
    kind
        What regulation alone allows to say.
    gates
        G4 of each direction, and G5; where refused, one G4 of the pair.
    partner_mattered
        Whether the design earns "because of", not only "when … was there".
    order
        How alone and together followed each other: "crossed", "alone first", "together first" or "none".
    partner
        What kind of partner it is about, "live" or what stood in.
    notes
        What the design leaves open whatever came out, for the people who were there.
    """

    people: tuple[str, str]
    directions: tuple[Direction, ...]
    pair_burden: Interval | None
    shared: bool
    kind: VerdictKind
    gates: tuple[Gate, ...]
    partner_mattered: bool
    order: str
    partner: str = LIVE
    notes: tuple[Reason, ...] = ()


def fit_guarded(
    panel: Panel,
    design: Design,
    rng: np.random.Generator,
    model: StateSpace | None = None,
    thresholds: RegulationThresholds = THRESHOLDS,
) -> tuple[Fit, bool]:
    """Fit, and fit again with what the first fit shows to be missing.

    Where each one's stressor clearly reached the other at once both were hit, whatever was written down. Where fast shared
    input is seen, a slow one is modelled, which else passes for contagion; its time constant is the one of
    `thresholds.slow` with the highest posterior.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    rng
        Of the joint draws.
    model
        How to fit; as it stands if None.
    thresholds
        What counts as seen.

    Returns
    -------
    tuple of Fit and bool
        The fit, and whether unscripted shared input was seen.

    Raises
    ------
    UnidentifiedError
        If nobody was alone, or nobody together.
    NotConvergedError
        If no maximum was found.
    """
    model = model or StateSpace()
    first = model.fit(panel, design, rng)
    hit = _as_it_was(first, thresholds)
    if hit is not design:
        design, first = hit, model.fit(panel, hit, rng)
    if not model.common or not first.common().above(thresholds.min_common):
        return first, False
    tried = [model.with_slow(slow).search(panel, design) for slow in thresholds.slow]
    best = min(tried, key=lambda found: found[1].point.loss)
    return model.finish(design, *best, rng), True


def assess_pair(
    panel: Panel,
    design: Design,
    rng: np.random.Generator,
    model: StateSpace | None = None,
    thresholds: RegulationThresholds = THRESHOLDS,
) -> tuple[PairRegulation, ...]:
    """Answer the regulation branch for every pair.

    Refusals of the design and failures of the fit become "cannot tell" with what would settle it; bad recordings raise.

    Parameters
    ----------
    panel
        Everybody's index, shape (t, people).
    design
        What was done when.
    rng
        Of the joint draws.
    model
        How to fit; as it stands if None.
    thresholds
        Of the verdict.

    Returns
    -------
    tuple of PairRegulation
        One for each pair, in the order of the people.

    Raises
    ------
    DataError
        If the recording does not fit the design.
    """
    pairs = [(a, b) for i, a in enumerate(design.people) for b in design.people[i + 1 :]]
    try:
        every = measure_recoveries(panel, design)
        main = design.arm(LIVE) if LIVE in design.partners else design
        fit, shared = fit_guarded(panel, main, rng, model, thresholds)
    except (UnidentifiedError, NotConvergedError) as error:
        return tuple(refuse_pair(pair, design, error) for pair in pairs)
    model_free = compare_all(every, main)
    asked_of = partner_controls(every, design)
    return tuple(answer_pair(pair, main, fit, model_free, shared, thresholds, asked_of) for pair in pairs)


def compare_all(found: Sequence[Recovery], design: Design) -> dict[str, RecoveryComparison | None]:
    """Compare each person's recoveries from a design's own probes.

    Parameters
    ----------
    found
        Recoveries, also from other probes.
    design
        Whose probes count.

    Returns
    -------
    dict
        By person; None without a recovery of either kind.
    """
    mine = [one for one in found if one.probe in design.probes]
    return {who: compare_recoveries(mine, who) for who in design.people}


def refuse_pair(pair: tuple[str, str], design: Design, error: CoregulationError) -> PairRegulation:
    """Answer "cannot tell" for a design that was refused or a search that failed, with what would settle it.

    Parameters
    ----------
    pair
        The two people.
    design
        What was done when.
    error
        Why.

    Returns
    -------
    PairRegulation
        Without directions.
    """
    return PairRegulation(pair, (), None, False, VerdictKind.CANNOT_TELL, (refusal_gate(error),), False, design.order)


def answer_pair(
    pair: tuple[str, str],
    design: Design,
    fit: Fit,
    model_free: dict[str, RecoveryComparison | None],
    shared: bool,
    thresholds: RegulationThresholds,
    asked_of: Sequence[PartnerControl] = (),
) -> PairRegulation:
    """Answer the regulation branch for one pair.

    Parameters
    ----------
    pair
        The two people.
    design
        Of being alone and of being with the live partner.
    fit
        Of everybody.
    model_free
        Each person's half-lives together against alone.
    shared
        Whether unscripted shared input was seen.
    thresholds
        Of the verdict.
    asked_of
        The live partner against what stood in, if both were met.

    Returns
    -------
    PairRegulation
        With both directions.
    """
    joint = shared or fit.design.jointly(pair)
    directions = tuple(
        _direction(fit, design, receiver, giver, model_free[receiver], joint, thresholds)
        for receiver, giver in (pair, pair[::-1])
    )
    settled = any(one.answer is DirectionAnswer.SOONER for one in directions)
    if all(one.nearly or (settled and one.follows) for one in directions):
        directions = tuple(replace(one, answer=DirectionAnswer.SOONER) for one in directions)
    burden, narrow = fit.burden_of_pair(pair), fit.burden_of_pair(pair, thresholds.equivalence_level)
    if not narrow.below(thresholds.max_pair_burden):
        directions = tuple(
            replace(one, answer=DirectionAnswer.CARRIED) if one.answer is DirectionAnswer.SOONER and one.rising else one
            for one in directions
        )
    directions = tuple(with_reason(one, fit.design, joint, thresholds.margin) for one in directions)
    asked = [one for one in directions if design.of(one.receiver, True)]
    kind = _kind(directions, asked, narrow, design, joint, thresholds)
    asked_and_told = (*(recovery_gate(one) for one in directions), reciprocity_gate(directions, burden, kind))
    sooner = [one.receiver for one in directions if one.answer is DirectionAnswer.SOONER]
    mattered = bool(sooner) and all(live_partner_mattered(asked_of, who) for who in sooner)
    return PairRegulation(
        pair, directions, burden, joint, kind, asked_and_told, mattered, design.order, partner_of(design),
        design_notes(design),
    )  # fmt: skip


def _as_it_was(fit: Fit, thresholds: RegulationThresholds) -> Design:
    """Return the design with the people hit whom a stressor evidently reached; the same one where nobody was."""
    design = fit.design
    for pair in itertools.combinations(design.people, 2):
        if _spilled(fit, pair, thresholds):
            design = design.spread(pair)
    return design


def _spilled(fit: Fit, pair: tuple[str, str], thresholds: RegulationThresholds) -> bool:
    """Return whether each one's stressor clearly reached the other at once."""
    effects, at = fit.target.grid.effects, [fit.design.people.index(who) for who in pair]
    dose = {
        i: np.median(
            [v for v, e in zip(fit.effects, effects, strict=True) if e.kind == "dose" and e.person == i] or [0]
        )
        for i in at
    }
    spills = [e for e in effects if e.kind == "cross_exposure" and e.person in at and e.source in at]
    return len(spills) == 2 and all(
        dose[e.person] > 0 and fit.effect(e).above(thresholds.min_cross_exposure * float(dose[e.person]))
        for e in spills
    )


def _direction(
    fit: Fit,
    design: Design,
    receiver: str,
    giver: str,
    model_free: RecoveryComparison | None,
    shared: bool,
    thresholds: RegulationThresholds,
) -> Direction:
    bare = _measured(fit, receiver, giver, model_free, thresholds)
    planned = (len(design.of(receiver, False)), len(design.of(receiver, True)))
    counts, rise = (planned, None) if model_free is None else (model_free.counts, model_free.rise)
    lack = find_lack(design, receiver, counts, rise, thresholds)
    if lack is not None:
        return replace(bare, reason=lack[0], settle=lack[1])
    return _weighed(bare, shared, design.order == "alone first", thresholds)


def _measured(
    fit: Fit, receiver: str, giver: str, model_free: RecoveryComparison | None, thresholds: RegulationThresholds
) -> Direction:
    """Return a direction's numbers before they are weighed."""
    own: Callable[[float], Interval] = functools.partial(fit.own_burden, receiver)
    net: Callable[[float], Interval] = functools.partial(fit.net_effect, receiver)
    rising = fit.cost_to_partner(receiver, giver, thresholds.cost_level).above(thresholds.min_cost)
    if "live" not in fit.design.partners:  # a recording bears nothing, so there is no net
        net = own
    jointly = fit.design.jointly((receiver, giver))
    if jointly:  # own and price apart are not identified
        own, net, rising = functools.partial(fit.joint_burden, receiver), fit.joint_burden_of_all, False
    return Direction(
        receiver, giver, own(LEVEL), own(thresholds.equivalence_level), own(thresholds.direction_level),
        net(LEVEL), net(thresholds.equivalence_level), fit.cost_to_partner(receiver, giver), model_free,
        rising=rising, jointly=jointly,
    )  # fmt: skip


def _weighed(bare: Direction, shared: bool, fixed: bool, thresholds: RegulationThresholds) -> Direction:
    """Return a direction with its answer: the model's burdens and the model-free half-lives must agree."""
    own, net, model_free = bare.own_burden, bare.net_effect, bare.model_free
    assert model_free is not None
    most = (
        thresholds.max_if_shared
        if shared
        else thresholds.max_if_alone_first
        if fixed
        else (thresholds.max_own_burden, thresholds.max_net_effect)
    )
    if bare.rising:
        most = (most[0], thresholds.max_if_shared[1])
    agreed = model_free.ratio.below(thresholds.max_ratio) if shared else model_free.ratio.value < thresholds.max_ratio
    nearly, follows = (
        agreed and bare.own_burden_90.below(least[0]) and bare.net_effect_90.below(least[1])
        for least in (most, (thresholds.max_own_burden, min(thresholds.max_net_effect, most[1])))
    )
    bare = replace(
        bare, nearly=nearly, follows=follows and not shared, sooner=agreed and own.below(most[0]), identified=True
    )
    if nearly and own.below(most[0]):
        return replace(bare, answer=DirectionAnswer.SOONER)
    if net.above(1.0) and own.value > 1.0:
        return replace(bare, answer=DirectionAnswer.LATER)
    narrow, margin, slight = bare.own_burden_90, thresholds.margin, thresholds.slight
    alike = narrow.inside(1 / margin, margin) and _unmoved(bare)
    if alike or narrow.inside(1 / slight, slight):
        return replace(bare, answer=DirectionAnswer.NO_DIFFERENT)
    return bare


def _unmoved(told: Direction) -> bool:
    """Return whether no difference is shown, in one of two directions."""
    return told.own_burden_975.low < 1 < told.own_burden_975.high


def _kind(
    directions: Sequence[Direction], asked: Sequence[Direction], pair: Interval, design: Design, shared: bool,
    thresholds: RegulationThresholds,
) -> VerdictKind:  # fmt: skip
    """Derive the pair's kind from the directions; `pair` is its burden at 90 %."""
    sooner = [one for one in asked if one.answer is DirectionAnswer.SOONER]
    same = bool(asked) and all(one.answer is DirectionAnswer.NO_DIFFERENT for one in asked)
    both = len(asked) == len(directions)
    if "live" not in design.partners:
        return VerdictKind.ONE_WAY if sooner else VerdictKind.SELF_REGULATING if same else VerdictKind.CANNOT_TELL
    if sooner:
        return VerdictKind.MUTUAL if len(sooner) == len(directions) else VerdictKind.LENT
    if not shared and any(one.rising for one in asked):
        if both and pair.above(thresholds.min_pair_burden):
            return VerdictKind.CO_DYSREGULATION
        level = pair.low < 1 < pair.high and pair.inside(1 / thresholds.margin, thresholds.margin)
        return VerdictKind.LINKED_ONLY if level else VerdictKind.LINKED
    if shared and both and all(_unmoved(one) for one in asked):
        return VerdictKind.IN_PARALLEL
    return VerdictKind.SELF_REGULATING if same and both and not shared else VerdictKind.CANNOT_TELL
