"""How steady one person stays while another is upset: the practitioner's and the parent's own gauge.

It tells a person about themselves alone; nothing of the other is in it (showing a distressed person the other's alarm can
escalate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.regulation.interval import Interval, interval_of_mean
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.signals import Floats, Window


@dataclass(frozen=True, slots=True)
class Composure:
    """One person's own answer to another's hard moments.

    Parameters
    ----------
    person
        Whose.
    rise
        Mean of the arousal during the moments over that before each, in rest SDs.
    variance
        ln of the variance during over that at rest.
    breath
        Change of breathing rate during the moments, 1/min; None without breath.
    moments
        How many there were in view.
    """

    person: str
    rise: Interval
    variance: Interval
    breath: Interval | None
    moments: int


def measure_composure(
    person: str,
    times: Floats,
    arousal: Floats,
    moments: Sequence[Window],
    rest: Sequence[Window],
    breathing: tuple[Floats, Floats] | None = None,
) -> Composure:
    """Measure how steady a person stayed through another's hard moments; t intervals over moments.

    Parameters
    ----------
    person
        Whose composure this is.
    times
        Increasing, s, shape (n,).
    arousal
        Shape (n,), NaN where missing.
    moments
        When the other was upset: from the stressor to the end of its recovery.
    rest
        When nobody was.
    breathing
        Times (s) and breathing rate (1/min, NaN where missing), each shape (m,); leave out breaths with a pacer.

    Returns
    -------
    Composure
        Over the moments that are in view.

    Raises
    ------
    UsageError
        If no moment is given.
    DataError
        If rest or all moments hold almost nothing.
    """
    if not moments:
        raise UsageError("Steadiness is read from another person's hard moments; none came. Mark them as blocks.")
    calm = np.concatenate([_inside(times, arousal, window) for window in rest] or [np.empty(0)])
    if len(calm) < THRESHOLDS.min_composure_values or np.ptp(calm) == 0:
        raise DataError("There is no rest to compare with, or nothing varies in it.")
    pairs = [
        (_inside(times, arousal, w), _inside(times, arousal, Window(w.start - THRESHOLDS.composure_before, w.start)))
        for w in moments
    ]
    seen = [
        (during, before) for during, before in pairs if min(len(during), len(before)) >= THRESHOLDS.min_composure_values
    ]
    if not seen:
        raise DataError("No moment has enough values in it and before it.")
    rises = [float(during.mean() - before.mean()) / float(calm.std()) for during, before in seen]
    variances = [float(np.log(max(during.var(), 1e-300) / calm.var())) for during, _ in seen]
    return Composure(person, _mean(rises), _mean(variances), _breath(breathing, moments), len(seen))


def _breath(breathing: tuple[Floats, Floats] | None, moments: Sequence[Window]) -> Interval | None:
    if breathing is None:
        return None
    times, rate = breathing
    pairs = [
        (_inside(times, rate, w), _inside(times, rate, Window(w.start - THRESHOLDS.composure_before, w.start)))
        for w in moments
    ]
    changes = [float(during.mean() - before.mean()) for during, before in pairs if len(during) and len(before)]
    return _mean(changes) if changes else None


def _inside(times: Floats, values: Floats, window: Window) -> Floats:
    inside = (times >= window.start) & (times < window.end) & np.isfinite(values)
    return values[inside]


def _mean(values: Sequence[float]) -> Interval:
    n = len(values)
    error = float(np.std(values, ddof=1)) / n**0.5 if n > 1 else np.inf
    return interval_of_mean(float(np.mean(values)), error, n - 1)
