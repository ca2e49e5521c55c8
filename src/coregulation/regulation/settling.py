"""Gate G4, a direction at a time: why it was answered so, and what would settle it.

G4 speaks of the person who was upset: own burden and half-lives. `reciprocity` (G5) speaks of the other: cost and net effect. So
what is known of the one is said even where the other is open.
"""

from __future__ import annotations

import math
from dataclasses import replace

from coregulation.errors import CoregulationError
from coregulation.reasons import Fact, Reason, because, reason_of
from coregulation.regulation.control import LIVE
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import Gate, GateState, Question
from coregulation.regulation.interval import Interval
from coregulation.regulation.reason_codes import Company, Numbers, Recovered, Settle, Statement, triple
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds

_COMPANY = {"recorded": Company.RECORDED, "delayed": Company.DELAYED, "imagined": Company.IMAGINED}


def refusal_gate(error: CoregulationError) -> Gate:
    """Turn a refused design or a failed search into gate G4 of the pair.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    Gate
        "Cannot tell", with the error's reason and what would settle it.
    """
    if isinstance(error, UnidentifiedError):
        return Gate(Question.RECOVERY, GateState.CANNOT_TELL, error.reason, error.settle)
    if isinstance(error, NotConvergedError):
        return Gate(Question.RECOVERY, GateState.CANNOT_TELL, error.reason)
    return Gate(
        Question.RECOVERY, GateState.CANNOT_TELL, reason_of(error), because(Settle.CORRECT_RECORDING)
    )  # fmt: skip


def find_lack(
    design: Design, person: str, counts: tuple[int, int], rise: float | None, thresholds: RegulationThresholds
) -> tuple[Reason, Reason | None] | None:
    """Say what keeps a direction from being answered at all, and what would settle it.

    Parameters
    ----------
    design
        What was done when.
    person
        The receiver.
    counts
        Recoveries alone and together, or hard moments where none could be followed.
    rise
        By how many rest SDs the stressor raised the person alone; None where no recovery could be followed.
    thresholds
        Of the verdict.

    Returns
    -------
    tuple of Reason and Reason or None, or None
        Why, and what would settle it; None where nothing is lacking.
    """
    alone, together = counts
    if min(counts) < thresholds.min_recoveries:
        return _too_few(person, alone, together, thresholds.min_recoveries, partner_of(design))
    if rise is None:
        return because(Recovered.NOT_FOLLOWED, person=person), because(Settle.BETTER_SENSOR)
    if rise <= thresholds.min_rise:
        reason = because(Recovered.NOT_RAISED, person=person, rise=rise, needed=thresholds.min_rise)
        return reason, because(Settle.STRONGER_MOMENT)
    return None


def _too_few(person: str, alone: int, together: int, needed: int, partner: str) -> tuple[Reason, Reason | None]:
    if partner != LIVE and not together:
        return because(Recovered.NO_LIVE_PARTNER, person=person, partner=partner), None
    settle = because(Settle.MOMENTS_OF_ONE, person=person)
    if not (alone or together):
        return because(Recovered.NO_MOMENTS, person=person), settle
    return because(Recovered.TOO_FEW_MOMENTS, person=person, alone=alone, together=together, needed=needed), settle


def with_reason(direction: Direction, design: Design, shared: bool, margin: float) -> Direction:
    """Add to a direction why it was answered so and what would settle it.

    Parameters
    ----------
    direction
        With its answer.
    design
        What was done when; its order and partners decide which explanations remain.
    shared
        Whether input that all got at once could explain the difference.
    margin
        Largest ratio, above 1, that counts as no difference.

    Returns
    -------
    Direction
        With `reason` and `settle`; unchanged where it has a reason already, because something was lacking.
    """
    if direction.reason is not None:
        return direction
    code, settle, more = _case(direction, design, shared, margin)
    facts: dict[str, Fact] = {
        "receiver": direction.receiver, "giver": direction.giver, "numbers": _numbers(direction), **more
    }  # fmt: skip
    return replace(direction, reason=because(code, **{name: facts[name] for name in code.facts}), settle=settle)


def design_notes(design: Design) -> tuple[Reason, ...]:
    """List what a design leaves open whatever its result is.

    Parameters
    ----------
    design
        What was done when.

    Returns
    -------
    tuple of Reason
        One where every stressor in the live partner's company was given to more than one person; else ().
    """
    together = [probe for probe in design.probes if probe.together]
    if partner_of(design) == LIVE and together and all(len(probe.hit) > 1 for probe in together):
        return (because(Statement.BOTH_HIT),)
    return ()


def partner_of(design: Design) -> str:
    """Return the kind of partner that an answer is about.

    Parameters
    ----------
    design
        With the kinds of partner that were met.

    Returns
    -------
    str
        "live" if the live partner was met, else the first other kind in the order of the alphabet.
    """
    return LIVE if LIVE in design.partners else min(design.partners)


def in_company(giver: str, partner: str) -> Reason:
    """Return the code for "when the giver was there".

    Parameters
    ----------
    giver
        Id of the person who was there.
    partner
        Kind of partner: "live", "recorded", "delayed" or "imagined"; any other counts as live.

    Returns
    -------
    Reason
        With the giver as its fact.
    """
    return because(_COMPANY.get(partner, Company.LIVE), giver=giver)


_Case = tuple[Recovered, Reason | None, dict[str, Fact]]


