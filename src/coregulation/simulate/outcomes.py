"""What became of somebody in simulated states: the truth that estimates are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.settings import TAIL, UPPER
from coregulation.signals import Floats, Window
from coregulation.simulate.nervous_system import States

_SMOOTHING = 5.0  # s, the running mean over which a report reads recoveries too


@dataclass(frozen=True, slots=True)
class TrueRecovery:
    """One return after a stressor.

    Parameters
    ----------
    excess
        Over own rest when the stressor ended, in the unit of the values.
    half_life
        In s; inf: not in this span.
    """

    excess: float
    half_life: float


def true_recovery(values: Floats, rate: float, rest: Window, span: Window, stay: float = 10.0) -> TrueRecovery:
    """Compute the half-life of an excess: the first time it is at most half of that at the span's start, and stays so.

    Parameters
    ----------
    values
        Shape (n,), from session time 0, in any unit; smoothed here over 5 s.
    rate
        In Hz.
    rest
        The person's own alone-rest, whose mean is zero in the sense of a recovery's zero, in s.
    span
        From the end of the stressor on, in s.
    stay
        How long it must stay there, in s.

    Returns
    -------
    TrueRecovery
        Excess and half-life.

    Raises
    ------
    UsageError
        If the span holds no sample.
    """
    smooth = _smoothed(values, max(1, round(_SMOOTHING * rate)))
    zero = float(smooth[_slice(rest, rate)].mean())
    excess = smooth[_slice(span, rate)] - zero
    if not len(excess):
        raise UsageError("The span of a recovery holds no sample.")
    staying = max(1, round(stay * rate))
    low = np.concatenate(([0], np.cumsum(excess <= excess[0] / 2)))
    settled = np.flatnonzero(low[staying:] - low[:-staying] == staying)
    return TrueRecovery(float(excess[0]), float(settled[0]) / rate if len(settled) else math.inf)


def half_life(states: States, person: int, rest: Window, span: Window) -> float:
    """Compute the half-life of a person's latent arousal.

    Parameters
    ----------
    states
        What the nervous systems did.
    person
        Which.
    rest
        Own alone-rest, in s.
    span
        From the end of the stressor on, in s.

    Returns
    -------
    float
        In s; inf: not in this span.
    """
    return true_recovery(states.arousal[:, person], states.rate, rest, span).half_life


def median_interval(values: Floats, rng: np.random.Generator, draws: int = 999) -> tuple[float, float, float]:
    """Compute a median and its 95 % percentile bootstrap interval.

    Parameters
    ----------
    values
        Shape (n,); "never" (inf) counts as longer than all.
    rng
        Random numbers.
    draws
        Of the bootstrap.

    Returns
    -------
    tuple of float
        Median, lower and upper end, in the unit of the values.

    References
    ----------
    Efron B (1979), Annals of Statistics 7:1, doi:10.1214/aos/1176344552
    """
    sample = np.sort(np.asarray(values, dtype=np.float64))
    picks = sample[rng.integers(len(sample), size=(draws, len(sample)))]
    medians = np.sort(np.quantile(picks, 0.5, axis=1, method="lower"))
    low, high = medians[[round(TAIL * draws), min(draws - 1, round(UPPER * draws))]]
    return float(np.quantile(sample, 0.5, method="lower")), float(low), float(high)


def each(outcome: Callable[[States], float], runs: list[States]) -> Floats:
    """Compute an outcome of every run.

    Parameters
    ----------
    outcome
        From states to a number.
    runs
        Of one kind.

    Returns
    -------
    ndarray, shape (runs,)
        In the outcome's unit.
    """
    return np.array([outcome(run) for run in runs])


def _smoothed(values: Floats, width: int) -> Floats:
    """Mean of the `width` samples that begin here, as in the prototype; shorter at the end."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    end = np.minimum(np.arange(len(values)) + width, len(values))
    mean: Floats = (total[end] - total[:-1]) / (end - np.arange(len(values)))
    return mean


def _slice(window: Window, rate: float) -> slice:
    return slice(round(window.start * rate), round(window.end * rate))
