"""PPG to beats: pulses, whose intervals give pulse rate variability (PRV), not HRV."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coregulation.physiology.detector import AbstractBeatDetector, AbstractEarlyDetector, check_rate
from coregulation.signals import Floats, Signal

_RATES = (20.0, 1000.0)  # Hz
_WORKING_RATE = 32.0  # Hz, about: where candidates are looked for
_FAST, _SLOW = 0.07, 0.3  # s: the slope over the first less that over the second is a pulse's upstroke
_STRETCH = 10.0  # s over which the slope's skewness is taken
VARIABILITY = "PRV"  # what the intervals of pulses give: the pulse's way to the wrist varies too


@dataclass(frozen=True, slots=True)
class PpgBeats(AbstractBeatDetector):
    """Find the pulses of a photoplethysmogram from wrist, finger or camera, live or recorded.

    PPG in any unit, 20 to 1,000 Hz, in which more blood is up (`upward=False` where it is down, as in raw reflected
    light) -> pulses at the steepest point of the systolic upstroke, each with its confidence: how far its upstroke stands out from the rest
    and how much its shape is that of the others. What does not stand out or look alike (movement) is a lost span. The
    upstroke's steepest point moves least with the pulse's shape; what the intervals give is PRV, not HRV.

    Parameters
    ----------
    upward
        True where more blood raises the signal, False where it lowers it.
    """

    upward: bool = True
    rates: ClassVar[tuple[float, float]] = _RATES
    least: ClassVar[float] = 0.3
    has_shapes: ClassVar[bool] = False  # a pulse's size follows the tone of the vessels
    variability: ClassVar[str] = VARIABILITY

    @property
    def delay(self) -> float:
        """How long (s) after a pulse it is told, at the latest."""
        return 3.0

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how upstrokes are looked for and decided."""
        scan, rule, working = _settings(rate)
        taps = _slope(working, _FAST, _SLOW) - _slope(working, _SLOW, _SLOW)
        return scan, taps if self.upward else -taps, rule._replace(look_ahead=1.9)


@dataclass(frozen=True, slots=True)
class EarlyPpg(AbstractEarlyDetector):
    """Show the pulses of a photoplethysmogram within half a second, for the screen.

    Parameters
    ----------
    upward
        True where more blood raises the signal, False where it lowers it.
    """

    upward: bool = True
    rates: ClassVar[tuple[float, float]] = _RATES

    @property
    def delay(self) -> float:
        """How long (s) after a pulse it is shown, at the latest."""
        return 0.5

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how upstrokes are looked for and decided, with no look ahead and a shorter kernel."""
        scan, rule, working = _settings(rate)
        taps = _slope(working, _FAST, _FAST)
        return scan, taps if self.upward else -taps, rule


def upright(ppg: Signal) -> bool:
    """Decide whether more blood raises the signal of a recording (whole record).

    A pulse climbs faster than it falls, so its slope is skewed towards the side of more blood: the median skewness
    over stretches of 10 s decides. A live stream needs the answer from its user, or from its first minute.

    Parameters
    ----------
    ppg
        Photoplethysmogram in any unit; NaN where missing.

    Returns
    -------
    bool
        True where more blood is up, and where it cannot be decided: 10 s or less, or no stretch that is known
        throughout and changes.
    """
    n = round(_STRETCH * ppg.rate)
    if len(ppg) <= n:
        return True
    smooth = np.hanning(2 * max(2, round(0.1 * ppg.rate)) + 1)
    slope = np.diff(np.convolve(ppg.values, smooth / smooth.sum(), "same"))
    rows = slope[: len(slope) // n * n].reshape(-1, n)
    rows = rows[np.isfinite(rows).all(axis=1) & (np.ptp(rows, axis=1) > 0)]
    level = rows - rows.mean(axis=1, keepdims=True)
    skewness = (level**3).mean(axis=1) / (level**2).mean(axis=1) ** 1.5
    return not len(rows) or float(np.median(skewness)) >= 0


@functools.lru_cache(maxsize=16)
def _settings(rate: float) -> tuple[Any, Any, float]:
    from coregulation.physiology.beat_memory import BeatRule
    from coregulation.physiology.candidates import Scan

    check_rate(rate, _RATES)
    step = max(1, round(rate / _WORKING_RATE))
    working = rate / step
    scan = Scan(
        rate=rate,
        step=step,
        spike=0,
        block=math.ceil(2.0 * rate),
        apart=math.ceil(0.12 * working),
        reach=0,
        climb=0,
        mean=0,
        fit=1,
        stride=0.02 * working,
        rising=True,
    )
    rule = BeatRule(
        look_ahead=0.0,
        refractory=0.26,
        settle=0.5,
        strong=0.25,
        weak=0.15,
        guard=0.3,
        unlike=0.0,
        giant=10.0,
        patience=10.0,
        steep=0.6,
        greater=2.0,
        complex_width=0.26,
        p_wave=0.26,
        taller=2.0,
        learn=2.0,
        crested=False,
        opened=0.72,
        closed=0.5,
        even=math.inf,
        sure=math.inf,
        proof=0.0,
    )
    return scan, rule, working


def _slope(rate: float, spread: float, reach: float) -> Floats:
    """Return the kernel that takes the slope of a signal smoothed over `spread` s, as the odd one of a pair."""
    half = math.ceil(2.5 * reach * rate)
    times = np.arange(-half, half + 1) / rate
    rise = times * np.exp(-(times**2) / (2 * spread**2))
    taps: Floats = np.stack([np.zeros_like(rise), rise / np.sum(rise * times)])
    return taps
