"""The compiled sum of Gaussian bumps of which ECG and PPG waves are made. Loaded only when it runs."""

from __future__ import annotations

import math

from coregulation._kernel_cache import njit


@njit(cache=True, nogil=True)
def add_gaussian_waves(out, rate, centres, widths, heights):  # type: ignore[no-untyped-def]
    """Add Gaussian waves to a signal, each over ± 4 widths.

    The Gaussian is stepped by the product rule g(t+Δ) = g(t)·r(t), r(t+Δ) = r(t)·c: two products a sample.

    Parameters
    ----------
    out
        The signal, changed in place, shape (n,).
    rate
        In Hz.
    centres, widths
        In s from the first sample, shape (waves,).
    heights
        In the unit of `out`, shape (waves,).
    """
    n = len(out)
    for b in range(len(centres)):
        centre, width = centres[b], widths[b]
        first = max(0, math.ceil((centre - 4.0 * width) * rate))
        last = min(n - 1, math.floor((centre + 4.0 * width) * rate))
        if first > last:
            continue
        u, step = (first / rate - centre) / width, 1.0 / (rate * width)
        value = heights[b] * math.exp(-0.5 * u * u)
        ratio, bend = math.exp(-u * step - 0.5 * step * step), math.exp(-step * step)
        for i in range(first, last + 1):
            out[i] += value
            value *= ratio
            ratio *= bend
