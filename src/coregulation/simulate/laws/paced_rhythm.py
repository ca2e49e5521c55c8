"""Two people who breathe with one pacer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import SCRIPTED, Link


@dataclass(frozen=True, slots=True)
class PacedRhythm:
    """Both follow one pacer, each a little early or late.

    Parameters
    ----------
    frequency
        Of the pacer, in Hz.
    height
        Amplitude of the response, in standard deviations of the slow wander.
    phase_sd
        Standard deviation of people's phases, in rad.
    own
        What else each one does.
    """

    frequency: float = 0.1
    height: float = 1.0
    phase_sd: float = 0.5
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Beyond own dynamics, not beyond the pacer."""
        return SCRIPTED

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
        phase = rng.normal(0.0, self.phase_sd, (pairs, 2, 1))
        pacer = np.sin(2 * math.pi * self.frequency * np.arange(n) / rate + phase)
        return draw_pairs(self.own, rng, pairs, n, rate) + self.height * pacer


LAWS = (
    SeriesLaw(
        "paced-rhythm", "paced rhythm, declared", "Both breathe with one pacer at 6 breaths per minute, and say so.",
        PacedRhythm(), ("pacer",), traps=(LawClaim.BEYOND_SCRIPT,),
    ),
)  # fmt: skip
