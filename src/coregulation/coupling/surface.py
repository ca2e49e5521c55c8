"""What a measure gives for a pair: values by window and lag, and their sums over windows."""

from __future__ import annotations

import abc
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats, Ints, Signal


@dataclass(frozen=True, slots=True)
class AbstractScale(abc.ABC):
    """On which scale a measure's values are averaged over windows."""

    @property
    @abc.abstractmethod
    def title(self) -> str:
        """The name in a methods section."""

    @abc.abstractmethod
    def forward(self, values: Floats) -> Floats:
        """Return values on the scale of averaging.

        Parameters
        ----------
        values
            As the measure gives them.

        Returns
        -------
        Floats
            The same shape.
        """

    @abc.abstractmethod
    def back(self, mean: float) -> float:
        """Return a mean on the scale of the values.

        Parameters
        ----------
        mean
            On the scale of averaging.

        Returns
        -------
        float
            On the scale of the values.
        """


@dataclass(frozen=True, slots=True)
class FisherZ(AbstractScale):
    """Fisher's z, for correlations: arctanh r."""

    @property
    def title(self) -> str:
        """The name in a methods section."""
        return "Fisher's z"

    def forward(self, values: Floats) -> Floats:
        """Return arctanh of each value.

        Parameters
        ----------
        values
            As the measure gives them.

        Returns
        -------
        Floats
            The same shape.
        """
        return np.arctanh(values)

    def back(self, mean: float) -> float:
        """Return tanh of a mean.

        Parameters
        ----------
        mean
            On the scale of averaging.

        Returns
        -------
        float
            On the scale of the values.
        """
        return math.tanh(mean)


@dataclass(frozen=True, slots=True)
class Unchanged(AbstractScale):
    """Values that are averaged as they are."""

    @property
    def title(self) -> str:
        """The name in a methods section."""
        return "the values"

    def forward(self, values: Floats) -> Floats:
        """Return the values.

        Parameters
        ----------
        values
            As the measure gives them.

        Returns
        -------
        Floats
            The same shape.
        """
        return values

    def back(self, mean: float) -> float:
        """Return the mean.

        Parameters
        ----------
        mean
            On the scale of averaging.

        Returns
        -------
        float
            On the scale of the values.
        """
        return mean


FISHER_Z = FisherZ()


