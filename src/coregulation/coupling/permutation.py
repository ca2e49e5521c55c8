"""Hold the timing of a pair against a null, all lags and all surrogates in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.correlation import (
    Grid,
    LaggedCorrelation,
    Prepared,
    WindowSums,
    in_threads,
    prepare,
    same_grid,
    window_sums,
)
from coregulation.coupling.surrogate import AbstractSurrogate, CircularShift
from coregulation.signals import Floats, Ints, Signal, Window


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A span in which the null may move things: both people's prepared series, and the second's values to redraw."""

    x: Prepared
    y: Prepared
    raw_y: Floats


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


def stretches(x: Signal, y: Signal, measure: LaggedCorrelation, spans: Sequence[Window] = ()) -> list[Stretch]:
    """Cut two signals of one grid into the spans (blocks) inside which a null may move them; none given: one span."""
    same_grid(x, y)
    grid = measure.grid(x.rate)
    parts = [(x.within(s), y.within(s)) for s in spans] if spans else [(x, y)]
    return [
        Stretch(prepare(a.values, grid, measure.detrend), prepare(b.values, grid, measure.detrend), b.values)
        for a, b in parts
        if len(a) >= grid.width
    ]


def observed(parts: Sequence[Stretch], grid: Grid, jobs: int = 1) -> Floats:
    """Return the mean z at each lag over all stretches."""
    return _pooled([window_sums(part.x, part.y, grid, grid.lags, jobs) for part in parts], len(grid.lags))


def _pooled(sums: Sequence[WindowSums], lags: int) -> Floats:
    total, count = np.zeros(lags), np.zeros(lags)
    for part in sums:
        total += part.z
        count += part.count
    return total / np.maximum(count, 1)


def null_profiles(
    parts: Sequence[Stretch],
    grid: Grid,
    null: AbstractSurrogate,
    count: int,
    rng: np.random.Generator,
    jobs: int = 1,
    detrend: bool = True,
) -> NullProfiles:
    """Hold a pair against a null: what was observed, and the same of at most `count` surrogates."""
    if isinstance(null, CircularShift):
        return CircularTable.of(parts, grid, jobs).null(null, count, rng)
    total = np.zeros((count, len(grid.lags)))
    number = np.zeros((count, len(grid.lags)))
    largest = np.zeros(count)
    for part in parts:
        redrawn = null.draw(part.raw_y, grid.rate, count, rng)

        def one(values: Floats, part: Stretch = part) -> WindowSums:
            return window_sums(part.x, prepare(values, grid, detrend), grid, grid.lags)

        for k, sums in enumerate(in_threads(one, list(redrawn), jobs)):
            total[k] += sums.z
            number[k] += sums.count
            largest[k] = max(largest[k], sums.largest.max(initial=0.0))
    statistics = np.abs(total / np.maximum(number, 1)).max(axis=1)
    return NullProfiles(observed(parts, grid, jobs), statistics, largest)


@dataclass(frozen=True, slots=True, eq=False)
class CircularTable:
    """Every lag and every circular shift of a pair at once: an offset is a lag less a shift.

    Shifts are multiples of `step` (two hops) samples; then a window's midpoint stays on the grid.
    """

    grid: Grid
    sums: tuple[WindowSums, ...]

    @classmethod
    def of(cls, parts: Sequence[Stretch], grid: Grid, jobs: int = 1) -> CircularTable:
        """Fill the table: one sum for each offset of each stretch."""
        return cls(grid, tuple(window_sums(p.x, p.y, grid, np.arange(len(p.x)), jobs) for p in parts))

    @property
    def step(self) -> int:
        """The grid of shifts, in samples."""
        return 2 * self.grid.hop

    @property
    def profile(self) -> Floats:
        """Mean z at each lag, as observed."""
        return _pooled([_at(table, self.grid.lags) for table in self.sums], len(self.grid.lags))

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
        """Hold the pair against at most `count` of its shifts; against all of them where there are no more."""
        wider = CircularShift(max(null.least, 2 * self.grid.most / self.grid.rate))
        allowed = [wider.shifts(len(table.z), self.grid.rate, self.step) for table in self.sums]
        if not allowed or min(len(shifts) for shifts in allowed) == 0:
            return NullProfiles(self.profile, np.empty(0), np.empty(0))
        return NullProfiles(self.profile, *self.shifted(chosen_shifts(allowed, count, rng)))

    def together(self, shares: Floats) -> Floats:
        """Return the statistic of surrogates given as turns of one person against the other.

        Args:
            shares: shape (k, stretches), the turn as a share (0 to 1) of each stretch's length.
        """
        turns = [
            np.floor(share * (len(table.z) // self.step)).astype(np.int64) * self.step
            for share, table in zip(shares.T, self.sums, strict=True)
        ]
        return self.shifted(turns)[0]


def chosen_shifts(allowed: Sequence[Ints], count: int, rng: np.random.Generator) -> list[Ints]:
    """Return a shift for each stretch and surrogate: all of them where one stretch has no more than `count`."""
    if len(allowed) == 1 and len(allowed[0]) <= count:
        return [allowed[0]]
    if len(allowed) == 1:
        return [rng.choice(allowed[0], count, replace=False)]
    return [rng.choice(shifts, count) for shifts in allowed]


def _at(table: WindowSums, offsets: Ints) -> WindowSums:
    index = offsets % len(table.z)
    return WindowSums(table.z[index], table.count[index], table.largest[index])
