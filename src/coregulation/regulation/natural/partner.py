"""The other person's level around each rise: as it was, and as it would have been with that person's course moved in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.regulation.natural.rises import MIN_VALID, Rises
from coregulation.signals import Floats, Ints

BEFORE = (-20.0, -2.0)
"""Span before a rise's start in which the other's state is taken, s."""
EARLIER = (-200.0, -40.0)
"""Span before the start of both people's slow levels, s."""
LATER = (60.0, 160.0)
"""Span after the peak of both people's slow levels, s."""
LONG_BEFORE = (-140.0, -122.0)
"""Span before the start of the first negative control, s."""
LONG_AFTER = (300.0, 318.0)
"""Span after the start of the second negative control, s."""
SETTLED_LEVEL = 1.0
"""Level at which somebody is half settled, own spreads above the own floor."""
SOFTNESS = 0.4
"""How gradually settled passes into unsettled, own spreads."""
LEAST_SHIFT = 60.0
"""Least time by which a course is moved either way, s."""


@dataclass(frozen=True, slots=True, eq=False)
class PartnerStates:
    """The other's state around each rise, for each way in which that person's course was moved.

    Parameters
    ----------
    settled
        How settled just before the rise, 0 to 1, shape (moves, rises).
    earlier, later
        Slow levels before and after, own spreads above the own floor.
    long_before, long_after
        How settled two minutes before and five minutes after the start, 0 to 1.
    """

    settled: Floats
    earlier: Floats
    later: Floats
    long_before: Floats
    long_after: Floats


def settledness(level: Floats) -> Floats:
    """Say how settled somebody is at a level.

    Parameters
    ----------
    level
        Own spreads above the own floor.

    Returns
    -------
    Floats
        1 well below a level of 1, 0 well above; a smooth function, so that no threshold decides.
    """
    return np.asarray(1 / (1 + np.exp(np.clip((level - SETTLED_LEVEL) / SOFTNESS, -50, 50))))


def draw_shifts(samples: int, rate: float, count: int, rng: np.random.Generator) -> Ints:
    """Draw by how much a course is moved, circularly; at least a minute either way.

    Parameters
    ----------
    samples
        Length of the course.
    rate
        Hz.
    count
        How many.
    rng
        For the draws.

    Returns
    -------
    Ints
        Samples, shape (count,); empty where the course is not longer than two minutes.
    """
    least = round(LEAST_SHIFT * rate)
    if samples <= 2 * least:
        return np.empty(0, dtype=np.int64)
    return rng.integers(least, samples - least, size=count, endpoint=True)


def partner_states(level: Floats, rises: Rises, rate: float, shifts: Ints) -> PartnerStates:
    """Take the other's state around each rise.

    Gaps move with the course; a span that is known for less than half has no value.

    Parameters
    ----------
    level
        Of the other, own spreads above the own floor, unsmoothed, shape (samples,).
    rises
        Of the person.
    rate
        Hz.
    shifts
        Samples by which the course is moved; 0 is as it was.

    Returns
    -------
    PartnerStates
        Each of shape (shifts, rises).
    """
    spans = [(rises.starts, BEFORE), (rises.starts, EARLIER), (rises.peaks, LATER), (rises.starts, LONG_BEFORE), (rises.starts, LONG_AFTER)]  # fmt: skip
    sums = _Sums(level)
    before, earlier, later, long_before, long_after = (sums.means(at, span, rate, shifts) for at, span in spans)
    return PartnerStates(settledness(before), earlier, later, settledness(long_before), settledness(long_after))


def own_levels(level: Floats, rises: Rises, rate: float) -> Floats:
    """Take a person's own slow levels around their own rises.

    Parameters
    ----------
    level
        Of the person, unsmoothed, shape (samples,).
    rises
        Of the same person.
    rate
        Hz.

    Returns
    -------
    Floats
        Before and after, shape (rises, 2); NaN where less than half is known.
    """
    sums, none = _Sums(level), np.zeros(1, dtype=np.int64)
    return np.column_stack(
        [sums.means(at, span, rate, none)[0] for at, span in ((rises.starts, EARLIER), (rises.peaks, LATER))]
    )


class _Sums:
    """Running sums of a course that is continued circularly, so that the mean of any span costs two look-ups."""

    def __init__(self, level: Floats) -> None:
        known = np.isfinite(level)
        twice = np.concatenate([np.where(known, level, 0.0)] * 2), np.concatenate([known] * 2)
        self.values, self.counts = (np.concatenate([[0.0], np.cumsum(part)]) for part in twice)
        self.length = len(level)

    def means(self, at: Ints, span: tuple[float, float], rate: float, shifts: Ints) -> Floats:
        """Return the mean over a span around each sample, for each shift; the span ends where the recording does."""
        width = round((span[1] - span[0]) * rate)
        first = at + round(span[0] * rate)
        last = np.clip(first + width, 0, self.length)
        first = np.clip(first, 0, self.length)
        begin = (first[None, :] - shifts[:, None]) % self.length
        end = begin + (last - first)[None, :]
        count = self.counts[end] - self.counts[begin]
        enough = (count >= MIN_VALID * width) & (count > 0)
        return np.where(enough, (self.values[end] - self.values[begin]) / np.maximum(count, 1), np.nan)
