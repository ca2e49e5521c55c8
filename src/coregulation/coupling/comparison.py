"""One pair under one measure: what is observed, and what surrogates of it give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from coregulation.coupling.measure import AbstractMeasure, Segment
from coregulation.coupling.shift_table import AbstractShiftTable
from coregulation.coupling.surface import Surface, WindowSums, pool_sums, same_grid
from coregulation.coupling.threads import in_threads
from coregulation.signals import Floats, Signal, Window


@dataclass(frozen=True, slots=True, eq=False)
class NullProfiles:
    """The profile over lags of the data, and the statistic of each surrogate.

    Parameters
    ----------
    profile
        Mean over windows at each lag, shape (lags,).
    statistics
        The largest |mean| over lags of each surrogate, shape (k,).
    largest
        The largest |r| of any window and lag of each surrogate, shape (k,): the null of the map.
    """

    profile: Floats
    statistics: Floats
    largest: Floats


@dataclass(frozen=True, eq=False)
class PairComparison:
    """Two signals on one grid under one measure.

    Parameters
    ----------
    measure
        How windows are compared.
    segments
        The parts inside which a null may move the second signal.
    rate
        Hz.
    jobs
        Threads.
    """

    measure: AbstractMeasure
    segments: tuple[Segment, ...]
    rate: float
    jobs: int = 1

    def surface(self) -> Surface:
        """Compute the values by window and lag, segment after segment (not kept, since it is large).

        Returns
        -------
        Surface
            Without rows where not one window fits.
        """
        surfaces = [self.measure.surface(segment.x, segment.y) for segment in self.segments]
        if not surfaces:
            lags = self.measure.lags(self.rate)
            return Surface(np.empty((0, len(lags))), lags / self.rate, np.empty(0))
        r, centres = np.concatenate([s.r for s in surfaces]), np.concatenate([s.centres for s in surfaces])
        return Surface(r, surfaces[0].lags, centres, surfaces[0].scale)

    @cached_property
    def observed(self) -> WindowSums:
        """Sums over the windows of all segments, shape (lags,)."""
        return self._pooled([self.measure.compare_with(segment.x)(segment.y) for segment in self.segments])

    @cached_property
    def shift_table(self) -> AbstractShiftTable:
        """Every lag at every circular shift."""
        return self.measure.shift_table(self.segments, self.rate, self.jobs)

    @property
    def statistic(self) -> float:
        """The largest |mean over windows| over the lags."""
        return float(np.abs(self.observed.mean).max())

    @property
    def windows(self) -> float:
        """Windows' lengths of common valid time, at the lag that has most."""
        return self.measure.windows_of(int(self.observed.count.max()), self.rate)

    def redrawn_sums(self, draws: Sequence[Floats]) -> list[WindowSums]:
        """Compute the sums of surrogates of the second signal.

        Parameters
        ----------
        draws
            Redrawn values of each segment's second signal, shape (k, samples).

        Returns
        -------
        list
            For each of k surrogates, sums of shape (lags,).
        """
        compare = [self.measure.compare_with(segment.x) for segment in self.segments]

        def pooled(k: int) -> WindowSums:
            redrawn = [
                replace(segment.y, values=values[k]) for segment, values in zip(self.segments, draws, strict=True)
            ]
            return self._pooled([against(y) for against, y in zip(compare, redrawn, strict=True)])

        return in_threads(pooled, range(len(draws[0]) if draws else 0), self.jobs)

    def _pooled(self, sums: Sequence[WindowSums]) -> WindowSums:
        return pool_sums(sums, len(self.measure.lags(self.rate)))


def compare_signals(
    x: Signal, y: Signal, measure: AbstractMeasure, spans: Sequence[Window] = (), jobs: int = 1
) -> PairComparison:
    """Cut two signals of one grid into the spans inside which a null may move one of them.

    Parameters
    ----------
    x, y
        Both people's signals.
    measure
        How windows are compared.
    spans
        Spans of session time, such as blocks; none: one span over everything.
    jobs
        Threads for what is computed from it.

    Returns
    -------
    Comparison
        Spans without room for one window are left out; the others keep their number.

    Raises
    ------
    UsageError
        If the two are not on one grid.
    """
    same_grid(x, y)
    parts = [(x.within(s), y.within(s)) for s in spans] if spans else [(x, y)]
    segments = tuple(Segment(a, b, span) for span, (a, b) in enumerate(parts) if measure.fits(a))
    return PairComparison(measure, segments, x.rate, jobs)


def pairing_statistic(
    x: Signal, y: Signal, measure: AbstractMeasure, spans: Sequence[Window] = (), min_windows: float = 0.0
) -> float:
    """Compute the statistic of any two signals of one grid.

    Parameters
    ----------
    x, y
        Two people's signals.
    measure
        How windows are compared.
    spans
        Spans of session time that count; none: everything.
    min_windows
        The statistic needs more windows' lengths of common valid time than this.

    Returns
    -------
    float
        The largest |mean over windows| over the lags; NaN where too little is valid.
    """
    comparison = compare_signals(x, y, measure, spans)
    return comparison.statistic if comparison.windows > min_windows else math.nan
