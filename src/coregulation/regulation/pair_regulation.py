"""The regulation branch of the verdict: does one settle sooner when the other is there, and at what price.

Per-direction answers come first and the pair's kind is derived from them. Linkage is not
asked here and not needed.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coregulation.errors import CoregulationError
from coregulation.reasons import Reason, because
from coregulation.regulation.control import LIVE, PartnerControl, live_partner_mattered, partner_controls
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.equal_heights import time_from_equal_heights
from coregulation.regulation.gate import Gate, VerdictKind
from coregulation.regulation.guarded_fit import fit_guarded
from coregulation.regulation.interval import Interval
from coregulation.regulation.leaving_out import PairClaim, stretch_that_turns
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Recovered, Settle
from coregulation.regulation.reciprocity import reciprocity_gate
from coregulation.regulation.recovery import Recovery, measure_recoveries
from coregulation.regulation.recovery_comparison import RecoveryComparison, compare_recoveries
from coregulation.regulation.responses import Response, cross_rise, extra_area, measure_responses
from coregulation.regulation.settling import (
    design_notes,
    partner_of,
    recovery_gate,
    refusal_gate,
    with_reason,
)
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.regulation.weighing import PairEvidence, measure_direction, pair_evidence, pair_kind


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
    cross_rise
        How far the other rises with the one who is upset, as a share of what that one bears alone, without a model; None where
        it cannot be read.
    extra_area
        How much more both bear together than the one who is upset bears alone, in that unit; None where it cannot be read.
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
    cross_rise: Interval | None = None
    extra_area: Interval | None = None


def assess_pair(
    panel: Panel,
    design: Design,
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
        fit, shared = fit_guarded(panel, main, False, model, thresholds)
    except (UnidentifiedError, NotConvergedError) as error:
        return tuple(refuse_pair(pair, design, error) for pair in pairs)
    return answer_pairs(panel, main, fit, shared, every, partner_controls(every, design), thresholds)


def answer_pairs(
    panel: Panel,
    design: Design,
    fit: Fit,
    shared: bool,
    recoveries: Sequence[Recovery],
    asked_of: Sequence[PartnerControl],
    thresholds: RegulationThresholds,
) -> tuple[PairRegulation, ...]:
    """Answer the regulation branch for every pair from one fit.

    Parameters
    ----------
    panel
        Everybody's index that recoveries are read from, shape (t, people).
    design
        Of being alone and of being with the live partner.
    fit
        Of everybody.
    shared
        Whether unscripted shared input was seen.
    recoveries
        Recoveries of everybody.
    asked_of
        The live partner against what stood in.
    thresholds
        Of the verdict.

    Returns
    -------
    tuple of PairRegulation
        One for each pair, in the order of the people.
    """
    model_free, answers = compare_all(panel, recoveries, design), []
    for pair in itertools.combinations(design.people, 2):
        responses = measure_responses(panel, fit.design, pair)
        hangs = functools.partial(
            stretch_that_turns, fit=fit, panel=panel, design=design, recoveries=recoveries, responses=responses, thresholds=thresholds
        )  # fmt: skip
        answers.append(answer_pair(pair, design, fit, model_free, shared, thresholds, asked_of, responses, hangs))
    return tuple(answers)


def compare_all(panel: Panel, recoveries: Sequence[Recovery], design: Design) -> dict[str, RecoveryComparison | None]:
    """Compare each person's recoveries from a design's own probes, from their own heights and from equal ones.

    Parameters
    ----------
    panel
        Everybody's index that recoveries are read from, shape (t, people).
    recoveries
        Recoveries, also from other probes.
    design
        Whose probes count.

    Returns
    -------
    dict
        By person; None without a recovery of either kind.
    """
    mine = [recovery for recovery in recoveries if recovery.probe in design.probes]
    level = time_from_equal_heights(panel, design, mine)
    compared = {who: (compare_recoveries(mine, who), compare_recoveries(level, who)) for who in design.people}
    return {who: replace(own, equal_heights=equal) if own else None for who, (own, equal) in compared.items()}


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
    responses: Sequence[Response] = (),
    hangs: Callable[[PairClaim], tuple[float, float] | None] | None = None,
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
    responses
        Areas under the responses of the pair.
    hangs
        Finds a stretch that a claim depends on; nothing is left out if None.

    Returns
    -------
    PairRegulation
        With both directions.
    """
    joint = shared or fit.design.jointly(pair)
    evidence = pair_evidence(responses, joint, thresholds)
    burden, narrow = fit.burden_of_pair(pair), fit.burden_of_pair(pair, thresholds.equivalence_level)
    if fit.design.jointly(pair):
        burden, narrow = fit.joint_burden_of_all(), fit.joint_burden_of_all(thresholds.equivalence_level)
    directions = tuple(
        measure_direction(fit, design, receiver, giver, model_free.get(receiver), evidence, thresholds)
        for receiver, giver in (pair, pair[::-1])
    )
    directions = _together(directions, narrow, thresholds)
    directions = tuple(_unless_shifted(direction, evidence) for direction in directions)
    kind = pair_kind(directions, narrow, design, evidence, thresholds)
    turning = None if hangs is None else hangs(PairClaim(kind, directions))
    if turning is not None:
        directions = tuple(_hanging(direction, kind, turning) for direction in directions)
        kind = VerdictKind.CANNOT_TELL
    directions = tuple(with_reason(direction, fit.design, joint, thresholds.margin) for direction in directions)
    compared = [
        direction for direction in directions if partner_of(design) == LIVE or design.of(direction.receiver, True)
    ]
    asked_and_told = (*(recovery_gate(direction) for direction in compared), reciprocity_gate(directions, burden, kind))
    sooner = [direction.receiver for direction in directions if direction.answer is DirectionAnswer.SOONER]
    mattered = bool(sooner) and all(live_partner_mattered(asked_of, who) for who in sooner)
    return PairRegulation(
        pair, directions, burden, joint, kind, asked_and_told, mattered, design.order, partner_of(design),
        design_notes(design), cross_rise(responses), extra_area(responses),
    )  # fmt: skip


