"""From the results of several visits to the journey of each pair or group: who they are is all that joins visits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import msgspec

from coregulation.errors import DataError
from coregulation.regulation.interval import Interval
from coregulation.regulation.journey import Journey, Visit, analyze_journey, make_visit, pool_slopes
from coregulation.regulation.journey_statements import journey_statements
from coregulation.regulation.partial_pooling import PooledEstimates
from coregulation.report.catalogue import Catalogue
from coregulation.report.plain_values import finite
from coregulation.report.regulation_output import ComparisonResult, DirectionResult, IntervalResult, RecoveryResult
from coregulation.report.result import PersonResult, SessionResult
from coregulation.settings import Z_LEVEL

SLOPES = ("alone", "together", "borrowed")  # of `Journey`: what may change from visit to visit
_MIN_PEOPLE = 3  # whose slopes make a mean with an interval worth printing


class ComparedVisit(msgspec.Struct, frozen=True):
    """What a journey reads of who steadies whom."""

    recoveries: list[RecoveryResult]
    comparisons: list[ComparisonResult]
    directions: list[DirectionResult] = []


class VisitedSession(msgspec.Struct, frozen=True):
    """What a journey reads of a visit's `result.json`."""

    session: SessionResult
    people: list[PersonResult]
    regulation: ComparedVisit | None = None


@dataclass(frozen=True, slots=True)
class JourneyReport:
    """Several visits of the same people.

    Parameters
    ----------
    people
        sorted.
    visits
        In order of date, those without a date last.
    each
        By person, what the visits say; somebody whom no visit compared alone and together is not in it.
    """

    people: tuple[str, ...]
    visits: tuple[SessionResult, ...]
    each: Mapping[str, Journey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "each", MappingProxyType(dict(self.each)))


def read_visit(printed: bytes) -> VisitedSession:
    """Read a `result.json`.

    Raises
    ------
    DataError
        If it is none.
    """
    try:
        return msgspec.json.decode(printed, type=VisitedSession)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(
            "This is no result of coregulation: {error}. A result.json was expected.", error=error
        ) from error


def make_journeys(visits: Sequence[VisitedSession]) -> tuple[JourneyReport, ...]:
    """Return the journey of each set of people, in the order of their first visit."""
    ordered = sorted(visits, key=lambda visit: (visit.session.date is None, visit.session.date or "", visit.session.id))
    by_people: dict[tuple[str, ...], list[VisitedSession]] = {}
    for visit in ordered:
        by_people.setdefault(tuple(sorted(person.id for person in visit.people)), []).append(visit)
    return tuple(_of(people, own) for people, own in by_people.items())


def _of(people: tuple[str, ...], visits: Sequence[VisitedSession]) -> JourneyReport:
    each = {who: analyze_journey(own) for who in people if (own := _visits_of(who, visits))}
    return JourneyReport(people, tuple(visit.session for visit in visits), each)


def _visits_of(person: str, visits: Sequence[VisitedSession]) -> list[Visit]:
    out = []
    for number, visit in enumerate(visits):
        result = visit.regulation
        compared = [c for c in result.comparisons if c.person == person] if result is not None else []
        if result is not None and compared:
            own = [recovery for recovery in result.recoveries if recovery.person == person]
            peaks = [peak for recovery in own if (peak := _came_back_from(recovery)) is not None]
            burdens = [
                _interval(direction.own_burden) for direction in result.directions if direction.receiver == person
            ]
            alone, together = _interval(compared[0].alone), _interval(compared[0].together)
            out.append(make_visit(number, alone, together, peaks, burdens[0] if burdens else None))
    return out


def _came_back_from(recovery: RecoveryResult) -> float | None:
    return (
        None if recovery.censored or recovery.peak is None or not recovery.rest_sd else recovery.peak / recovery.rest_sd
    )


def _interval(result: IntervalResult) -> Interval:
    value = math.nan if result.value is None else result.value
    low, high = 0.0 if result.low is None else result.low, math.inf if result.high is None else result.high
    return Interval(value, low, high, result.level)


def journey_sentences(person: str, journey: Journey, catalogue: Catalogue | None = None) -> list[str]:
    """Say what visits show of a person, in plain words.

    Parameters
    ----------
    person
        Whose visits these are.
    journey
        What they gave.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    list of str
        Sentences.
    """
    catalogue = catalogue or Catalogue()
    return [catalogue.sentence(reason) for reason in journey_statements(person, journey)]


def over_people(journeys: Sequence[JourneyReport]) -> Mapping[str, Interval]:
    """Return the mean slopes over people, each with a slope of their own; nothing with fewer than three such people."""
    each = [journey for pair in journeys for journey in pair.each.values() if journey.alone is not None]
    if len(each) < _MIN_PEOPLE:
        return {}
    return {name: pool_slopes([getattr(journey, name) for journey in each]) for name in SLOPES}


def plain(report: JourneyReport) -> dict[str, Any]:
    """Return a journey as values that JSON can hold; what is not a number is null."""
    return {
        "people": list(report.people),
        "visits": [{"session": visit.id, "date": visit.date} for visit in report.visits],
        "each": {who: _plain(who, journey) for who, journey in report.each.items()},
    }


def _plain(person: str, journey: Journey) -> dict[str, Any]:
    return {
        "visits": [
            {
                "number": int(visit.number), "alone": _half_life(visit.alone), "together": _half_life(visit.together),
                "window": finite(visit.window), "dependence": finite(visit.dependence),
            }
            for visit in journey.visits
        ],
        "alone_pooled": _pooled(journey.pooled_alone),
        "own_burden_pooled": _pooled(journey.pooled_burden),
        **{f"slope_{name}": _slope(getattr(journey, name)) for name in SLOPES},
        "carried": journey.carried,
        "sentences": journey_sentences(person, journey),
    }  # fmt: skip


def _pooled(estimates: PooledEstimates | None) -> dict[str, Any] | None:
    """Return partially pooled logarithms as they are on the scale itself; the spread stays one of logarithms."""
    if estimates is None:
        return None
    mean, *each = (
        {name: finite(math.exp(min(getattr(interval, name), 700.0))) for name in ("value", "low", "high")}
        for interval in (estimates.mean, *estimates.each)
    )
    return {"mean": mean, "each": each, "spread_of_logarithms": _slope(estimates.spread)}


def _half_life(estimate: tuple[float, float]) -> dict[str, float | None]:
    value, error = estimate
    low, high = (math.exp(value + side * Z_LEVEL * error) if math.isfinite(error) else math.nan for side in (-1, 1))
    return {"value": finite(math.exp(value)), "low": finite(low), "high": finite(high)}


def _slope(slope: Interval | None) -> dict[str, float | None] | None:
    return None if slope is None else {name: finite(getattr(slope, name)) for name in ("value", "low", "high")}
