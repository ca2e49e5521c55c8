"""What preceded settling: how a person's level changed after each kind of event, beyond what it does from there anyway.

Whoever acts chooses the moment, mostly when the other is up, and what is up comes down. So the level soon after is compared with what such a
past is usually followed by in the same recording. This describes; it says nothing of causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coregulation.regulation.interval import Interval
from coregulation.regulation.natural.controls import MIN_SHIFTS
from coregulation.regulation.natural.partner import draw_shifts
from coregulation.regulation.natural.rises import MIN_VALID
from coregulation.settings import LEVEL
from coregulation.signals import Floats, Ints

PAST = ((-3.0, 0.0), (-10.0, -3.0), (-20.0, -10.0), (-40.0, -20.0))
"""Spans before an event whose means say where the level is and where it comes from, s."""
AFTER = (10.0, 40.0)
"""Span after an event in which the level is looked at, s."""
SLOW = (-200.0, -40.0)
"""Span before an event of the slow level, s."""
HIGH = 1.5
"""Level from which what follows may differ in kind, own spreads above the own floor."""
MIN_EVENTS = 5
"""Fewest events of a kind that are averaged."""
_MIN_SAMPLES = 60  # fewest instants from which it is told what usually follows


class EventKind(StrEnum):
    """What an event is."""

    MARK = "mark"  # somebody marked it
    TURN = "turn"  # the other began to speak
    CUE = "cue"  # a block with this cue began


EventName = tuple[EventKind, str]


@dataclass(frozen=True, slots=True)
class EventResponse:
    """How a person's level changed after one kind of event.

    Parameters
    ----------
    kind
        What the events are.
    label
        Of the mark or the cue; of a turn, who speaks.
    person
        Whose level.
    count
        Events that could be used.
    change
        Mean level 10 to 40 s after, less what such a past is usually followed by, own spreads; below 0: it fell more.
    p
        Two-sided, from moves of the events in time.
    adjusted
        p adjusted over all kinds and both people (largest statistic of the same moves).
    """

    kind: EventKind
    label: str
    person: str
    count: int
    change: Interval
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True, eq=False)
class EventCourse:
    """A person's level in one session, with the times of each kind of event.

    Parameters
    ----------
    level
        Own spreads above the own floor, shape (samples,).
    rate
        Hz.
    events
        By kind and label, samples.
    """

    level: Floats
    rate: float
    events: Mapping[EventName, Ints]


def event_responses(
    people: Mapping[str, Sequence[EventCourse]], rng: np.random.Generator, *, shifts: int = 999
) -> tuple[EventResponse, ...]:
    """Average how levels change after each kind of event.

    Parameters
    ----------
    people
        By person, the courses of each session; a session's courses are equally long for everybody.
    rng
        For the moves.
    shifts
        How often all events of a session are moved together.

    Returns
    -------
    tuple of EventResponse
        Each person's kinds with at least five events, in order of their labels.

    References
    ----------
    Westfall PH, Young SS (1993), Resampling-Based Multiple Testing, Wiley
    """
    first = next(iter(people.values()), ())
    moves = [np.concatenate([[0], draw_shifts(len(c.level), c.rate, shifts, rng)]) for c in first]
    moves = [each if len(each) > 1 else np.zeros(1 + shifts, dtype=np.int64) for each in moves]
    rows = [row for who, courses in people.items() for row in _of_person(who, courses, moves)]
    if not rows:
        return ()
    sizes = np.abs(np.stack([means / np.nanstd(means[1:]) for _, _, _, means in rows]))
    known = np.isfinite(sizes[:, 1:])
    largest = np.where(known.any(axis=0), np.where(known, sizes[:, 1:], -np.inf).max(axis=0), np.nan)
    return tuple(
        EventResponse(*name, who, count, _interval(means), _p(size[0], size[1:]), _p(size[0], largest))
        for (name, who, count, means), size in zip(rows, sizes, strict=True)
    )


def _of_person(
    who: str, courses: Sequence[EventCourse], moves: Sequence[Ints]
) -> list[tuple[EventName, str, int, Floats]]:
    """Return name, person, events, and mean surprise for each move, of each kind with enough events."""
    surprise = [_surprise(course) for course in courses]
    out = []
    for name in sorted({name for course in courses for name in course.events}):
        sums, counts = _sums(name, courses, surprise, moves)
        if counts[0] >= MIN_EVENTS:
            means = sums / np.where(counts >= MIN_EVENTS, counts, np.nan)
            moved = means[1:][np.isfinite(means[1:])]
            if len(moved) >= MIN_SHIFTS and np.ptp(moved) > 0:
                out.append((name, who, int(counts[0]), means))
    return out


def _sums(
    name: EventName, courses: Sequence[EventCourse], surprise: Sequence[Floats], moves: Sequence[Ints]
) -> tuple[Floats, Floats]:
    sums, counts = np.zeros(len(moves[0])), np.zeros(len(moves[0]))
    for course, values, shift in zip(courses, surprise, moves, strict=True):
        at = course.events.get(name, np.empty(0, dtype=np.int64))
        drawn = values[(at[None, :] + shift[:, None]) % len(values)]
        sums += np.where(np.isfinite(drawn), drawn, 0.0).sum(axis=1)
        counts += np.isfinite(drawn).sum(axis=1)
    return sums, counts


def _surprise(course: EventCourse) -> Floats:
    """Return, at each instant, how much higher the level is soon after than usually after such a past; NaN where it is not known."""
    level = course.level
    now, *past = (_means(level, span, course.rate) for span in PAST)
    after, slow = (_means(level, span, course.rate) for span in (AFTER, SLOW))
    usual = np.nanmean(level) if np.isfinite(level).any() else np.nan
    slow = np.where(np.isfinite(slow), slow, usual)
    high = np.maximum(now - HIGH, 0.0)
    design = np.column_stack([np.ones(len(level)), now, high, now**2, *past, slow])
    known = np.isfinite(design).all(axis=1) & np.isfinite(after)
    out = np.full(len(level), np.nan)
    if known.sum() >= _MIN_SAMPLES:
        fitted = np.linalg.lstsq(design[known], after[known], rcond=None)[0]
        out[known] = after[known] - design[known] @ fitted
    return out


def _means(values: Floats, span: tuple[float, float], rate: float) -> Floats:
    """Return the mean over a span around each sample; NaN where less than half is known or the recording ends."""
    first, last = (round(end * rate) for end in span)
    known = np.isfinite(values)
    sums, counts = (np.concatenate([[0.0], np.cumsum(part)]) for part in (np.where(known, values, 0.0), known))
    at = np.arange(len(values))
    begin, end = np.clip(at + first, 0, len(values)), np.clip(at + last, 0, len(values))
    count = counts[end] - counts[begin]
    enough = count >= MIN_VALID * (last - first)
    return np.where(enough, (sums[end] - sums[begin]) / np.maximum(count, 1), np.nan)


def _interval(means: Floats) -> Interval:
    moved = means[1:][np.isfinite(means[1:])]
    reach = float(np.quantile(np.abs(moved - moved.mean()), LEVEL)) if len(moved) else float("inf")
    return Interval(float(means[0]), float(means[0]) - reach, float(means[0]) + reach)


def _p(observed: float, moved: Floats) -> float:
    known = moved[np.isfinite(moved)]
    return float((1 + (known >= observed * (1 - 1e-12)).sum()) / (1 + len(known)))
