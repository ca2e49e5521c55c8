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

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats, Ints, Signal, Unit
from coregulation.stage import Buffered, Piece, appended

MAX_GAP = 3.0  # s; nothing is ever interpolated over a longer one (SCIENCE.md B.2)
_ATTENUATION = 60.0  # dB in the stop band
_FEW_PHASES = 8  # kernels worth keeping: those of rates in a simple ratio


@dataclass(frozen=True, slots=True)
class _Held:
    """Samples still needed, and how many of them, from the left, were already answered for."""

    buffer: Buffered | None = None
    context: int = 0


class AbstractFir(abc.ABC):
    """A symmetric kernel, or a difference of two, applied to a stream."""

    width: float

    @abc.abstractmethod
    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return one low-pass kernel with unit sum, or two of one length to be subtracted."""

    @property
    def delay(self) -> float:
        """Half the kernel, in s."""
        return _half_seconds(self.width)

    def start(self) -> _Held:
        """Hold nothing."""
        return _Held()

    def step(self, state: _Held, piece: Piece[Signal]) -> tuple[_Held, Piece[Signal]]:
        """Filter what has a full kernel before it; at the very start, with the weight that is there."""
        if state.buffer is None and not len(piece.data):
            return state, Piece(piece.data, -math.inf)
        held, kernels = appended(state.buffer, piece.data), self.kernels(piece.data.rate)
        half = len(kernels[0]) // 2
        ready = len(held.values) - state.context - half
        if ready <= 0:
            empty = Signal(np.empty(0), held.rate, held.start + state.context / held.rate, held.unit)
            return _Held(held, state.context), Piece(empty, empty.start)
        out = _filtered(kernels, held, state.context, pad_right=0)
        answered = state.context + ready
        drop = max(0, answered - half)
        rest = Buffered(held.values[drop:], held.start + drop / held.rate, held.rate, held.unit)
        return _Held(rest, answered - drop), Piece(out, out.window.end)

    def finish(self, state: _Held) -> Piece[Signal]:
        """Filter the last samples with the weight that is left."""
        if state.buffer is None:
            return Piece(_NOTHING, math.inf)
        kernels = self.kernels(state.buffer.rate)
        return Piece(_filtered(kernels, state.buffer, state.context, pad_right=len(kernels[0]) // 2), math.inf)


@dataclass(frozen=True, slots=True)
class LowPass(AbstractFir):
    """Keep what is slower than `cutoff` (Hz), by a Kaiser-windowed sinc with a transition of `width` Hz."""

    cutoff: float
    width: float

    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return the kernel at a sampling rate, with unit sum."""
        return (_sinc(self.cutoff, rate, _half(self.width, rate)),)


@dataclass(frozen=True, slots=True)
class BandPass(AbstractFir):
    """Keep what lies between `low` and `high` (Hz): two low passes with one transition width, subtracted."""

    low: float
    high: float
    width: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise UsageError(f"A band needs 0 < low < high; {self.low} and {self.high} Hz came.")

    def kernels(self, rate: float) -> tuple[Floats, ...]:
        """Return the kernels of the upper and the lower edge."""
        half = _half(self.width, rate)
        return _sinc(self.high, rate, half), _sinc(self.low, rate, half)


