"""Two unlinked people who both settle at the start of a session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import UNLINKED, Link


@dataclass(frozen=True, slots=True)
class CommonTrend:
    """Each settles as `height` · exp(−t/`tau`).

    Parameters
    ----------
    height
        At the start, in standard deviations of the slow wander.
    tau
        Time constant, in s.
    own
        What else each one does.
    """

    height: float = 3.0
    tau: float = 150.0
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Nothing: the course is each one's own."""
        return UNLINKED

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
        trend = self.height * np.exp(-np.arange(n) / rate / self.tau)
        return draw_pairs(self.own, rng, pairs, n, rate) + trend


LAWS = (
    SeriesLaw(
        "common-trend", "common trend", "Two unlinked people who both settle over the first minutes.", CommonTrend(),
        traps=(LawClaim.LINKED,),
    ),
)  # fmt: skip
