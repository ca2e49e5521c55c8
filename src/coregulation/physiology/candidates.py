"""From samples to candidates for a beat: compiled, over explicit arrays, the same for ECG and PPG.

A pair of kernels (`Kernels`) turns the signal into an envelope with one smooth hump a beat; its local maxima, each with
its fiducial point and its shape, are the candidates that `rhythm` decides.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from coregulation._kernel_cache import njit
from coregulation.physiology.beat_decision import decide_beats
from coregulation.physiology.beat_memory import BEAT, KNOWN, SHAPE, BeatRule
from coregulation.physiology.signal_loss import fill_lost
from coregulation.signals import Floats

LEVEL = 1.5  # s over which the envelope's mean is taken
_PACED = (0.2, 0.03)  # s before and after the middle of a paced beat between which its spike stands
HIGHEST = 4.0  # heights of a usual beat up to which the envelope counts in that mean


class Scan(NamedTuple):
    """How candidates for a beat are looked for.

    Counts are in samples of the signal; `apart`, `reach` and `stride` are in samples of the working rate, rate /
    step.

    Parameters
    ----------
    rate
        Sampling rate of the signal, in Hz.
    step
        Samples per sample of the working rate.
    spike
        Impulses up to this many samples long are taken out; 0 leaves the signal as it is.
    block
        Samples that are worked on at a time.
    apart
        A candidate is the highest point of the envelope this far to either side.
    reach
        Largest distance of the fiducial point from the envelope's peak.
    climb
        Largest distance of the apex from where the kernel places it.
    mean
        Samples to either side that are averaged before the apex is looked for.
    fit
        Samples to either side to which the apex's parabola is fitted.
    stride
        Distance between the points of a candidate's shape.
    rising
        True if only what rises counts and its steepest point is the fiducial point (PPG); False for ECG.
    """

    rate: float
    step: int
    spike: int
    block: int
    apart: int
    reach: int
    climb: int
    mean: int
    fit: int
    stride: float
    rising: bool


@njit(cache=True)
def advanced(
    tail: Floats, values: Floats, at: Any, scan: Scan, taps: Floats, watch: Any, memory: Any, queue: Any, rule: BeatRule
) -> tuple[Floats, npt.NDArray[Any]]:
    """Take new samples and decide the beats that they settle.

    Parameters
    ----------
    tail
        The samples kept from before, shape (m,), in the signal's unit.
    values
        The new samples, shape (n,), in the signal's unit; NaN where missing.
    at
        Shape (2,): number of samples seen, and the first sample of the working rate not looked at; changed.
    scan
        How to look.
    taps
        Shape (2, taps), at the working rate.
    watch
        Lost spans; changed.
    memory
        What `decide_beats` remembers; changed.
    queue
        Candidates that wait; changed.
    rule
        The constants of the decision.

    Returns
    -------
    ndarray
        The samples to keep for the next call, in the signal's unit.
    ndarray
        The decided beats, of `BEAT`, in order of time; times in s from the first sample.
    """
    rows = np.empty(int(8 * values.size / scan.rate) + queue.size, BEAT)
    count = 0
    for begin in range(0, values.size, scan.block):
        new = fill_lost(values[begin : begin + scan.block], at[0], scan.rate, watch)
        at[0] += new.size
        tail = np.concatenate((tail, new))
        tail, count = _scanned(tail, at, scan, taps, watch, memory, queue, rule, rows, count)
    return tail, rows[:count]


@njit(cache=True)
def ended(
    tail: Floats, at: Any, scan: Scan, taps: Floats, watch: Any, memory: Any, queue: Any, rule: BeatRule
) -> npt.NDArray[Any]:
    """Decide the beats that were still waiting; the signal is held at its last value for as long as that takes.

    Parameters
    ----------
    tail
        The samples kept, shape (m,), in the signal's unit.
    at
        Shape (2,): number of samples seen, and the first sample of the working rate not looked at; changed.
    scan
        How to look.
    taps
        Even and odd kernel, shape (2, taps), at the working rate.
    watch
        Lost spans, of `WATCH`.
    memory
        What `decide_beats` remembers; changed.
    queue
        Candidates that wait; changed.
    rule
        The thresholds of the decision.

    Returns
    -------
    ndarray
        The decided beats, of `BEAT`, in order of time; times in s from the first sample.
    """
    rows = np.empty(2 * queue.size, BEAT)
    size = (taps.shape[1] + 2 * scan.apart) * scan.step + scan.spike
    at[0] += size
    more = np.concatenate((tail, np.full(size, tail[-1])))
    _, count = _scanned(more, at, scan, taps, watch, memory, queue, rule, rows, 0)
    return rows[: count + decide_beats(memory, queue, watch, np.inf, rule, rows[count:])]


@njit(cache=True)
def _scanned(
    x: Floats,
    at: Any,
    scan: Scan,
    taps: Floats,
    watch: Any,
    memory: Any,
    queue: Any,
    rule: BeatRule,
    rows: Any,
    count: int,
) -> tuple[Floats, int]:
    """Look at all that has enough samples around it; return the samples to keep, and how many beats were told."""
    first, half = at[0] - x.size, taps.shape[1] // 2
    clean = spikeless(x, scan.spike)
    low = -((-first - scan.spike - scan.step) // scan.step)
    high = (at[0] - 1 - scan.spike - scan.step) // scan.step
    level = decimated(clean, low * scan.step - first, scan.step, high - low + 1)
    even, envelope = analytic(level, taps, scan.rising)
    for j in range(at[1], high - half - scan.apart + 1):
        i = j - low - half
        share = scan.step / min(scan.rate * LEVEL, (j + 1) * scan.step)
        # what is too high for a beat must not hide those after it
        memory[0].level += (min(envelope[i], memory[0].cap) - memory[0].level) * share
        # asked here first, since a call costs more than both comparisons
        if envelope[i - 1] < envelope[i] >= envelope[i + 1] and is_peak(envelope, i, scan.apart):
            candidate = queue[memory[0].waiting]
            candidate.at, candidate.height = j * scan.step / scan.rate, envelope[i]
            candidate.crest = candidate.height / max(memory[0].level, 1e-300)
            shaped(level, i + half, scan.stride, candidate.shape)
            _sides(candidate, clean, first, even, level, i, j, scan)
            candidate.spike = _spike(x, clean, j * scan.step - first, scan) / max(
                candidate.up_gain + candidate.down_gain, 1e-300
            )
            memory[0].waiting += 1
            count += decide_beats(memory, queue, watch, candidate.at, rule, rows[count:])
            memory[0].cap = HIGHEST * memory[0].usual if memory[0].steady >= KNOWN else np.inf
    known = (high - half - scan.apart) * scan.step / scan.rate
    count += decide_beats(memory, queue, watch, known, rule, rows[count:])
    at[1] = max(at[1], high - half - scan.apart + 1)
    keep = (at[1] - scan.apart - half - 3) * scan.step - scan.step - scan.spike - first
    return x[max(0, keep) :].copy(), count


@njit(cache=True)
def _sides(candidate: Any, clean: Floats, first: int, even: Floats, level: Floats, i: int, j: int, scan: Scan) -> None:
    """Fill in where a candidate's upper and lower extremum are, and how far they stand out."""
    if scan.rising:
        candidate.up = (j + vertex(even, i, 1.0, 1) - i) * scan.step / scan.rate
        candidate.up_gain, candidate.down_gain, candidate.down = 1.0, 0.0, candidate.up
        return
    up = down = i
    for k in range(i - scan.reach, i + scan.reach + 1):
        up = k if even[k] > even[up] else up
        down = k if even[k] < even[down] else down
    half = (level.size - even.size) // 2
    middle = np.mean(candidate.shape)
    candidate.up_gain = max(level[up + half - 1 : up + half + 2].max() - middle, 0.0)
    candidate.down_gain = max(middle - level[down + half - 1 : down + half + 2].min(), 0.0)
    candidate.up = (first + apex(clean, (j + up - i) * scan.step - first, 1.0, scan)) / scan.rate
    candidate.down = (first + apex(clean, (j + down - i) * scan.step - first, -1.0, scan)) / scan.rate


