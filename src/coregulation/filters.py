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
        if not len(piece.data):
            until = state.buffer.start + state.context / state.buffer.rate if state.buffer else -math.inf
            return state, Piece(piece.data, until)
        held = appended(state.buffer, piece.data)
        kernels = self.kernels(held.rate)
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

    def __post_init__(self) -> None:
        _check_positive("A low pass's cutoff and width", self.cutoff, self.width)

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
        _check_positive("A band's width", self.width)

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

    def __post_init__(self) -> None:
        _check_positive("A new rate and its lobes", self.rate, self.lobes)

    @property
    def delay(self) -> float:
        """Half the kernel at the new rate, in s (longer where the old rate is lower)."""
        return self.lobes / self.rate

    def start(self) -> _Pending | None:
        """Hold nothing."""
        return None

    def step(self, state: _Pending | None, piece: Piece[Signal]) -> tuple[_Pending | None, Piece[Signal]]:
        """Answer for each grid point whose kernel is complete."""
        if not len(piece.data):
            until = state.following / self.rate if state else -math.inf
            return state, Piece(Signal(np.empty(0), self.rate, 0.0, piece.data.unit), until)
        held = appended(state.buffer if state else None, piece.data)
        reach = self._taps(held.rate) / held.rate
        first = state.following if state else math.ceil(held.start * self.rate - 1e-6)
        end = held.start + (len(held.values) - 1) / held.rate
        last = math.floor((end - reach) * self.rate + 1e-6)
        out = self._answer(held, first, last)
        following = max(first, last + 1)
        drop = math.floor((following / self.rate - 2 * reach - held.start) * held.rate)
        drop = min(max(0, drop), len(held.values) - 1)
        rest = Buffered(held.values[drop:], held.start + drop / held.rate, held.rate, held.unit)
        return _Pending(rest, following), Piece(out, following / self.rate)

    def finish(self, state: _Pending | None) -> Piece[Signal]:
        """Answer for the last grid points with the weight that is left."""
        if state is None:
            return Piece(_NOTHING, math.inf)
        held = state.buffer
        end = held.start + (len(held.values) - 1) / held.rate
        return Piece(self._answer(held, state.following, math.floor(end * self.rate + 1e-6)), math.inf)

    def _taps(self, rate: float) -> int:
        return math.ceil(self.lobes * max(1.0, rate / self.rate))

    def _answer(self, held: Buffered, first: int, last: int) -> Signal:
        # so many grid points at a time that the matrix of weights stays near a million numbers
        rows = max(1, 2**20 // (2 * self._taps(held.rate) + 2))
        parts = [self._blend(held, np.arange(at, min(at + rows, last + 1))) for at in range(first, last + 1, rows)]
        values = np.concatenate(parts) if parts else np.empty(0)
        return Signal(values, self.rate, first / self.rate, held.unit)

    def _blend(self, held: Buffered, points: Ints) -> Floats:
        position = (points / self.rate - held.start) * held.rate
        taps = self._taps(held.rate)
        # the samples are chosen by their distance alone: where the buffer begins must not decide a tie
        before = np.floor(position + 1e-9).astype(np.int64)
        # where the rates are in a simple ratio, a few kernels serve all points
        phase = np.round(position - before, 9)
        if len(points) > _FEW_PHASES:
            phase, kernel = np.unique(phase, return_inverse=True)
        else:
            kernel = np.arange(len(points))
        weight = self._weights(phase, held.rate)
        first = int(before[0]) - taps
        values = _span(held.values, first, int(before[-1]) + taps + 2)
        there = np.isfinite(values)
        at = before - before[0]
        if there.all():
            complete: Floats = _by_kernel(values, at, weight, kernel) / weight.sum(axis=1)[kernel]
            return complete
        total = _by_kernel(there.astype(np.float64), at, weight, kernel)
        blended = _by_kernel(np.where(there, values, 0.0), at, weight, kernel)
        inside = np.clip(position, 0, len(held.values) - 1) - first
        enough = _neighbours_there(there, inside) & (total >= (0.5 - 1e-9) * weight.sum(axis=1)[kernel])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(enough, blended / total, np.nan)

    def _weights(self, phase: Floats, rate: float) -> Floats:
        """Return the windowed sinc of each phase (how far a point lies behind the sample before it), one a row."""
        make = _sincs if len(phase) <= _FEW_PHASES else _sincs.__wrapped__
        return make(tuple(phase.tolist()), self._taps(rate), 0.9 * min(1.0, self.rate / rate))


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
        raise UsageError(f"{what} must be positive; {', '.join(f'{setting:g}' for setting in settings)} came.")


def _half_seconds(width: float) -> float:
    # Kaiser's estimate of the length for an attenuation and a transition width (Oppenheim & Schafer, 7.5.3)
    return (_ATTENUATION - 8) / (2.285 * 2 * math.pi * width) / 2


def _half(width: float, rate: float) -> int:
    return max(1, math.ceil(_half_seconds(width) * rate))


@functools.lru_cache(maxsize=64)
def _sinc(cutoff: float, rate: float, half: int) -> Floats:
    if cutoff >= rate / 2:
        raise DataError(
            f"A filter edge at {cutoff:g} Hz needs samples at more than {2 * cutoff:g} Hz; this signal is sampled at "
            f"{rate:g} Hz. Lower the edge, or use a faster recording."
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
    total = np.convolve(np.where(there, values, 0.0), kernel, "valid")
    weight = np.convolve(there.astype(np.float64), kernel, "valid")
    half = len(kernel) // 2
    enough = there[half : len(values) - half] & (weight >= 0.5 - 1e-9)
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
    """Return the n values from each place on, shape (len - n + 1, n), as a view: numpy's own takes ten times as long."""
    step = values.strides[0]
    return np.ndarray((len(values) - n + 1, n), values.dtype, values, 0, (step, step))


def _neighbours_there(there: Bools, position: Floats) -> Bools:
    """Return whether the samples on both sides of each position are there."""
    low = np.clip(np.floor(position + 1e-6).astype(np.int64), 0, len(there) - 1)
    high = np.clip(np.ceil(position - 1e-6).astype(np.int64), 0, len(there) - 1)
    return np.asarray(there[low] & there[high], bool)
