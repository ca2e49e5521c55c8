"""Turning points of a wave: a peak or trough counts once the wave has gone back from it by a threshold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class ExtremumTracker:
    """Whether a wave rises to a peak or falls to a trough, and the furthest point it has reached.

    Parameters
    ----------
    rising
        True on the way to a peak, False on the way to a trough.
    time
        Time of the furthest point, in s; NaN before the first.
    height
        Height of the furthest point, in the wave's unit; NaN before the first.
    """

    rising: bool = True
    time: float = math.nan
    height: float = math.nan

    def see(self, time: float, height: float, threshold: float) -> tuple[ExtremumTracker, bool]:
        """Take the next local extreme; the flag says that the point held so far was a turn."""
        gone_on = height - self.height if self.rising else self.height - height
        if not gone_on < 0:
            return ExtremumTracker(self.rising, time, height), False
        if -gone_on > threshold:
            return ExtremumTracker(not self.rising, time, height), True
        return self, False


NO_EXTREMUM = ExtremumTracker()


def find_extrema(values: Floats, rate: float, start: float) -> Iterator[tuple[float, float]]:
    """Find time and height of each local extreme except at the ends, refined by a parabola.

    The first sample of a missing stretch is reported once, with a height of NaN. Ends never count, so that two pieces that
    share two samples tell each extreme once.

    Parameters
    ----------
    values
        Evenly spaced samples, shape (n,); NaN where missing.
    rate
        Sampling rate, in Hz.
    start
        Time of the first sample, in s.

    Returns
    -------
    iterator of tuple
        Time in s and height in the unit of the values, in order of time; nothing for fewer than three samples. The
        height is NaN at the first sample of a missing stretch.
    """
    if len(values) < 3:
        return iter(())
    before, here, after = values[:-2], values[1:-1], values[2:]
    turns = ((here - before) * (after - here) <= 0) & (here != before)
    lost = np.isnan(here) & ~np.isnan(before)
    at = np.flatnonzero(turns | lost)
    bend = before[at] - 2 * here[at] + after[at]
    lean = (before[at] - after[at]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(bend != 0, lean / bend, 0.0)
    times = start + (at + 1 + np.where(np.isfinite(shift), np.clip(shift, -0.5, 0.5), 0.0)) / rate
    return zip(times.tolist(), (here[at] - lean * shift / 2).tolist(), strict=True)
