"""What became of somebody in simulated states: the truth that estimates are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats, Window
from coregulation.simulate.nervous_system import States


@dataclass(frozen=True, slots=True)
class TrueRecovery:
    """One return after a stressor: excess over own rest when it ended (a.u.) and half-life (s, inf: not in this span)."""

    excess: float
    half_life: float


def true_recovery(values: Floats, rate: float, rest: Window, span: Window, stay: float = 10.0) -> TrueRecovery:
    """Return the half-life of an excess: first time it is at most half of that at the span's start, for `stay` s.

    Args:
        values: shape (n,), from session time 0, in any unit; smoothed here over 5 s.
        rate: in Hz.
        rest: the person's own alone-rest, whose mean is zero (REGULATION.md 4), in s.
        span: from the end of the stressor on, in s.
        stay: how long it must stay there, in s.
    """
    smooth = _smoothed(values, max(1, round(5 * rate)))
    zero = float(smooth[_slice(rest, rate)].mean())
    excess = smooth[_slice(span, rate)] - zero
    if not len(excess):
        raise UsageError("The span of a recovery holds no sample.")
    staying = max(1, round(stay * rate))
    low = np.concatenate(([0], np.cumsum(excess <= excess[0] / 2)))
    held = np.flatnonzero(low[staying:] - low[:-staying] == staying)
    return TrueRecovery(float(excess[0]), float(held[0]) / rate if len(held) else math.inf)


def half_life(states: States, person: int, rest: Window, span: Window) -> float:
    """Return the half-life of a person's latent arousal in s."""
    return true_recovery(states.arousal[:, person], states.rate, rest, span).half_life


def median_interval(values: Floats, rng: np.random.Generator, draws: int = 999) -> tuple[float, float, float]:
    """Return the median and a 95 % percentile bootstrap interval of it; "never" (inf) counts as longer than all."""
    sample = np.sort(np.asarray(values, dtype=np.float64))
    picks = sample[rng.integers(len(sample), size=(draws, len(sample)))]
    medians = np.sort(np.quantile(picks, 0.5, axis=1, method="lower"))
    low, high = medians[[round(0.025 * draws), min(draws - 1, round(0.975 * draws))]]
    return float(np.quantile(sample, 0.5, method="lower")), float(low), float(high)


def each(outcome: Callable[[States], float], runs: list[States]) -> Floats:
    """Return an outcome of every run."""
    return np.array([outcome(run) for run in runs])


def _smoothed(values: Floats, width: int) -> Floats:
    """Mean of the `width` samples that begin here, as in the prototype; shorter at the end."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    end = np.minimum(np.arange(len(values)) + width, len(values))
    mean: Floats = (total[end] - total[:-1]) / (end - np.arange(len(values)))
    return mean


def _slice(window: Window, rate: float) -> slice:
    return slice(round(window.start * rate), round(window.end * rate))
