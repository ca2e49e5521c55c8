"""Hearts and breaths of the zoo of laws: five curves of the heart's answer, coloured noise, and beats that a strap loses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.signals import Beats, Floats, Signal, Unit
from coregulation.simulate.zoo_dynamics import RATE, first_order, pink

_PULSE = 20.0  # Hz at which the heart's phase is integrated
_BELT = 10.0  # Hz

CURVES: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {
        "hill": lambda x: 60 * np.maximum(x + 0.3, 0) ** 1.5 / (1.4 + np.maximum(x + 0.3, 0) ** 1.5) - 6.3,
        "exponential ceiling": lambda x: np.where(x > 0, 42 * (1 - np.exp(-np.maximum(x, 0) / 0.6)), 25 * np.tanh(x)),
        "hyperbolic tangent": lambda x: 34 * np.tanh(x / 0.8),
        "logarithm": lambda x: 24 * np.sign(x) * np.log1p(np.abs(x) / 0.4),
        "straight": lambda x: 30 * np.clip(x, -0.5, None),
    }
)  # arousal in a.u. to 1/min over the rest; a lone response of 0.85 a.u. gives 19 to 32 1/min, as mental arithmetic does


@dataclass(frozen=True, slots=True)
class ZooBody:
    """One kind of heart and strap.

    Parameters
    ----------
    curve
        Name of one of `CURVES`.
    slow_noise
        Standard deviation of the heart's own 1/f noise, 1/min.
    waves
        Standard deviation of waves near 0.1 Hz, 1/min.
    missed_pairs
        How often two beats in a row are lost, per hour.
    """

    curve: str = "hill"
    slow_noise: float = 1.5
    waves: float = 1.5
    missed_pairs: float = 0.0

    def record(self, arousal: Floats, rng: np.random.Generator) -> tuple[Signal, Beats]:
        """Record a belt (10 Hz, a.u.) and beats of somebody with this arousal (at `RATE`, a.u. above rest)."""
        seconds = len(arousal) / RATE
        belt, phase = _breath(arousal, seconds, rng)
        return Signal(belt, _BELT, 0.0, Unit.ARBITRARY), self._beats(arousal, phase, seconds, rng)

    def _beats(self, arousal: Floats, phase: Floats, seconds: float, rng: np.random.Generator) -> Beats:
        n = len(arousal)
        answer = np.asarray(CURVES[self.curve](_late(arousal, 3.0)), float)
        wave = np.sin(2 * math.pi * 0.095 * np.arange(n) / RATE + np.cumsum(rng.normal(0, 0.1, n)))
        own = self.slow_noise * pink(n, rng, lowest=0.004) + 1.4 * self.waves * wave * first_order(25.0, n, rng)
        rate = rng.normal(68.0, 6.0) * rng.uniform(0.97, 1.03) + answer + own
        fine = np.arange(round(seconds * _PULSE)) / _PULSE
        grid = np.arange(n) / RATE
        breath = np.interp(fine, np.arange(len(phase)) / _BELT, phase)
        depth = rng.uniform(1.5, 4.0) / (1 + 2 * np.interp(fine, grid, np.maximum(arousal, 0.0)))
        heart = np.maximum(np.interp(fine, grid, rate) + depth * np.sin(2 * math.pi * breath), 35.0)
        turns = np.concatenate([[0.0], np.cumsum(heart / 60 / _PULSE)])
        times = np.interp(np.arange(1, int(turns[-1])), turns, np.arange(len(turns)) / _PULSE)
        times = times + rng.normal(0.0, 0.004, len(times))
        return Beats(np.sort(times)[self._kept(len(times), seconds, rng)])

    def _kept(self, beats: int, seconds: float, rng: np.random.Generator) -> Floats:
        kept = np.ones(beats, bool)
        for first in rng.integers(2, beats - 3, rng.poisson(self.missed_pairs * seconds / 3600)):
            kept[first : first + 2] = False
        return kept


def _late(arousal: Floats, tau: float) -> Floats:
    from scipy.signal import lfilter

    keep = math.exp(-1 / (tau * RATE))
    return np.asarray(lfilter([1 - keep], [1, -keep], arousal - arousal[0]) + arousal[0], float)


def _breath(arousal: Floats, seconds: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return a belt and the breath's phase in whole breaths, both at `_BELT`."""
    n = round(seconds * _BELT)
    at = np.arange(n) / _BELT
    here = np.interp(at, np.arange(len(arousal)) / RATE, arousal)
    wander = np.interp(at, np.arange(len(arousal)) / RATE, first_order(12.0, len(arousal), rng))
    pace = np.clip(13.5 * (1 + 0.3 * np.tanh(here) + 0.12 * wander), 5.0, 40.0)  # 1/min
    phase = np.cumsum(pace / 60 / _BELT)
    depth = 1 + 0.15 * np.interp(at, np.arange(len(arousal)) / RATE, first_order(8.0, len(arousal), rng))
    return depth * np.sin(2 * math.pi * phase - 0.4 * np.sin(2 * math.pi * phase)) + 0.03 * rng.standard_normal(
        n
    ), phase
