"""Compiled loops of secondary measures: warping, recurrence, and windows that are correlated at several lags.

Loaded only where used. Each takes one series of the first person and many of the second.
"""

from __future__ import annotations

import math

import numpy as np

from coregulation._kernel_cache import njit


@njit(cache=True, nogil=True)
def warp(x, y, starts, ends, band):
    """Return the mean cost per step of the best path of each series, shape (k,), over all runs of valid samples.

    Symmetric steps (Sakoe and Chiba, P = 0): a step along both series counts twice, so every path of a run is as long as both.
    """
    out = np.empty(len(y))
    width = 2 * band + 1
    row, last = np.empty(width), np.empty(width)
    for k in range(len(y)):
        total = length = 0.0
        for r in range(len(starts)):
            n = ends[r] - starts[r]
            for i in range(n):
                for c in range(width):
                    j = i + c - band
                    row[c] = np.inf
                    if 0 <= j < n:
                        cost = abs(x[starts[r] + i] - y[k, starts[r] + j])
                        best = 2.0 * cost if i == 0 and j == 0 else np.inf
                        if i > 0 and j > 0:
                            best = min(best, last[c] + 2.0 * cost)
                        if i > 0 and c + 1 < width:
                            best = min(best, last[c + 1] + cost)
                        if j > 0 and c > 0:
                            best = min(best, row[c - 1] + cost)
                        row[c] = best
                for c in range(width):
                    last[c] = row[c]
            total += last[band]
            length += 2.0 * n
        out[k] = total / length if length > 0 else np.nan
    return out


@njit(cache=True, nogil=True)
def distances(x, y, valid, delay, dimension, max_lag):
    """Return the largest difference of two embedded points by lag and place, shape (2 max_lag + 1, n), and how many a lag has.

    A positive lag compares the first series with what the second does later. Only pairs of valid points are kept, each lag's in a
    row of its own from the left.
    """
    n = len(valid)
    out = np.empty((2 * max_lag + 1, n))
    counts = np.zeros(2 * max_lag + 1, np.int64)
    for c in range(2 * max_lag + 1):
        lag = c - max_lag
        for i in range(max(0, -lag), min(n, n - lag)):
            if valid[i] and valid[i + lag]:
                most = 0.0
                for d in range(dimension):
                    apart = abs(x[i + d * delay] - y[i + lag + d * delay])
                    if apart > most:
                        most = apart
                out[c, counts[c]] = most
                counts[c] += 1
    return out, counts


@njit(cache=True, nogil=True)
def recurrences(x, y, valid, delay, dimension, max_lag, share):
    """Return the largest share of recurrent points of any lag, of each series, shape (k,).

    The radius is that within which `share` of all points within the lags are recurrent, anew for each series.
    """
    best = np.empty(len(y))
    for k in range(len(y)):
        apart, counts = distances(x, y[k], valid, delay, dimension, max_lag)
        total = counts.sum()
        pool = np.empty(total)
        at = 0
        for c in range(len(counts)):
            for i in range(counts[c]):
                pool[at] = apart[c, i]
                at += 1
        rank = max(0, math.ceil(share * total) - 1)
        radius = np.partition(pool, rank)[rank]
        most = 0.0
        for c in range(len(counts)):
            near = 0
            for i in range(counts[c]):
                if apart[c, i] <= radius:
                    near += 1
            if counts[c] > 0 and near / counts[c] > most:
                most = near / counts[c]
        best[k] = most
    return best


@njit(cache=True, nogil=True)
def _cell(x, y, a, b, width):
    """Return |z| of two pieces; NaN where fewer than half of the samples or fewer than two that differ are there, or one is flat."""
    n = differing = 0
    sx = sy = 0.0
    for i in range(width):
        if math.isfinite(x[a + i]) and math.isfinite(y[b + i]):
            n += 1
            sx += x[a + i]
            sy += y[b + i]
            if x[a + i] != y[b + i]:
                differing += 1
    if 2 * n < width or differing < 2:
        return math.nan
    xx = yy = xy = sizes_x = sizes_y = 0.0
    for i in range(width):
        if math.isfinite(x[a + i]) and math.isfinite(y[b + i]):
            p, q = x[a + i] - sx / n, y[b + i] - sy / n
            xx += p * p
            yy += q * q
            xy += p * q
            sizes_x += x[a + i] * x[a + i]
            sizes_y += y[b + i] * y[b + i]
    if xx <= 1e-26 * sizes_x or yy <= 1e-26 * sizes_y:
        return math.nan
    r = min(max(xy / math.sqrt(xx * yy), -1.0), 1.0)
    return 10.0 if abs(r) >= 1.0 else min(10.0, abs(math.atanh(r)))


@njit(cache=True, nogil=True)
def shifted_correlations(x, y, starts, width, max_lag):
    """Return the mean |z| over windows and lags of each series, shape (k,), as rMEA defines both.

    Where a lag is positive the first series' piece begins with the window; the other lies later by the lag. |z| is at most 10.
    """
    out = np.empty(len(y))
    for k in range(len(y)):
        total, cells = 0.0, 0
        for w in range(len(starts)):
            for lag in range(-max_lag, max_lag + 1):
                z = _cell(x, y[k], starts[w] + max(0, -lag), starts[w] + max(0, lag), width)
                if not math.isnan(z):
                    total += z
                    cells += 1
        out[k] = total / cells if cells > 0 else np.nan
    return out
