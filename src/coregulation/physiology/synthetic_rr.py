"""Minutes in which a strap computed its RR intervals from its heart rate."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Beats, Signal, Window


def synthesised_minutes(beats: Beats, heart_rate: Signal) -> tuple[Window, ...]:
    """Find the minutes in which a strap computed its RR from its heart rate instead of measuring them.

    Such RR are 60 / rate, to within 1.5 ms, for more than 90 % of the beats of a minute (at least ten beats); their
    variability says nothing.

    Parameters
    ----------
    beats
        Session times in s.
    heart_rate
        The strap's own heart rate, in 1/min; NaN where missing.

    Returns
    -------
    tuple of Window
        Whole minutes of session time, in order.
    """
    index = np.rint((beats.times - heart_rate.start) * heart_rate.rate).astype(int)
    inside_signal = (index >= 0) & (index < len(heart_rate))
    rate = np.where(inside_signal, heart_rate.values[np.clip(index, 0, max(0, len(heart_rate) - 1))], np.nan)
    with np.errstate(divide="ignore"):
        gap = np.abs(beats.rr - 60.0 / rate)
    windows = []
    for minute in np.unique(np.floor(beats.times / 60.0)).tolist():
        inside = (np.floor(beats.times / 60.0) == minute) & np.isfinite(gap)
        if inside.sum() >= 10 and (gap[inside] < 0.0015).mean() > 0.9:
            windows.append(Window(60.0 * minute, 60.0 * minute + 60.0))
    return tuple(windows)
