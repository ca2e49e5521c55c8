"""Partial pooling: estimates of several visits or pairs borrow from each other, with intervals that say how much.

An estimate alone keeps its own value and interval. Several are taken as draws around a common mean; how far they truly differ is
not known from a few of them, so it is averaged over and not put in as one number, which is what makes the intervals honest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.regulation.interval import Interval, interval_of_draws
from coregulation.settings import LEVEL
from coregulation.signals import Bools, Floats

_SPREADS = np.geomspace(0.01, 4.0, 80)  # true standard deviations that are averaged over
_QUANTILES = 2001  # points of the mixture that an interval is read from


@dataclass(frozen=True, slots=True)
class PooledEstimates:
    """Estimates that borrow from each other.

    Parameters
    ----------
    each
        One per estimate, in the order they came; one without a finite value or error is that of a new member.
    mean
        Of all from whom these come.
    spread
        Standard deviation of the true values.
    """

    each: tuple[Interval, ...]
    mean: Interval
    spread: Interval


def pool_partially(values: Floats, errors: Floats, level: float = LEVEL) -> PooledEstimates:
    """Pool estimates with known standard errors, over how much the true values differ.

    Normal estimates around normal true values; flat prior of the mean; the share of an estimate's distance that is its own noise
    is uniform beforehand (the uniform shrinkage prior). A prior with much weight near nothing, such as the half-Cauchy, gave
    intervals that cover too rarely where the true spread is about half of the errors.

    Parameters
    ----------
    values
        Estimates on a scale on which they are about normal, such as ln own burden, shape (n,).
    errors
        Their standard errors, shape (n,). Where either is not finite, or the error not positive, the estimate says nothing.
    level
        Of the intervals, 0 to 1.

    Returns
    -------
    PooledEstimates
        On the scale of the values: the mean of what each may be, with equal tails. A single known estimate keeps its own value and
        interval.

    Raises
    ------
    UsageError
        If the shapes differ, or no estimate is known.

    References
    ----------
    Daniels MJ (1999), Canadian Journal of Statistics 27:567, doi:10.2307/3316112
    """
    if values.shape != errors.shape or values.ndim != 1:
        raise UsageError("Each estimate needs its standard error.")
    known = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    if not known.any():
        raise UsageError("None of the estimates has a finite value and error, so there is nothing to pool.")
    if known.sum() == 1:
        return _alone(values, errors, known, level)
    seen, own = values[known], errors[known] ** 2
    weights = 1 / (own + _SPREADS[:, None] ** 2)  # (spreads, known)
    total = weights.sum(axis=1)
    means = (weights * seen).sum(axis=1) / total
    fits = (
        0.5 * np.log(weights).sum(axis=1)
        - 0.5 * np.log(total)
        - 0.5 * (weights * (seen - means[:, None]) ** 2).sum(axis=1)
    )
    usual = 1 / float(np.mean(1 / own))
    chance = np.exp(fits - fits.max()) * usual * _SPREADS / (usual + _SPREADS**2) ** 2 * np.gradient(_SPREADS)
    chance /= chance.sum()
    every_error = np.where(known, errors, np.inf)
    kept = _SPREADS[:, None] ** 2 / (_SPREADS[:, None] ** 2 + every_error**2)  # share of its own distance
    centres = means[:, None] + kept * (np.where(known, values, 0.0) - means[:, None])
    within = np.where(np.isfinite(every_error), kept * np.where(known, errors, 0.0) ** 2, _SPREADS[:, None] ** 2)
    spreads = np.sqrt(within + (1 - kept) ** 2 / total[:, None])
    each = tuple(_mixed(chance, centres[:, i], spreads[:, i], level) for i in range(len(values)))
    spread = _at(np.cumsum(chance), _SPREADS, level)
    return PooledEstimates(each, _mixed(chance, means, 1 / np.sqrt(total), level), spread)


def _alone(values: Floats, errors: Floats, known: Bools, level: float) -> PooledEstimates:
    """Return a single estimate as it is; of the others, and of the spread, nothing is known."""
    at = int(np.flatnonzero(known)[0])
    own = _mixed(np.ones(1), values[at : at + 1], errors[at : at + 1], level)
    nothing = Interval(float(values[at]), -np.inf, np.inf, level)
    each = tuple(own if is_known else nothing for is_known in known)
    return PooledEstimates(each, nothing, Interval(0.0, 0.0, np.inf, level))


def _mixed(chance: Floats, centres: Floats, spreads: Floats, level: float) -> Interval:
    """Return the interval of a mixture of normals, from evenly spaced points of each part in number of its chance."""
    from scipy.special import ndtri

    counts = np.maximum(np.round(chance * _QUANTILES), 0).astype(int)
    points = [c + s * ndtri((np.arange(n) + 0.5) / n) for n, c, s in zip(counts, centres, spreads, strict=True) if n]
    interval = interval_of_draws(np.concatenate(points), level)
    return Interval(float(chance @ centres), interval.low, interval.high, level)


def _at(cumulative: Floats, values: Floats, level: float) -> Interval:
    low, middle, high = (
        float(values[min(int(np.searchsorted(cumulative, share)), len(values) - 1)])
        for share in ((1 - level) / 2, 0.5, (1 + level) / 2)
    )
    return Interval(middle, low, high, level)
