"""Linear-phase filters and resampling, as stages, and irregular rows onto a grid.

A zero-phase filter over a whole record sees the future. A symmetric kernel with its delay taken off the time stamps
has no phase error either and gives live what it gives offline, `delay` seconds late.

Gaps: every kernel is a low pass, applied as a normalised convolution (Knutsson & Westin 1993): missing samples carry no
weight and the rest is rescaled. A missing sample stays missing, and so does one with less than half of
its kernel's weight around it. On complete data this is the plain FIR filter.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.fir_kernels import (
    half_seconds,
    half_width,
    interpolation_kernels,
    neighbours_valid,
    normalised,
    padded,
    weighted_sums,
    windowed_sinc,
)
from coregulation.signals import Floats, Ints, Signal, Unit
from coregulation.sliding_stage import Buffered, SlidingStage
from coregulation.stage import Piece

MAX_GAP = 3.0  # s; nothing is ever interpolated over a longer one (our choice: three beats of a slow heart)
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
        return half_seconds(self.width)

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
        half = half_width(self.width, rate)
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
        values = padded(samples.values, first - half, end + half)
        out = normalised(kernels[0], values)
        for kernel in kernels[1:]:
            out = out - normalised(kernel, values)
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
        return (windowed_sinc(self.cutoff, rate, half_width(self.width, rate)),)


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
        half = half_width(self.width, rate)
        return windowed_sinc(self.high, rate, half), windowed_sinc(self.low, rate, half)


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
        values = padded(samples.values, first, int(before[-1]) + taps + 2)
        valid = np.isfinite(values)
        at = before - before[0]
        if valid.all():
            complete: Floats = weighted_sums(values, at, weight, kernel) / weight.sum(axis=1)[kernel]
            return complete
        total = weighted_sums(valid.astype(np.float64), at, weight, kernel)
        blended = weighted_sums(np.where(valid, values, 0.0), at, weight, kernel)
        inside = np.clip(position, 0, len(samples.values) - 1) - first
        enough = neighbours_valid(valid, inside) & (total >= (0.5 - 1e-9) * weight.sum(axis=1)[kernel])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(enough, blended / total, np.nan)

    def _weights(self, phase: Floats, rate: float) -> Floats:
        """Return the windowed sinc of each phase (how far a point lies behind the sample before it), one a row."""
        make = interpolation_kernels if len(phase) <= _FEW_PHASES else interpolation_kernels.__wrapped__
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
