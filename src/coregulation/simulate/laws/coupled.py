"""Two people of whom the second follows the first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats
from coregulation.simulate.dynamics import OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import UNLINKED, Link


@dataclass(frozen=True, slots=True)
class Coupled:
    """The second is √(1 − g²) of its own and g of the first, some seconds later; the variance is kept.

    Parameters
    ----------
    strength
        g, from −1 to 1: the correlation of the slow wanders at the lag.
    lag
        By how much the second comes later, in s; a whole number of samples.
    own
        What each one does.

    Raises
    ------
    UsageError
        If the strength is out of range or the lag is negative or not finite.
    """

    strength: float
    lag: float = 0.0
    own: OwnDynamics = TYPICAL

    def __post_init__(self) -> None:
        if not -1 <= self.strength <= 1:
            raise UsageError("A coupling strength lies between -1 and 1; {strength} came.", strength=self.strength)
        if not (math.isfinite(self.lag) and self.lag >= 0):
            raise UsageError(
                "A lag is a number of s from 0 up; {lag} came. To let A follow, name B first.", lag=self.lag
            )

    @property
    def link(self) -> Link:
        """Both gates hold, with the first as leader, unless the strength is zero."""
        if self.strength == 0:
            return UNLINKED
        return Link(True, True, coupled=True, leader=0 if self.lag else None, lag=self.lag)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs; see `SeriesGenerator.draw`. The lag must be a whole number of samples.

        Parameters
        ----------
        rng
            Source of the draws.
        pairs
            How many.
        seconds
            Length of each.
        rate
            In Hz.

        Returns
        -------
        ndarray, shape (pairs, 2, samples)
            In a.u.
        """
        n, late = sample_count(seconds, rate), round(self.lag * rate)
        if abs(late - self.lag * rate) > 1e-6:
            raise UsageError(
                "A lag of {lag:g} s is no whole number of samples at {rate:g} Hz.", lag=self.lag, rate=rate
            )
        series = draw_pairs(self.own, rng, pairs, late + n, rate)
        first, second = series[:, 0, late:], series[:, 1, late:]
        follower = math.sqrt(1 - self.strength**2) * second + self.strength * series[:, 0, :n]
        return np.stack([first, follower], axis=1)


LAWS = tuple(
    SeriesLaw(
        f"coupled-{percent}",
        f"coupled {percent / 100:g}, lag 2 s",
        f"The second follows the first, 2 s later, with strength {percent / 100:g}.",
        Coupled(percent / 100, 2.0),
        ("film",),
    )
    for percent in (15, 30, 50)
)
