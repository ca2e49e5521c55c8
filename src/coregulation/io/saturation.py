"""Samples at the rails of a converter: the true value lies beyond, so they are missing, and counted.

Two rules, both about the record's own extreme, since a converter clips at the ends of its range:

* *full scale*: the largest value is a converter's full scale (1023, 4095, 16383, 65535, …); every sample that holds it is
  clipped. Zero, or the negative full scale, is the lower rail if three or more samples in a row hold it and it is
  isolated (below).
* *stuck*: three or more equal samples in a row at the record's extreme, which is isolated: further from the nearest
  other value than the values between the two extremes span from their 1st to their 99th percentile.

A dial that rests at its end or a film without movement is not at a rail, so ratings and motion are left alone.
"""

from __future__ import annotations

import numpy as np

from coregulation.signals import Bools, Floats

_FULL_SCALES = frozenset(2.0**bits - 1 for bits in (10, 12, 14, 15, 16, 24))
_RUN = 3


def saturated_samples(numbers: Floats) -> Bools:
    """Find the samples of a sensor that are at a rail of its converter.

    Parameters
    ----------
    numbers
        Shape (n,), as the file holds them, before any scale; NaN where missing.

    Returns
    -------
    array of bool
        Shape (n,); False where a number is missing, and everywhere in a record of one value.
    """
    finite = numbers[np.isfinite(numbers)]
    if len(finite) == 0:
        return np.zeros(len(numbers), bool)
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return np.zeros(len(numbers), bool)
    rest = finite[(finite != low) & (finite != high)]
    top = numbers == high if high in _FULL_SCALES else _stuck(numbers, high, rest)
    return top | _stuck(numbers, low, rest)


def only_rails(numbers: Floats) -> tuple[float, ...]:
    """Find the rails of a record that holds nothing else.

    Parameters
    ----------
    numbers
        Shape (n,), as the file holds them, before any scale; NaN where missing.

    Returns
    -------
    tuple of float
        Both extremes of a record that only holds these two, or the full scale of a converter that it never leaves;
        empty otherwise, and under three known samples.
    """
    finite = numbers[np.isfinite(numbers)]
    if len(finite) < _RUN:
        return ()
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return (high,) if high in _FULL_SCALES else ()
    return (low, high) if ((finite == low) | (finite == high)).all() else ()


def _stuck(numbers: Floats, extreme: float, rest: Floats) -> Bools:
    railed = numbers == extreme
    if len(rest) == 0 or np.count_nonzero(railed) < _RUN:
        return np.zeros(len(numbers), bool)
    gap = float(np.abs(rest - extreme).min())
    span = float(np.subtract(*np.percentile(rest, [99, 1])))
    return _in_runs(railed) if span > 0 and gap > span else np.zeros(len(numbers), bool)


def _in_runs(flat: Bools) -> Bools:
    """Keep the marks that come in runs of three or more."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flat.astype(np.int8), [0]))))
    out = np.zeros(len(flat), bool)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        out[first:last] = last - first >= _RUN
    return out