@njit(cache=True)
def _spike(x: Floats, clean: Floats, at: int, scan: Scan) -> float:
    """Return the height of the impulse that was taken out just before a candidate."""
    highest = 0.0
    if scan.spike > 0:
        for k in range(max(0, at - round(_PACED[0] * scan.rate)), min(x.size, at + round(_PACED[1] * scan.rate))):
            highest = max(highest, abs(x[k] - clean[k]))
    return highest


@njit(cache=True)
def spikeless(x: Floats, reach: int) -> Floats:
    """Take impulses out: a pacemaker's spike goes, a QRS complex stays.

    Each sample becomes the median of itself and the samples `reach` to either side.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    reach
        Distance of the two samples, in samples; 0 leaves the signal as it is.

    Returns
    -------
    ndarray
        Shape (n,); the first and last `reach` samples are as they were.
    """
    out = x.copy()
    if reach > 0 and x.size > 2 * reach:
        before, here, after = x[: -2 * reach], x[reach:-reach], x[2 * reach :]
        middle = out[reach:-reach]
        for i in range(middle.size):  # counted from zero, so that the compiler takes several samples at once
            a, b, c = before[i], here[i], after[i]
            middle[i] = max(min(a, b), min(max(a, b), c))
    return out


@njit(cache=True)
def decimated(x: Floats, first: int, step: int, count: int) -> Floats:
    """Decimate a signal with triangular averages over 2·step - 1 samples, centred on first, first + step and so on.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    first
        Number of the sample at the first centre.
    step
        Distance between centres, in samples.
    count
        Number of averages; below zero it counts as zero.

    Returns
    -------
    ndarray
        Averages in the unit of `x`, shape (count,).
    """
    out = np.empty(max(0, count))
    for j in range(count):
        centre = first + j * step
        total = step * x[centre]
        for k in range(1, step):
            total += (step - k) * (x[centre - k] + x[centre + k])
        out[j] = total / (step * step)
    return out


