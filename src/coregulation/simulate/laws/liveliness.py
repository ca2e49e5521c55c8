"""Two people who are restless at the same times, and do not follow each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import HeartRateLike, OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import UNLINKED, Link


@dataclass(frozen=True, slots=True)
class CommonLiveliness:
    """How much each wanders goes up and down for both at once; which way they wander does not.

    Parameters
    ----------
    spread
        Standard deviation of the log of the common factor.
    tau
        Time constant of the factor, in s.
    own
        What each one does.
    """

    spread: float = 1.0
    tau: float = 60.0
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Nothing: no value of one says anything of the sign of the other's."""
        return UNLINKED

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs; see `SeriesGenerator.draw`."""
        n = sample_count(seconds, rate)
        factor = np.exp(self.spread * HeartRateLike(tau=self.tau).draw(rng, pairs, n, rate))
        return draw_pairs(self.own, rng, pairs, n, rate) * factor[:, None, :]


LAWS = (
    SeriesLaw(
        "common-liveliness", "restless at the same times",
        "Two unlinked people, who both wander more in the same minutes.", CommonLiveliness(), traps=(LawClaim.LINKED,),
    ),
)  # fmt: skip
