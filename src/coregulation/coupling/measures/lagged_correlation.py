"""Lagged windowed cross-correlation, the primary linkage measure.

Boker et al. (2002), doi:10.1037/1082-989X.7.3.338: two windows of one length, one from each series, are correlated at every lag;
the later window is shifted. We depart from the paper in three ways. A straight line is taken out of each window. A window with a
missing sample is left out, not filled. The midpoint of the two windows, not the first person's window, lies on the grid of hops,
so that nothing depends on who is named first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.measure import AbstractMeasure, Segment
from coregulation.coupling.shift_table import AbstractShiftTable, Comparer
from coregulation.coupling.surface import Surface, WindowSums, same_grid, zero_sums
from coregulation.coupling.threads import in_threads
from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats, Ints, Signal

Terms = tuple[Floats, Floats, Floats]

MIN_SAMPLES = 4  # in a window: fewer are always near a straight line
FAR = 20.0  # s: a turn at least so far from any lag shows what a pair gives by chance
FAR_TURNS = 32  # as many as leave the root mean square over them uncertain by about an eighth


@dataclass(frozen=True, slots=True)
class LaggedCorrelation(AbstractMeasure):
    """Correlate two people's windows at every lag.

    Parameters
    ----------
    window
        Length of a window, s; a multiple of `hop`.
    max_lag
        Longest lag either way, s.
    hop
        From one window to the next, s.
    detrend
        Take a straight line out of each window first.

    Raises
    ------
    UsageError
        Unless 0 < hop <= window and 0 <= max_lag < window.

    References
    ----------
    Boker SM, Xu M, Rotondo JL, King K (2002), Psychological Methods 7:338, doi:10.1037/1082-989X.7.3.338
    """

    window: float
    max_lag: float
    hop: float = 1.0
    detrend: bool = True

    title: ClassVar[str] = "lagged windowed cross-correlation"
    papers: ClassVar[tuple[str, ...]] = ("boker2002",)
    calibration_share: ClassVar[float] = 1.0

    def __post_init__(self) -> None:
        if not (0 < self.hop <= self.window and 0 <= self.max_lag < self.window):
            raise UsageError(
                "Lagged correlation needs 0 < hop <= window and 0 <= max_lag < window; "
                "hop {hop:g}, window {window:g} and max_lag {max_lag:g} s came.",
                hop=self.hop, window=self.window, max_lag=self.max_lag,
            )  # fmt: skip

    @property
    def treatment(self) -> tuple[str, ...]:
        """What else the methods section says of each window, in clauses."""
        line = ("a straight line was taken out of each window",) if self.detrend else ()
        return (*line, "windows with a missing sample were left out")

    def grid(self, rate: float) -> WindowGrid:
        """Convert the lengths to samples.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        WindowGrid
            With a window of a whole number of hops and at least four samples.

        Raises
        ------
        UsageError
            If, in whole samples, the longest lag is as long as the window.
        """
        hop = max(1, round(self.hop * rate))
        width = max(math.ceil(MIN_SAMPLES / hop), round(self.window * rate / hop)) * hop
        max_lag = round(self.max_lag * rate)
        if max_lag >= width:
            raise UsageError(
                "At {rate:g} Hz a max_lag of {max_lag:g} s is no shorter than the window; widen it.",
                rate=rate, max_lag=self.max_lag,
            )  # fmt: skip
        return WindowGrid(width, hop, max_lag, rate)

    def prepared(self, signal: Signal) -> Prepared:
        """Compute one person's terms, which serve for every partner and every surrogate.

        Parameters
        ----------
        signal
            One person's signal.

        Returns
        -------
        Prepared
            Centred, scaled and summarised.
        """
        return prepare(signal.values, self.grid(signal.rate), self.detrend)

    def surface(self, x: Signal, y: Signal) -> Surface:
        """Correlate two signals on one grid, window by window and lag by lag.

        Parameters
        ----------
        x, y
            Both people's signals, of one rate, start and length.

        Returns
        -------
        Surface
            Correlations; NaN in each cell whose windows hold a missing sample.

        Raises
        ------
        UsageError
            If the two signals are not on one grid.
        """
        same_grid(x, y)
        grid = self.grid(x.rate)
        r = correlate_windows(self.prepared(x), self.prepared(y), grid)
        first = x.start + (grid.width - 1) / (2 * x.rate)
        return Surface(r, grid.lags / x.rate, first + np.arange(len(r)) * grid.hop / x.rate)

    def lags(self, rate: float) -> Ints:
        """Return every lag in samples at a rate (Hz); positive: the first person leads.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        Ints
            In samples, ascending; positive: the first person leads.
        """
        return self.grid(rate).lags

    def windows_of(self, count: int, rate: float) -> float:
        """Convert a number of valid windows at a rate (Hz) to windows' lengths of valid time.

        Parameters
        ----------
        count
            Number of valid windows.
        rate
            Hz.

        Returns
        -------
        float
            Windows' lengths of valid time.
        """
        grid = self.grid(rate)
        return count * grid.hop / grid.width

    def fits(self, signal: Signal) -> bool:
        """Say whether a signal is long enough for one window.

        Parameters
        ----------
        signal
            One person's signal.

        Returns
        -------
        bool
            Whether it holds a window, in whole pairs of hops.
        """
        grid = self.grid(signal.rate)
        return len(signal) // (2 * grid.hop) * (2 * grid.hop) >= grid.width

    def compare_with(self, x: Signal) -> Comparer:
        """Prepare one person's signal for comparison with many others (sums over windows, without their surface).

        Parameters
        ----------
        x
            The first person's signal.

        Returns
        -------
        Comparer
            From the second person's signal on the same grid to the sums over windows, shape (lags,).
        """
        grid, prepared_x = self.grid(x.rate), self.prepared(x)
        offsets = np.concatenate([grid.lags, far_turns(len(prepared_x), grid)])
        return lambda y: split_sums(window_sums(prepared_x, self.prepared(y), grid, offsets), len(grid.lags))

    def compare_redrawn(self, x: Floats, y: Floats, segment: Segment, jobs: int = 1) -> WindowSums:
        """Compare redrawn series of a segment, many at once.

        Parameters
        ----------
        x, y
            Values of the first and the second person, shape (k, samples), or (1, samples) for one that stays; NaN at the same
            samples in each row.
        segment
            Where they come from.
        jobs
            Threads.

        Returns
        -------
        WindowSums
            Shape (k, lags).
        """
        if type(self).prepared is not LaggedCorrelation.prepared:
            return AbstractMeasure.compare_redrawn(self, x, y, segment, jobs)
        from coregulation.coupling.measures import kernels

        grid = self.grid(segment.x.rate)
        (rows_x, missing_x), (rows_y, missing_y) = (scale_rows(rows, grid) for rows in (x, y))
        offsets = np.concatenate([grid.lags, far_turns(rows_x.shape[1], grid)])

        def sums_of(some: Ints) -> tuple[Floats, Ints, Floats, Floats]:
            first, second = (rows if len(rows) == 1 else rows[some] for rows in (rows_x, rows_y))
            sums: tuple[Floats, Ints, Floats, Floats] = kernels.redrawn_sums(
                first, second, missing_x, missing_y, grid.width, grid.hop, self.detrend, offsets
            )
            return sums

        draws = max(len(x), len(y))
        if rows_x.shape[1] < grid.width or draws == 0:
            return zero_sums((draws,), len(grid.lags), len(offsets) - len(grid.lags))
        parts = in_threads(sums_of, np.array_split(np.arange(draws), min(jobs, draws)), jobs)
        joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
        return split_sums((joined[0], joined[1], joined[2], joined[3]), len(grid.lags))

    def shift_table(self, segments: Sequence[Segment], rate: float, jobs: int = 1) -> AbstractShiftTable:
        """Compute the sums at every lag and every circular shift: an offset is a lag less a shift.

        Parameters
        ----------
        segments
            The parts of a pair.
        rate
            Hz.
        jobs
            Threads.

        Returns
        -------
        AbstractShiftTable
            Over all segments.
        """
        grid = self.grid(rate)
        pairs = [(self.prepared(segment.x), self.prepared(segment.y)) for segment in segments]
        sums = tuple(window_sums(x, y, grid, np.arange(len(x)), jobs) for x, y in pairs)
        tables = tuple(WindowSums(*each, np.zeros(0), np.zeros(0)) for each in sums)
        far = tuple(far_turns(len(x), grid) for x, _ in pairs)
        spans = tuple(segment.span for segment in segments)
        return CircularTable(rate, 2 * grid.hop, grid.lags, spans, tables, far)


@dataclass(frozen=True, slots=True)
class WindowGrid:
    """The lengths of a lagged correlation in samples.

    Parameters
    ----------
    width
        Of a window, samples; a multiple of `hop`.
    hop
        From one window to the next, samples.
    max_lag
        Longest lag either way, samples.
    rate
        Hz.
    """

    width: int
    hop: int
    max_lag: int
    rate: float

    @property
    def lags(self) -> Ints:
        """Every lag in samples; positive: the first series leads."""
        return np.arange(-self.max_lag, self.max_lag + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One person's series, centred, scaled and laid out by phase, and the terms of each of its windows.

    Parameters
    ----------
    values
        Shape (hop, rows), 0 where missing.
    terms
        Scale, level and slope of the window that starts at each sample, each of shape (hop, rows).
    energy
        How lively the series is over the hop that starts at each sample, shape (hop, rows); 0 where missing.
    """

    values: Floats
    terms: Terms
    energy: Floats

    def __len__(self) -> int:
        return self.values.size

    @property
    def windows(self) -> int:
        """Number of samples at which a full, varying window starts."""
        return int((self.terms[0] > 0).sum())


