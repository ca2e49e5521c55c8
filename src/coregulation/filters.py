"""Linear-phase filters and resampling, as stages, and irregular rows onto a grid.

A zero-phase filter over a whole record sees the future. A symmetric kernel with its delay taken off the time stamps
has no phase error either and gives live what it gives offline, `delay` seconds late.

Gaps: every kernel is a low pass, applied as a normalised convolution (Knutsson & Westin 1993): missing samples carry no
weight and the rest is rescaled. A missing sample stays missing, and so does one with less than half of
its kernel's weight around it. On complete data this is the plain FIR filter.
"""

from __future__ import annotations

import abc
import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats, Ints, Signal, Unit
from coregulation.sliding_stage import Buffered, SlidingStage
from coregulation.stage import Piece

MAX_GAP = 3.0  # s; nothing is ever interpolated over a longer one (our choice: three beats of a slow heart)
_ATTENUATION = 60.0  # dB in the stop band
_FEW_PHASES = 8  # kernels worth keeping: those of rates in a simple ratio


class AbstractFir(SlidingStage[Signal, Signal]):
    """A symmetric kernel, or a difference of two, applied to a stream."""

    width: float

    @abc.abstractmethod
    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return one low-pass kernel with unit sum, or two of one length to be subtracted.

        Parameters
        ----------
        rate
            Sampling rate, in Hz.

        Returns
        -------
        tuple of ndarray
            Each of an odd length, symmetric, with a sum of 1.
        """

    @property
    def delay(self) -> float:
        """Half the kernel, in s."""
        return _half_seconds(self.width)

    def reach(self, rate: float) -> tuple[float, float]:
        """Return half the kernel on either side.

        Parameters
        ----------
        rate
            Sampling rate, in Hz.

        Returns
        -------
        tuple of float
            Samples before a point and after it.
        """
        half = _half(self.width, rate)
        return half, half

    def answer(self, samples: Buffered, first: int, end: int) -> Signal:
        """Filter the samples first to end - 1, at the ends of the stream with the weight that is there.

        Parameters
        ----------
        samples
            What the stage holds, NaN where missing.
        first, end
            Indices of the first sample and of the one after the last.

        Returns
        -------
        Signal
            Filtered, NaN where under half of the kernel's weight is known.

        References
        ----------
        Knutsson H, Westin CF (1993), Proceedings of IEEE CVPR, 515, doi:10.1109/CVPR.1993.341081
        """
        start = samples.start + first / samples.rate
        if first == end:
            return Signal(np.empty(0), samples.rate, start, samples.unit)
        kernels = self.kernels(samples.rate)
        half = len(kernels[0]) // 2
        values = _span(samples.values, first - half, end + half)
        out = _normalised(kernels[0], values)
        for kernel in kernels[1:]:
            out = out - _normalised(kernel, values)
        return Signal(out, samples.rate, start, samples.unit)

    def nothing(self) -> Signal:
        """Return no sample."""
        return _NOTHING


@dataclass(frozen=True, slots=True)
class LowPass(AbstractFir):
    """Keep slow changes, by a Kaiser-windowed sinc with 60 dB of attenuation.

    Parameters
    ----------
    cutoff
        Frequency at which the amplitude is halved, in Hz.
    width
        Width of the transition around it, in Hz. A narrower one makes the kernel, and so the delay, longer.

    Raises
    ------
    UsageError
        If `cutoff` or `width` is not positive.
    """

    cutoff: float
    width: float

    def __post_init__(self) -> None:
        _check_positive("A low pass's cutoff and width", self.cutoff, self.width)

    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return the kernel at a sampling rate, with unit sum."""
        return (_sinc(self.cutoff, rate, _half(self.width, rate)),)


