"""Hold the timing of a pair against a null, all lags and all surrogates in one batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.correlation import (
    LaggedCorrelation,
    Prepared,
    WindowGrid,
    WindowSums,
    in_threads,
    prepare,
    same_grid,
    window_sums,
)
from coregulation.coupling.surrogate import AbstractSurrogate, CircularShift
from coregulation.signals import Floats, Ints, Signal, Window

_AT_ONCE = 100  # surrogates held in memory together


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A span in which the null may move things: both people's prepared series, and the second's values to redraw.

    `span` is its number among the spans asked for, the same for every pair.
    """

    x: Prepared
    y: Prepared
    raw_y: Floats
    span: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class NullProfiles:
    """The profile over lags of the data and of each surrogate.

    Args:
        profile: shape (lags,), mean z.
        statistics: shape (k,), the largest |mean z| of each surrogate.
        largest: shape (k,), the largest |r| of any window and lag of each surrogate: the null of the map.
    """

    profile: Floats
    statistics: Floats
    largest: Floats


def split_segments(x: Signal, y: Signal, measure: LaggedCorrelation, spans: Sequence[Window] = ()) -> list[Segment]:
    """Cut two signals of one grid into the spans (blocks) inside which a null may move them; none given: one span."""
    same_grid(x, y)
    grid = measure.grid(x.rate)
    parts = [(x.within(s), y.within(s)) for s in spans] if spans else [(x, y)]
    return [
        Segment(prepare(a.values, grid, measure.detrend), prepare(b.values, grid, measure.detrend), b.values, span)
        for span, (a, b) in enumerate(parts)
        if len(a) // (2 * grid.hop) * (2 * grid.hop) >= grid.width
    ]


def observed_profile(parts: Sequence[Segment], grid: WindowGrid, jobs: int = 1) -> WindowSums:
    """Return the sums at each lag over all stretches."""
    return _pooled([window_sums(part.x, part.y, grid, grid.lags, jobs) for part in parts], len(grid.lags))


def _pooled(sums: Sequence[WindowSums], lags: int) -> WindowSums:
    total, count, largest = np.zeros(lags), np.zeros(lags, np.int64), np.zeros(lags)
    for part in sums:
        total += part.z
        count += part.count
        largest = np.maximum(largest, part.largest)
    return WindowSums(total, count, largest)


def null_profiles(
    parts: Sequence[Segment],
    grid: WindowGrid,
    null: AbstractSurrogate,
    count: int,
    rng: np.random.Generator,
    jobs: int = 1,
    detrend: bool = True,
) -> NullProfiles:
    """Hold a pair against a null: what was observed, and the same of at most `count` surrogates.

    Raises:
        DataError: if the null cannot redraw so little, or so full of gaps.
    """
    if isinstance(null, CircularShift):
        return CircularTable.of(parts, grid, jobs).null(null, count, rng)
    sizes = [min(_AT_ONCE, count - begun) for begun in range(0, count, _AT_ONCE)]
    found = [some for size in sizes for some in _redrawn(parts, grid, null, size, rng, jobs, detrend)]
    statistics = np.array([np.abs(sums.mean).max() for sums in found])
    largest = np.array([sums.largest.max() for sums in found])
    return NullProfiles(observed_profile(parts, grid, jobs).mean, statistics, largest)


def _redrawn(
    parts: Sequence[Segment],
    grid: WindowGrid,
    null: AbstractSurrogate,
    count: int,
    rng: np.random.Generator,
    jobs: int,
    detrend: bool,
) -> list[WindowSums]:
    drawn = [null.draw(part.raw_y, grid.rate, count, rng) for part in parts]

    def one(k: int) -> WindowSums:
        redone = [
            window_sums(part.x, prepare(values[k], grid, detrend), grid, grid.lags)
            for part, values in zip(parts, drawn, strict=True)
        ]
        return _pooled(redone, len(grid.lags))

    return in_threads(one, range(count), jobs)


@dataclass(frozen=True, slots=True, eq=False)
class CircularTable:
    """Every lag and every circular shift of a pair at once: an offset is a lag less a shift.

    Shifts are multiples of `step` (two hops) samples; then a window's midpoint stays on the grid.
    """

    grid: WindowGrid
    sums: tuple[WindowSums, ...]
    spans: tuple[int, ...] = (0,)

    @classmethod
    def of(cls, parts: Sequence[Segment], grid: WindowGrid, jobs: int = 1) -> CircularTable:
        """Fill the table: one sum for each offset of each stretch."""
        sums = tuple(window_sums(p.x, p.y, grid, np.arange(len(p.x)), jobs) for p in parts)
        return cls(grid, sums, tuple(p.span for p in parts))

    @property
    def step(self) -> int:
        """The grid of shifts, in samples."""
        return 2 * self.grid.hop

    @property
    def profile(self) -> Floats:
        """Mean z at each lag, as observed."""
        return _pooled([_at(table, self.grid.lags) for table in self.sums], len(self.grid.lags)).mean

    def shifted(self, shifts: Sequence[Ints]) -> tuple[Floats, Floats]:
        """Return the largest |mean z| and the largest |r| of each surrogate, from shifts by stretch, each of shape (k,)."""
        total, number, largest = np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1)
        for table, by in zip(self.sums, shifts, strict=True):
            turned = _at(table, self.grid.lags - by[:, None])
            total = total + turned.z
            number = number + turned.count
            largest = np.maximum(largest, turned.largest.max(axis=1))
        return np.abs(total / np.maximum(number, 1)).max(axis=1), largest

    def null(self, null: CircularShift, count: int, rng: np.random.Generator) -> NullProfiles:
        """Hold the pair against `count` of its shifts (`chosen_shifts`); against all of them where there are no more."""
        wider = CircularShift(max(null.least, 2 * self.grid.most / self.grid.rate))
        allowed = [wider.shifts(len(table.z), self.grid.rate, self.step) for table in self.sums]
        if not allowed or min(len(shifts) for shifts in allowed) == 0:
            return NullProfiles(self.profile, np.empty(0), np.empty(0))
        return NullProfiles(self.profile, *self.shifted(choose_shifts(allowed, count, rng)))

    def together(self, shares: Floats) -> Floats:
        """Return the statistic of surrogates given as turns of one person against the other.

        Args:
            shares: shape (k, spans), the turn as a share (0 to 1) of each span's length.
        """
        turns = [
            np.floor(shares[:, span] * (len(table.z) // self.step)).astype(np.int64) * self.step
            for span, table in zip(self.spans, self.sums, strict=True)
        ]
        return self.shifted(turns)[0]


def choose_shifts(allowed: Sequence[Ints], count: int, rng: np.random.Generator) -> list[Ints]:
    """Return a shift for each stretch and surrogate: every combination, where there are no more than `count`.

    Of more than that some are drawn, each with the same turn the other way, so that it does not matter who is named first;
    an odd `count` thus gives one more.
    """
    half = (count + 1) // 2
    if math.prod(len(shifts) for shifts in allowed) <= count:
        return [every.ravel() for every in np.meshgrid(*allowed, indexing="ij")]
    if len(allowed) == 1:
        drawn = [rng.choice(len(allowed[0]) // 2, half, replace=False)]
    else:
        drawn = [rng.integers(0, len(shifts), half) for shifts in allowed]
    return [np.concatenate([shifts[index], shifts[-1 - index]]) for shifts, index in zip(allowed, drawn, strict=True)]


def _at(table: WindowSums, offsets: Ints) -> WindowSums:
    index = offsets % len(table.z)
    return WindowSums(table.z[index], table.count[index], table.largest[index])
