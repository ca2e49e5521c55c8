"""Intervals of means of series with memory, and of means of squares on a log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from coregulation.physiology.memory import VarianceFreedom, mean_uncertainty, surrounding_half_width
from coregulation.settings import TAIL, UPPER
from coregulation.signals import Floats, Window

MIN_EFFECTIVE = math.sqrt(
    3.0 * 8.0
)  # effective values from which an interval is given: between 3 (none) and 8 (always)
_HALVINGS = 40  # steps of the search for a bound
_FACTORS = (-10.0, 10.0)  # logarithms of the factors between which it is looked for
_STRETCHES = 12  # stretches of the recording that are looked at; more change little


def half_width(values: Floats, others: Sequence[Floats] = ()) -> float | None:
    """Compute half the width of the 95 % interval of the mean of a series with memory.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); NaN where missing.
    others
        Other stretches of the same recording with the same spacing, which tell more of the memory.

    Returns
    -------
    float or None
        In the unit of the values; None where fewer than 4.9 effective values are likely.
    """
    uncertainty = mean_uncertainty(values, others)
    return (
        uncertainty.half_width
        if uncertainty.effective >= MIN_EFFECTIVE and math.isfinite(uncertainty.half_width)
        else None
    )


def interval_of_mean(values: Floats, others: Sequence[Floats] = ()) -> tuple[float, float] | None:
    """Compute the 95 % interval of the mean of the process behind a series with memory.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); NaN where missing.
    others
        Other stretches of the same recording with the same spacing, which tell more of the memory.

    Returns
    -------
    tuple or None
        Lower and upper bound in the unit of the values; None where too few effective values are likely.
    """
    half = half_width(values, others)
    if half is None:
        return None
    mean = float(np.nanmean(values))
    return mean - half, mean + half


def surrounding_interval(values: Floats) -> tuple[float, float] | None:
    """Compute the 95 % interval of the mean of what surrounds a series, for a 1/f spectrum (see `surrounding_half_width`).

    Parameters
    ----------
    values
        Evenly spaced, shape (n,); NaN where missing.

    Returns
    -------
    tuple or None
        Lower and upper bound in the unit of the values; None where fewer than 12 are known.
    """
    half = surrounding_half_width(values)
    if math.isnan(half):
        return None
    mean = float(np.nanmean(values))
    return mean - half, mean + half


def interval_of_power(values: Floats, others: Sequence[Floats] = ()) -> tuple[float, float] | None:
    """Compute the 95 % interval of the mean of squares (or of other values that are never negative), on a log scale.

    Parameters
    ----------
    values
        Evenly spaced, shape (n,), not negative; NaN where missing.
    others
        Other stretches of the same recording with the same spacing, which tell more of the memory.

    Returns
    -------
    tuple or None
        Lower and upper bound, in the unit of the values and both positive; None where too few effective values are
        likely, or with a mean of zero.
    """
    half = half_width(values, others)
    mean = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
    if half is None or not mean > 0:
        return None
    factor = math.exp(half / mean)
    return mean / factor, mean * factor


def chi_square_factors(freedom: VarianceFreedom) -> tuple[float, float]:
    """Compute what a variance is to be multiplied with to be the bounds of its 95 % interval.

    Parameters
    ----------
    freedom
        The degrees of freedom that it may have.

    Returns
    -------
    float
        For the lower bound, below 1.
    float
        For the upper one, above 1.
    """
    from scipy.special import gammaincc

    half = freedom.freedom / 2

    def factor(share: float) -> float:
        low, high = _FACTORS
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            is_below = float(freedom.probability @ gammaincc(half, half * math.exp(-middle))) < share
            low, high = (middle, high) if is_below else (low, middle)
        return math.exp(low)

    return factor(TAIL), factor(UPPER)


def within_bins(values: Floats, size: int) -> Floats:
    """Subtract the mean of its bin from each value.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing.
    size
        Values in a bin.

    Returns
    -------
    ndarray
        Shape (n,), in the unit of the values; NaN where less than half of a bin is known, and after the last whole bin.
    """
    means = np.repeat(binned(values, size), size)
    out: Floats = np.full(len(values), np.nan)
    out[: len(means)] = values[: len(means)] - means
    return out


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


def stretches(span: Window, recorded: Window) -> list[Window]:
    """List the stretches of a recording that are as long as a span, before and after it, from which its memory is known.

    Parameters
    ----------
    span
        Session time of the span.
    recorded
        Session time of the recording.

    Returns
    -------
    list of Window
        Up to twelve, the nearest first; none overlaps the span.
    """
    length = span.length
    starts = [at for k in range(1, _STRETCHES + 1) for at in (span.start - k * length, span.end + (k - 1) * length)]
    inside = [at for at in starts if recorded.start - 1e-9 <= at and at + length <= recorded.end + 1e-9]
    return [Window(at, at + length) for at in inside[:_STRETCHES]]
