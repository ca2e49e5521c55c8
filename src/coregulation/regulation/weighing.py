"""From the numbers of a pair to its answers: the model's burdens and what is seen without a model must both say so."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coregulation.regulation.control import LIVE
from coregulation.regulation.design import Design
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery_comparison import RecoveryComparison, pooled_ratio
from coregulation.regulation.responses import Response, cross_rise, extra_area
from coregulation.regulation.settling import find_lack
from coregulation.regulation.statespace import Fit
from coregulation.regulation.thresholds import RegulationThresholds
from coregulation.settings import LEVEL


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """What is known of a pair beside the burdens of the model.

    Parameters
    ----------
    shared
        Whether unscripted shared input was seen, or every stressor together hit both.
    cross_rise
        How far the other rises with the one who is upset; None where it cannot be read.
    extra_area
        How much more both bear together; None where it cannot be read.
    relieved
        After whose hard moments, by areas alone, the two bear less together than that person bears alone.
    shifting
        Whose burden the other may take over: the other leans to rise, and the areas do not show that the two bear less.
    """

    shared: bool = False
    cross_rise: Interval | None = None
    extra_area: Interval | None = None
    relieved: frozenset[str] = frozenset()
    shifting: frozenset[str] = frozenset()

    def bears_more(self, burden: Interval, thresholds: RegulationThresholds) -> bool:
        """Decide whether both bear more together: by a burden of the model and by the areas, and by both beyond doubt.

        Parameters
        ----------
        burden
            Net effect or pair burden, 1 = as alone.
        thresholds
            Of the verdict.

        Returns
        -------
        bool
            False where the areas could not be read.
        """
        seen = self.extra_area
        if seen is None or not (burden.value > 1 and seen.value > 0):
            return False
        return self._score(burden) > thresholds.min_harm_score

    def leans_to_harm(self, burden: Interval, thresholds: RegulationThresholds) -> bool:
        """Decide whether there is half of what it takes to say that both bear more, or the other rises at all.

        Parameters
        ----------
        burden
            Pair burden, 1 = as alone.
        thresholds
            Of the verdict.

        Returns
        -------
        bool
            Then nobody is called self-regulating.
        """
        rises = self.cross_rise is not None and self.cross_rise.above(0.0)
        return rises or self.may_bear_more(burden, thresholds)

    def may_bear_more(self, burden: Interval, thresholds: RegulationThresholds) -> bool:
        """Decide whether there is half of what it takes to say that both bear more.

        Parameters
        ----------
        burden
            Pair burden, 1 = as alone.
        thresholds
            Of the verdict.

        Returns
        -------
        bool
            Then nobody is called linked without regulating.
        """
        return self._score(burden) > thresholds.min_harm_score / 2

    def _score(self, burden: Interval) -> float:
        return _log_score(burden) + (0.0 if self.extra_area is None else _score(self.extra_area))


def pair_evidence(responses: Sequence[Response], shared: bool, thresholds: RegulationThresholds) -> PairEvidence:
    """Summarise the responses of a pair.

    Parameters
    ----------
    responses
        Of both.
    shared
        See `PairEvidence`.
    thresholds
        Of the verdict.

    Returns
    -------
    PairEvidence
        With the other's rise at the level of harm.
    """
    people = {response.person for response in responses}
    relieved = frozenset(
        who for who in people if _bear_less([response for response in responses if response.person == who], thresholds)
    )
    leaning = cross_rise(responses, thresholds.leaning_level)
    may_shift = leaning is not None and leaning.above(0.0) and not _bear_less(responses, thresholds)
    return PairEvidence(
        shared, cross_rise(responses, thresholds.harm_level), extra_area(responses), relieved,
        frozenset(people - relieved if may_shift else ()),
    )  # fmt: skip


def _bear_less(responses: Sequence[Response], thresholds: RegulationThresholds) -> bool:
    extra = extra_area(responses, thresholds.ratio_level)
    return extra is not None and extra.below(0.0)


def measure_direction(
    fit: Fit, design: Design, receiver: str, giver: str, seen: RecoveryComparison | None, evidence: PairEvidence,
    thresholds: RegulationThresholds,
) -> Direction:  # fmt: skip
    """Measure one direction, and weigh it unless something lacks.

    Parameters
    ----------
    fit
        The state space.
    design
        What was done when, as it was declared.
    receiver
        Who was upset.
    giver
        Who was there.
    seen
        The receiver's half-lives together against alone.
    evidence
        Of the pair.
    thresholds
        Of the verdict.

    Returns
    -------
    Direction
        With its answer; where something lacks, with the reason.
    """
    bare = _measured(fit, receiver, giver, seen, evidence, thresholds)
    planned = (len(design.of(receiver, False)), len(design.of(receiver, True)))
    counts, rise = (planned, None) if seen is None else (seen.counts, seen.rise)
    lack = find_lack(design, receiver, counts, rise, thresholds)
    if lack is not None:
        return replace(bare, reason=lack[0], settle=lack[1])
    return weigh_direction(bare, evidence, design.order_of(receiver) == "alone first", thresholds)


def _measured(
    fit: Fit, receiver: str, giver: str, seen: RecoveryComparison | None, evidence: PairEvidence,
    thresholds: RegulationThresholds,
) -> Direction:  # fmt: skip
    """Return a direction's numbers before they are weighed."""
    own: Callable[[float], Interval] = functools.partial(fit.own_burden, receiver)
    net: Callable[[float], Interval] = functools.partial(fit.net_effect, receiver)
    cost = fit.cost_to_partner(receiver, giver)
    rises = evidence.cross_rise is not None and evidence.cross_rise.above(0.0)
    rising = cost.value > thresholds.min_cost and rises
    if LIVE not in fit.design.partners:  # a recording bears nothing, so there is no net
        net = own
    jointly = fit.design.jointly((receiver, giver))
    if jointly:  # own and price apart are not identified
        own, net, rising = functools.partial(fit.joint_burden, receiver), fit.joint_burden_of_all, False
    return Direction(
        receiver, giver, own(LEVEL), own(thresholds.equivalence_level), own(thresholds.direction_level),
        own(thresholds.sooner_level), net(LEVEL), net(thresholds.equivalence_level), cost, seen, rising=rising, jointly=jointly,
        rates=(fit.rate(receiver), fit.damping(receiver), fit.drive(receiver, giver)),
    )  # fmt: skip