def _case(direction: Direction, design: Design, shared: bool, margin: float) -> _Case:
    if direction.answer is DirectionAnswer.SOONER:
        partner = partner_of(design)
        code = Recovered.SOONER if partner == LIVE else Recovered.SOONER_WITH_STAND_IN
        return code, None, {"company": in_company(direction.giver, partner)}
    if direction.answer is DirectionAnswer.CARRIED:
        return Recovered.CARRIED, None, {}
    if direction.model_free is not None and not direction.model_free.comparable:
        return _not_compared(direction.model_free)
    if direction.answer is DirectionAnswer.LATER:
        return Recovered.LATER if direction.own_burden.above(1.0) else Recovered.PARTNER_STIRRED, None, {}
    if direction.answer is DirectionAnswer.NO_DIFFERENT:
        code = Recovered.NO_DIFFERENT_DISPUTED if direction.disputed else Recovered.NO_DIFFERENT
        return code, None, {"margin": margin}
    code, settle = _sooner_at_least(direction) if direction.sooner else _open(direction, design, shared)
    return code, settle, {}


def _not_compared(seen: RecoveryComparison) -> _Case:
    """Choose the code where the stressors hardly raised the receiver together."""
    if seen.rise_ratio is not None and seen.rose_less:
        return Recovered.ROSE_LESS, because(Settle.STRONGER_MOMENT), {"rise_ratio": triple(seen.rise_ratio)}
    facts: dict[str, Fact] = {"rise": seen.rise, "rise_together": seen.rise_together}
    return Recovered.HARDLY_ROSE, because(Settle.STRONGER_MOMENT), facts


def _sooner_at_least(direction: Direction) -> tuple[Recovered, Reason]:
    """Choose the code where the receiver settles sooner and only the giver's part is open."""
    seen = direction.cost_to_partner.above(0)
    settle = Settle.MOMENTS_FOR_COST_SIZE if seen else Settle.MOMENTS_FOR_COST
    code = Recovered.SOONER_COST_SIZE_OPEN if seen else Recovered.SOONER_COST_OPEN
    return code, because(settle, moments=_moments_needed(direction.net_effect, direction), giver=direction.giver)


def _open(direction: Direction, design: Design, shared: bool) -> tuple[Recovered, Reason]:
    """Choose the code where even the receiver's side is open: what leans which way, and why it is not enough."""
    own = direction.own_burden
    ratio = direction.model_free.ratio if direction.model_free is not None else own
    settle = because(Settle.MOMENTS_TO_NARROW, moments=_moments_needed(own, direction))
    if direction.contradicted:
        return (Recovered.DISAGREE_SOONER if own.value < ratio.value else Recovered.DISAGREE_LATER), settle
    if own.below(1.0) and ratio.value < 1.0:
        return _doubted(direction, design, shared, settle)
    if own.below(1.0):
        return Recovered.DISAGREE_SOONER, settle
    if ratio.below(1.0) and own.value < 1.0 and not own.above(1.0):
        return Recovered.TOO_LITTLE_SOONER, settle
    if own.above(1.0):
        return Recovered.DISAGREE_LATER if ratio.value < 1.0 else Recovered.LATER_PAIR_OPEN, settle
    return Recovered.PARTNER_STIRRED_REST_OPEN if direction.net_effect.above(1.0) else Recovered.EITHER_WAY, settle


def _doubted(direction: Direction, design: Design, shared: bool, settle: Reason) -> tuple[Recovered, Reason]:
    """Choose the code where everything leans to sooner, but something else could have done as much."""
    seen = direction.model_free
    if shared:
        return Recovered.SHARED_INPUT_COULD, because(Settle.ONE_AT_A_TIME)
    if design.order_of(direction.receiver) == "alone first":
        return Recovered.HABITUATION_COULD, because(Settle.MIXED_ORDER)
    if seen is not None and seen.rose_less and not seen.shorter_from_equal_heights(THRESHOLDS.ratio_level, THRESHOLDS):
        return Recovered.SMALLER_RISE_COULD, settle
    return Recovered.TOO_LITTLE_SOONER, settle


def recovery_gate(direction: Direction) -> Gate:
    """Compute gate G4 of one direction: whether the receiver settles sooner, whatever the giver carries.

    Parameters
    ----------
    direction
        With its reason (see `with_reason`).

    Returns
    -------
    Gate
        Passed where the receiver settles sooner, "cannot tell" where that is open, else failed.
    """
    assert direction.reason is not None  # `with_reason` came before
    if direction.sooner or direction.answer in (DirectionAnswer.SOONER, DirectionAnswer.CARRIED):
        state = GateState.PASSED
    else:
        unknown = (DirectionAnswer.CANNOT_TELL, DirectionAnswer.ROSE_LESS)
        state = GateState.CANNOT_TELL if direction.answer in unknown else GateState.FAILED
    people = (direction.giver, direction.receiver)
    return Gate(Question.RECOVERY, state, direction.reason, direction.settle, people)


def probes_needed(ratio: Interval, now: int) -> int:
    """Estimate how many probes of each kind would bring the half-width of a log ratio under ln 2, at 1/√n.

    Parameters
    ----------
    ratio
        What was estimated from `now` probes of each kind.
    now
        How many there were.

    Returns
    -------
    int
        More than `now`; four times as many where an end of the interval is open.
    """
    if not (ratio.low > 0 and math.isfinite(ratio.high)):
        return 4 * now
    half = math.log(ratio.high / ratio.low) / 2
    return max(now + 1, math.ceil(now * (half / math.log(2)) ** 2))


def _moments_needed(ratio: Interval, direction: Direction) -> int:
    now = min(direction.model_free.counts) if direction.model_free is not None else 2
    return probes_needed(ratio, now)


def _numbers(direction: Direction) -> Reason:
    ratio = None if direction.model_free is None else triple(direction.model_free.ratio)
    return because(
        Numbers.JOINT_BURDENS if direction.jointly else Numbers.BURDENS,
        own_burden=triple(direction.own_burden), ratio=ratio, net_effect=triple(direction.net_effect),
    )  # fmt: skip
