"""RR intervals to beats, with or without time stamps: a gap stays a gap, and no beat is invented.

The intervals say exactly how far beats are apart. Where a stamp is the time of its beat, it says where beats were lost; where it
is when a radio delivered the interval, it bounds the beat from above (`delivery`). An interval ends at its beat; where the stamps
step by the interval before, each is when its interval began.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import DataError
from coregulation.io.delivery import MAX_RR, beats_of_delivered
from coregulation.signals import Beats, Bools, Floats

_MIN_TOLERANCE, _MAX_TOLERANCE = 0.1, 2.0  # s between a stamp and the running sum
_EXACT = 0.02  # s of jitter up to which a stamp is the time of its beat; 1/64 s of an E4 is less
_MANY = 10  # intervals of which a sum is none of them
_EQUAL = 1e-3  # relative difference up to which a number is their sum
_POSSIBLE = (0.25, 2.5)  # s; as long is an interval between beats
_COPIED = 20  # different intervals, from which those that come twice are a copy
_IN_A_ROW = 5  # intervals of another unit, one after the other
_MAX_END = 3  # intervals at the end of a file that may be zero or missing
_RAN_AHEAD = 5.0  # s by which intervals may add up to more than their stamps


@dataclass(frozen=True, slots=True, eq=False)
class IntervalBeats:
    """Beats of intervals, and what was noticed.

    Parameters
    ----------
    beats
        On the device's clock.
    late
        s by which stamps come late, where they say when an interval was delivered; None where they say when its beat was.
    cut
        How many intervals at the end were left out.
    dropped
        How many intervals among the others are missing or not positive; only their times tell then where beats are.
    has_sum
        Whether the last number was the sum of the others, and was left out.
    sd
        Standard uncertainty of all beats together from how packets and beats lie to each other, in s.
    """

    beats: Beats
    late: float | None = None
    cut: int = 0
    dropped: int = 0
    has_sum: bool = False
    sd: float = 0.0


def beats_from_intervals(intervals: Floats, stamps: Floats | None, start: float, origin: str) -> IntervalBeats:
    """Return the beats between which these intervals lie.

    Parameters
    ----------
    intervals
        Shape (n,), in s; NaN where missing, which only stamps can bridge.
    stamps
        Shape (n,), device time in s at which each was written down, not decreasing; None if there are none.
    start
        Device time of the beat that begins the first interval, in s, where there are no stamps.
    origin
        The file as the caller named it.

    Returns
    -------
    IntervalBeats
        Beats on the device's clock with their gaps, and how late the stamps come.

    Raises
    ------
    DataError
        If an interval is not positive, one is missing without stamps, or stamps and intervals contradict
        each other (which means a wrong unit).
    """
    _refuse_two_units(intervals, origin)
    if stamps is None:
        _refuse_twice(intervals, origin)
        has_sum = _ends_in_sum(intervals)
        listed = intervals[:-1] if has_sum else intervals
        used = _without_end(listed)
        return IntervalBeats(_summed(used, start, origin), cut=len(listed) - len(used), has_sum=has_sum)
    kept = np.isfinite(intervals) & np.isfinite(stamps) & (intervals > 0)
    missing = np.concatenate(([False], ~kept))[:-1]
    after_missing = missing[kept] if len(kept) else kept
    anchored = _anchored(intervals[kept], stamps[kept], after_missing, origin)
    return replace(anchored, dropped=int((~kept).sum()))


def _refuse_two_units(intervals: Floats, origin: str) -> None:
    """Refuse intervals of which some are written in ms and some in s: each is one only when it is multiplied by a thousand."""
    usual = (intervals >= _POSSIBLE[0]) & (intervals <= _POSSIBLE[1])
    for size in (1e3, 1e-3):
        other = ~usual & (intervals * size >= _POSSIBLE[0]) & (intervals * size <= _POSSIBLE[1])
        runs = np.flatnonzero(np.convolve(other, np.ones(_IN_A_ROW), "valid") >= _IN_A_ROW)
        if len(runs) and usual.any():
            raise DataError(
                "{origin}: from interval {interval} on, intervals are a thousand times {which} than others, so the unit changes inside the file. "
                "Write all of them in one unit.",
                origin=origin,
                interval=int(runs[0]) + 1,
                which="smaller" if size > 1 else "larger",
            )


def _refuse_twice(intervals: Floats, origin: str) -> None:
    """Refuse intervals that come twice, one recording behind its copy: no heart repeats itself to the millisecond."""
    half, odd = divmod(len(intervals), 2)
    if odd or not np.array_equal(intervals[:half], intervals[half:]) or len(np.unique(intervals)) < _COPIED:
        return
    raise DataError(
        "{origin}: intervals {first} to {last} are the same as those before them, so the recording is in the file twice. Take them out: say "
        "--skip-end-lines {half} (skip_end_lines in the manifest) where each is a line.",
        origin=origin,
        first=half + 1,
        last=2 * half,
        half=half,
    )


def find_breaks(times: Floats) -> Bools:
    """Mark the beats before which others must have been lost.

    Parameters
    ----------
    times
        Shape (n,), of beats, in s, increasing.

    Returns
    -------
    array of bool
        Shape (n,); True at the first beat and after a step of more than 3 s.
    """
    return np.diff(times, prepend=-np.inf) > MAX_RR


def _summed(intervals: Floats, start: float, origin: str) -> Beats:
    bad = ~(intervals > 0)
    if bad.any():
        raise DataError(
            "{origin}: interval {interval} is missing or not positive. Without time stamps the time of every "
            "later beat would be unknown: export the intervals with their times, or cut the file there.",
            origin=origin,
            interval=int(np.argmax(bad)) + 1,
        )
    times = start + np.concatenate(([0.0], np.cumsum(intervals)))
    return Beats(times, breaks=find_breaks(times))


def _ends_in_sum(intervals: Floats) -> bool:
    """Say whether the last number is the sum of those before it, as a spreadsheet writes it."""
    return len(intervals) > _MANY and abs(float(intervals[-1] / intervals[:-1].sum()) - 1) < _EQUAL


def _without_end(intervals: Floats) -> Floats:
    """Leave out intervals at the end that are missing or zero: no later beat depends on them."""
    good = np.flatnonzero(intervals > 0)
    last = int(good[-1]) + 1 if len(good) else 0
    return intervals[:last] if len(intervals) - last <= _MAX_END and last else intervals


def _anchored(intervals: Floats, stamps: Floats, after_missing: Bools, origin: str) -> IntervalBeats:
    steps = np.diff(stamps)
    if (steps < 0).any():
        row = int(np.argmax(steps < 0)) + 1
        raise DataError(
            "{origin}: the time stamps go back at interval {interval}; they must not decrease.",
            origin=origin,
            interval=row + 1,
        )
    _check_units(intervals, stamps, origin)
    jitter = _jitter(intervals[1:], steps)
    begun = _jitter(intervals[:-1], steps)
    if begun <= _EXACT < jitter:  # each stamp is when its interval began
        stamps, jitter = stamps + intervals, begun
    if jitter > _EXACT:
        long = intervals > MAX_RR
        placed = beats_of_delivered(intervals, stamps, (after_missing | long), origin)
        return IntervalBeats(placed.beats, placed.late, sd=placed.sd)
    tolerance = min(_MAX_TOLERANCE, max(_MIN_TOLERANCE, 4 * jitter))
    begins = _chain_begins(intervals, stamps, after_missing, tolerance, origin)
    return IntervalBeats(_chained(intervals, begins))


def _check_units(intervals: Floats, stamps: Floats, origin: str) -> None:
    span = float(stamps[-1] - stamps[0]) if len(stamps) > 1 else np.nan
    ratio = float(intervals[1:].sum()) / span if span > 0 else np.nan
    if ratio > 3 or (ratio < 0.05 and float(np.median(np.diff(stamps))) > 20 * float(np.median(intervals))):
        raise DataError(
            "{origin}: the intervals add up to {ratio:.3g} times the span of their time stamps, so one of "
            "the two is in another unit than was said (--unit for the intervals, --time-unit for the stamps).",
            origin=origin,
            ratio=ratio,
        )


def _jitter(intervals: Floats, steps: Floats) -> float:
    """Return by how much (s) stamps step otherwise than their intervals, in three of four rows."""
    return float(np.percentile(np.abs(steps - intervals), 75)) if len(steps) else 0.0


def _chain_begins(
    intervals: Floats, stamps: Floats, after_missing: Bools, tolerance: float, origin: str
) -> list[tuple[int, float]]:
    """Return where a new chain begins, since more time passed than the intervals add up to, and when that one ends."""
    begins, time = [], 0.0
    for number, (interval, stamp, hole) in enumerate(
        zip(intervals.tolist(), stamps.tolist(), after_missing.tolist(), strict=True)
    ):
        expected = time + interval
        if number == 0 or stamp - expected > tolerance or interval > MAX_RR or (hole and stamp > expected):
            time = max(stamp, expected) if number else stamp
            begins.append((number, time))
            continue
        if expected - stamp > _RAN_AHEAD:
            raise DataError(
                "{origin}: at interval {interval} the intervals add up to {ahead:.1f} s more than their time "
                "stamps allow; a part of the file may be there twice, or a unit is wrong.",
                origin=origin,
                interval=number + 1,
                ahead=expected - stamp,
            )
        time = expected
    return begins


def _chained(intervals: Floats, begins: list[tuple[int, float]]) -> Beats:
    times, breaks = [], []
    lasts = [first for first, _ in begins[1:]] + [len(intervals)]
    for (first, time), last in zip(begins, lasts, strict=True):
        own = intervals[first:last]
        known = own if own[0] <= MAX_RR else own[1:]
        zero = time - (own[0] if len(known) == len(own) else 0.0)
        chain = zero + np.concatenate(([0.0], np.cumsum(known)))
        times.append(chain)
        breaks.append(np.arange(len(chain)) == 0)
    return Beats(np.concatenate(times), breaks=np.concatenate(breaks))