def prepare(values: Floats, grid: WindowGrid, detrend: bool = True) -> Prepared:
    """Centre, scale and summarise one series; less than two hops at its end are left off.

    An even number of hops makes half a turn of the circle a whole number of hops, so that the midpoint of two windows stays on
    the grid of hops when one series is turned, either way.

    Parameters
    ----------
    values
        Shape (samples,); NaN where missing.
    grid
        Lengths in samples.
    detrend
        Take a straight line out of each window.

    Returns
    -------
    Prepared
        Empty where not one window fits.
    """
    from coregulation.coupling.measures import kernels

    rows, missing = scale_rows(values[None], grid)
    scaled = rows[0]
    if len(scaled) < grid.width:
        empty = np.empty((grid.hop, 0))
        return Prepared(empty, (empty, empty, empty), empty)
    return Prepared(
        np.ascontiguousarray(scaled.reshape(-1, grid.hop).T),
        kernels.window_terms(scaled, missing, grid.width, grid.hop, detrend),
        kernels.local_energy(scaled, missing, grid.width, grid.hop),
    )


def scale_rows(rows: Floats, grid: WindowGrid) -> tuple[Floats, Bools]:
    """Centre and scale series that miss the same samples, and cut them to whole pairs of hops.

    Parameters
    ----------
    rows
        Shape (k, samples); NaN where missing, at the same samples in each row.
    grid
        Lengths in samples.

    Returns
    -------
    tuple
        Rows of mean 0 and standard deviation 1, 0 where missing, and what is missing, shape (samples,).
    """
    rows = rows[:, : rows.shape[1] // (2 * grid.hop) * (2 * grid.hop)]
    missing = ~np.isfinite(rows[0]) if len(rows) else np.ones(rows.shape[1], bool)
    if missing.all():
        return np.zeros(rows.shape), missing
    valid = rows[:, ~missing]
    spread = valid.std(axis=1, keepdims=True)
    scaled = (rows - valid.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return np.where(missing, 0.0, scaled), missing


def correlate_windows(x: Prepared, y: Prepared, grid: WindowGrid) -> Floats:
    """Correlate two prepared series.

    Parameters
    ----------
    x, y
        Both people's series.
    grid
        Lengths in samples.

    Returns
    -------
    Floats
        Correlations, shape (windows, lags); NaN where there is none.
    """
    from coregulation.coupling.measures import kernels

    if len(x) < grid.width:
        return np.empty((0, len(grid.lags)))
    r: Floats = kernels.window_r(x.values, y.values, x.terms, y.terms, grid.width, grid.lags)
    return r


def window_sums(
    x: Prepared, y: Prepared, grid: WindowGrid, offsets: Ints, jobs: int = 1
) -> tuple[Floats, Ints, Floats, Floats]:
    """Add up Fisher's z over windows at each offset, in parallel threads.

    Parameters
    ----------
    x, y
        Both people's series.
    grid
        Lengths in samples.
    offsets
        Lags, or lags less a circular shift of y, in samples.
    jobs
        Threads.

    Returns
    -------
    tuple
        Sums, counts, largest |r| and powers, each of shape (offsets,).
    """
    from coregulation.coupling.measures import kernels

    if len(x) < grid.width:
        none = np.zeros(len(offsets))
        return none, none.astype(np.int64), none, none

    def sums_at(some: Ints) -> tuple[Floats, Ints, Floats, Floats]:
        sums: tuple[Floats, Ints, Floats, Floats] = kernels.window_sums(
            x.values, y.values, x.terms, y.terms, x.energy, y.energy, grid.width, some
        )
        return sums

    parts = in_threads(sums_at, np.array_split(offsets, max(1, min(jobs, len(offsets) // 64))), jobs)
    joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    return joined[0], joined[1], joined[2], joined[3]


def far_turns(length: int, grid: WindowGrid) -> Ints:
    """List turns of the second series that bring no lag near another: what a pair gives by chance is measured there.

    Parameters
    ----------
    length
        Of the series, samples.
    grid
        Lengths in samples.

    Returns
    -------
    Ints
        `FAR_TURNS` turns in samples, evenly spaced and the same ones either way round; none where the series is too short.
    """
    near = max(2 * grid.max_lag, round(FAR * grid.rate))
    half = FAR_TURNS // 2
    free = length / 2 - near
    if free < half:
        return np.zeros(0, np.int64)
    below = near + np.floor(free * (np.arange(half) + 0.5) / half).astype(np.int64)
    return np.concatenate([below, (length - below)[::-1]])


def split_sums(values: tuple[Floats, Ints, Floats, Floats], lags: int) -> WindowSums:
    """Split sums at lags and, behind them, at far turns.

    Parameters
    ----------
    values
        Sums, counts, largest |r| and powers, each of shape (..., lags + turns).
    lags
        Number of lags.

    Returns
    -------
    WindowSums
        Shape (..., lags), with (..., turns) far from any lag.
    """
    z, count, largest, power = values
    return WindowSums(
        z[..., :lags], count[..., :lags], largest[..., :lags], power[..., :lags], z[..., lags:], power[..., lags:]
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class CircularTable(AbstractShiftTable):
    """Every lag and every circular shift of a pair at once: an offset is a lag less a shift.

    Shifts are multiples of two hops; then a window's midpoint stays on the grid.

    Parameters
    ----------
    rate, step, lags, spans
        As of every table.
    sums
        Of each segment at every offset, shape (samples,).
    far
        Turns of each segment far from any lag, in samples.
    """

    far: tuple[Ints, ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """Length of each segment's circle, in samples."""
        return tuple(len(table.z) for table in self.sums)

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
        table = self.sums[segment]
        offsets = np.concatenate([self.lags, self.far[segment]])
        index = (offsets - shifts[:, None]) % len(table.z)
        return split_sums(
            (table.z[index], table.count[index], table.largest[index], table.power[index]), len(self.lags)
        )
