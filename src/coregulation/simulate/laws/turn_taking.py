"""Two people who speak in turns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.dynamics import OwnDynamics
from coregulation.simulate.laws.independent import TYPICAL
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw, draw_pairs, sample_count
from coregulation.simulate.truth import Link


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """Speaking raises the speaker's series: the two are opposite, and neither body reaches the other.

    Parameters
    ----------
    turn
        Mean length of a turn (exponential), in s.
    rise
        How far speech raises the series, in standard deviations of the slow wander.
    tau
        Time constant of that first-order response, in s.
    shared
        Whether the turns are in the script (an interview read out), or each pair's own.
    own
        What else each one does.
    """

    turn: float = 8.0
    rise: float = 1.0
    tau: float = 3.0
    shared: bool = False
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """As for an input that both get."""
        return Link(beyond_own=True, beyond_script=not self.shared)

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
        switches = rng.random((1 if self.shared else pairs, n)) < 1 / (self.turn * rate)
        first = (np.cumsum(switches, axis=1) % 2).astype(np.float64)
        speech = np.stack([first, 1 - first], axis=1)
        return draw_pairs(self.own, rng, pairs, n, rate) + self.rise * _smoothed(speech, self.tau * rate)


def _smoothed(values: Floats, samples: float) -> Floats:
    from scipy.signal import lfilter

    decay = math.exp(-1 / samples)
    smooth: Floats = lfilter([1 - decay], [1.0, -decay], values, axis=-1)
    return smooth


LAWS = (
    SeriesLaw(
        "scripted-turns", "scripted turns, declared", "An interview is read out: everybody speaks in the same turns.",
        TurnTaking(shared=True), ("script",), traps=(LawClaim.BEYOND_SCRIPT,),
    ),
)  # fmt: skip
