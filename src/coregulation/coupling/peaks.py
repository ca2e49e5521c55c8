"""Peak picking on a lagged correlation map (Boker et al. 2002): in each window, the nearest clear peak to lag 0.

Each row is smoothed along the lags by local quadratic regression (loess, span .25 of the lags, tricube weights); then the search goes
outward from lag 0 for the nearest local maximum with enough neighbours that fall away on both sides. Where there is none the window
has no peak; it is left out, not filled. Secondary and descriptive: no p comes of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.correlation import Surface
from coregulation.signals import Floats

_ROUNDING = 1e-9  # of r: a flat row has no peak and equal tops are equal, whatever the last digits


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The peak of each window; NaN where there is none.

    Args:
        lag: shape (windows,), in s; positive: the first person leads.
        r: shape (windows,), smoothed correlation at the peak.
    """

    lag: Floats
    r: Floats

    @property
    def share(self) -> float:
        """Share of windows that have a peak."""
        return float(np.isfinite(self.lag).mean()) if len(self.lag) else 0.0

    @property
    def summary(self) -> tuple[float, float, float, float]:
        """Mean and sd of the peak r, mean and sd of the peak lag in s (Moulder et al. 2018); NaN with fewer than two."""
        r, lag = self.r[np.isfinite(self.r)], self.lag[np.isfinite(self.lag)]
        if len(r) < 2:
            return (math.nan,) * 4
        return float(r.mean()), float(r.std(ddof=1)), float(lag.mean()), float(lag.std(ddof=1))


@dataclass(frozen=True, slots=True)
class PeakPicking:
    """How a peak is found.

    Args:
        span: of the smoothing, as a share of the lags.
        neighbours: how many lags on each side must fall away, as a share of the lags.
    """

    span: float = 0.25
    neighbours: float = 0.125

    def __call__(self, surface: Surface) -> Peaks:
        """Return the peak of each window of a map."""
        lags = surface.lags
        smooth = surface.r @ _loess(len(lags), self.span).T
        reach = max(1, math.ceil(self.neighbours * (len(lags) - 1)))
        columns = np.arange(reach, len(lags) - reach)
        clear = np.ones((len(smooth), len(columns)), bool)
        for step in range(reach):
            clear &= smooth[:, columns - step] > smooth[:, columns - step - 1] + _ROUNDING
            clear &= smooth[:, columns + step] > smooth[:, columns + step + 1] + _ROUNDING
        if len(columns) == 0 or len(smooth) == 0:
            nothing = np.full(len(smooth), np.nan)
            return Peaks(nothing, nothing)
        distance = np.where(clear, np.abs(columns - len(lags) // 2), np.inf)
        nearest = distance.min(axis=1)
        as_near = distance == nearest[:, None]  # of two tops as near as each other the higher, whoever is named first
        height = np.where(as_near, smooth[:, columns], -np.inf)
        at = columns[(height >= height.max(axis=1, keepdims=True) - _ROUNDING).argmax(axis=1)]
        found = np.isfinite(nearest)
        return Peaks(np.where(found, lags[at], np.nan), np.where(found, smooth[np.arange(len(smooth)), at], np.nan))


def _loess(points: int, span: float) -> Floats:
    """Return the matrix that smooths a row of equally spaced points by local quadratics."""
    size = min(points, max(4, math.ceil(span * points)))
    out = np.zeros((points, points))
    for at in range(points):
        first = min(max(0, at - size // 2), points - size)
        near = np.arange(first, first + size)
        distance = np.abs(near - at) / (np.abs(near - at).max() + 1.0)
        root = (1 - distance**3) ** 1.5  # square root of the tricube weight
        design = np.vander((near - at).astype(np.float64), 3)
        out[at, near] = np.linalg.pinv(design * root[:, None])[2] * root
    return out
