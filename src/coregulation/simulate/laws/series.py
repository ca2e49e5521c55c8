"""Laws that draw series: many pairs of heart-rate-like signals at once, for the calibration of p-values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from coregulation.channels import CHANNELS, HEART_RATE
from coregulation.errors import UsageError
from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Floats, Signal
from coregulation.simulate.dynamics import OwnDynamics
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.truth import Link, Truth

if TYPE_CHECKING:
    from coregulation.simulate.observe import Wearing

RESTING = {"ada": 72.0, "ben": 66.0}  # 1/min, each person's mean heart rate; assumed
SWING = 3.5  # 1/min per standard deviation of the slow wander; assumed
SESSION_RATE = 4.0  # Hz of heart rate in a session: the rate at which heart-rate variability is usually resampled


class SeriesGenerator(Protocol):
    """Something that pairs of series are drawn from."""

    @property
    def link(self) -> Link:
        """What is true of each pair."""
        ...

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs of series.

        What a script gives to all is drawn once per call: the pairs of one call lived through the same script.

        Parameters
        ----------
        rng
            Random numbers.
        pairs
            How many.
        seconds
            Length, in s.
        rate
            Samples per second, in Hz.

        Returns
        -------
        ndarray, shape (pairs, 2, n)
            With n = seconds · rate, in standard deviations of a person's slow wander.

        Raises
        ------
        UsageError
            If length or rate is not positive, or the rate is too slow for the law.
        """
        ...


@dataclass(frozen=True, slots=True)
class SeriesLaw(AbstractLaw):
    """A law of pairs of series.

    Parameters
    ----------
    name, title, about
        See `AbstractLaw`.
    generator
        What pairs are drawn from.
    shared
        What people say was shared; None where nobody said.
    seconds
        Length of a recording, in s.
    traps
        Claims that look true and are false.
    """

    name: str
    title: str
    about: str
    generator: SeriesGenerator
    shared: tuple[str, ...] | None = ()
    seconds: float = 600.0
    traps: tuple[LawClaim, ...] = ()

    @property
    def truth(self) -> LawTruth:
        """What is true of every pair: linkage only."""
        return LawTruth(LawBody.SERIES, self.generator.link)

    def simulate(self, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
        """Simulate one pair's heart rate (4 Hz, 1/min); see `AbstractLaw.simulate`."""
        if seed < 0:
            raise UsageError("A seed is a whole number from 0 up; {seed} came.", seed=seed)
        series = self.generator.draw(np.random.default_rng(seed), 1, self.seconds, SESSION_RATE)[0]
        unit = CHANNELS[HEART_RATE].unit
        recordings = tuple(
            Recording(Person(who), {HEART_RATE: Signal(level + SWING * values, SESSION_RATE, 0.0, unit)})
            for (who, level), values in zip(RESTING.items(), series, strict=True)
        )
        blocks = (Block("talk", 0.0, series.shape[1] / SESSION_RATE, present=tuple(RESTING), partner="live"),)
        session = Session(
            f"{self.name}-{seed}", recordings, blocks=blocks, shared=self.shared, setting="one room", simulated=True
        )
        return session, Truth(seed, self.generator.link)


def draw_pairs(own: OwnDynamics, rng: np.random.Generator, pairs: int, n: int, rate: float) -> Floats:
    """Draw two independent people per pair.

    Parameters
    ----------
    own
        Each person's dynamics.
    rng
        Random numbers.
    pairs, n
        How many pairs, and samples of each series.
    rate
        In Hz.

    Returns
    -------
    ndarray, shape (pairs, 2, n)
        In standard deviations of the slow wander.
    """
    return own.draw(rng, 2 * pairs, n, rate).reshape(pairs, 2, n)


def sample_count(seconds: float, rate: float) -> int:
    """Count the samples of a recording.

    Parameters
    ----------
    seconds
        Its length, in s.
    rate
        In Hz.

    Returns
    -------
    int
        At least 2.

    Raises
    ------
    UsageError
        If one of them is not a positive number.
    """
    if not (math.isfinite(seconds) and seconds > 0 and math.isfinite(rate) and rate > 0):
        raise UsageError("Seconds and rate must be positive numbers; {came:and} came.", came=(seconds, rate))
    return max(2, round(seconds * rate))
