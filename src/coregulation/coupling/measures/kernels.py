"""Compiled loops of the lagged windowed correlation.

Loaded only where used: numba takes a third of a second to import. Everything heavy is batched over offsets, so that one
call answers for all lags and all circular shifts at once. Arrays are laid out by phase, [phase, number], so that the
windows of one offset are neighbours in memory and each loop is a straight line over them.

The mean of Fisher's z over windows, (1/n) Σ atanh r, is the log of one ratio of products, ½ log Π(1+r)/Π(1-r): two
multiplications a window instead of a logarithm.
"""

from __future__ import annotations

import math

import numpy as np

from coregulation._kernel_cache import njit

MAX_R = 1.0 - 1e-6  # |z| stays under 7.26; products of 16 such terms stay far from the smallest double
MIN_VARIANCE = 1e-10  # of a window, in that of the series: below it, rounding of the running sums would be most of r
_FACTORS = 16  # in one product
_LANES = 8  # products side by side
_REASSOCIATE = {"reassoc", "contract", "nsz"}
_PLAIN = {"reassoc", "contract", "nsz", "nnan"}  # where no NaN can be: missing samples are 0 by then


@njit(cache=True, nogil=True, fastmath=_REASSOCIATE)
def _line(values, ramp):
    total = tilted = power = 0.0
    for i in range(len(values)):
        total += values[i]
        tilted += values[i] * ramp[i]
        power += values[i] * values[i]
    return total, tilted, power


@njit(cache=True, nogil=True, fastmath=_REASSOCIATE)
def _residual(values, ramp, mean, tilt):
    rest = 0.0
    for i in range(len(values)):
        residual = values[i] - mean - tilt * ramp[i]
        rest += residual * residual
    return rest


@njit(cache=True, nogil=True)
def window_terms(values, missing, width, hop, detrend):
    """Return (scale, level, slope) of each window start by phase, shape (hop, len(values) // hop).

    r of two windows is Σxy · scale_x scale_y - level_x level_y - slope_x slope_y. A window that holds a missing
    sample, leaves the record or does not vary (by 1e-5 of the series' sd) has zeros in all three: its r is 0 and it counts for nothing.
    """
    n = len(values)
    rows = n // hop
    scale, level, slope = np.zeros((hop, rows)), np.zeros((hop, rows)), np.zeros((hop, rows))
    ramp = np.arange(width) - (width - 1) / 2.0
    spread = (ramp * ramp).sum()
    gaps = 0
    for i in range(width - 1):
        gaps += missing[i]
    for a in range(n - width + 1):
        gaps += missing[a + width - 1]
        if gaps == 0:
            window = values[a : a + width]
            total, tilted, power = _line(window, ramp)
            rest = power - total * total / width - (tilted * tilted / spread if detrend else 0.0)
            if rest < 1e-3 * power:  # a difference of nearly equal sums: add up the residuals instead
                rest = _residual(window, ramp, total / width, tilted / spread if detrend else 0.0)
            if rest > 1e-16 * power + MIN_VARIANCE * width:
                size = 1.0 / math.sqrt(rest)
                phase, row = a % hop, a // hop
                scale[phase, row] = size
                level[phase, row] = total / math.sqrt(width) * size
                slope[phase, row] = tilted / math.sqrt(spread) * size if detrend else 0.0
        gaps -= missing[a]
    return scale, level, slope


@njit(cache=True, nogil=True)
def _box(values, weights, reach, out):
    """Write the mean of `values` over `reach` samples either way into `out`, each weighted (0 or 1); 0 where none has weight."""
    n = len(values)
    total = weight = 0.0
    for i in range(min(reach, n)):
        total += values[i] * weights[i]
        weight += weights[i]
    for i in range(n):
        if i + reach < n:
            total += values[i + reach] * weights[i + reach]
            weight += weights[i + reach]
        if i - reach - 1 >= 0:
            total -= values[i - reach - 1] * weights[i - reach - 1]
            weight -= weights[i - reach - 1]
        out[i] = total / weight if weight > 0.5 else 0.0


