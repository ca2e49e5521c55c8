"""Intervals of heart rate variability in the time domain, from the memory of the squares that it averages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from coregulation.physiology.mean_interval import binned, interval_of_mean, interval_of_power
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
    around = [_terms(other) for other in others if np.isfinite(other).any()]
    terms = {name: (own[name], [part[name] for part in around]) for name in own}
    roots = {name: _root(interval_of_power(*terms[name])) for name in ("rmssd", "sdnn", "sd1", "sd2")}
    return roots | {"mean_nn": interval_of_mean(*terms["mean_nn"]), "pnn50": _share(interval_of_mean(*terms["pnn50"]))}


def _terms(nn: Floats) -> dict[str, Floats]:
    """Return the series whose means (or roots of means) the measures are, in bins."""
    level, step = nn - np.nanmean(nn), np.diff(nn, prepend=np.nan)
    swing = (step - _mean(step)) ** 2 / 2
    above = np.where(np.isfinite(step), np.abs(step) > 50, np.nan)
    terms = {
        "mean_nn": nn,
        "rmssd": step**2,
        "sdnn": level**2,
        "sd1": swing,
        "sd2": 2 * level**2 - swing,
        "pnn50": above,
    }
    return {name: binned(values, BIN) for name, values in terms.items()}


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _root(interval: Bounds) -> Bounds:
    return None if interval is None else (math.sqrt(interval[0]), math.sqrt(interval[1]))


def _share(interval: Bounds) -> Bounds:
    return None if interval is None else (max(0.0, interval[0]), min(1.0, interval[1]))
