"""Slow, readable oracles: what the fast code must equal, written the way the definitions read."""

from __future__ import annotations

import math

import numpy as np

CLIP = 1 - 1e-6  # the largest |r| that Fisher's z is taken of
LEAST_SPREAD = 1e-5  # a window that varies less, in units of the whole series' sd, counts for nothing


def pearson(a, b, detrend=True, least=(0.0, 0.0)):
    """Correlation of two windows, a straight line taken out of each; NaN where a sample is missing or nothing varies."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return math.nan
    residuals = []
    for window, floor in zip((a, b), least, strict=True):
        t = np.arange(len(window)) - (len(window) - 1) / 2
        rest = window - window.mean()
        if detrend:
            rest = rest - t * (t @ rest) / (t @ t)
        if math.sqrt((rest**2).mean()) <= floor:
            return math.nan
        residuals.append(rest)
    p, q = residuals
    return float((p @ q) / math.sqrt((p @ p) * (q @ q)))


def trimmed(values, hop):
    """A whole, even number of hops: then half a turn of the circle is a hop too."""
    return values[: len(values) // (2 * hop) * (2 * hop)]


def floors(*series):
    """The least spread of a window, for each series."""
    return tuple(LEAST_SPREAD * float(np.nanstd(s)) if np.isfinite(s).any() else 0.0 for s in series)


def lagged_correlation(x, y, width, hop, most, detrend=True):
    """r by window and lag: the middle of the two windows (rounded down) lies on the grid of hops."""
    x, y = trimmed(x, hop), trimmed(y, hop)
    n = len(x)
    rows = max(0, (n - width) // hop + 1)
    out = np.full((rows, 2 * most + 1), math.nan)
    for row in range(rows):
        for column, lag in enumerate(range(-most, most + 1)):
            a = row * hop - lag // 2
            b = a + lag
            if 0 <= a <= n - width and 0 <= b <= n - width:
                out[row, column] = pearson(x[a : a + width], y[b : b + width], detrend, floors(x, y))
    return np.clip(out, -CLIP, CLIP)


def turned_windows(x, y, width, hop, lag, shift, detrend=True):
    """r of every window of x with that of y turned by `shift`; windows over the seam of y (its end, then its beginning) left out."""
    x, y = trimmed(x, hop), trimmed(y, hop)
    n = len(x)
    turned = np.roll(y, shift)
    seam = shift % n  # here y begins
    out = []
    for a in range(n - width + 1):
        if (a + lag // 2) % hop:
            continue
        at = (a + lag + np.arange(width)) % n
        if seam in at[1:]:
            continue
        r = pearson(x[a : a + width], turned[at], detrend, floors(x, y))
        if not math.isnan(r):
            out.append(float(np.clip(r, -CLIP, CLIP)))
    return out


def standard(values):
    return (values - np.nanmean(values)) / (np.nanstd(values) or 1.0) if np.isfinite(values).any() else values


def around(values, at, reach):
    """Mean of what is there at most `reach` samples away."""
    near = values[max(0, at - reach) : at + reach + 1]
    return float(np.nanmean(near)) if np.isfinite(near).any() else 0.0


def local_energy(values, width):
    """How lively a series is at each sample: the square around a running mean, smoothed; 0 where missing."""
    z = standard(values)
    squares = np.array([(v - around(z, t, width // 2)) ** 2 for t, v in enumerate(z)])
    smooth = [around(squares, t, max(1, width // 8)) for t in range(len(z))]
    return np.where(np.isfinite(z), smooth, 0.0)


def size(window, floor, detrend):
    """Root of a window's sum of squares around its line; None where it counts for nothing."""
    if not np.isfinite(window).all():
        return None
    t = np.arange(len(window)) - (len(window) - 1) / 2
    rest = window - window.mean()
    if detrend:
        rest = rest - t * (t @ rest) / (t @ t)
    root = math.sqrt(rest @ rest)
    return root if root / math.sqrt(len(window)) > floor else None


def energies(x, y, width, hop):
    return tuple(local_energy(trimmed(v, hop), width) for v in (x, y))


