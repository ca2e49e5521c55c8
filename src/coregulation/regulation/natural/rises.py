"""A person's own rises: where the level peaks after a climb, and how much of it is left soon after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.regulation.coin.outcomes import running_mean
from coregulation.signals import Bools, Floats, Ints, Signal, Unit

SMOOTH = 5.0
"""Length of the running mean in which rises are looked for, s."""
MIN_HEIGHT = 1.5
"""Least height of a peak, own spreads above the own floor."""
MIN_CLIMB = 1.0
"""Least climb to it, own spreads."""
CLIMB = 30.0
"""Time before a peak in which the climb begins, s."""
APART = 35.0
"""Two peaks are further apart than this, s; of nearer ones the higher counts."""
AFTER = (5.0, 40.0)
"""Span after a peak in which is measured how much is left, s."""
LEAST_LEFT = 0.05
"""Share of the height below which what is left counts as this, since its logarithm would be noise."""
MIN_VALID = 0.5
"""Smallest share of a span that must be known."""
MAX_DRIVEN = 0.5
"""A rise of which at least this share of the climb is speech or movement is not an own rise."""
BEFORE_EVENT = 10.0
"""A declared event from this long before a climb to the peak makes it another's rise, s."""


@dataclass(frozen=True, slots=True, eq=False)
class Rises:
    """Own rises of one person in one session.

    Parameters
    ----------
    starts, peaks
        Samples at which each climb begins and ends, shape (rises,).
    heights
        Smoothed level at the peak, own spreads above the own floor.
    left
        Logarithm of the mean level 5 to 40 s after the peak over the height.
    driven_after
        Share of these 35 s in which the person speaks or moves.
    left_out
        How many rises were speech, movement or a declared event.
    """

    starts: Ints
    peaks: Ints
    heights: Floats
    left: Floats
    driven_after: Floats
    left_out: int


def smoothed(level: Floats, rate: float) -> Floats:
    """Average a level over 5 s.

    Parameters
    ----------
    level
        Shape (samples,); NaN where missing.
    rate
        Hz.

    Returns
    -------
    Floats
        NaN where less than half of the 5 s is known.
    """
    return running_mean(Signal(level, rate, 0.0, Unit.ARBITRARY), SMOOTH)


def find_rises(level: Floats, rate: float, driven: Bools, events: Bools) -> Rises:
    """Find a person's own rises.

    A rise that speech, movement or a declared event explains is left out, after peaks nearer than 35 s to a higher one were.

    Parameters
    ----------
    level
        Own spreads above the own floor, unsmoothed, shape (samples,).
    rate
        Hz.
    driven
        Where the person speaks or moves, shape (samples,).
    events
        Where something was declared to happen, shape (samples,).

    Returns
    -------
    Rises
        In order of time; each with enough known after it.
    """
    smooth = smoothed(level, rate)
    peaks = _far_apart([i for i in _peaks(smooth) if _climbs(smooth, i, rate)], smooth, APART * rate)
    starts = np.array([_start(smooth, i, rate) for i in peaks], dtype=np.int64)
    left = np.array([_left(smooth, i, rate) for i in peaks], dtype=np.float64)
    measured = np.isfinite(left)
    own = np.array([not _explained(driven, events, a, b, rate) for a, b in zip(starts, peaks, strict=True)], dtype=bool)
    kept = measured & own
    return Rises(
        starts[kept], peaks[kept], smooth[peaks[kept]], left[kept],
        np.array([_share(driven, i, rate) for i in peaks[kept]], dtype=np.float64), int((measured & ~own).sum()),
    )  # fmt: skip


def _peaks(smooth: Floats) -> list[int]:
    inside = smooth[1:-1]
    high = (inside > smooth[:-2]) & (inside >= smooth[2:]) & (inside >= MIN_HEIGHT)
    return [int(i) for i in np.flatnonzero(high) + 1]


def _climbs(smooth: Floats, peak: int, rate: float) -> bool:
    before = smooth[max(0, peak - round(CLIMB * rate)) : peak]
    known = before[np.isfinite(before)]
    return len(known) >= MIN_VALID * CLIMB * rate and bool(smooth[peak] - known.min() >= MIN_CLIMB)


def _far_apart(peaks: list[int], smooth: Floats, apart: float) -> Ints:
    kept: list[int] = []
    for i in sorted(peaks, key=lambda i: (-smooth[i], i)):
        if all(abs(i - j) > apart for j in kept):
            kept.append(i)
    return np.array(sorted(kept), dtype=np.int64)


def _start(smooth: Floats, peak: int, rate: float) -> int:
    """Return where the climb begins: the last sample from which the smoothed level does nothing but rise to the peak."""
    first, at = max(0, peak - round(CLIMB * rate)), peak
    while at > first and smooth[at - 1] < smooth[at]:
        at -= 1
    return at


def _left(smooth: Floats, peak: int, rate: float) -> float:
    first, last = (peak + round(t * rate) for t in AFTER)
    part = smooth[first:last]
    known = part[np.isfinite(part)]
    if len(known) < MIN_VALID * (last - first):
        return float("nan")
    return float(np.log(max(known.mean() / smooth[peak], LEAST_LEFT)))


def _explained(driven: Bools, events: Bools, start: int, peak: int, rate: float) -> bool:
    climb = slice(start, peak + 1)
    declared = events[max(0, start - round(BEFORE_EVENT * rate)) : peak + 1]
    return bool(driven[climb].mean() >= MAX_DRIVEN or declared.any())


def _share(driven: Bools, peak: int, rate: float) -> float:
    first, last = (peak + round(t * rate) for t in AFTER)
    part = driven[first:last]
    return float(part.mean()) if len(part) else 0.0