@dataclass(frozen=True, eq=False)
class Surface:
    """A measure's values by window (rows) and lag (columns); a measure without windows has one row.

    Parameters
    ----------
    r
        Shape (windows, lags); NaN where a window has a gap. A correlation, or what `scale` says.
    lags
        Shape (lags,), in s; positive: the first person leads.
    centres
        Shape (windows,), session time of each window's middle, in s.
    scale
        How values are averaged over windows.
    """

    r: Floats
    lags: Floats
    centres: Floats
    scale: AbstractScale = FISHER_Z

    @cached_property
    def z(self) -> Floats:
        """Each value on the scale of averaging (Fisher's z of a correlation), shape (windows, lags)."""
        return self.scale.forward(self.r)

    @property
    def profile(self) -> Floats:
        """Mean over windows at each lag on the scale of averaging, shape (lags,); NaN where no window is left."""
        counts = np.isfinite(self.r).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(counts > 0, np.nansum(self.z, axis=0) / counts, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class WindowSums:
    """What the windows add up to, at each lag or offset.

    Parameters
    ----------
    z
        Sum over windows on the scale of averaging, shape (..., lags).
    count
        Number of valid windows, the same shape.
    largest
        Largest |r| of any window, the same shape.
    power
        Variance that the sum has where two people are independent, in units of the variance of one window; the same shape.
        Windows that overlap add up to less than their number, and windows in many short runs to more than in one run.
    far_z, far_power
        Sums and powers with the second series turned far from any lag, shape (..., turns): how large a studentised sum these two
        series give by chance. Without turns, shape (..., 0), it is taken as 1.
    """

    z: Floats
    count: Ints
    largest: Floats
    power: Floats
    far_z: Floats
    far_power: Floats

    @property
    def mean(self) -> Floats:
        """Mean at each lag; 0 where no window is left."""
        return self.z / np.maximum(self.count, 1)

    @property
    def studentised(self) -> Floats:
        """Sum over the root of its power at each lag: the mean times the root of the number of effective windows."""
        return np.where(self.power > 0, self.z / np.sqrt(np.where(self.power > 0, self.power, 1.0)), 0.0)

    @property
    def effective(self) -> Floats:
        """Number of independent windows that would carry as much: count² / power."""
        return np.where(self.power > 0, self.count**2 / np.where(self.power > 0, self.power, 1.0), 0.0)

    @property
    def background(self) -> Floats:
        """Root mean square of the studentised sum far from any lag, weighted by power, shape (...); 1 without such sums."""
        squares, powers = (self.far_z**2).sum(axis=-1), self.far_power.sum(axis=-1)
        known = (powers > 0) & (squares > 0)
        return np.sqrt(np.where(known, squares / np.where(powers > 0, powers, 1.0), 1.0))

    @property
    def statistic(self) -> Floats:
        """The largest |studentised sum| over the lags, in units of the background, shape (...)."""
        peaks: Floats = np.abs(self.studentised).max(axis=-1) / self.background
        return peaks


def sum_windows(surface: Surface, overlap: int = 1) -> WindowSums:
    """Add up a surface over its windows.

    Parameters
    ----------
    surface
        Values by window and lag.
    overlap
        Hops in the length of a window: so many neighbouring windows share a sample.

    Returns
    -------
    WindowSums
        Of shape (lags,).
    """
    valid = np.isfinite(surface.z)
    sizes = np.abs(np.where(valid, surface.r, 0.0))
    total = np.where(valid, surface.z, 0.0).sum(axis=0)
    largest = sizes.max(axis=0, initial=0.0)
    return WindowSums(total, valid.sum(axis=0), largest, coverage_power(valid, overlap), np.zeros(0), np.zeros(0))


def coverage_power(valid: Bools, overlap: int) -> Floats:
    """Compute the variance of a sum over overlapping windows in units of one window's variance.

    Parameters
    ----------
    valid
        Shape (windows, lags).
    overlap
        Hops in the length of a window.

    Returns
    -------
    Floats
        Shape (lags,): the squared number of windows that cover each hop, over `overlap`.
    """
    edge = np.zeros((overlap, valid.shape[1]))
    running = np.cumsum(np.concatenate([edge, valid, edge]), axis=0)
    covered = running[overlap:] - running[:-overlap]
    power: Floats = (covered**2).sum(axis=0) / overlap
    return power


def pool_sums(sums: Sequence[WindowSums], lags: int) -> WindowSums:
    """Add up the sums of several segments.

    Parameters
    ----------
    sums
        One for each segment, each of shape (lags,).
    lags
        Number of lags, for the case without any segment.

    Returns
    -------
    WindowSums
        Of shape (lags,).
    """
    return functools.reduce(add_sums, sums) if sums else zero_sums((), lags)


def zero_sums(shape: tuple[int, ...], lags: int, turns: int = 0) -> WindowSums:
    """Make the sums of no window.

    Parameters
    ----------
    shape
        Of the surrogates, such as () or (k,).
    lags, turns
        Numbers of lags and of turns far from any lag.

    Returns
    -------
    WindowSums
        Zeros, of `shape` and the lags after it.
    """
    at_lags, far = np.zeros((*shape, lags)), np.zeros((*shape, turns))
    return WindowSums(at_lags, at_lags.astype(np.int64), at_lags, at_lags, far, far)


def stack_sums(sums: Sequence[WindowSums], lags: int) -> WindowSums:
    """Put the sums of several surrogates under each other.

    Parameters
    ----------
    sums
        One for each surrogate, each of shape (lags,).
    lags
        Number of lags, for the case without any surrogate.

    Returns
    -------
    WindowSums
        Of shape (k, lags).
    """
    if not sums:
        return zero_sums((0,), lags)
    return WindowSums(*(np.array([getattr(s, name) for s in sums]) for name in _FIELDS))


def join_sums(parts: Sequence[WindowSums]) -> WindowSums:
    """Put batches of surrogates under each other.

    Parameters
    ----------
    parts
        At least one, each of shape (k, lags).

    Returns
    -------
    WindowSums
        Of all surrogates in order.
    """
    return WindowSums(*(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS))


def add_sums(first: WindowSums, second: WindowSums) -> WindowSums:
    """Add the sums of two segments.

    Parameters
    ----------
    first, second
        Of one shape.

    Returns
    -------
    WindowSums
        Of the same shape.
    """
    return WindowSums(
        first.z + second.z, first.count + second.count, np.maximum(first.largest, second.largest),
first.power + second.power, _joined(first.far_z, second.far_z), _joined(first.far_power, second.far_power),
    )  # fmt: skip


def _joined(first: Floats, second: Floats) -> Floats:
    """Add sums far from any lag; a segment too short for any has none, and adds nothing."""
    if 0 in (first.shape[-1], second.shape[-1]):
        return first if first.shape[-1] else second
    return first + second


_FIELDS = tuple(WindowSums.__dataclass_fields__)


def same_grid(x: Signal, y: Signal) -> None:
    """Raise unless two signals have the same rate, start and length.

    Parameters
    ----------
    x, y
        The signals of a pair.

    Raises
    ------
    UsageError
        If their samples were not taken at the same times.
    """
    if (x.rate, len(x)) != (y.rate, len(y)) or abs(x.start - y.start) > 0.01 / x.rate:
        raise UsageError(
            "Two signals on one grid were expected; {first_samples:n sample|samples} at {first_rate:g} Hz from {first_start:g} s and "
            "{second_samples} at {second_rate:g} Hz from {second_start:g} s came.",
            first_samples=len(x), first_rate=x.rate, first_start=x.start,
            second_samples=len(y), second_rate=y.rate, second_start=y.start,
        )  # fmt: skip
