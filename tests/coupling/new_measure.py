"""A measure that is no subclass of ours, as somebody would add it: one file. Lagged windowed rank correlation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.surface import Surface


@dataclass(frozen=True, slots=True)
class LaggedRank(AbstractMeasure):
    """Rank-correlate two people's windows at every lag.

    Parameters
    ----------
    window, max_lag, hop
        Length of a window, longest lag either way, and from one window to the next, s.
    """

    window: float
    max_lag: float
    hop: float = 5.0

    title: ClassVar = "lagged windowed rank correlation"
    papers: ClassVar = ("spearman1904",)
    references: ClassVar = {
        "spearman1904": {
            "authors": ("Spearman, C.",),
            "year": 1904,
            "title": "The proof and measurement of association between two things",
            "place": "American Journal of Psychology, 15, 72–101",
            "use": "rank correlation",
            "doi": "10.2307/1412159",
        }
    }

    def surface(self, x, y):
        """Return rho of each window and lag; NaN where a sample is missing."""
        width, hop = round(self.window * x.rate), round(self.hop * x.rate)
        lags, longest = self.lags(x.rate), round(self.max_lag * x.rate)
        starts = np.arange(longest, len(x) - width - longest + 1, hop)
        first, second = (_ranks(np.lib.stride_tricks.sliding_window_view(s.values, width)) for s in (x, y))
        rho = np.einsum("wn,wln->wl", first[starts], second[starts[:, None] + lags])
        centres = x.start + (starts + (width - 1) / 2) / x.rate
        return Surface(np.clip(rho, -0.999999, 0.999999), lags / x.rate, centres)


def _ranks(rows):
    ranks = rows.argsort(axis=1).argsort(axis=1) - (rows.shape[1] - 1) / 2
    return np.where(
        np.isfinite(rows).all(axis=1)[:, None], ranks / np.linalg.norm(ranks, axis=1, keepdims=True), np.nan
    )