def _together(
    directions: tuple[Direction, ...], narrow: Interval, thresholds: RegulationThresholds
) -> tuple[Direction, ...]:
    """Weigh both directions together: both at their own level, or one after the other; what one is relieved of the other may bear."""
    settled = any(direction.answer is DirectionAnswer.SOONER for direction in directions)
    if all(direction.nearly or (settled and direction.follows) for direction in directions):
        directions = tuple(replace(direction, answer=DirectionAnswer.SOONER) for direction in directions)
    if narrow.below(thresholds.max_pair_burden):
        return directions
    return tuple(
        replace(direction, answer=DirectionAnswer.CARRIED)
        if direction.answer is DirectionAnswer.SOONER and direction.rising
        else direction
        for direction in directions
    )


def _unless_shifted(direction: Direction, evidence: PairEvidence) -> Direction:
    """Leave a direction open whose receiver settles sooner while the other may bear what is gained."""
    if direction.answer is DirectionAnswer.SOONER and direction.receiver in evidence.shifting:
        return replace(direction, answer=DirectionAnswer.CANNOT_TELL, sooner=True)
    return direction


def _hanging(direction: Direction, kind: VerdictKind, stretch: tuple[float, float]) -> Direction:
    """Return a direction whose claim depends on one stretch as open."""
    if direction.answer is not DirectionAnswer.SOONER and kind is not VerdictKind.CO_DYSREGULATION:
        return direction
    reason = because(
        Recovered.HANGS_ON_STRETCH, receiver=direction.receiver, giver=direction.giver, start=stretch[0], end=stretch[1]
    )
    return replace(
        direction, answer=DirectionAnswer.CANNOT_TELL, sooner=False, reason=reason, settle=because(Settle.MORE_MOMENTS)
    )
