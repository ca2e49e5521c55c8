"""Means of groups with one common SD, where some values are only known to be larger than what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coregulation.signals import Floats


class Cells(NamedTuple):
    """Groups that were fitted with one common standard deviation.

    Parameters
    ----------
    means
        Mean of each group, shape (g,).
    errors
        Standard error of each mean, shape (g,).
    sd
        Common standard deviation within groups; 0 where no degree of freedom is left.
    freedom
        Its degrees of freedom: values that were seen, less the groups that have any. It can be 0 or less.
    """

    means: Floats
    errors: Floats
    sd: float
    freedom: float


def fit_cells(cells: Sequence[tuple[Floats, Floats]], rounds: int = 200) -> Cells:
    """Fit a normal model with a common SD to groups of right-censored values by expectation and maximisation.

    With nothing censored these are the ordinary means, pooled SD and standard errors. A censored value carries the
    information λ(λ − α) of one that was seen, with λ the normal hazard at the standardised bound α (Aitkin 1981).

    Parameters
    ----------
    cells
        Of each group, the values and 1 where a value is only a lower bound (else 0), both of shape (n,).
    rounds
        Iterations; none are made where nothing is censored.

    Returns
    -------
    Cells
        In the unit of the values. The mean of a group in which all is censored is that of its bounds.
    """
    seen = sum(float((1 - hidden).sum()) for _, hidden in cells)
    occupied = sum(1 for _, hidden in cells if (hidden == 0).any())
    freedom = seen - occupied
    means = np.array([values.mean() for values, _ in cells])
    sd = _pooled(cells, means, freedom)
    if sd > 0 and any(hidden.any() for _, hidden in cells):
        for _ in range(rounds):
            means, sd = _round(cells, means, sd)
    weights = np.array(
        [_information(values, hidden, mean, sd) for (values, hidden), mean in zip(cells, means, strict=True)]
    )
    return Cells(means, sd / np.sqrt(np.maximum(weights, 1e-9)), sd, freedom)


def _pooled(cells: Sequence[tuple[Floats, Floats]], means: Floats, freedom: float) -> float:
    squares = sum(float(((values - mean) ** 2).sum()) for (values, _), mean in zip(cells, means, strict=True))
    return float(np.sqrt(squares / freedom)) if freedom > 0 else 0.0


def _hazard(bound: Floats) -> Floats:
    from scipy.special import log_ndtr

    return np.asarray(np.exp(-0.5 * bound**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(-bound)), float)


def _round(cells: Sequence[tuple[Floats, Floats]], means: Floats, sd: float) -> tuple[Floats, float]:
    new, squares = np.empty(len(cells)), 0.0
    for at, (values, hidden) in enumerate(cells):
        bound = (values - means[at]) / sd
        hazard = _hazard(bound)
        filled = np.where(hidden > 0, means[at] + sd * hazard, values)
        # where all are hidden the mean would run away: it stays at the bound, and the caller gives a one-sided answer
        new[at] = filled.mean() if (hidden == 0).any() else values.mean()
        spread = np.where(hidden > 0, sd**2 * (1 - hazard * (hazard - bound)), 0.0)
        squares += float(((filled - new[at]) ** 2 + spread).sum()) if (hidden == 0).any() else 0.0
    size = sum(len(values) for values, hidden in cells if (hidden == 0).any())
    occupied = sum(1 for _, hidden in cells if (hidden == 0).any())
    return new, float(np.sqrt(squares / max(size - occupied, 1)))


def _information(values: Floats, hidden: Floats, mean: float, sd: float) -> float:
    if sd <= 0 or not hidden.any() or hidden.all():
        return float(len(values))
    bound = (values - mean) / sd
    hazard = _hazard(bound)
    return float(np.where(hidden > 0, hazard * (hazard - bound), 1.0).sum())
