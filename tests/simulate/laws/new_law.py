"""A law of one's own from one file: the second person lags behind by a lag that itself wanders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import HeartRateLike
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import Link


@dataclass(frozen=True, slots=True)
class WanderingLag:
    """The second repeats the first, later by a lag that changes every minute.

    Parameters
    ----------
    longest
        Largest lag, in s.
    """

    longest: float = 4.0

    @property
    def link(self) -> Link:
        """The first leads; there is no single lag."""
        return Link(True, True, coupled=True, leader=0)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs; see `SeriesGenerator.draw`."""
        n, room = sample_count(seconds, rate), round(self.longest * rate)
        series = draw_pairs(HeartRateLike(), rng, pairs, room + n, rate)
        lags = rng.integers(0, room + 1, 1 + int(seconds // 60))[(np.arange(n) / rate // 60).astype(int)]
        second = series[:, 0, np.arange(room, room + n) - lags] + 0.5 * series[:, 1, room:]
        return np.stack([series[:, 0, room:], second], axis=1)


LAWS = (
    SeriesLaw("wandering-lag", "wandering lag", "Ben repeats Ada, later by a lag that wanders.", WanderingLag()),
)  # fmt: skip
