"""RMSSD in windows that slide over a recording, so that it can be compared between people."""

from __future__ import annotations

import numpy as np

from coregulation.physiology.tachogram import PLAUSIBLE_RR
from coregulation.signals import Beats, Floats, Signal, Unit

LENGTH, RATE = (
    60.0,
    1.0,
)  # s of a window, as short as RMSSD is used (Munoz et al. 2015, doi:10.1371/journal.pone.0138921); Hz
_KNOWN = 0.5  # share of a window that must lie in intervals whose successive difference is known


def sliding_rmssd(beats: Beats) -> Signal:
    """Compute the logarithm of RMSSD in centred windows of 60 s, once per second.

    The logarithm, because RMSSD is skewed and varies in proportion to its level.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    Signal
        ln ms at 1 Hz from the first whole second to the last; NaN where less than half of a window is known.
    """
    nn = beats.nn
    nn = np.where((nn >= PLAUSIBLE_RR[0]) & (nn <= PLAUSIBLE_RR[1]), nn, np.nan)
    step = np.diff(nn, prepend=np.nan) * 1000
    known = np.isfinite(step)
    start = float(np.ceil(beats.times[0])) if len(beats) else 0.0
    count = max(0, int((beats.times[-1] - start) * RATE) + 1) if len(beats) else 0
    times = start + np.arange(count) / RATE
    first, last = (np.searchsorted(beats.times, times + side) for side in (-LENGTH / 2, LENGTH / 2))

    def over(values: Floats) -> Floats:
        total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
        sums: Floats = total[last] - total[first]
        return sums

    covered = over(nn) >= _KNOWN * LENGTH
    with np.errstate(invalid="ignore", divide="ignore"):
        values = 0.5 * np.log(over(step**2) / over(np.ones(len(step))))
    return Signal(np.where(covered & np.isfinite(values), values, np.nan), RATE, start, Unit.ARBITRARY)