def weigh_direction(
    bare: Direction, evidence: PairEvidence, fixed: bool, thresholds: RegulationThresholds
) -> Direction:
    """Answer one direction by its numbers.

    Parameters
    ----------
    bare
        With all its numbers; its half-lives are known.
    evidence
        Of the pair.
    fixed
        Whether the receiver was alone first.
    thresholds
        Of the verdict.

    Returns
    -------
    Direction
        With its answer, and whether it would be "sooner" with the other direction.
    """
    seen = bare.model_free
    assert seen is not None  # else something lacked
    bare = replace(bare, identified=True)
    if not seen.comparable and not seen.surely_shorter_from_equal_heights(thresholds):
        return replace(bare, answer=DirectionAnswer.ROSE_LESS) if seen.rose_less else bare
    most = _most(bare, evidence.shared, fixed, thresholds)
    level = thresholds.ratio_level_if_doubted if evidence.shared or fixed else thresholds.ratio_level
    from_own = seen.shorter(level, thresholds) or not seen.comparable
    agreed = from_own and seen.shorter_from_equal_heights(level, thresholds)
    eased = agreed or (not fixed and seen.ratio.value < thresholds.max_ratio and bare.receiver in evidence.relieved)
    nearly, follows = (
        known and bare.own_burden_975.below(least[0]) and bare.net_effect_90.below(least[1])
        for known, least in (
            (agreed, most), (eased, (thresholds.max_own_burden, min(thresholds.max_net_effect, most[1])))
        )
    )  # fmt: skip
    sooner = agreed and bare.own_burden_99.below(most[0])
    bare = replace(bare, nearly=nearly, follows=follows and not evidence.shared, sooner=sooner)
    if bare.contradicted:
        return replace(bare, nearly=False, follows=False, sooner=False)
    answer = _answer(bare, seen, evidence, thresholds)
    if not seen.comparable and answer is not DirectionAnswer.SOONER:
        answer = DirectionAnswer.ROSE_LESS if seen.rose_less else DirectionAnswer.CANNOT_TELL
    return replace(bare, answer=answer)


def _answer(
    bare: Direction, seen: RecoveryComparison, evidence: PairEvidence, thresholds: RegulationThresholds
) -> DirectionAnswer:
    own, net = bare.own_burden, bare.net_effect
    if bare.nearly and bare.sooner:
        return DirectionAnswer.SOONER
    slower = net.above(1.0) and own.value > 1.0 and seen.longer(thresholds)
    if slower or (bare.rising and evidence.bears_more(net, thresholds)):
        return DirectionAnswer.LATER
    narrow, margin, slight = bare.own_burden_90, thresholds.margin, thresholds.slight
    alike = narrow.inside(1 / margin, margin) and unmoved(bare)
    differs = seen.ratio.below(1.0) or seen.ratio.above(1.0)  # of half-lives: then "no different" would contradict them
    if (alike or narrow.inside(1 / slight, slight)) and not differs:
        return DirectionAnswer.NO_DIFFERENT
    return DirectionAnswer.CANNOT_TELL


