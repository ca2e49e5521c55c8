"""Concordance: how much of the time two signals rise and fall alike.

Marci et al. (2007), doi:10.1097/01.nmd.0000253731.71025.fc. Slopes in short windows are correlated over longer running windows; the
index is the log of the sum of the positive correlations over that of the negative ones. Descriptive: no p-value comes of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import AbstractDescription, ComparedPair
from coregulation.coupling.surface import same_grid
from coregulation.signals import Bools, Floats, Signal


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
class Concordance(AbstractDescription):
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
        hop = max(1, round(x.rate))
        a, b = (_slopes(s.values, max(2, round(self.slope * s.rate)), hop) for s in (x, y))
        size = max(3, round(self.window * x.rate / hop))
        if len(a) < size:
            return ConcordanceResult(np.empty(0))
        p, q = (np.lib.stride_tricks.sliding_window_view(values, size) for values in (a, b))
        changing = _changes(p) & _changes(q)
        p, q = p - p.mean(axis=1, keepdims=True), q - q.mean(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            r = (p * q).sum(axis=1) / np.sqrt((p * p).sum(axis=1) * (q * q).sum(axis=1))
        return ConcordanceResult(np.where(changing, r, np.nan))


def _changes(slopes: Floats) -> Bools:
    """Say in which windows the slope changes by more than rounding."""
    changes: Bools = np.ptp(slopes, axis=1) > 1e-10 * np.abs(slopes).max(axis=1)
    return changes


def _slopes(values: Floats, width: int, hop: int) -> Floats:
    if len(values) < width:
        return np.empty(0)
    ramp = np.arange(width) - (width - 1) / 2
    slopes: Floats = np.lib.stride_tricks.sliding_window_view(values, width)[::hop] @ (ramp / (ramp @ ramp))
    return slopes
