"""Intervals of heart rate variability in the time domain, from the memory of the squares that it averages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from coregulation.physiology.mean_interval import (
    MIN_EFFECTIVE,
    binned,
    chi_square_factors,
    half_width,
    interval_of_mean,
    interval_of_power,
    within_bins,
)
from coregulation.physiology.memory import variance_freedom
from coregulation.signals import Floats

Bounds = tuple[float, float] | None
BIN = 6  # beats, about a breath, over which values are averaged before their memory is estimated


def time_domain_intervals(nn: Floats, others: Sequence[Floats] = ()) -> Mapping[str, Bounds]:
    """Compute the 95 % intervals of what is a mean, or a root of one, of a series with memory.

    Parameters
    ----------
    nn
        Intervals between normal beats in ms, shape (n,); NaN where one is not known.
    others
        The same of other stretches of the recording.

    Returns
    -------
    mapping of str to (low, high) or None
        Of mean_nn, rmssd, sdnn, sd1 and sd2 in ms and of pnn50 as a share; None where too few effective values are
        likely.
    """
    own = _terms(nn)
    known = [other for other in others if np.isfinite(other).any()]
    around = [_terms(other) for other in known]
    terms = {name: (own[name], [part[name] for part in around]) for name in own}
    squares = {name: interval_of_power(*terms[name]) for name in ("rmssd", "sd1")}
    squares |= {name: _interval_of_variance(name, nn, known) for name in _SWINGS}
    roots = {name: _root(bounds) for name, bounds in squares.items()}
    return roots | {"mean_nn": interval_of_mean(*terms["mean_nn"]), "pnn50": _share(interval_of_mean(*terms["pnn50"]))}


_SWINGS = {"sdnn": (1.0, 0.0), "sd2": (2.0, 1.0)}  # variances in the square of a measure, and squares of SD1 taken away


def _interval_of_variance(name: str, nn: Floats, others: Sequence[Floats]) -> Bounds:
    """Return the interval of the square of SDNN or SD2: of what is slower than a bin, and of what is faster, in one.

    The slow part is a chi-square whose degrees of freedom its memory decides, so that its interval is not symmetric; both parts are put
    together by the method of variance estimates recovery (Graybill & Wang 1980, J Am Stat Assoc 75:869, doi:10.1080/01621459.1980.10477565).
    """
    slow = variance_freedom(binned(nn, BIN), [binned(other, BIN) for other in others])
    if slow is None or slow.effective < MIN_EFFECTIVE:
        return None
    times, swings = _SWINGS[name]
    fast, *around = (times * within_bins(x, BIN * slow.size) ** 2 - swings * _swing(x) for x in (nn, *others))
    half = half_width(binned(fast, BIN), [binned(x, BIN) for x in around])
    if half is None:
        return None
    low, high = chi_square_factors(slow)
    share = times * slow.variance
    value = share + _mean(fast)
    return max(0.0, value - math.hypot(share * (1 - low), half)), value + math.hypot(share * (high - 1), half)


def _terms(nn: Floats) -> dict[str, Floats]:
    """Return the series whose means (or roots of means) the measures are, in bins."""
    step = np.diff(nn, prepend=np.nan)
    above = np.where(np.isfinite(step), np.abs(step) > 50, np.nan)
    terms = {"mean_nn": nn, "rmssd": step**2, "sd1": _swing(nn), "pnn50": above}
    return {name: binned(values, BIN) for name, values in terms.items()}


def _swing(nn: Floats) -> Floats:
    """Return the series whose mean is the square of SD1."""
    step = np.diff(nn, prepend=np.nan)
    return (step - _mean(step)) ** 2 / 2


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _root(interval: Bounds) -> Bounds:
    return None if interval is None else (math.sqrt(interval[0]), math.sqrt(interval[1]))


def _share(interval: Bounds) -> Bounds:
    return None if interval is None else (max(0.0, interval[0]), min(1.0, interval[1]))