def power(x, y, width, hop, lag, shift, energy, detrend=True):
    """Variance of the sum of z of two independent series, in units of one window's: each hop by the windows that cover it."""
    x, y = standard(trimmed(x, hop)), standard(trimmed(y, hop))
    n = len(x)
    turned, covered = np.roll(y, shift), np.zeros(n)
    for a in range(n - width + 1):
        at = (a + lag + np.arange(width)) % n
        if (a + lag // 2) % hop or shift % n in at[1:]:
            continue
        sizes = [size(w, LEAST_SPREAD, detrend) for w in (x[a : a + width], turned[at])]
        if None not in sizes:
            covered[a : a + width] += 1 / (sizes[0] * sizes[1])
    total = 0.0
    for a in np.flatnonzero(covered):
        if (a + lag // 2) % hop == 0:
            b = (a + lag - shift) % n
            total += covered[a] ** 2 * energy[0][a : a + hop].sum() * energy[1][b : b + hop].sum()
    return total * (width // hop)


def circular_sums(parts, width, hop, most, shifts, detrend=True):
    """Sum of Fisher's z, number of windows and power at each lag, over all parts, each turned by its shift."""
    return sums_at([[lag] * len(parts) for lag in range(-most, most + 1)], parts, width, hop, shifts, detrend)


def sums_at(offsets, parts, width, hop, shifts, detrend=True):
    """The same at any offsets, one for each part."""
    lively = [energies(x, y, width, hop) for x, y in parts]
    out = []
    for lags in offsets:
        each = list(zip(parts, shifts, lags, lively, strict=True))
        z = [
            math.atanh(r) for (x, y), by, lag, _ in each for r in turned_windows(x, y, width, hop, lag, by, detrend)
        ]  # fmt: skip
        spread = sum(power(x, y, width, hop, lag, by, energy, detrend) for (x, y), by, lag, energy in each)
        out.append((sum(z), len(z), spread))
    return np.array(out)


def far_turns(n, near, count=32):
    """Half of them from `near` up to the middle of the circle, evenly, and their mirror images."""
    if n / 2 - near < count // 2:
        return []
    below = [near + math.floor((n / 2 - near) * (k + 0.5) / (count // 2)) for k in range(count // 2)]
    return [*below, *(n - turn for turn in reversed(below))]


def circular_statistic(parts, width, hop, most, shifts, detrend=True, rate=1.0):
    """The largest, over lags, of |sum of Fisher's z| over the root of its power, over the same far from any lag."""
    sums = circular_sums(parts, width, hop, most, shifts, detrend)
    peak = max(abs(z) / math.sqrt(spread) if count and spread > 0 else 0.0 for z, count, spread in sums)
    near = max(2 * most, round(20.0 * rate))
    turns = [far_turns(len(trimmed(x, hop)), near) for x, _ in parts]
    offsets = list(zip(*(each for each in turns if each), strict=True))
    if not offsets:
        return peak
    kept = [(part, by) for part, by, each in zip(parts, shifts, turns, strict=True) if each]
    far = sums_at(offsets, [part for part, _ in kept], width, hop, [by for _, by in kept], detrend)
    squares, spreads = (far[:, 0] ** 2).sum(), far[:, 2].sum()
    return peak / math.sqrt(squares / spreads) if squares > 0 and spreads > 0 else peak


def ccf(a, b, lag):
    """R's `ccf`: mean and spread of the whole segment, divided by its whole length; lag k is cor(a[t + k], b[t])."""
    n = len(a)
    p, q = a - a.mean(), b - b.mean()
    total = sum(p[t + lag] * q[t] for t in range(n) if 0 <= t + lag < n)
    return total / n / (math.sqrt((p**2).sum() / n) * math.sqrt((q**2).sum() / n))


def susy(x, y, size, most):
    """SUSY's aggregate, transcribed from PEERS.md 4.1."""
    e = len(x) // size
    segments = [(x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]) for i in range(e)]
    lags = range(-most, most + 1)

    def z(i, h, lag):
        r = ccf(segments[i][0], segments[h][1], lag)
        return 0.5 * math.log((1 + r) / (1 - r))

    real = np.array([[z(i, i, lag) for lag in lags] for i in range(e)])
    pseudo = np.array([[z(i, h, lag) for lag in lags] for i in range(e) for h in range(e) if i != h])
    out = {}
    for name, change in (("", np.abs), ("_signed", np.asarray)):
        mine, other = change(real).mean(axis=0), change(pseudo).mean(axis=0)
        out["z" + name] = mine.mean()
        out["z" + name + "_pseudo"] = other.mean()
        out["effect_size" + name] = (mine.mean() - other.mean()) / other.std(ddof=1)
    by_lag = np.abs(real).mean(axis=0)
    out["z_first_leads"], out["z_second_leads"] = by_lag[:most].mean(), by_lag[most + 1 :].mean()
    return out


def loess(values, size):
    """Local quadratic regression over the `size` nearest of equally spaced points, tricube weights."""
    n = len(values)
    out = []
    for at in range(n):
        first = min(max(0, at - size // 2), n - size)
        near = np.arange(first, first + size)
        far = max(abs(near - at)) + 1.0
        weight = (1 - (abs(near - at) / far) ** 3) ** 3
        design = np.stack([np.ones(size), near - at, (near - at) ** 2], axis=1)
        root = np.sqrt(weight)[:, None]
        out.append(np.linalg.lstsq(design * root, values[near] * root[:, 0], rcond=None)[0][0])
    return np.array(out)


def peak(smooth, lags, reach):
    """Search outward from lag 0 for the nearest top with `reach` lags falling away on each side; of two as near, the higher."""
    zero = len(lags) // 2
    for distance in range(zero + 1):
        tops = []
        for at in {zero - distance, zero + distance}:
            if at - reach < 0 or at + reach >= len(lags):
                continue
            left = all(smooth[at - k] > smooth[at - k - 1] for k in range(reach))
            right = all(smooth[at + k] > smooth[at + k + 1] for k in range(reach))
            if left and right:
                tops.append((smooth[at], lags[at]))
        if tops:
            r, lag = max(tops)
            return lag, r
    return math.nan, math.nan
