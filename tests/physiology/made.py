"""Bodies whose truth is known: beats with a rhythm, a breath with known cycles, skin with known responses."""

import numpy as np

from coregulation.signals import Beats


def modulated_beats(rhythms: dict[float, float], mean: float = 900.0, seconds: float = 600.0) -> Beats:
    """Beats whose interval at its end is mean + sum of amplitude · sin(2π f t); all in ms and Hz."""
    times = [0.0]
    while times[-1] < seconds:
        rr = mean / 1000
        for _ in range(12):
            at = times[-1] + rr
            rr = (mean + sum(a * np.sin(2 * np.pi * f * at) for f, a in rhythms.items())) / 1000
        times.append(times[-1] + rr)
    return Beats(np.array(times))
