"""What a measure gives for a pair: values by window and lag, and their sums over windows."""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats, Ints, Signal


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
    """

    z: Floats
    count: Ints
    largest: Floats

    @property
    def mean(self) -> Floats:
        """Mean at each lag; 0 where no window is left."""
        return self.z / np.maximum(self.count, 1)


def sum_windows(surface: Surface) -> WindowSums:
    """Add up a surface over its windows.

    Parameters
    ----------
    surface
        Values by window and lag.

    Returns
    -------
    WindowSums
        Of shape (lags,).
    """
    valid = np.isfinite(surface.z)
    sizes = np.abs(np.where(valid, surface.r, 0.0))
    return WindowSums(np.where(valid, surface.z, 0.0).sum(axis=0), valid.sum(axis=0), sizes.max(axis=0, initial=0.0))


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
    total, count, largest = np.zeros(lags), np.zeros(lags, np.int64), np.zeros(lags)
    for part in sums:
        total += part.z
        count += part.count
        largest = np.maximum(largest, part.largest)
    return WindowSums(total, count, largest)


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
