"""Kernels of linear-phase filters, and their sums over samples of which some are missing.

A kernel is a sinc under a Kaiser window with 60 dB of attenuation.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from coregulation.errors import DataError
from coregulation.signals import Bools, Floats, Ints

_ATTENUATION = 60.0  # dB in the stop band


def half_seconds(width: float) -> float:
    """Return half the length in seconds of a kernel with a transition of `width` Hz.

    Parameters
    ----------
    width
        Of the transition, in Hz.

    Returns
    -------
    float
        Seconds.

    References
    ----------
    Kaiser's estimate: Oppenheim & Schafer (2010), Discrete-Time Signal Processing, 7.5.3.
    """
    return (_ATTENUATION - 8) / (2.285 * 2 * math.pi * width) / 2


def half_width(width: float, rate: float) -> int:
    """Return how many samples a kernel with a transition of `width` Hz has to either side of its middle.

    Parameters
    ----------
    width
        Of the transition, in Hz.
    rate
        Sampling rate, in Hz.

    Returns
    -------
    int
        At least 1.
    """
    return max(1, math.ceil(half_seconds(width) * rate))


@functools.lru_cache(maxsize=64)
def windowed_sinc(cutoff: float, rate: float, half: int) -> Floats:
    """Compute the kernel of a low pass.

    Parameters
    ----------
    cutoff
        Where half of the amplitude passes, in Hz.
    rate
        Sampling rate, in Hz.
    half
        Samples to either side of the middle.

    Returns
    -------
    ndarray, shape (2 half + 1,)
        Weights with a sum of 1, read-only.

    Raises
    ------
    DataError
        If the edge is not below half the sampling rate.
    """
    if cutoff >= rate / 2:
        raise DataError(
            "A filter edge at {edge:g} Hz needs samples at more than {needed:g} Hz; this signal is sampled at {rate:g} Hz. "
            "Lower the edge, or use a faster recording.",
            edge=cutoff,
            needed=2 * cutoff,
            rate=rate,
        )
    taps = np.arange(-half, half + 1)
    kernel: Floats = np.sinc(2 * cutoff / rate * taps) * _kaiser(taps / (half + 0.5))
    kernel /= kernel.sum()
    kernel.setflags(write=False)
    return kernel


@functools.lru_cache(maxsize=64)
def interpolation_kernels(phases: tuple[float, ...], taps: int, cutoff: float) -> Floats:
    """Compute a kernel for each place between two samples.

    Parameters
    ----------
    phases
        How far each place lies behind the sample before it, 0 to 1 sample.
    taps
        Samples to either side.
    cutoff
        As a share of half the sampling rate.

    Returns
    -------
    ndarray, shape (len(phases), 2 taps + 2)
        Weights, read-only; their sums are near 1.
    """
    distance = np.arange(-taps, taps + 2) - np.array(phases)[:, None]
    near = np.abs(distance) <= taps + 1e-6
    weights: Floats = near * np.sinc(cutoff * distance) * _kaiser(distance / (taps + 0.5))
    weights.setflags(write=False)
    return weights


def _kaiser(distance: Floats) -> Floats:
    beta = 0.1102 * (_ATTENUATION - 8.7)
    inside = np.clip(1 - distance**2, 0, None)
    window: Floats = np.i0(beta * np.sqrt(inside)) / float(np.i0(beta))
    return window


def normalised(kernel: Floats, values: Floats) -> Floats:
    """Convolve what is there, and divide by the weight of what is there.

    Parameters
    ----------
    kernel
        Shape (2 half + 1,).
    values
        Shape (n,), NaN where missing.

    Returns
    -------
    ndarray, shape (n - 2 half,)
        NaN where a sample is missing or has less than half of its kernel's weight around it.

    References
    ----------
    Knutsson & Westin (1993), doi:10.1109/CVPR.1993.341081
    """
    valid = np.isfinite(values)
    total = np.convolve(np.where(valid, values, 0.0), kernel, "valid")
    weight = np.convolve(valid.astype(np.float64), kernel, "valid")
    half = len(kernel) // 2
    enough = valid[half : len(values) - half] & (weight >= 0.5 - 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, total / weight, np.nan)


def padded(values: Floats, first: int, end: int) -> Floats:
    """Return values[first:end], missing where it reaches beyond either end.

    Parameters
    ----------
    values
        Shape (n,).
    first, end
        Numbers of samples, also below 0 and above n.

    Returns
    -------
    ndarray, shape (end - first,)
        NaN beyond the ends.
    """
    inside = values[max(0, first) : max(0, end)]
    before, after = max(0, -first), max(0, end - max(len(values), first))
    return np.concatenate([np.full(before, np.nan), inside, np.full(after, np.nan)])


def weighted_sums(values: Floats, at: Ints, weight: Floats, kernel: Ints) -> Floats:
    """Return the weighted sum of the samples from each place on.

    Parameters
    ----------
    values
        Shape (n,).
    at
        First sample of each sum, shape (k,).
    weight
        One kernel per row.
    kernel
        Row of `weight` for each sum, shape (k,).

    Returns
    -------
    ndarray, shape (k,)
        In the unit of the values.
    """
    windows = neighbourhoods(values, weight.shape[1])
    if len(weight) > len(at) // 16:  # hardly two points have a kernel in common
        sums: Floats = np.einsum("ij,ij->i", windows[at], weight[kernel])
        return sums
    sums = np.empty(len(at))
    for k, row in enumerate(weight):
        mine = kernel == k
        sums[mine] = windows[at[mine]] @ row
    return sums


def neighbourhoods(values: Floats, n: int) -> Floats:
    """View all runs of n neighbouring values without a copy.

    It does what numpy's `sliding_window_view` does in a tenth of the time.

    Parameters
    ----------
    values
        Shape (m,), with m of at least n.
    n
        Values in each run.

    Returns
    -------
    ndarray, shape (m - n + 1, n)
        Row i holds values i to i + n - 1. It shares memory with `values`.
    """
    step = values.strides[0]
    return np.ndarray((len(values) - n + 1, n), values.dtype, values, 0, (step, step))


def neighbours_valid(valid: Bools, position: Floats) -> Bools:
    """Return whether the samples on both sides of each position are there.

    Parameters
    ----------
    valid
        Shape (n,).
    position
        In samples, shape (k,).

    Returns
    -------
    ndarray, shape (k,)
        True where both are valid.
    """
    low = np.clip(np.floor(position + 1e-6).astype(np.int64), 0, len(valid) - 1)
    high = np.clip(np.ceil(position - 1e-6).astype(np.int64), 0, len(valid) - 1)
    return np.asarray(valid[low] & valid[high], bool)
