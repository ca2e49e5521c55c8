"""Two people who were each read at an own, uneven pace."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesGenerator, SeriesLaw
from coregulation.simulate.truth import Link


@dataclass(frozen=True, slots=True)
class UnequallySampled:
    """Another law, read at each one's own, uneven pace and laid on the grid by linear interpolation.

    Parameters
    ----------
    of
        The law.
    rates
        Mean readings per second of the two people, in Hz.
    jitter
        Standard deviation of a reading's time, as a share of the mean interval (0 to .3).

    Raises
    ------
    UsageError
        If a rate is not positive or the jitter is out of range.
    """

    of: SeriesGenerator
    rates: tuple[float, float] = (2.0, 0.9)
    jitter: float = 0.15

    def __post_init__(self) -> None:
        if min(self.rates) <= 0 or not 0 <= self.jitter <= 0.3:
            raise UsageError(
                "Rates must be positive and the jitter in 0 to .3; {rates:and} and {jitter} came.",
                rates=self.rates, jitter=self.jitter,
            )  # fmt: skip

    @property
    def link(self) -> Link:
        """As on an even grid."""
        return self.of.link

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs; see `SeriesGenerator.draw`.

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
        series = self.of.draw(rng, pairs, seconds, rate)
        grid = np.arange(series.shape[2]) / rate
        out = np.empty_like(series)
        for pair, person in np.ndindex(pairs, 2):
            times = self._reading_times(rng, self.rates[person], grid[-1])
            out[pair, person] = np.interp(grid, times, np.interp(times, grid, series[pair, person]))
        return out

    def _reading_times(self, rng: np.random.Generator, pace: float, end: float) -> Floats:
        k = np.arange(math.ceil(end * pace) + 2)
        shift = np.clip(rng.normal(0.0, self.jitter, len(k)), -0.45, 0.45)  # below half an interval: order is kept
        return (k - rng.random() + shift) / pace


LAWS = (
    SeriesLaw(
        "unequal-sampling", "unequal sampling", "Two unlinked people, read at 2 and at 0.9 Hz with uneven steps.",
        UnequallySampled(Independent()), traps=(LawClaim.LINKED,),
    ),
)  # fmt: skip