@njit(cache=True)
def analytic(x: Floats, taps: Floats, rising: bool) -> tuple[Floats, Floats]:
    """Filter a signal with an even and an odd kernel; a constant gives zero in both.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    taps
        Even and odd kernel, shape (2, taps), with an odd number of taps.
    rising
        True if only what rises counts (PPG).

    Returns
    -------
    ndarray
        Output of the even kernel, or of the odd one where only what rises counts, shape (n - taps + 1,).
    ndarray
        Envelope of the same shape: the root of the sum of both squares, or the positive part of the odd output.
    """
    half = taps.shape[1] // 2
    size = max(0, x.size - 2 * half)
    even, odd = np.zeros(size), np.zeros(size)
    for k in range(1, half + 1):
        a, b = taps[0, half + k], taps[1, half + k]
        before, here, after = x[half - k :], x[half:], x[half + k :]
        for j in range(size):  # counted from zero, so that the compiler takes several samples at once
            even[j] += a * ((before[j] - here[j]) + (after[j] - here[j]))
            odd[j] += b * (after[j] - before[j])
    if rising:
        return odd, np.maximum(odd, 0.0)
    return even, np.sqrt(even * even + odd * odd)


@njit(cache=True)
def is_peak(envelope: Floats, at: int, apart: int) -> bool:
    """Decide whether a sample is above zero, above all before it and not below any after it.

    Parameters
    ----------
    envelope
        Samples, shape (n,), with at least `apart` of them on either side of `at`.
    at
        Number of the sample.
    apart
        How far to either side it is compared, in samples.

    Returns
    -------
    bool
        True for a peak.
    """
    height = envelope[at]
    if height <= 0 or envelope[at - 1] >= height or envelope[at + 1] > height:
        return False
    before, after = envelope[at - apart : at], envelope[at + 1 : at + apart + 1]
    return bool(before.max() < height and after.max() <= height)


@njit(cache=True)
def smoothed(x: Floats, low: int, high: int, half: int) -> Floats:
    """Average a signal over 2·half + 1 samples centred on low, …, high - 1.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    low
        Number of the first centre; at least `half`.
    high
        Number after the last centre; at most n - half.
    half
        Samples to either side of a centre.

    Returns
    -------
    ndarray
        Means less the value of sample `low`, in the unit of `x`, shape (high - low,).
    """
    out, base = np.zeros(high - low), x[low]
    for start in range(low - half, low + half + 1):
        shifted = x[start : start + out.size]
        for i in range(out.size):
            out[i] += shifted[i] - base
    for i in range(out.size):
        out[i] /= 2 * half + 1
    return out


@njit(cache=True)
def apex(x: Floats, centre: int, sign: float, scan: Any) -> float:
    """Locate an extremum of the smoothed signal near a sample, by a least-squares parabola.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    centre
        Number of the sample near which the extremum is.
    sign
        1 for a maximum, -1 for a minimum.
    scan
        How far to look (`climb`), to average (`mean`) and to fit (`fit`).

    Returns
    -------
    float
        Position in samples, with a fraction.
    """
    first, fit = centre - scan.climb - scan.fit, scan.fit
    near = smoothed(x, first, centre + scan.climb + fit + 1, scan.mean)
    best = fit
    for i in range(fit, near.size - fit):
        if sign * near[i] > sign * near[best]:
            best = i
    return float(first + vertex(near, best, sign, fit))


@njit(cache=True)
def vertex(x: Floats, at: int, sign: float, fit: int) -> float:
    """Locate the extremum of the least-squares parabola around a sample.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    at
        Number of the sample.
    sign
        1 for a maximum, -1 for a minimum.
    fit
        Samples to either side that are fitted.

    Returns
    -------
    float
        Position in samples, at most `fit` from `at`; `at` itself where the parabola opens the other way.
    """
    slope = curve = squares = 0.0
    mean = fit * (fit + 1) / 3.0
    for k in range(-fit, fit + 1):
        value = x[at + k] - x[at]
        slope += k * value
        curve += (k * k - mean) * value
        squares += (k * k - mean) ** 2
    slope, curve = slope / (mean * (2 * fit + 1)), curve / squares
    if sign * curve >= 0:
        return float(at)
    return at + min(max(-slope / (2 * curve), -float(fit)), float(fit))


@njit(cache=True)
def shaped(x: Floats, centre: int, stride: float, out: Any) -> None:
    """Write a candidate's shape: points of a signal at even distances around its centre, held at the ends.

    Parameters
    ----------
    x
        Samples in any unit, shape (n,).
    centre
        Number of the sample in the middle.
    stride
        Distance between points, in samples.
    out
        Shape (SHAPE,), in the unit of `x`; changed.
    """
    for i in range(SHAPE):
        position = min(max(centre + (i - SHAPE // 2) * stride, 0.0), x.size - 1.001)
        low = math.floor(position)
        out[i] = x[low] + (position - low) * (x[low + 1] - x[low])
