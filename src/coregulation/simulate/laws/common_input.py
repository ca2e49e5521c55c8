"""Two people who get the same random input, such as a film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import HeartRateLike, OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import Link

FASTER = HeartRateLike(tau=6.0, frequency=0.05)  # an input that is quicker than the people it reaches


@dataclass(frozen=True, slots=True)
class CommonInput:
    """Both get the same random input.

    Parameters
    ----------
    weight
        How much of it reaches each, in standard deviations of the slow wander.
    shared
        Whether it is the same for all pairs (a script), or private to each pair.
    input
        Its dynamics.
    own
        What else each one does.
    """

    weight: float = 0.7
    shared: bool = True
    input: OwnDynamics = FASTER
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Beyond own dynamics always; beyond the script only where the input was not in it."""
        return Link(beyond_own=self.weight != 0, beyond_script=self.weight != 0 and not self.shared)

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
        common = self.input.draw(rng, 1 if self.shared else pairs, n, rate)
        return draw_pairs(self.own, rng, pairs, n, rate) + self.weight * common[:, None, :]


_TRAPS = (LawClaim.BEYOND_SCRIPT,)
LAWS = (
    SeriesLaw(
        "common-input", "common input, declared", "Both see the same film, and say so.", CommonInput(), ("film",),
        traps=_TRAPS,
    ),
    SeriesLaw(
        "common-input-undeclared", "common input, nobody said", "Both see the same film, and nobody says so.",
        CommonInput(), None, traps=_TRAPS,
    ),
)  # fmt: skip