@njit(cache=True, nogil=True)
def local_energy(values, missing, width, hop):
    """Return the smoothed energy of the `hop` samples from each sample on, by phase, shape (hop, len(values) // hop).

    The energy is that around a running mean of a window's length, smoothed over a quarter of it, so that it says when a
    series is lively and not which way it goes. A missing sample has none; a block past the end is cut.
    """
    n = len(values)
    present, squares, smooth = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        present[i] = 0.0 if missing[i] else 1.0
    _box(values, present, width // 2, smooth)
    for i in range(n):
        squares[i] = (values[i] - smooth[i]) ** 2
    _box(squares, present, max(1, width // 8), smooth)
    rows = n // hop
    out = np.zeros((hop, rows))
    for a in range(n):
        total = 0.0
        for i in range(a, min(a + hop, n)):
            total += max(smooth[i], 0.0) * present[i]
        if a // hop < rows:
            out[a % hop, a // hop] = total
    return out


@njit(cache=True, nogil=True)
def first_start(offset, hop):
    """Return the first window start in x for an offset: the pair's midpoint lies on the grid of hops.

    This makes the set of windows the same whichever of the two people comes first.
    """
    return (-(offset // 2)) % hop


@njit(cache=True, nogil=True, fastmath=_PLAIN)
def _add_products(x, y, out, count):
    for j in range(count):
        out[j] += x[j] * y[j]


@njit(cache=True, nogil=True)
def _running_products(x, y, offset, first, blocks, running):
    """Write into `running` the sum of x·y (y turned by `offset`) before each block of `hop` samples."""
    hop, rows = x.shape
    block = running[1:]
    for j in range(blocks):
        block[j] = 0.0
    for i in range(first, first + hop):
        turned = (i + offset) % (hop * rows)
        line_x, line_y = x[i % hop][i // hop :], y[turned % hop]
        straight = min(blocks, rows - turned // hop)
        _add_products(line_x, line_y[turned // hop :], block, straight)
        _add_products(line_x[straight:], line_y, block[straight:], blocks - straight)
    running[0] = 0.0
    for j in range(blocks):
        running[j + 1] += running[j]


@njit(cache=True, nogil=True, fastmath=_PLAIN)
def _correlate(running, per_window, scale_x, level_x, slope_x, scale_y, level_y, slope_y, count, r):
    """Write r of `count` neighbouring windows."""
    for j in range(count):
        value = (running[j + per_window] - running[j]) * (scale_x[j] * scale_y[j])
        value -= level_x[j] * level_y[j] + slope_x[j] * slope_y[j]
        r[j] = min(max(value, -MAX_R), MAX_R)


@njit(cache=True, nogil=True, fastmath=_PLAIN)
def _largest(r, count):
    largest = 0.0
    for j in range(count):
        largest = max(largest, abs(r[j]))
    return largest


@njit(cache=True, nogil=True)
def _sum_z(r, count):
    """Return Σ atanh r; `r` is followed by enough zeros to fill the last group."""
    total = 0.0
    up, down = np.empty(_LANES), np.empty(_LANES)
    for start in range(0, count, _FACTORS * _LANES):
        for lane in range(_LANES):
            up[lane] = 1.0
            down[lane] = 1.0
        for factor in range(_FACTORS):
            at = start + factor * _LANES
            for lane in range(_LANES):
                up[lane] *= 1.0 + r[at + lane]
                down[lane] *= 1.0 - r[at + lane]
        for lane in range(_LANES):
            total += math.log(up[lane] / down[lane])
    return 0.5 * total


@njit(cache=True, nogil=True, fastmath=_REASSOCIATE)
def _count_valid(scale_x, scale_y, count):
    valid = 0
    for j in range(count):
        valid += scale_x[j] * scale_y[j] > 0.0
    return valid


@njit(cache=True, nogil=True)
def _windows(x, y, terms_x, terms_y, offset, per_window, running, r):
    """Write r of each window of x (one a hop) with y's window `offset` samples on; return how many, and how many count.

    y is a circle; a window across its seam has r = 0 and does not count.
    """
    hop, rows = x.shape
    n = hop * rows
    first = first_start(offset, hop)
    blocks = (n - first) // hop
    _running_products(x, y, offset, first, blocks, running)
    phase_x = first % hop
    turned = (first + offset) % n
    phase_y, row_y = turned % hop, turned // hop
    count = blocks - per_window + 1
    before = min(count, rows - row_y)
    scale_x, level_x, slope_x = terms_x[0][phase_x], terms_x[1][phase_x], terms_x[2][phase_x]
    scale_y, level_y, slope_y = terms_y[0][phase_y], terms_y[1][phase_y], terms_y[2][phase_y]
    start_x = first // hop
    valid = 0
    for begin, end, begin_y in ((0, before, row_y), (before, count, 0)):
        at = start_x + begin
        size = max(0, end - begin)
        sx, sy = scale_x[at : at + size], scale_y[begin_y : begin_y + size]
        _correlate(
            running[begin:], per_window, sx, level_x[at:], slope_x[at:], sy, level_y[begin_y:], slope_y[begin_y:],
            size, r[begin:],
        )  # fmt: skip
        valid += _count_valid(sx, sy, size)
    for j in range(max(0, count), len(r)):
        r[j] = 0.0
    return max(0, count), valid


@njit(cache=True, nogil=True)
def _power(scale_x, scale_y, energy_x, energy_y, offset, width):
    """Return the variance that Σ z has where two people are independent, in units of one window's.

    A sample counts with the square of the windows that cover it, and with the energy of both people around it. So a run of n
    windows a hop apart has n / (windows per window's length) times the variance of one, isolated windows add up, and times at
    which both people are lively weigh more.
    """
    hop, rows = scale_x.shape
    n, per = hop * rows, width // hop
    first = first_start(offset, hop)
    count = (n - first) // hop - per + 1
    turned = (first + offset) % n
    row_x, row_y = first // hop, turned // hop
    sx, sy, ex, ey = scale_x[first % hop], scale_y[turned % hop], energy_x[first % hop], energy_y[turned % hop]
    covered = total = 0.0
    for block in range(max(0, count) + per - 1):
        if block < count:
            covered += sx[row_x + block] * sy[(row_y + block) % rows]
        if block >= per:
            covered -= sx[row_x + block - per] * sy[(row_y + block - per) % rows]
        total += covered * covered * ex[row_x + block] * ey[(row_y + block) % rows]
    return total * per


@njit(cache=True, nogil=True)
def window_sums(x, y, terms_x, terms_y, energy_x, energy_y, width, offsets):
    """Return Σ z, the number of windows, the largest |r| and the power for each offset of y's window against x's.

    `x` and `y`, by phase, shape (hop, rows), have their missing samples set to 0 (their terms know). y is taken as a circle, so that an offset is a lag, or a lag less a circular shift; a window across the seam counts for nothing.
    """
    hop, rows = x.shape
    sums, counts, largest = np.zeros(len(offsets)), np.zeros(len(offsets), np.int64), np.zeros(len(offsets))
    power = np.zeros(len(offsets))
    running, r = np.empty(rows + 1), np.zeros(rows + _FACTORS * _LANES)
    for k in range(len(offsets)):
        count, valid = _windows(x, y, terms_x, terms_y, offsets[k], width // hop, running, r)
        sums[k], largest[k] = _sum_z(r, count), _largest(r, count)
        counts[k] = valid
        if valid > 0:
            power[k] = _power(terms_x[0], terms_y[0], energy_x, energy_y, offsets[k], width)
    return sums, counts, largest, power


@njit(cache=True, nogil=True)
def _by_phase(values, hop):
    rows = len(values) // hop
    out = np.empty((hop, rows))
    for i in range(rows * hop):
        out[i % hop, i // hop] = values[i]
    return out


@njit(cache=True, nogil=True)
def redrawn_sums(x, y, missing_x, missing_y, width, hop, detrend, offsets):
    """Return what `window_sums` gives for each of many redrawn pairs, each of shape (k, offsets).

    `x` and `y` have shape (k, samples) or, where one series stays, (1, samples): centred, scaled, 0 where missing.
    """
    draws = max(len(x), len(y))
    shape = (draws, len(offsets))
    sums, counts, largest, power = np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    fixed_x, fixed_y = len(x) == 1, len(y) == 1
    terms_x, energy_x = window_terms(x[0], missing_x, width, hop, detrend), local_energy(x[0], missing_x, width, hop)
    terms_y, energy_y = window_terms(y[0], missing_y, width, hop, detrend), local_energy(y[0], missing_y, width, hop)
    phased_x, phased_y = _by_phase(x[0], hop), _by_phase(y[0], hop)
    for k in range(draws):
        if k and not fixed_x:
            phased_x = _by_phase(x[k], hop)
            terms_x = window_terms(x[k], missing_x, width, hop, detrend)
            energy_x = local_energy(x[k], missing_x, width, hop)
        if k and not fixed_y:
            phased_y = _by_phase(y[k], hop)
            terms_y = window_terms(y[k], missing_y, width, hop, detrend)
            energy_y = local_energy(y[k], missing_y, width, hop)
        sums[k], counts[k], largest[k], power[k] = window_sums(
            phased_x, phased_y, terms_x, terms_y, energy_x, energy_y, width, offsets
        )
    return sums, counts, largest, power


@njit(cache=True, nogil=True)
def window_r(x, y, terms_x, terms_y, width, lags):
    """Return r of each window (rows, midpoints on the grid of hops) at each lag (columns); NaN where there is none."""
    hop, rows = x.shape
    n = hop * rows
    out = np.full(((n - width) // hop + 1, len(lags)), np.nan)
    running, r = np.empty(rows + 1), np.zeros(rows + _FACTORS * _LANES)
    for k in range(len(lags)):
        lag = lags[k]
        count, _ = _windows(x, y, terms_x, terms_y, lag, width // hop, running, r)
        first = first_start(lag, hop)
        for j in range(count):
            a = first + j * hop
            b = a + lag
            row = (a + lag // 2) // hop
            inside = 0 <= b <= n - width and 0 <= row < len(out)
            if inside and terms_x[0][a % hop, a // hop] * terms_y[0][b % hop, b // hop] > 0.0:
                out[row, k] = r[j]
    return out
