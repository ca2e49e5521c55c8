"""What several visits say of one person, as codes in order; a slope is never told without what else it may be."""

from __future__ import annotations

import math
from collections.abc import Iterator

from coregulation.reasons import Reason, ReasonCode, because
from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import Journey
from coregulation.regulation.thresholds import THRESHOLDS


class JourneyStatement(ReasonCode):
    """What the person is told, a sentence each. Half-lives in s."""

    HALF_LIFE_ALONE = "journey.half-life-alone", "person", "half_life"
    HALF_LIVES_ALONE = "journey.half-lives-alone", "person", "low", "high"
    TOGETHER_OVER_ALONE = "journey.together-over-alone", "share"
    TOGETHER_OVER_ALONE_CHANGED = "journey.together-over-alone-changed", "share", "last_share"
    OWN_BURDEN = "journey.own-burden", "person", "mean", "low", "high", "count"
    FURTHEST = "journey.furthest", "person", "peak", "visit"  # rest SDs; number of the visit
    TOO_FEW_VISITS = "journey.too-few-visits", "count", "needed"
    TREND_ALONE = "journey.trend-alone", "trend"
    TREND_TOGETHER = "journey.trend-together", "trend"
    TREND_COMPANY = "journey.trend-company", "trend"
    CARRIED_UNKNOWN = "journey.carried-unknown"
    CARRIED = "journey.carried"
    NOT_CARRIED = "journey.not-carried"
    CONTROL = "journey.control"
    REGRESSION_TO_MEAN = "journey.regression-to-mean"
    HABITUATION = "journey.habituation"


class Trend(ReasonCode):
    """How something changes from visit to visit."""

    SOONER = "trend.sooner"
    LATER = "trend.later"
    MORE = "trend.more"
    LESS = "trend.less"
    UNKNOWN = "trend.unknown"


CAUTIONS = (because(JourneyStatement.REGRESSION_TO_MEAN), because(JourneyStatement.HABITUATION))


def journey_statements(person: str, journey: Journey) -> tuple[Reason, ...]:
    """Say what visits show of a person.

    Parameters
    ----------
    person
        Whose visits these are.
    journey
        What they gave.

    Returns
    -------
    tuple of Reason
        Each a sentence, in order.
    """
    return tuple(_each(person, journey))


def _each(person: str, journey: Journey) -> Iterator[Reason]:
    yield from _settling(person, journey)
    yield from _burden(person, journey)
    yield from _window(person, journey)
    yield from _trends(journey)
    yield _carried(journey)
    yield because(JourneyStatement.CONTROL)
    if len(journey.visits) > 1:
        yield from CAUTIONS


def _settling(person: str, journey: Journey) -> Iterator[Reason]:
    known = [
        math.exp(pooled.value)
        for visit, pooled in zip(
            journey.visits, journey.pooled_alone.each if journey.pooled_alone else (), strict=False
        )
        if math.isfinite(visit.alone[0])
    ]
    if len(known) == 1:
        yield because(JourneyStatement.HALF_LIFE_ALONE, person=person, half_life=known[0])
    elif known:
        yield because(JourneyStatement.HALF_LIVES_ALONE, person=person, low=min(known), high=max(known))
    shares = [1 - visit.dependence for visit in journey.visits if math.isfinite(visit.dependence)]
    if len(shares) == 1:
        yield because(JourneyStatement.TOGETHER_OVER_ALONE, share=shares[0])
    elif shares:
        yield because(JourneyStatement.TOGETHER_OVER_ALONE_CHANGED, share=shares[0], last_share=shares[-1])


def _burden(person: str, journey: Journey) -> Iterator[Reason]:
    """Say what the person bears together over the visits, where two or more know it."""
    count = sum(math.isfinite(visit.own_burden[1]) for visit in journey.visits)
    if journey.pooled_burden is not None and count > 1:
        pooled = journey.pooled_burden.mean
        mean, low, high = (math.exp(value) for value in (pooled.value, pooled.low, pooled.high))
        yield because(JourneyStatement.OWN_BURDEN, person=person, mean=mean, low=low, high=high, count=count)


def _window(person: str, journey: Journey) -> Iterator[Reason]:
    seen = [(visit.window, at) for at, visit in enumerate(journey.visits, 1) if math.isfinite(visit.window)]
    if seen:
        peak, visit = max(seen, key=lambda item: item[0])
        yield because(JourneyStatement.FURTHEST, person=person, peak=peak, visit=visit)


def _trends(journey: Journey) -> Iterator[Reason]:
    if journey.alone is None or journey.together is None or journey.borrowed is None:
        yield because(JourneyStatement.TOO_FEW_VISITS, count=len(journey.visits), needed=THRESHOLDS.min_visits)
        return
    yield because(JourneyStatement.TREND_ALONE, trend=_trend(journey.alone, Trend.SOONER, Trend.LATER))
    yield because(JourneyStatement.TREND_TOGETHER, trend=_trend(journey.together, Trend.SOONER, Trend.LATER))
    yield because(JourneyStatement.TREND_COMPANY, trend=_trend(journey.borrowed, Trend.MORE, Trend.LESS))


def _trend(slope: Interval, falling: Trend, rising: Trend) -> Reason:
    if slope.below(0):
        return because(falling)
    return because(rising if slope.above(0) else Trend.UNKNOWN)


def _carried(journey: Journey) -> Reason:
    """Answer whether being steadied makes it easier alone later, or decline to."""
    if journey.carried is None:
        return because(JourneyStatement.CARRIED_UNKNOWN)
    return because(JourneyStatement.CARRIED if journey.carried else JourneyStatement.NOT_CARRIED)
