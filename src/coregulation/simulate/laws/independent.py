"""Two people who have nothing to do with each other, with slower and slower dynamics of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import HeartRateLike, OwnDynamics
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import UNLINKED, Link

TYPICAL = HeartRateLike()


@dataclass(frozen=True, slots=True)
class Independent:
    """Two unlinked people.

    Parameters
    ----------
    own
        What each one does.
    """

    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Nothing."""
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
        return draw_pairs(self.own, rng, pairs, sample_count(seconds, rate), rate)


LAWS = tuple(
    SeriesLaw(
        f"time-constant-{tau}",
        f"time constant {tau} s",
        f"Two unlinked people, each of whom wanders with a time constant of {tau} s: the slower, the likelier are two series to "
        "look alike by chance.",
        Independent(HeartRateLike(tau=float(tau))),
        traps=(LawClaim.LINKED,),
    )
    for tau in (5, 12, 30, 60)
)
