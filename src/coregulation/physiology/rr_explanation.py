"""What is wrong with an RR interval: of all the ways in which beats may be missing, extra or displaced, the smoothest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from coregulation.physiology.judged_beats import Artefact


class Neighbourhood(NamedTuple):
    """One RR interval, its neighbours, the usual interval and the threshold of an unusual change; all in s.

    Parameters
    ----------
    before, here, after, later
        The interval before, this one, and the two after it, in s; NaN where one is not known.
    median
        The usual interval, in s.
    change
        Difference between neighbours from which it is unusual, in s.
    level
        What this interval should be, in s.
    """

    before: float
    here: float
    after: float
    later: float
    median: float
    change: float
    level: float


class Explanation(NamedTuple):
    """What is wrong with a beat, and how far the beat in its place stands from the one before (s).

    Parameters
    ----------
    artefact
        What is wrong; None where nothing is.
    shift
        Distance of the place of a displaced beat from the beat before, in s; NaN for others.
    """

    artefact: Artefact | None
    shift: float = math.nan


_UNLIKE = 0.3  # share of the level by which an interval may differ from it unexplained (our choice; RSA of the young reaches 0.25)
_CHANGED = (
    0.6,
    1.6,
)  # of the level: as far as a heart may change at once, safely away from half and from twice as fast
_GROUPS = {1: ((1,),), 2: ((1, 1), (2,)), 3: ((1, 1, 1), (2, 1), (1, 2), (3,))}  # ways to join neighbouring intervals


def explain_interval(a: Neighbourhood) -> Explanation:
    """Explain an interval: what is wrong with the beat that ends it is that which makes the chain smoothest, if it does so by more than a usual change.

    Parameters
    ----------
    a
        The interval and its neighbours.

    Returns
    -------
    Explanation
        What is wrong with the beat that ends it.
    """
    intervals = [x for x in (a.here, a.after, a.later) if not math.isnan(x)]
    if math.isnan(a.after):
        intervals = intervals[:1]
    if _rough(a.level, *intervals) <= a.change or _has_changed(a):
        return Explanation(_long_or_short(a))
    best, cost = Explanation(None), math.inf
    for groups in _GROUPS[len(intervals)]:
        explanation, total = _explained(intervals, groups, a)
        if total < cost:
            best, cost = explanation, total
    return best if best.artefact is not None else Explanation(_long_or_short(a) or _unexplained(a))


def _has_changed(a: Neighbourhood) -> bool:
    """Return whether this interval and the next two agree on a new level: a heart that changed, not one half or twice as fast.

    Two intervals that are unlike it, with the level back after them, may be one in which an extra beat was found.
    """
    apart = max(abs(a.here - a.after), abs(a.after - a.later))  # NaN where one is not known, and no change then
    is_unlike = abs((a.here + a.after) / 2 - a.level) > _UNLIKE * a.level
    has_returned = is_unlike and abs(a.later - a.level) < abs(a.later - a.here)
    return apart <= a.change and not has_returned and _CHANGED[0] < a.here / a.level < _CHANGED[1]


def _unexplained(a: Neighbourhood) -> Artefact | None:
    """Return whether an interval is too far from the level for a heart, so that no rate is made of what nothing explains."""
    least = max(a.change, _UNLIKE * a.level)
    if abs(a.here - a.level) <= least:
        return None
    return Artefact.LONG if a.here > a.level else Artefact.SHORT


def _explained(intervals: Sequence[float], groups: Sequence[int], a: Neighbourhood) -> tuple[Explanation, float]:
    """Return what one way to join intervals, and to divide what was joined, says of the first beat, and what it costs (s)."""
    first, total, at = Explanation(None), 0.0, 0
    for number, size in enumerate(groups):
        length = sum(intervals[at : at + size])
        count = _count(length, a.level, size)
        total += count * abs(length / count - a.level) + _penalty(size, count, a)
        if number == 0:
            first = _first(intervals, size, count, length)
        at += size
    return first, total


def _count(length: float, level: float, size: int) -> int:
    """Return into how many intervals a stretch is best divided; a lone interval is only if that makes it smoother."""
    count = min(10, max(1, round(length / level)))
    return count if size > 1 or length - level > abs(length / count - level) * count else 1


def _penalty(size: int, count: int, a: Neighbourhood) -> float:
    """Return what the faults behind joining `size` intervals and making `count` of them cost (s)."""
    displaced = min(size, count) - 1 if size > 1 else 0
    return abs(size - count) * max(a.change, 0.5 * a.level) + displaced * a.change


def _first(intervals: Sequence[float], size: int, count: int, length: float) -> Explanation:
    """Return what is wrong with the beat that ends the first of `size` joined intervals of which there should be `count`."""
    if size == 1:
        return Explanation(Artefact.MISSED if count > 1 else None)
    shift = length / count
    if count == 1 or (count < size and abs(intervals[0] + intervals[1] - shift) < abs(intervals[0] - shift)):
        return Explanation(Artefact.EXTRA)
    return Explanation(Artefact.ECTOPIC, shift)


def middle_of(values: Sequence[float]) -> float:
    """Return the median of a few values.

    Parameters
    ----------
    values
        At least one.

    Returns
    -------
    float
        In their unit.
    """
    ordered, half = sorted(values), len(values) // 2
    return (ordered[half] + ordered[~half]) / 2


def _rough(level: float, *intervals: float) -> float:
    """Return by how much intervals differ from a level, in sum (s)."""
    return sum(abs(interval - level) for interval in intervals)


def _long_or_short(a: Neighbourhood) -> Artefact | None:
    """Return whether an interval stands out from both neighbours and from the median."""
    near = [value for value in (a.before, a.after, a.median) if not math.isnan(value)]
    if a.here > max(near) + a.change:
        return Artefact.LONG
    return Artefact.SHORT if a.here < min(near) - a.change else None