def _most(bare: Direction, shared: bool, fixed: bool, thresholds: RegulationThresholds) -> tuple[float, float]:
    """Return what own burden and net effect must lie below for "settles sooner"."""
    most = (thresholds.max_own_burden, thresholds.max_net_effect)
    if fixed:
        most = thresholds.max_if_alone_first
    if shared:
        most = thresholds.max_if_shared
    return (most[0], min(most[1], thresholds.max_if_shared[1])) if bare.rising else most


def unmoved(direction: Direction) -> bool:
    """Decide whether no difference is shown, in one of two directions.

    Parameters
    ----------
    direction
        With its numbers.

    Returns
    -------
    bool
        False also where half-lives by themselves say more than a slight difference.
    """
    return direction.own_burden_975.low < 1 < direction.own_burden_975.high and not direction.disputed


def pair_kind(
    directions: Sequence[Direction], pair: Interval, design: Design, evidence: PairEvidence,
    thresholds: RegulationThresholds,
) -> VerdictKind:  # fmt: skip
    """Derive the pair's kind from the directions.

    Parameters
    ----------
    directions
        Both, with their answers.
    pair
        Burden of the pair at the level of equivalence; where every stressor together hit both, that of such stressors.
    design
        What was done when, as it was declared.
    evidence
        Of the pair.
    thresholds
        Of the verdict.

    Returns
    -------
    VerdictKind
        What regulation alone allows to say.
    """
    compared = [direction for direction in directions if design.of(direction.receiver, True)]
    sooner = [direction for direction in compared if direction.answer is DirectionAnswer.SOONER]
    same = bool(compared) and all(direction.answer is DirectionAnswer.NO_DIFFERENT for direction in compared)
    both = len(compared) == len(directions) and all(direction.identified for direction in directions)
    if LIVE not in design.partners:
        return VerdictKind.ONE_WAY if sooner else VerdictKind.SELF_REGULATING if same else VerdictKind.CANNOT_TELL
    if sooner:
        return VerdictKind.MUTUAL if len(sooner) == len(directions) else VerdictKind.LENT
    if both and all(direction.jointly for direction in directions):
        return _kind_of_joint(directions, pair, thresholds)
    if both and any(direction.rising for direction in compared):
        return _kind_of_linked(directions, pair, evidence, thresholds)
    if evidence.shared and both and all(unmoved(direction) for direction in compared):
        return VerdictKind.IN_PARALLEL
    alone = same and both and not evidence.shared and not evidence.leans_to_harm(pair, thresholds)
    return VerdictKind.SELF_REGULATING if alone else VerdictKind.CANNOT_TELL


def _kind_of_linked(
    directions: Sequence[Direction], pair: Interval, evidence: PairEvidence, thresholds: RegulationThresholds
) -> VerdictKind:
    """Return the kind of a pair of whom one rises with the other; half-lives that are shorter count against harm."""
    more = evidence.bears_more(pair, thresholds)
    shorter = [
        direction for direction in _compared(directions) if direction.ratio_at(thresholds.equivalence_level).below(1.0)
    ]
    if more and not shorter:
        return VerdictKind.CO_DYSREGULATION
    level = pair.low < 1 < pair.high and pair.inside(1 / thresholds.margin, thresholds.margin)
    return VerdictKind.LINKED_ONLY if level and not evidence.may_bear_more(pair, thresholds) else VerdictKind.LINKED


def _kind_of_joint(directions: Sequence[Direction], pair: Interval, thresholds: RegulationThresholds) -> VerdictKind:
    """Return the kind of a pair of whom every stressor together hit both: who rises with whom is not identified."""
    each = _compared(directions)
    if len(each) < len(directions):
        return VerdictKind.CANNOT_TELL
    pooled = pooled_ratio(each)
    if pair.value > 1 and pooled.low > 1 and _log_score(pair) + _log_score(pooled) > thresholds.min_harm_score:
        return VerdictKind.CO_DYSREGULATION
    alike = pooled.low < 1 < pooled.high and all(unmoved(direction) for direction in directions)
    return VerdictKind.IN_PARALLEL if alike else VerdictKind.CANNOT_TELL


def _compared(directions: Sequence[Direction]) -> list[RecoveryComparison]:
    return [
        direction.model_free
        for direction in directions
        if direction.model_free is not None and direction.model_free.comparable
    ]


def _score(interval: Interval) -> float:
    """Return by how many standard errors, read from its half-width as of a normal, an estimate lies above 0."""
    from scipy.special import ndtri

    width = interval.high - interval.low
    half = width / 2 if math.isfinite(width) else interval.value - interval.low
    return interval.value * float(ndtri(0.5 + interval.level / 2)) / half


def _log_score(ratio: Interval) -> float:
    """Return the same of a ratio against 1."""
    value, low = math.log(ratio.value), math.log(max(ratio.low, 1e-9))
    return _score(Interval(value, low, math.log(ratio.high) if math.isfinite(ratio.high) else math.inf, ratio.level))
