"""Concordance: how much of the time two signals rise and fall alike (Marci, Ham, Moran & Orr 2007).

Slopes in short windows, correlated over longer running windows; the index is the log of the sum of the positive correlations over
that of the negative ones. Secondary and descriptive: no p comes of it. Recalled, not re-read, from the paper (SCIENCE.md B.6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.correlation import same_grid
from coregulation.signals import Bools, Floats, Signal


@dataclass(frozen=True, slots=True, eq=False)
class ConcordanceResult:
    """The running correlation of slopes, shape (windows,), NaN over gaps; and what it adds up to."""

    r: Floats

    @property
    def index(self) -> float:
        """ln(Σ positive r / |Σ negative r|); NaN where either is missing."""
        there = self.r[np.isfinite(self.r)]
        up, down = there[there > 0].sum(), -there[there < 0].sum()
        return math.log(up / down) if up > 0 and down > 0 else math.nan

    @property
    def share(self) -> float:
        """Share of windows in which both change alike; NaN where there is none."""
        there = self.r[np.isfinite(self.r)]
        return float((there > 0).mean()) if len(there) else math.nan


@dataclass(frozen=True, slots=True)
class Concordance:
    """Correlate slopes over `slope` s in running windows of `window` s, a window each second."""

    slope: float = 5.0
    window: float = 15.0

    def __call__(self, x: Signal, y: Signal) -> ConcordanceResult:
        """Return the running correlation of the slopes of two signals on one grid."""
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
    """Tell in which windows the slope changes by more than rounding."""
    changes: Bools = np.ptp(slopes, axis=1) > 1e-10 * np.abs(slopes).max(axis=1)
    return changes


def _slopes(values: Floats, width: int, hop: int) -> Floats:
    if len(values) < width:
        return np.empty(0)
    ramp = np.arange(width) - (width - 1) / 2
    slopes: Floats = np.lib.stride_tricks.sliding_window_view(values, width)[::hop] @ (ramp / (ramp @ ramp))
    return slopes
