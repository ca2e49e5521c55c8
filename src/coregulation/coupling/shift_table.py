"""A pair with the second series turned against the first: every lag at every circular shift."""

from __future__ import annotations

import abc
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.coupling.surface import WindowSums, add_sums, stack_sums, zero_sums
from coregulation.coupling.threads import in_threads
from coregulation.signals import Floats, Ints, Signal

Comparer = Callable[[Signal], WindowSums]


@dataclass(frozen=True, slots=True, eq=False)
class AbstractShiftTable(abc.ABC):
    """The sums over windows of each segment of a pair, at every lag and circular shift of the second series.

    Windows over the seam, where a turned series' end meets its beginning, count for nothing.

    Parameters
    ----------
    rate
        Sampling rate, Hz.
    step
        Shifts are multiples of this many samples.
    lags
        Lags in samples, shape (lags,).
    spans
        Number of the span from which each segment comes.
    sums
        For each segment, in the layout of the class.
    """

    rate: float
    step: int
    lags: Ints
    spans: tuple[int, ...]
    sums: tuple[WindowSums, ...]

    @property
    @abc.abstractmethod
    def lengths(self) -> tuple[int, ...]:
        """Length of each segment's circle, in samples."""

    @abc.abstractmethod
    def shifted_sums(self, segment: int, shifts: Ints) -> WindowSums:
        """Return a segment's sums, shape (k, lags), with the second series turned by each of k shifts (samples).

        Parameters
        ----------
        segment
            Number of the segment.
        shifts
            In samples, shape (k,).

        Returns
        -------
        WindowSums
            Shape (k, lags).
        """

    @property
    def observed(self) -> WindowSums:
        """Sums at each lag without a shift, shape (lags,)."""
        if not self.lengths:
            return zero_sums((), len(self.lags))
        none = [np.zeros(1, np.int64) for _ in self.lengths]
        sums = self.shifted(none)
        return WindowSums(*(getattr(sums, name)[0] for name in WindowSums.__dataclass_fields__))

    def shifted(self, shifts: Sequence[Ints]) -> WindowSums:
        """Compute the sums of surrogates.

        Parameters
        ----------
        shifts
            For each segment the shift of each surrogate, shape (k,), in samples.

        Returns
        -------
        WindowSums
            Over all segments, shape (k, lags).
        """
        count = len(shifts[0]) if shifts else 0
        parts = [self.shifted_sums(segment, by) for segment, by in enumerate(shifts)]
        return functools.reduce(add_sums, parts) if parts else zero_sums((count,), len(self.lags))

    def joint_shifts(self, shares: Floats) -> WindowSums:
        """Compute the sums of surrogates in which everybody of a group has a shift of their own.

        Parameters
        ----------
        shares
            Shift of the second person against the first as a share (0 to 1) of each span's length, shape (k, spans).

        Returns
        -------
        WindowSums
            Shape (k, lags).
        """
        turns = [
            np.floor(shares[:, span] * (length // self.step)).astype(np.int64) * self.step
            for span, length in zip(self.spans, self.lengths, strict=True)
        ]
        return self.shifted(turns)


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceShiftTable(AbstractShiftTable):
    """The table of any measure: its sums, computed anew for each shift.

    Parameters
    ----------
    rate, step, lags, spans
        As of every table.
    sums
        Of each segment, shape (shifts, lags).
    """

    @property
    def lengths(self) -> tuple[int, ...]:
        """Length of each segment's circle, in samples."""
        return tuple(len(sums.z) * self.step for sums in self.sums)

    def shifted_sums(self, segment: int, shifts: Ints) -> WindowSums:
        """Return a segment's sums, shape (k, lags), with the second series turned by each of k shifts (samples).

        Parameters
        ----------
        segment
            Number of the segment.
        shifts
            In samples, shape (k,).

        Returns
        -------
        WindowSums
            Shape (k, lags).
        """
        sums = self.sums[segment]
        row = shifts // self.step % len(sums.z)
        return WindowSums(*(getattr(sums, name)[row] for name in WindowSums.__dataclass_fields__))


def fill_shifts(compare: Comparer, y: Signal, step: int, jobs: int = 1) -> WindowSums:
    """Compute the sums of one segment at every shift.

    Parameters
    ----------
    compare
        Sums of a second series against the first.
    y
        The second series; its length is a multiple of `step`.
    step
        Shifts are multiples of this many samples.
    jobs
        Threads.

    Returns
    -------
    WindowSums
        Shape (shifts, lags).
    """
    sums = in_threads(lambda shift: compare(turn(y, shift)), range(0, len(y), step), jobs)
    return stack_sums(sums, len(sums[0].z))


def turn(signal: Signal, shift: int) -> Signal:
    """Turn a series on a circle, and mark its first sample as missing so that no window lies over the seam.

    Parameters
    ----------
    signal
        The series.
    shift
        Samples; 0 changes nothing.

    Returns
    -------
    Signal
        At the same times.
    """
    if shift % len(signal) == 0:
        return signal
    values = np.roll(signal.values, shift)
    values[shift % len(signal)] = np.nan
    return replace(signal, values=values)


def choose_shifts(allowed: Sequence[Ints], count: int, rng: np.random.Generator) -> list[Ints]:
    """Choose a shift for each segment and surrogate: every combination where there are no more than `count`.

    Otherwise some are drawn, each with the same turn the other way, so that it does not matter who is named first; an odd
    `count` thus gives one more.

    Parameters
    ----------
    allowed
        The possible shifts of each segment, in samples, ascending.
    count
        Number of surrogates wanted.
    rng
        Source of the draws.

    Returns
    -------
    list
        For each segment, shape (k,).
    """
    half = (count + 1) // 2
    if math.prod(len(shifts) for shifts in allowed) <= count:
        return [every.ravel() for every in np.meshgrid(*allowed, indexing="ij")]
    if len(allowed) == 1:
        drawn = [rng.choice(len(allowed[0]) // 2, half, replace=False)]
    else:
        drawn = [rng.integers(0, len(shifts), half) for shifts in allowed]
    return [np.concatenate([shifts[index], shifts[-1 - index]]) for shifts, index in zip(allowed, drawn, strict=True)]
