"""ECG to beats."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coregulation.physiology.detector import AbstractBeatDetector, AbstractEarlyDetector, check_rate
from coregulation.signals import Floats

_RATES = (100.0, 2000.0)  # Hz
_WORKING_RATE = 125.0  # Hz, about: where candidates are looked for
_FREQUENCY, _SPREAD = 10.0, 0.02  # Hz and s of the wavelet that has a hump over a QRS and little over P, T and noise


@dataclass(frozen=True, slots=True)
class EcgBeats(AbstractBeatDetector):
    """Find the heart beats of an ECG, live or recorded.

    ECG in any unit and either polarity, 100 to 2,000 Hz -> beats at their R apex (a parabola's, between samples), each
    with its confidence. A beat stands on one more alike to it than to noise, or is marked. A flat line, a rail and
    missing samples are lost spans, and so is what does not stand out and look alike, as noise does not; the beat after
    one has `breaks`. A pacemaker's spikes up to 3 ms are taken out, the beat they pace is found.

    Of beats with two large deflections the one on the usual side is taken, and the first unless the next is twice as large.
    """

    rates: ClassVar[tuple[float, float]] = _RATES
    least: ClassVar[float] = 0.1

    @property
    def delay(self) -> float:
        """How long (s) after a beat it is told, at the latest."""
        return 2.0

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how QRS are looked for and decided."""
        return _settings(rate, 1.6, 10.0)


@dataclass(frozen=True, slots=True)
class EarlyEcg(AbstractEarlyDetector):
    """Show the heart beats of an ECG within half a second, for a pulse on the screen."""

    rates: ClassVar[tuple[float, float]] = _RATES

    @property
    def delay(self) -> float:
        """How long (s) after a beat it is shown, at the latest."""
        return 0.5

    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how QRS are looked for and decided, with no look ahead."""
        return _settings(rate, 0.0, 0.0)


@functools.lru_cache(maxsize=16)
def _settings(rate: float, look_ahead: float, proof: float) -> tuple[Any, Floats, Any]:
    from coregulation.physiology.beat_memory import BeatRule
    from coregulation.physiology.candidates import Scan

    check_rate(rate, _RATES)
    step = max(1, round(rate / _WORKING_RATE))
    working = rate / step
    scan = Scan(
        rate=rate,
        step=step,
        spike=math.ceil(0.003 * rate) if rate > 200 else 0,
        block=math.ceil(2.0 * rate),
        apart=math.ceil(0.06 * working),
        reach=math.ceil(0.06 * working),
        climb=math.ceil(0.015 * rate),
        mean=round(0.009 * rate),
        fit=max(1, round(0.008 * rate)),
        stride=0.01 * working,
        rising=False,
    )
    rule = BeatRule(
        look_ahead=look_ahead,
        refractory=0.18,
        settle=0.36,
        strong=0.35,
        weak=0.18,
        guard=0.1,
        unlike=0.25,
        giant=10.0,
        patience=10.0,
        steep=0.5,
        greater=2.0,
        complex_width=0.15,
        p_wave=0.3,
        taller=1.2,
        learn=1.6,
        crested=True,
        opened=3.0,
        closed=2.0,
        even=2.42,
        sure=5.0,
        proof=proof,
    )
    return scan, wavelet(working), rule


def wavelet(rate: float) -> Floats:
    """Compute a 10-Hz wavelet that ignores a constant (wander) and a slope (T waves).

    Parameters
    ----------
    rate
        Working rate, in Hz.

    Returns
    -------
    ndarray
        Even and odd part, shape (2, taps), with an odd number of taps.
    """
    half = math.ceil(3.2 * _SPREAD * rate)
    times = np.arange(-half, half + 1) / rate
    bell = np.exp(-(times**2) / (2 * _SPREAD**2))
    even = bell * np.cos(2 * np.pi * _FREQUENCY * times)
    odd = bell * np.sin(2 * np.pi * _FREQUENCY * times)
    slope = bell * times
    even -= bell * even.sum() / bell.sum()
    odd -= slope * (odd @ times) / (slope @ times)
    taps: Floats = np.stack([even, odd]) * 2 / bell.sum()
    return taps
