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
from coregulation.report.catalogue import Catalogue
from coregulation.report.regulation_output import ComparisonResult, IntervalResult, RecoveryResult
from coregulation.report.result import PersonResult, SessionResult, finite
from coregulation.settings import Z_LEVEL

_MIN_PEOPLE = 3  # whose slopes make a mean with an interval worth printing


class ComparedVisit(msgspec.Struct, frozen=True):
    """What a journey reads of who steadies whom."""

    recoveries: list[RecoveryResult]
    comparisons: list[ComparisonResult]


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


def make_journeys(found: Sequence[VisitedSession]) -> tuple[JourneyReport, ...]:
    """Return the journey of each set of people, in the order of their first visit."""
    ordered = sorted(found, key=lambda one: (one.session.date is None, one.session.date or "", one.session.id))
    together: dict[tuple[str, ...], list[VisitedSession]] = {}
    for one in ordered:
        together.setdefault(tuple(sorted(person.id for person in one.people)), []).append(one)
    return tuple(_of(people, visits) for people, visits in together.items())


def _of(people: tuple[str, ...], visits: Sequence[VisitedSession]) -> JourneyReport:
    each = {who: analyze_journey(seen) for who in people if (seen := _seen(who, visits))}
    return JourneyReport(people, tuple(one.session for one in visits), each)


def _seen(person: str, visits: Sequence[VisitedSession]) -> list[Visit]:
    out = []
    for number, one in enumerate(visits):
        told = one.regulation
        compared = [c for c in told.comparisons if c.person == person] if told is not None else []
        if told is not None and compared:
            back = [peak for r in told.recoveries if r.person == person and (peak := _came_back_from(r)) is not None]
            out.append(make_visit(number, _interval(compared[0].alone), _interval(compared[0].together), back))
    return out


def _came_back_from(one: RecoveryResult) -> float | None:
    return None if one.censored or one.peak is None or not one.rest_sd else one.peak / one.rest_sd


def _interval(told: IntervalResult) -> Interval:
    value = math.nan if told.value is None else told.value
    return Interval(
        value, 0.0 if told.low is None else told.low, math.inf if told.high is None else told.high, told.level
    )


def said(person: str, journey: Journey) -> list[str]:
    """Return what visits say of a person, in plain words.

    Parameters
    ----------
    person
        Whose visits these are.
    journey
        What they gave.

    Returns
    -------
    list of str
        Sentences in English.
    """
    catalogue = Catalogue()
    return [catalogue.sentence(reason) for reason in journey_statements(person, journey)]


def over_people(told: Sequence[JourneyReport]) -> Mapping[str, Interval]:
    """Return the mean slopes over people, each with a slope of their own; nothing with fewer than three such people."""
    each = [one for pair in told for one in pair.each.values() if one.alone is not None]
    if len(each) < _MIN_PEOPLE:
        return {}
    parts = {"alone": "alone", "together": "together", "together over alone": "borrowed"}
    return {name: pool_slopes([getattr(one, part) for one in each]) for name, part in parts.items()}


def plain(one: JourneyReport) -> dict[str, Any]:
    """Return a journey as values that JSON can hold; what is not a number is null."""
    return {
        "people": list(one.people),
        "visits": [{"session": visit.id, "date": visit.date} for visit in one.visits],
        "each": {who: _plain(who, told) for who, told in one.each.items()},
    }


def _plain(person: str, told: Journey) -> dict[str, Any]:
    return {
        "visits": [
            {
                "number": int(one.number), "alone": _half_life(one.alone), "together": _half_life(one.together),
                "window": finite(one.window), "dependence": finite(one.dependence),
            }
            for one in told.visits
        ],
        "alone_drawn_to_the_mean": [finite(math.exp(value)) for value in told.shrunk],
        **{f"slope_{name}": _slope(getattr(told, name)) for name in ("alone", "together", "borrowed")},
        "carried": told.carried,
        "said": said(person, told),
    }  # fmt: skip


def _half_life(told: tuple[float, float]) -> dict[str, float | None]:
    value, error = told
    low, high = (math.exp(value + side * Z_LEVEL * error) if math.isfinite(error) else math.nan for side in (-1, 1))
    return {"value": finite(math.exp(value)), "low": finite(low), "high": finite(high)}


def _slope(told: Interval | None) -> dict[str, float | None] | None:
    return None if told is None else {name: finite(getattr(told, name)) for name in ("value", "low", "high")}