@dataclass(frozen=True, slots=True)
class BandPass(AbstractFir):
    """Keep a band of frequencies: the difference of two low passes with one transition width.

    Parameters
    ----------
    low
        Lower edge, in Hz; the amplitude is halved there.
    high
        Upper edge, in Hz; the amplitude is halved there.
    width
        Width of the transition around each edge, in Hz.

    Raises
    ------
    UsageError
        If the edges are not 0 < `low` < `high`, or `width` is not positive.
    """

    low: float
    high: float
    width: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise UsageError("A band needs 0 < low < high; {low} and {high} Hz came.", low=self.low, high=self.high)
        _check_positive("A band's width", self.width)

    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return the kernels of the upper and the lower edge."""
        half = _half(self.width, rate)
        return _sinc(self.high, rate, half), _sinc(self.low, rate, half)


@dataclass(frozen=True, slots=True)
class Difference:
    """First difference per second, which takes away a drift that is common to two signals.

    The first sample of a stream is missing (NaN), as is one beside a missing sample. The unit stays that of the
    signal.

    Parameters
    ----------
    delay
        How late the output is, in s; zero, because each sample needs only the one before it.
    """

    delay: float = 0.0

    def start(self) -> float:
        """Know no sample before the first."""
        return math.nan

    def step(self, state: float, piece: Piece[Signal]) -> tuple[float, Piece[Signal]]:
        """Subtract each sample's predecessor."""
        signal = piece.data
        change = np.diff(signal.values, prepend=state) * signal.rate
        last = float(signal.values[-1]) if len(signal) else state
        return last, Piece(Signal(change, signal.rate, signal.start, signal.unit), piece.until)

    def finish(self, state: float) -> Piece[Signal]:
        """Nothing is held."""
        return Piece(_NOTHING, math.inf)


