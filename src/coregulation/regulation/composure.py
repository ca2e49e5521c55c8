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
from coregulation.signals import Floats, Window

_MIN_VALUES = 10  # values in a window
_BEFORE = 30.0  # s before a moment that it is compared with


@dataclass(frozen=True, slots=True)
class Composure:
    """One person's own answer to another's hard moments.

    Args:
        rise: mean of the arousal during the moments over that of the half minute before, in rest SDs.
        variance: ln of the variance during over that at rest.
        breath: change of breathing rate during the moments, 1/min; None without breath.
        moments: how many there were in view.
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
    """Return how steady a person stayed through another's hard moments; t intervals over moments.

    Args:
        person: whose gauge this is.
        times: shape (n,), increasing, s.
        arousal: shape (n,), NaN where missing.
        moments: when the other was upset: from the stressor to the end of its recovery.
        rest: when nobody was.
        breathing: times and breathing rate (1/min, NaN where missing), each shape (m,); leave out breaths with a pacer.

    Raises:
        UsageError: if no moment is given. DataError: if rest or all moments hold almost nothing.
    """
    if not moments:
        raise UsageError("Steadiness is asked of somebody else's hard moments; none came.")
    calm = np.concatenate([_inside(times, arousal, window) for window in rest] or [np.empty(0)])
    if len(calm) < _MIN_VALUES or np.ptp(calm) == 0:
        raise DataError("There is no rest to compare with, or nothing varies in it.")
    pairs = [(_inside(times, arousal, w), _inside(times, arousal, Window(w.start - _BEFORE, w.start))) for w in moments]
    seen = [(during, before) for during, before in pairs if min(len(during), len(before)) >= _MIN_VALUES]
    if not seen:
        raise DataError("No moment has enough values in it and before it.")
    rises = [float(during.mean() - before.mean()) / float(calm.std()) for during, before in seen]
    variances = [float(np.log(max(during.var(), 1e-300) / calm.var())) for during, _ in seen]
    return Composure(person, _mean(rises), _mean(variances), _breath(breathing, moments), len(seen))


def _breath(breathing: tuple[Floats, Floats] | None, moments: Sequence[Window]) -> Interval | None:
    if breathing is None:
        return None
    times, rate = breathing
    pairs = [(_inside(times, rate, w), _inside(times, rate, Window(w.start - _BEFORE, w.start))) for w in moments]
    changes = [float(during.mean() - before.mean()) for during, before in pairs if len(during) and len(before)]
    return _mean(changes) if changes else None


def _inside(times: Floats, values: Floats, window: Window) -> Floats:
    held = (times >= window.start) & (times < window.end) & np.isfinite(values)
    return values[held]


def _mean(values: Sequence[float]) -> Interval:
    n = len(values)
    error = float(np.std(values, ddof=1)) / n**0.5 if n > 1 else np.inf
    return interval_of_mean(float(np.mean(values)), error, n - 1)
