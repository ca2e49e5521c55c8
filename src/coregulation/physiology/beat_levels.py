"""What is usual of the last beats: their height, their intervals, and the height of the rest.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any

from coregulation._kernel_cache import njit
from coregulation.physiology.beat_memory import FADES, KNOWN


@njit(cache=True)
def summarise(m: Any) -> None:
    """Bring up to date what is usual of the last beats.

    Parameters
    ----------
    m
        One row of `MEMORY`; changed.
    """
    m.usual = ranked(m.heights, m.heights.size, 0.5)
    m.interval = ranked(m.intervals, m.intervals.size, 0.5)
    m.long_interval = ranked(m.intervals, m.intervals.size, 0.75)
    m.short_interval = ranked(m.intervals, m.intervals.size, 0.25)


@njit(cache=True)
def ranked(values: Any, count: int, share: float) -> float:
    """Find the value below which a share of the first values lie.

    Parameters
    ----------
    values
        Shape (n,).
    count
        Number of values that are filled; all of them if it is larger.
    share
        0 to 1.

    Returns
    -------
    float
        In the unit of `values`; 0 if there are none.
    """
    n = min(count, values.size)
    if n == 0:
        return 0.0
    ordered = values[:n].copy()
    for i in range(1, n):
        value, j = ordered[i], i
        while j > 0 and ordered[j - 1] > value:
            ordered[j] = ordered[j - 1]
            j -= 1
        ordered[j] = value
    return float(ordered[int(share * (n - 1))])


@njit(cache=True)
def levels_at(m: Any, now: float) -> tuple[float, float]:
    """Estimate the height of beats and of the rest; the first fades in a long silence.

    The lower median: half of the beats may be ventricular and three times as high.

    Parameters
    ----------
    m
        One row of `MEMORY`.
    now
        Seconds from the first sample.

    Returns
    -------
    float
        Height of beats, in the unit of the envelope.
    float
        Height of the rest, in the same unit.
    """
    beats = m.usual
    if m.beats > 0 and (m.relearned or m.beats < KNOWN):
        beats *= 0.5 ** (max(0.0, now - m.last - 2.5) / 0.7)
    elif m.beats > 0 and now - m.last > FADES:
        beats *= 0.5 ** ((now - m.last - FADES) / 3.0)
    return beats, min(m.usual_rest, 0.6 * beats)
