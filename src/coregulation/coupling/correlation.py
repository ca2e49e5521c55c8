"""Lagged windowed cross-correlation, the first family of linkage measures.

Boker, Xu, Rotondo & King 2002 (doi 10.1037/1082-989X.7.3.338): two windows of one length, one from each series, are
correlated at every lag; the later window is shifted. Departures: windows are detrended (SCIENCE.md B.9), a window with
a missing sample is left out instead of filled, and the pair's midpoint, not the first series' window, lies on the grid
of hops, so that nothing depends on who is named first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats, Ints, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
Terms = tuple[Floats, Floats, Floats]

MIN_SAMPLES = 4  # in a window: fewer are always near a straight line


@dataclass(frozen=True, slots=True)
class LaggedCorrelation:
    """Correlate windows of `window` s, each `hop` s, at every lag up to `max_lag` s either way.

    Args:
        window: s; a multiple of `hop`.
        max_lag: s.
        hop: s from one window to the next.
        detrend: take a straight line out of each window first.

    Raises:
        UsageError: if the lengths cannot be meant.
    """

    window: float
    max_lag: float
    hop: float = 1.0
    detrend: bool = True

    def __post_init__(self) -> None:
        if not (0 < self.hop <= self.window and 0 <= self.max_lag < self.window):
            raise UsageError(
                f"Lagged correlation needs 0 < hop <= window and 0 <= max_lag < window; "
                f"hop {self.hop:g}, window {self.window:g} and max_lag {self.max_lag:g} s came."
            )

    def grid(self, rate: float) -> WindowGrid:
        """Return the lengths in samples at a rate (Hz).

        Raises:
            UsageError: if, in whole samples, the longest lag is as long as the window.
        """
        hop = max(1, round(self.hop * rate))
        width = max(math.ceil(MIN_SAMPLES / hop), round(self.window * rate / hop)) * hop
        most = round(self.max_lag * rate)
        if most >= width:
            raise UsageError(f"At {rate:g} Hz a max_lag of {self.max_lag:g} s is no shorter than the window; widen it.")
        return WindowGrid(width, hop, most, rate)

    def prepared(self, signal: Signal) -> Prepared:
        """Return one person's terms, to be used with every partner and every surrogate."""
        return prepare(signal.values, self.grid(signal.rate), self.detrend)

    def surface(self, x: Signal, y: Signal) -> Surface:
        """Return r for each window and lag.

        Raises:
            UsageError: if the two signals are not on one grid.
        """
        same_grid(x, y)
        grid = self.grid(x.rate)
        r = surface(self.prepared(x), self.prepared(y), grid)
        first = x.start + (grid.width - 1) / (2 * x.rate)
        return Surface(r, grid.lags / x.rate, first + np.arange(len(r)) * grid.hop / x.rate)


@dataclass(frozen=True, slots=True)
class WindowGrid:
    """The lengths of a lagged correlation in samples."""

    width: int
    hop: int
    most: int
    rate: float

    @property
    def lags(self) -> Ints:
        """Every lag in samples; positive: the first series leads."""
        return np.arange(-self.most, self.most + 1)


@dataclass(frozen=True, eq=False)
class Surface:
    """Correlation by window (rows) and lag (columns).

    Args:
        r: shape (windows, lags); NaN where a window has a gap.
        lags: shape (lags,), in s; positive: the first person leads.
        centres: shape (windows,), session time of each window's middle, in s.
    """

    r: Floats
    lags: Floats
    centres: Floats

    @cached_property
    def z(self) -> Floats:
        """Fisher's z of each cell."""
        return np.arctanh(self.r)

    @property
    def profile(self) -> Floats:
        """Mean over windows of Fisher's z at each lag; NaN where no window is left."""
        counts = np.isfinite(self.r).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(counts > 0, np.nansum(self.z, axis=0) / counts, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One person's values by phase, shape (hop, rows), centred, 0 where missing; and the terms of each window."""

    values: Floats
    terms: Terms

    def __len__(self) -> int:
        return self.values.size

    @property
    def windows(self) -> int:
        """How many window starts have a full, varying window."""
        return int((self.terms[0] > 0).sum())


def prepare(values: Floats, grid: WindowGrid, detrend: bool = True) -> Prepared:
    """Centre, scale and summarise one series, shape (n,); less than two hops at its end are left off.

    An even number of hops makes half a turn of the circle a whole number of hops, so that the middles of two windows stay on
    the grid of hops when one series is turned, either way.
    """
    from coregulation.coupling import kernels

    values = values[: len(values) // (2 * grid.hop) * (2 * grid.hop)]
    missing = ~np.isfinite(values)
    there = values[~missing]
    spread = there.std() if len(there) else 0.0
    scaled = np.where(missing, 0.0, (values - (there.mean() if len(there) else 0.0)) / (spread or 1.0))
    if len(values) < grid.width:
        empty = np.empty((grid.hop, 0))
        return Prepared(empty, (empty, empty, empty))
    by_phase = np.ascontiguousarray(scaled.reshape(-1, grid.hop).T)
    return Prepared(by_phase, kernels.window_terms(scaled, missing, grid.width, grid.hop, detrend))


def surface(x: Prepared, y: Prepared, grid: WindowGrid) -> Floats:
    """Return r by window and lag for two prepared series."""
    from coregulation.coupling import kernels

    if len(x) < grid.width:
        return np.empty((0, len(grid.lags)))
    r: Floats = kernels.window_r(x.values, y.values, x.terms, y.terms, grid.width, grid.lags)
    return r


@dataclass(frozen=True, slots=True, eq=False)
class WindowSums:
    """What the windows give at each offset: the sum of z, how many there are, the largest |r|."""

    z: Floats
    count: Ints
    largest: Floats

    @property
    def mean(self) -> Floats:
        """Mean z at each offset; 0 where no window is left."""
        return self.z / np.maximum(self.count, 1)


def window_sums(x: Prepared, y: Prepared, grid: WindowGrid, offsets: Ints, jobs: int = 1) -> WindowSums:
    """Return the sums at each offset (a lag, or a lag less a circular shift of y), in parallel threads."""
    from coregulation.coupling import kernels

    if len(x) < grid.width:
        return WindowSums(np.zeros(len(offsets)), np.zeros(len(offsets), np.int64), np.zeros(len(offsets)))

    def part(some: Ints) -> tuple[Floats, Ints, Floats]:
        result: tuple[Floats, Ints, Floats] = kernels.window_sums(
            x.values, y.values, x.terms, y.terms, grid.width, some
        )
        return result

    parts = in_threads(part, np.array_split(offsets, max(1, min(jobs, len(offsets) // 64))), jobs)
    z, count, largest = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return WindowSums(z, count, largest)


def in_threads(function: Callable[[ItemT], ResultT], items: Sequence[ItemT], jobs: int) -> list[ResultT]:
    """Apply a function that releases the interpreter lock to each item, in order."""
    if jobs <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(function, items))


def same_grid(x: Signal, y: Signal) -> None:
    """Raise unless two signals have the same rate, start and length."""
    if (x.rate, len(x)) != (y.rate, len(y)) or abs(x.start - y.start) > 0.01 / x.rate:
        raise UsageError(
            f"Two signals on one grid were expected; {len(x)} samples at {x.rate:g} Hz from {x.start:g} s and "
            f"{len(y)} at {y.rate:g} Hz from {y.start:g} s came."
        )
