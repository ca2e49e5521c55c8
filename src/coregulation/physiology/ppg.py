"""PPG to beats: pulses, whose intervals give pulse rate variability (PRV), not HRV."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coregulation.physiology.detector import AbstractBeats, AbstractEarly, check_rate
from coregulation.signals import Floats

_RATES = (20.0, 1000.0)  # Hz
_WORKING_RATE = 32.0  # Hz, about: where candidates are looked for
_SPREAD = 0.08  # s of the smoothing before the slope is taken


@dataclass(frozen=True, slots=True)
class PpgBeats(AbstractBeats):
    """Find the pulses of a photoplethysmogram from wrist, finger or camera, live or recorded.

    PPG in which more blood is up, 20 to 1,000 Hz -> pulses at the steepest point of the systolic upstroke, each with its confidence. A
    watch that records reflected light has it upside down: say `upward=False`.
    """

    upward: bool = True
    rates: ClassVar[tuple[float, float]] = _RATES

    @property
    def delay(self) -> float:
        """How long (s) after a pulse it is told, at the latest."""
        return 3.0

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how upstrokes are looked for and decided."""
        return _settings(rate, 2.0, self.upward)


@dataclass(frozen=True, slots=True)
class EarlyPpg(AbstractEarly):
    """Show the pulses of a photoplethysmogram within half a second or so, for the screen."""

    upward: bool = True
    rates: ClassVar[tuple[float, float]] = _RATES

    @property
    def delay(self) -> float:
        """How long (s) after a pulse it is shown, at the latest."""
        return 0.8

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how upstrokes are looked for and decided, with no look ahead."""
        return _settings(rate, 0.0, self.upward)


@functools.lru_cache(maxsize=16)
def _settings(rate: float, look_ahead: float, upward: bool) -> tuple[Any, Floats, Any]:
    from coregulation.physiology.candidates import Scan
    from coregulation.physiology.rhythm import Rule

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
        stride=0.025 * working,
        rising=True,
    )
    rule = Rule(
        look_ahead=look_ahead,
        refractory=0.26,
        settle=0.5,
        strong=0.45,
        weak=0.25,
        guard=0.3,
        steep=0.6,
        greater=2.0,
        learn=2.0,
        opened=2.6,
        closed=1.75,
        even=2.1,
        sure=4.0,
    )
    return scan, slope(working) * (1.0 if upward else -1.0), rule


def slope(rate: float) -> Floats:
    """Return a kernel that takes the slope of a smoothed signal, shape (2, taps); the first, even one is nothing."""
    half = math.ceil(3.0 * _SPREAD * rate)
    times = np.arange(-half, half + 1) / rate
    rise = times * np.exp(-(times**2) / (2 * _SPREAD**2))
    taps: Floats = np.stack([np.zeros_like(rise), rise]) / np.sum(rise * times)
    return taps
