"""Concordance: how much of the time two signals rise and fall alike.

Marci et al. (2007), doi:10.1097/01.nmd.0000253731.71025.fc. Slopes in short windows are correlated over longer running windows; the
index is the log of the sum of the positive correlations over that of the negative ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesStatistic,
)
from coregulation.coupling.surface import same_grid
from coregulation.signals import Bools, Floats, Signal

_LEAST = 1e-6  # of a sum in the tested index: where every window is alike, the published index is infinite


@dataclass(frozen=True, slots=True, eq=False)
class ConcordanceResult:
    """The running correlation of slopes, and what it adds up to.

    Parameters
    ----------
    r
        Shape (windows,); NaN over gaps.
    """

    r: Floats

    @property
    def index(self) -> float:
        """ln(Σ positive r / |Σ negative r|); NaN where either is missing."""
        valid = self.r[np.isfinite(self.r)]
        up, down = valid[valid > 0].sum(), -valid[valid < 0].sum()
        return math.log(up / down) if up > 0 and down > 0 else math.nan

    @property
    def share(self) -> float:
        """Share of windows in which both change alike; NaN where there is none."""
        valid = self.r[np.isfinite(self.r)]
        return float((valid > 0).mean()) if len(valid) else math.nan


@dataclass(frozen=True, slots=True)
class Concordance(AbstractSeriesMeasure):
    """Correlate slopes in running windows, one window per second.

    Parameters
    ----------
    slope
        Over which a slope is taken, s.
    window
        Over which slopes are correlated, s.

    References
    ----------
    Marci CD, Ham J, Moran E, Orr SP (2007), Journal of Nervous and Mental Disease 195:103,
    doi:10.1097/01.nmd.0000253731.71025.fc
    """

    slope: float = 5.0
    window: float = 15.0

    title: ClassVar[str] = "concordance of slopes"
    papers: ClassVar[tuple[str, ...]] = ("marci2007",)
    quantities: ClassVar[tuple[str, ...]] = ("concordance index", "share of windows alike")
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("concordance index"),)
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.WINDOWS
    min_units: ClassVar[int] = 8

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Compute a pair's index and share.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`.
        """
        concordance = self(pair.x, pair.y)
        return concordance.index, concordance.share

    def __call__(self, x: Signal, y: Signal) -> ConcordanceResult:
        """Correlate the slopes of two signals.

        Parameters
        ----------
        x, y
            Both people's signals on one grid.

        Returns
        -------
        ConcordanceResult
            Without any window where the signals are too short.

        Raises
        ------
        UsageError
            If the two are not on one grid.
        """
        same_grid(x, y)
        a, b = (self._standard_slopes(s.values[None], s.rate) for s in (x, y))
        return ConcordanceResult(_correlations(a, b)[0])

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the windows' lengths of slopes without a missing sample.

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
        known = self._standard_slopes(np.where(valid, np.arange(len(valid)) ** 2, np.nan)[None], rate)[0]
        return int(np.isfinite(known[:, 0]).sum() / self._sizes(rate)[2]) if known.size else 0

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's slopes.

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
            To the concordance index; sums of correlations below 1e-6 count as 1e-6, so that it is finite.
        """
        own = self._standard_slopes(x[None], rate)

        def compare(values: Floats) -> Floats:
            r = _correlations(own, self._standard_slopes(values, rate))
            up, down = (np.nansum(np.maximum(sign * r, 0.0), axis=1) for sign in (1, -1))
            index = np.log(np.maximum(up, _LEAST) / np.maximum(down, _LEAST))
            return np.where(up + down > 0, index, np.nan)[:, None]

        return compare

    def _sizes(self, rate: float) -> tuple[int, int, int]:
        """Return samples of a slope and from one to the next, and slopes of a window."""
        hop = max(1, round(rate))
        return max(2, round(self.slope * rate)), hop, max(3, round(self.window * rate / hop))

    def _standard_slopes(self, values: Floats, rate: float) -> Floats:
        """Return each window's slopes less their mean over their size, shape (k, windows, slopes); NaN where they do not change."""
        width, hop, size = self._sizes(rate)
        if values.shape[1] < width + (size - 1) * hop:
            return np.empty((len(values), 0, size))
        ramp = np.arange(width) - (width - 1) / 2
        pieces = np.lib.stride_tricks.sliding_window_view(values, width, axis=1)[:, ::hop]
        slopes = np.lib.stride_tricks.sliding_window_view(pieces @ (ramp / (ramp @ ramp)), size, axis=1)
        centred = slopes - slopes.mean(axis=2, keepdims=True)
        changes = np.ptp(slopes, axis=2) > 1e-10 * np.abs(slopes).max(axis=2)  # by more than rounding
        with np.errstate(invalid="ignore", divide="ignore"):
            scaled = centred / np.sqrt((centred**2).sum(axis=2, keepdims=True))
        return np.where(changes[:, :, None], scaled, np.nan)


def _correlations(a: Floats, b: Floats) -> Floats:
    r: Floats = (a * b).sum(axis=2)
    return r
