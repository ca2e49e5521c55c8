"""Intervals of means of series with memory: the long-run variance from an autoregression, with missing values left out."""

from __future__ import annotations

import math

import numpy as np

from coregulation.settings import UPPER
from coregulation.signals import Floats

MAX_ORDER = 6  # of the autoregression
MIN_EFFECTIVE = 3.0  # effective samples below which no interval is given
_MIN_VALUES = 12  # values below which no memory can be estimated


def standard_error(values: Floats, max_order: int = MAX_ORDER) -> tuple[float, float]:
    """Estimate the standard error of a mean and the number of effective samples.

    The long-run variance is that of an autoregression (Yule–Walker, order by AICc), whose sum of coefficients is corrected for
    its bias in short series (about (1 + 4φ)/n for a Yule–Walker estimate about a mean; for higher orders as for the first; Shaman & Stine
    1988, J Am Stat Assoc 83:842, doi:10.1080/01621459.1988.10478672).

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); NaN where missing.
    max_order
        Largest order that is tried.

    Returns
    -------
    float
        Standard error of the mean of the known values, in their unit; NaN where too few are known.
    float
        Effective number of independent values.
    """
    known = np.isfinite(values)
    n = int(known.sum())
    if n < _MIN_VALUES:
        return math.nan, 0.0
    covariance = _autocovariances(values, known, min(max_order, n // 4))
    if not covariance[0] > 0:
        return 0.0, float(n)
    total, noise = _best_autoregression(covariance, n)
    total = min(total + (1.0 + 4.0 * max(total, 0.0)) / n, 1.0 - 2.0 / n)
    long_run = noise / (1.0 - total) ** 2
    # what a mean taken from the same values hides of their variance
    effective = min(float(n), max(1.0, n * covariance[0] / long_run))
    long_run *= effective / max(effective - 1.0, 0.5)
    return math.sqrt(long_run / n), effective


def interval_of_mean(values: Floats, max_order: int = MAX_ORDER) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean of a series with memory; None with fewer than three effective samples.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); NaN where missing.
    max_order
        Largest order of the autoregression that is tried.

    Returns
    -------
    tuple or None
        Lower and upper bound, by a t quantile with as many degrees of freedom as effective samples, less one.
    """
    error, effective = standard_error(values, max_order)
    if effective < MIN_EFFECTIVE or math.isnan(error):
        return None
    from scipy.special import stdtrit

    mean, half = float(np.nanmean(values)), float(stdtrit(effective - 1.0, UPPER)) * error
    return mean - half, mean + half


def interval_of_power(values: Floats, max_order: int = MAX_ORDER) -> tuple[float, float] | None:
    """Compute the 95 % interval of the mean of squares (or of other values that are never negative), on a log scale.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,), not negative; NaN where missing.
    max_order
        Largest order of the autoregression that is tried.

    Returns
    -------
    tuple or None
        Lower and upper bound, in the unit of the values and both positive; None with fewer than three effective
        samples or a mean of zero.
    """
    error, effective = standard_error(values, max_order)
    mean = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
    if effective < MIN_EFFECTIVE or not mean > 0:
        return None
    from scipy.special import stdtrit

    factor = math.exp(float(stdtrit(effective - 1.0, UPPER)) * error / mean)
    return mean / factor, mean * factor


def binned(values: Floats, size: int) -> Floats:
    """Average values over bins; what is left over at the end is left out.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing.
    size
        Values in a bin.

    Returns
    -------
    ndarray
        Means, shape (n // size,), in the unit of the values; NaN where less than half of a bin is known.
    """
    rows = values[: len(values) // size * size].reshape(-1, size)
    known = np.isfinite(rows).sum(axis=1)
    means: Floats = np.where(2 * known >= size, np.nansum(rows, axis=1) / np.maximum(known, 1), np.nan)
    return means


def _autocovariances(values: Floats, known: np.ndarray, order: int) -> Floats:
    """Return autocovariances up to a lag, each over the pairs that are known."""
    x = np.where(known, values - values[known].mean(), 0.0)
    w = known.astype(np.float64)
    n = len(x)
    return np.array([x[: n - k] @ x[k:] / max(1.0, w.sum()) * _full(w, k) for k in range(order + 1)])


def _full(w: Floats, lag: int) -> float:
    """Return by how much the sum of products at a lag is short for want of known pairs, gaps apart from the ends."""
    pairs = w[: len(w) - lag] @ w[lag:]
    return float(max(0.0, w.sum() - lag) / pairs) if pairs > 0 else 0.0


def _best_autoregression(covariance: Floats, n: int) -> tuple[float, float]:
    """Return sum of coefficients and innovation variance of the order with the smallest AICc (Levinson–Durbin)."""
    noise, phi = float(covariance[0]), np.empty(0)
    best, score = (0.0, noise), n * math.log(noise)
    for order in range(1, len(covariance)):
        reflection = (
            (covariance[order] - phi @ covariance[order - 1 : 0 : -1]) / noise if order > 1 else covariance[1] / noise
        )
        if not abs(reflection) < 1:
            break
        phi = np.append(phi - reflection * phi[::-1], reflection)
        noise *= 1 - reflection**2
        found = n * math.log(noise) + 2 * order * n / max(1, n - order - 1)
        if found < score:
            best, score = (float(phi.sum()), noise), found
    return best
