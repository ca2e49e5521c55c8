"""Two people of whom the second's clock is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesGenerator, SeriesLaw, sample_count
from coregulation.simulate.truth import Link


@dataclass(frozen=True, slots=True)
class Drifting:
    """Another law, whose second series is read at t · (1 + `ppm`/10⁶) + `offset`, between samples by linear interpolation.

    Parameters
    ----------
    of
        The law.
    ppm
        Drift of the second person's clock, in parts per million.
    offset
        Of that clock, in s.
    """

    of: SeriesGenerator
    ppm: float = 100.0
    offset: float = 0.0

    @property
    def link(self) -> Link:
        """As without the drift; the lag then only holds before it."""
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
        n = sample_count(seconds, rate)
        at = np.arange(n) * (1 + self.ppm * 1e-6) + self.offset * rate
        early = max(0, math.ceil(-at.min()))
        drawn = max(n, math.ceil(at.max()) + 1) + early
        series = self.of.draw(rng, pairs, drawn / rate, rate)
        left = np.minimum(np.floor(at + early).astype(np.int64), drawn - 2)
        share = at + early - left
        second = (1 - share) * series[:, 1, left] + share * series[:, 1, left + 1]
        return np.stack([series[:, 0, early : early + n], second], axis=1)


LAWS = (
    SeriesLaw(
        "clock-drift", "clock drift", "Two unlinked people, the second's clock 100 parts per million fast.",
        Drifting(Independent()), traps=(LawClaim.LINKED,),
    ),
)  # fmt: skip
