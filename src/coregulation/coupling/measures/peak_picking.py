"""Peak picking on a lagged correlation map: in each window, the nearest clear peak to lag 0.

Boker et al. (2002), doi:10.1037/1082-989X.7.3.338. Each row is smoothed along the lags by local quadratic regression (loess, span
.25 of the lags, tricube weights); then the search goes outward from lag 0 for the nearest local maximum with enough neighbours that
fall away on both sides. A window without a peak is left out, not filled.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, PhaseRandomised
from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesScale,
    SeriesStatistic,
)
from coregulation.coupling.series_tools import whole_windows
from coregulation.coupling.surface import Surface
from coregulation.signals import Bools, Floats, Signal, Unit

_ROUNDING = 1e-9  # of r: a flat row has no peak and equal tops are equal, whatever the last digits


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The peak of each window; NaN where there is none.

    Parameters
    ----------
    lag
        Shape (windows,), in s; positive: the first person leads.
    r
        Smoothed correlation at the peak, shape (windows,).
    """

    lag: Floats
    r: Floats

    @property
    def share(self) -> float:
        """Share of windows that have a peak."""
        return float(np.isfinite(self.lag).mean()) if len(self.lag) else 0.0

    @property
    def summary(self) -> tuple[float, float, float, float]:
        """Mean and sd of the peak r, mean and sd of the peak lag in s (Moulder et al., 2018); NaN with fewer than two."""
        r, lag = self.r[np.isfinite(self.r)], self.lag[np.isfinite(self.lag)]
        if len(r) < 2:
            return (math.nan,) * 4
        return float(r.mean()), float(r.std(ddof=1)), float(lag.mean()), float(lag.std(ddof=1))


@dataclass(frozen=True, slots=True)
class PeakPicking(AbstractSeriesMeasure):
    """Find the peak of each window of a map.

    Parameters
    ----------
    span
        Of the smoothing, as a share of the lags.
    neighbours
        Lags on each side that must fall away, as a share of the lags.
    window, max_lag
        Of the map that is tested, s; it has ten windows per window's length. The map that is described is that of the primary
        measure.

    References
    ----------
    Boker SM, Xu M, Rotondo JL, King K (2002), Psychological Methods 7:338, doi:10.1037/1082-989X.7.3.338
    """

    span: float = 0.25
    neighbours: float = 0.125
    window: float = 30.0
    max_lag: float = 5.0

    title: ClassVar[str] = "peak picking"
    papers: ClassVar[tuple[str, ...]] = ("boker2002", "moulder2018")
    quantities: ClassVar[tuple[str, ...]] = (
        "mean r at the peak",
        "sd of r at the peak",
        "mean lag of the peak, s",
        "sd of the lag, s",
        "share of windows with a peak",
    )
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("mean r at the peak"),)
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (PhaseRandomised, SpectrumModel)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.WINDOWS
    min_units: ClassVar[int] = 3

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        PeakPicking
            With the window and lags of the plan.
        """
        return dataclasses.replace(self, window=scale.window, max_lag=scale.max_lag)

    @property
    def _map(self) -> LaggedCorrelation:
        return LaggedCorrelation(self.window, self.max_lag, self.window / 10)

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the windows' lengths of maps without a missing sample.

        Parameters
        ----------
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        int
            At least 0.
        """
        grid = self._map.grid(rate)
        return len(whole_windows(valid, grid.width, grid.hop)) * grid.hop // grid.width

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's windows.

        Parameters
        ----------
        x
            Shape (samples,).
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Compare
            To the mean r of the peaks; NaN where no window has one.
        """
        own = Signal(x, rate, 0.0, Unit.ARBITRARY)

        def compare(values: Floats) -> Floats:
            maps = [self._map.surface(own, Signal(row, rate, 0.0, Unit.ARBITRARY)) for row in values]
            heights = [self(each).r for each in maps]
            means = [float(np.nanmean(r)) if np.isfinite(r).any() else math.nan for r in heights]
            return np.array(means)[:, None]

        return compare

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Summarise the peaks of a pair's map.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`.
        """
        peaks = self(pair.surface)
        return (*peaks.summary, peaks.share)

    def __call__(self, surface: Surface) -> Peaks:
        """Find the peak of each window.

        Parameters
        ----------
        surface
            Correlations by window and lag.

        Returns
        -------
        Peaks
            Of two peaks as near to lag 0 as each other, the higher.
        """
        lags = surface.lags
        smooth = surface.r @ _loess(len(lags), self.span).T
        reach = max(1, math.ceil(self.neighbours * (len(lags) - 1)))
        columns = np.arange(reach, len(lags) - reach)
        clear = np.ones((len(smooth), len(columns)), bool)
        for step in range(reach):
            clear &= smooth[:, columns - step] > smooth[:, columns - step - 1] + _ROUNDING
            clear &= smooth[:, columns + step] > smooth[:, columns + step + 1] + _ROUNDING
        if len(columns) == 0 or len(smooth) == 0:
            none = np.full(len(smooth), np.nan)
            return Peaks(none, none)
        distance = np.where(clear, np.abs(columns - len(lags) // 2), np.inf)
        nearest = distance.min(axis=1)
        as_near = distance == nearest[:, None]  # of two as near as each other the higher, whoever is named first
        height = np.where(as_near, smooth[:, columns], -np.inf)
        at = columns[(height >= height.max(axis=1, keepdims=True) - _ROUNDING).argmax(axis=1)]
        has_peak = np.isfinite(nearest)
        peak = smooth[np.arange(len(smooth)), at]
        return Peaks(np.where(has_peak, lags[at], np.nan), np.where(has_peak, peak, np.nan))


@functools.cache
def _loess(points: int, span: float) -> Floats:
    """Return the matrix that smooths a row of equally spaced points by local quadratics."""
    size = min(
        points, max(4, math.ceil(span * points)) // 2 * 2 + 1
    )  # odd: as many before as after, whoever is named first
    out = np.zeros((points, points))
    for at in range(points):
        first = min(max(0, at - size // 2), points - size)
        near = np.arange(first, first + size)
        distance = np.abs(near - at) / (np.abs(near - at).max() + 1.0)
        root = (1 - distance**3) ** 1.5  # square root of the tricube weight
        design = np.vander((near - at).astype(np.float64), 3)
        out[at, near] = np.linalg.pinv(design * root[:, None])[2] * root
    return out
