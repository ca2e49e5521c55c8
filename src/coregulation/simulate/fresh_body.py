"""Hearts, breaths and sensors of the fresh laws: other curves, breaths that carry the heart, ectopic and missed beats."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.signals import Beats, Bools, Floats, Signal, Unit
from coregulation.simulate.fresh_pair import RATE

_BELT = 10.0  # Hz

HEART_CURVES: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {
        "share of rest": lambda x: 0.75 * np.maximum(x, -0.3) / (np.maximum(x, -0.3) + 1.1),
        "power .7": lambda x: 0.36 * np.sign(x) * np.abs(x) ** 0.7,
        "exponential": lambda x: np.exp(0.33 * np.clip(x, -1.0, 2.2)) - 1,
        "soft step": lambda x: 0.5 / (1 + np.exp(-(x - 0.5) / 0.22)) - 0.5 / (1 + math.exp(0.5 / 0.22)),
    }
)  # arousal in a.u. to the share by which the rate at rest grows; a lone response of .85 a.u. gives .3 to .4


@dataclass(frozen=True, slots=True)
class FreshBody:
    """One kind of heart, breath and sensor.

    Parameters
    ----------
    curve
        Name of one of `HEART_CURVES`.
    waves
        Standard deviation of the heart's own slow waves of 5 to 60 s, as a share of its rate.
    ectopic
        Premature beats with a pause after them, per hour.
    missed
        Single beats that the strap loses, per hour.
    steps
        How often posture changes, per hour; each lifts or lowers the rate by some 6 1/min for minutes.
    drift
        How far a measured arousal drifts in an hour, a.u.
    uneven
        Factor of the second person's noise of measurement, and its inverse for the first.
    holds
        Whether the breath is held for ten seconds at a time while together.
    """

    curve: str = "share of rest"
    waves: float = 0.02
    ectopic: float = 0.0
    missed: float = 2.0
    steps: float = 0.0
    drift: float = 0.0
    uneven: float = 1.0
    holds: bool = False

    def measure(self, arousal: Floats, person: int, rng: np.random.Generator) -> Signal:
        """Measure arousal at 1 Hz, with noise that lasts some seconds and a drift."""
        sd = 0.05 * self.uneven ** (2 * person - 1)
        n = len(arousal)
        noise = sd * (0.8 * smooth_noise(1.5, n, rng) + 0.6 * rng.standard_normal(n))
        drift = self.drift * rng.choice((-1.0, 1.0)) * np.arange(n) / RATE / 3600 + self._posture(n, rng) / 30
        return Signal((arousal + noise + drift)[:: round(RATE)], 1.0, 0.0, Unit.ARBITRARY)

    def record(self, arousal: Floats, together: Bools, rng: np.random.Generator) -> tuple[Signal, Beats]:
        """Record a belt and beats of a person with this arousal (at `RATE`, a.u. above rest)."""
        n = len(arousal)
        grid, at = np.arange(n) / RATE, np.arange(round(n / RATE * _BELT)) / _BELT
        pace = np.clip(12.0 + 5.0 * np.clip(arousal, -0.5, 2.0) + 1.8 * smooth_noise(20.0, n, rng), 5.0, 35.0)
        is_held = self._held(at, np.interp(at, grid, together) > 0.5, rng)
        phase = np.cumsum(np.where(is_held, 0.0, np.interp(at, grid, pace)) / 60 / _BELT)
        belt = np.where(is_held, 0.3, np.sin(2 * math.pi * phase)) + 0.04 * rng.standard_normal(len(at))
        rest = rng.normal(66.0, 7.0)
        rate = rest * (1 + HEART_CURVES[self.curve](arousal) + self.waves * _waves(n, rng)) + self._posture(n, rng)
        swing = rng.uniform(0.02, 0.06) * np.interp(at, grid, 10.0 / pace) * np.sin(2 * math.pi * phase + 0.6)
        heart = np.maximum(np.interp(at, grid, rate) * (1 + np.where(is_held, 0.0, swing)), 35.0)
        turns = np.concatenate([[0.0], np.cumsum(heart / 60 / _BELT)])
        times = np.interp(np.arange(1, int(turns[-1])), turns, np.arange(len(turns)) / _BELT)
        return Signal(belt, _BELT, 0.0, Unit.ARBITRARY), self._beats(times, rng)

    def _beats(self, times: Floats, rng: np.random.Generator) -> Beats:
        hours = times[-1] / 3600
        times = times + 0.003 * rng.standard_normal(len(times))
        for early in rng.integers(2, len(times) - 3, rng.poisson(self.ectopic * hours)):
            times[early] -= 0.3 * (times[early] - times[early - 1])
        kept = np.ones(len(times), bool)
        kept[rng.integers(2, len(times) - 3, rng.poisson(self.missed * hours))] = False
        return Beats(np.sort(times)[kept])

    def _posture(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw steps of posture, in 1/min, shape (n,)."""
        out = np.zeros(n)
        for start in rng.integers(0, n, rng.poisson(self.steps * n / RATE / 3600)):
            out[start : start + round(rng.uniform(60, 400) * RATE)] += rng.normal(0.0, 6.0)
        return out

    def _held(self, at: Floats, near: Bools, rng: np.random.Generator) -> Bools:
        out = np.zeros(len(at), bool)
        if self.holds:
            for start in np.arange(20.0, at[-1], 45.0) + rng.uniform(0, 10):
                out |= (at >= start) & (at < start + 10.0) & near
        return out


def smooth_noise(tau: float, n: int, rng: np.random.Generator) -> Floats:
    """Draw noise of unit variance that was averaged twice.

    Parameters
    ----------
    tau
        Length of each running mean, s.
    n
        Number of samples.
    rng
        Of the noise.

    Returns
    -------
    ndarray
        Shape (n,).
    """
    width = max(1, round(tau * RATE))
    kernel = np.convolve(np.ones(width), np.ones(width))
    kernel /= math.sqrt(float(kernel @ kernel))
    return np.convolve(rng.standard_normal(n + len(kernel) - 1), kernel, mode="valid")


def _waves(n: int, rng: np.random.Generator) -> Floats:
    """Draw a heart's own waves: a sum of sines of 5 to 60 s whose phases wander; unit variance, shape (n,)."""
    out = np.zeros(n)
    for period in np.geomspace(5.0, 60.0, 9):
        phase = rng.uniform(0, 2 * math.pi) + np.cumsum(rng.normal(0, 0.12, n))
        out += period**0.3 * np.sin(2 * math.pi * np.arange(n) / RATE / period + phase)
    return np.asarray(out / out.std(), float)