@dataclass(frozen=True, slots=True)
class Resample(SlidingStage[Signal, Signal]):
    """Bring a signal to `rate` Hz on the session's grid (multiples of 1/rate), against aliasing.

    Each new sample is a windowed-sinc average of the old ones around it, so a signal that began between two grid points is moved,
    not mislabelled. A gap stays a gap.

    Parameters
    ----------
    rate
        New sampling rate, in Hz.
    lobes
        Of the sinc, on either side of a point.
    """

    rate: float
    lobes: int = 8
    grid: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_positive("A new rate and its lobes", self.rate, self.lobes)

    @property
    def delay(self) -> float:
        """Half the kernel at the new rate, in s (longer where the old rate is lower)."""
        return self.lobes / self.rate

    def reach(self, rate: float) -> tuple[float, float]:
        """Return half the kernel after a point, and the whole of it before, so that rounding moves no sample out.

        Parameters
        ----------
        rate
            Sampling rate, in Hz.

        Returns
        -------
        tuple of float
            Samples before a point and after it.
        """
        taps = self._taps(rate)
        return 2 * taps, taps

    def time_of(self, number: int) -> float:
        """Return the time of a new sample.

        Parameters
        ----------
        number
            Counted from session time 0.

        Returns
        -------
        float
            Session time, in s.
        """
        return number / self.rate

    def number_of(self, time: float) -> float:
        """Return a time in new samples.

        Parameters
        ----------
        time
            Session time, in s.

        Returns
        -------
        float
            Time times the new rate.
        """
        return time * self.rate

    def answer(self, samples: Buffered, first: int, end: int) -> Signal:
        """Return the new samples first to end - 1.

        Parameters
        ----------
        samples
            What the stage holds, NaN where missing.
        first, end
            Numbers of the first new sample and of the one after the last, counted from session time 0.

        Returns
        -------
        Signal
            At the new rate, in Hz.
        """
        # so many grid points at a time that the matrix of weights stays near a million numbers
        rows = max(1, 2**20 // (2 * self._taps(samples.rate) + 2))
        parts = [self._blend(samples, np.arange(at, min(at + rows, end))) for at in range(first, end, rows)]
        values = np.concatenate(parts) if parts else np.empty(0)
        return Signal(values, self.rate, first / self.rate, samples.unit)

    def nothing(self) -> Signal:
        """Return no sample."""
        return _NOTHING

    def _taps(self, rate: float) -> int:
        return math.ceil(self.lobes * max(1.0, rate / self.rate))

    def _blend(self, samples: Buffered, points: Ints) -> Floats:
        position = (points / self.rate - samples.start) * samples.rate
        taps = self._taps(samples.rate)
        # the samples are chosen by their distance alone: where the buffer begins must not decide a tie
        before = np.floor(position + 1e-9).astype(np.int64)
        # where the rates are in a simple ratio, a few kernels serve all points
        phase = np.round(position - before, 9)
        if len(points) > _FEW_PHASES:
            phase, kernel = np.unique(phase, return_inverse=True)
        else:
            kernel = np.arange(len(points))
        weight = self._weights(phase, samples.rate)
        first = int(before[0]) - taps
        values = _span(samples.values, first, int(before[-1]) + taps + 2)
        valid = np.isfinite(values)
        at = before - before[0]
        if valid.all():
            complete: Floats = _by_kernel(values, at, weight, kernel) / weight.sum(axis=1)[kernel]
            return complete
        total = _by_kernel(valid.astype(np.float64), at, weight, kernel)
        blended = _by_kernel(np.where(valid, values, 0.0), at, weight, kernel)
        inside = np.clip(position, 0, len(samples.values) - 1) - first
        enough = _neighbours_valid(valid, inside) & (total >= (0.5 - 1e-9) * weight.sum(axis=1)[kernel])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(enough, blended / total, np.nan)

    def _weights(self, phase: Floats, rate: float) -> Floats:
        """Return the windowed sinc of each phase (how far a point lies behind the sample before it), one a row."""
        make = _sincs if len(phase) <= _FEW_PHASES else _sincs.__wrapped__
        return make(tuple(phase.tolist()), self._taps(rate), 0.9 * min(1.0, self.rate / rate))


def gridded(times: Floats, values: Floats, rate: float, unit: Unit, max_gap: float = MAX_GAP) -> Signal:
    """Put irregular rows onto the session's grid by linear interpolation.

    Parameters
    ----------
    times
        Session times in s, shape (n,), strictly increasing.
    values
        In `unit`, shape (n,). A row with NaN is as if it were not there.
    rate
        Of the grid, in Hz; its points are multiples of 1/rate.
    unit
        Of the values.
    max_gap
        Longest time between two rows, in s, that is interpolated over; grid points in a longer gap are NaN.

    Returns
    -------
    Signal
        From the first grid point at or after the first row to the last at or before the last row; empty if no row has
        a value.

    Raises
    ------
    DataError
        If the times are not finite or do not increase.
    """
    if not (np.isfinite(times).all() and (np.diff(times) > 0).all()):
        raise DataError("Time stamps must be numbers that increase from row to row.")
    kept = np.isfinite(values)
    t, v = times[kept], values[kept]
    if len(t) == 0:
        return Signal(np.empty(0), rate, 0.0, unit)
    first, last = math.ceil(t[0] * rate - 1e-6), math.floor(t[-1] * rate + 1e-6)
    grid = np.arange(first, last + 1) / rate
    right = np.clip(np.searchsorted(t, grid - 1e-9 / rate), 0, len(t) - 1)
    left = np.maximum(right - 1, 0)
    hit = np.abs(t[right] - grid) <= 1e-6 / rate
    bridged = hit | (t[right] - t[left] <= max_gap)
    return Signal(np.where(bridged, np.interp(grid, t, v), np.nan), rate, first / rate, unit)


_NOTHING = Signal(np.empty(0), 1.0, 0.0, Unit.ARBITRARY)


def _check_positive(what: str, *settings: float) -> None:
    if not all(math.isfinite(setting) and setting > 0 for setting in settings):
        came = tuple(f"{setting:g}" for setting in settings)
        raise UsageError("{what} must be positive; {came:and} came.", what=what, came=came)


def _half_seconds(width: float) -> float:
    # Kaiser's estimate of the length for an attenuation and a transition width (Oppenheim & Schafer, 7.5.3)
    return (_ATTENUATION - 8) / (2.285 * 2 * math.pi * width) / 2


def _half(width: float, rate: float) -> int:
    return max(1, math.ceil(_half_seconds(width) * rate))


@functools.lru_cache(maxsize=64)
def _sinc(cutoff: float, rate: float, half: int) -> Floats:
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
def _sincs(phases: tuple[float, ...], taps: int, cutoff: float) -> Floats:
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


def _normalised(kernel: Floats, values: Floats) -> Floats:
    valid = np.isfinite(values)
    total = np.convolve(np.where(valid, values, 0.0), kernel, "valid")
    weight = np.convolve(valid.astype(np.float64), kernel, "valid")
    half = len(kernel) // 2
    enough = valid[half : len(values) - half] & (weight >= 0.5 - 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, total / weight, np.nan)


def _span(values: Floats, first: int, end: int) -> Floats:
    """Return values[first:end], missing where it reaches beyond either end."""
    inside = values[max(0, first) : max(0, end)]
    before, after = max(0, -first), max(0, end - max(len(values), first))
    return np.concatenate([np.full(before, np.nan), inside, np.full(after, np.nan)])


def _by_kernel(values: Floats, at: Ints, weight: Floats, kernel: Ints) -> Floats:
    """Return the weighted sum of the samples from each place on, by the row of `weight` that `kernel` names."""
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


def _neighbours_valid(valid: Bools, position: Floats) -> Bools:
    """Return whether the samples on both sides of each position are there."""
    low = np.clip(np.floor(position + 1e-6).astype(np.int64), 0, len(valid) - 1)
    high = np.clip(np.ceil(position - 1e-6).astype(np.int64), 0, len(valid) - 1)
    return np.asarray(valid[low] & valid[high], bool)
