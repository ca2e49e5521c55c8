"""One pair under one measure: what is observed, and what surrogates of it give."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coregulation.coupling.measure import AbstractMeasure, Segment
from coregulation.coupling.shift_table import AbstractShiftTable
from coregulation.coupling.surface import Surface, WindowSums, add_sums, pool_sums, same_grid, zero_sums
from coregulation.signals import Floats, Signal, Window


@dataclass(frozen=True, slots=True, eq=False)
class NullProfiles:
    """The sums over windows of the data and of each surrogate, by lag.

    Parameters
    ----------
    observed
        Of the data, shape (lags,).
    surrogates
        Shape (k, lags).
    """

    observed: WindowSums
    surrogates: WindowSums

    @property
    def statistic(self) -> float:
        """The largest |studentised mean| over the lags of the data."""
        return float(self.observed.statistic)

    @property
    def statistics(self) -> Floats:
        """The same of each surrogate, shape (k,)."""
        return self.surrogates.statistic

    @property
    def largest(self) -> Floats:
        """The largest |r| of any window and lag of each surrogate, shape (k,): the null of the map."""
        peaks: Floats = self.surrogates.largest.max(axis=1, initial=0.0)
        return peaks


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
        """The largest |studentised mean over windows| over the lags."""
        return float(self.observed.statistic)

    @property
    def windows(self) -> float:
        """Windows' lengths of common valid time, at the lag that has most."""
        return self.measure.windows_of(int(self.observed.count.max()), self.rate)

    def redrawn_sums(self, second: Sequence[Floats], first: Sequence[Floats] | None = None) -> WindowSums:
        """Compute the sums of surrogates.

        Parameters
        ----------
        second
            Redrawn values of each segment's second signal, shape (k, samples).
        first
            The same of the first signal; None: it stays as it is.

        Returns
        -------
        WindowSums
            Over all segments, shape (k, lags).
        """
        stays = first or [segment.x.values[None] for segment in self.segments]
        parts = [
            self.measure.compare_redrawn(x, y, segment, self.jobs)
            for segment, x, y in zip(self.segments, stays, second, strict=True)
        ]
        return functools.reduce(add_sums, parts) if parts else zero_sums((0,), len(self.measure.lags(self.rate)))

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