@dataclass(frozen=True, slots=True)
class Difference:
    """First difference per second; it takes a common drift away (SCIENCE.md B.6). The first sample is missing."""

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
class Resample:
    """Bring a signal to `rate` Hz on the session's grid (multiples of 1/rate), against aliasing.

    Each new sample is a windowed-sinc average of the old ones around it, so a signal that began between two grid points
    is moved, not mislabelled. A gap stays a gap.
    """

    rate: float
    lobes: int = 8

    @property
    def delay(self) -> float:
        """Half the kernel at the new rate, in s (longer where the old rate is lower)."""
        return self.lobes / self.rate

    def start(self) -> _Pending | None:
        """Hold nothing."""
        return None

    def step(self, state: _Pending | None, piece: Piece[Signal]) -> tuple[_Pending | None, Piece[Signal]]:
        """Answer for each grid point whose kernel is complete."""
        if state is None and not len(piece.data):
            return None, Piece(_NOTHING, -math.inf)
        held = appended(state.buffer if state else None, piece.data)
        reach = self.lobes / min(self.rate, held.rate)
        first = state.following if state else math.ceil(held.start * self.rate - 1e-6)
        end = held.start + (len(held.values) - 1) / held.rate
        last = math.floor((end - reach) * self.rate + 1e-6)
        out = self._answer(held, first, last)
        following = max(first, last + 1)
        drop = math.floor((following / self.rate - 2 * reach - held.start) * held.rate)
        drop = min(max(0, drop), max(0, len(held.values) - 1))
        rest = Buffered(held.values[drop:], held.start + drop / held.rate, held.rate, held.unit)
        return _Pending(rest, following), Piece(out, following / self.rate)

    def finish(self, state: _Pending | None) -> Piece[Signal]:
        """Answer for the last grid points with the weight that is left."""
        if state is None:
            return Piece(_NOTHING, math.inf)
        held = state.buffer
        end = held.start + (len(held.values) - 1) / held.rate
        return Piece(self._answer(held, state.following, math.floor(end * self.rate + 1e-6)), math.inf)

    def _answer(self, held: Buffered, first: int, last: int) -> Signal:
        # a few thousand grid points at a time: the matrix of weights stays small
        parts = [self._blend(held, np.arange(at, min(at + 4096, last + 1))) for at in range(first, last + 1, 4096)]
        values = np.concatenate(parts) if parts else np.empty(0)
        return Signal(values, self.rate, first / self.rate, held.unit)

    def _blend(self, held: Buffered, points: Ints) -> Floats:
        position = (points / self.rate - held.start) * held.rate
        nearest = np.ceil(position - 0.5 - 1e-6).astype(np.int64)  # a tie must not be left to rounding errors
        # where the rates are in a simple ratio, a few kernels serve all points
        offset, kernel = np.unique(np.round(position - nearest, 10), return_inverse=True)
        taps = math.ceil(self.lobes / min(self.rate, held.rate) * held.rate)
        index = nearest[:, None] + np.arange(-taps, taps + 1)
        cutoff = 0.9 * min(1.0, self.rate / held.rate)
        few = len(offset) <= _FEW_PHASES
        weight = (_phase_kernels if few else _phase_kernels.__wrapped__)(tuple(offset), taps, cutoff)[kernel]
        values = held.values[np.clip(index, 0, max(0, len(held.values) - 1))]
        there = (index >= 0) & (index < len(held.values)) & np.isfinite(values)
        if there.all():
            return np.asarray((weight * values).sum(axis=1) / weight.sum(axis=1))
        total = (weight * there).sum(axis=1)
        blended = (weight * np.where(there, values, 0.0)).sum(axis=1)
        enough = _neighbours_there(held.values, position) & (total >= 0.5 * weight.sum(axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(enough, blended / total, np.nan)


@dataclass(frozen=True, slots=True)
class _Pending:
    """Held samples, and the number of the next grid point to answer for."""

    buffer: Buffered
    following: int


def gridded(times: Floats, values: Floats, rate: float, unit: Unit, max_gap: float = MAX_GAP) -> Signal:
    """Put irregular rows onto the session's grid by linear interpolation; never across more than `max_gap` s.

    Args:
        times: shape (n,), strictly increasing, in s.
        values: shape (n,), NaN where missing (a missing row is as if it were not there).
        rate: Hz of the grid, whose points are multiples of 1/rate.
        unit: of the values.
        max_gap: s between two rows beyond which the grid points between them are missing.

    Raises:
        DataError: if the times do not increase.
    """
    if (np.diff(times) <= 0).any():
        raise DataError("Time stamps must increase from row to row.")
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


def _half_seconds(width: float) -> float:
    # Kaiser's estimate of the length for an attenuation and a transition width (Oppenheim & Schafer, 7.5.3)
    return (_ATTENUATION - 8) / (2.285 * 2 * math.pi * width) / 2


def _half(width: float, rate: float) -> int:
    return max(1, math.ceil(_half_seconds(width) * rate))


@functools.lru_cache(maxsize=64)
def _sinc(cutoff: float, rate: float, half: int) -> Floats:
    taps = np.arange(-half, half + 1)
    kernel: Floats = np.sinc(2 * cutoff / rate * taps) * _kaiser(taps / (half + 0.5))
    kernel /= kernel.sum()
    kernel.setflags(write=False)
    return kernel


@functools.lru_cache(maxsize=64)
def _phase_kernels(offsets: tuple[float, ...], taps: int, cutoff: float) -> Floats:
    distance = np.arange(-taps, taps + 1) - np.array(offsets)[:, None]
    kernels: Floats = np.sinc(cutoff * distance) * _kaiser(distance / (taps + 0.5))
    kernels.setflags(write=False)
    return kernels


def _kaiser(distance: Floats) -> Floats:
    beta = 0.1102 * (_ATTENUATION - 8.7)
    inside = np.clip(1 - distance**2, 0, None)
    window: Floats = np.i0(beta * np.sqrt(inside)) / float(np.i0(beta))
    return window


def _filtered(kernels: tuple[Floats, ...], held: Buffered, context: int, pad_right: int) -> Signal:
    half = len(kernels[0]) // 2
    left, right = np.full(half - context, np.nan), np.full(pad_right, np.nan)
    values = np.concatenate([left, held.values, right])
    out = _normalised(kernels[0], values)
    for kernel in kernels[1:]:
        out = out - _normalised(kernel, values)
    return Signal(out, held.rate, held.start + context / held.rate, held.unit)


def _normalised(kernel: Floats, values: Floats) -> Floats:
    there = np.isfinite(values)
    if len(values) < len(kernel):
        return np.empty(0)
    total = np.convolve(np.where(there, values, 0.0), kernel, "valid")
    weight = np.convolve(there.astype(np.float64), kernel, "valid")
    half = len(kernel) // 2
    enough = there[half : len(values) - half] & (weight >= 0.5 - 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, total / weight, np.nan)


def _neighbours_there(values: Floats, position: Floats) -> Bools:
    """Return whether the samples on both sides of each position are there."""
    if len(values) == 0:
        return np.zeros(len(position), bool)
    there = np.isfinite(values)
    low = np.clip(np.floor(position + 1e-6).astype(np.int64), 0, len(values) - 1)
    high = np.clip(np.ceil(position - 1e-6).astype(np.int64), 0, len(values) - 1)
    return np.asarray(there[low] & there[high], bool)
