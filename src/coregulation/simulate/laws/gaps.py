"""Another law, with samples missing: gaps of each one's own, gaps of both, and recordings that hardly overlap."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field

import numpy as np

from coregulation.signals import Bools, Floats
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesGenerator, SeriesLaw
from coregulation.simulate.truth import Link


@dataclass(frozen=True, slots=True)
class AbstractGapPattern(abc.ABC):
    """Which samples two people miss."""

    @abc.abstractmethod
    def missing(self, rng: np.random.Generator, n: int, rate: float) -> Bools:
        """Draw what one pair misses.

        Parameters
        ----------
        rng
            Random numbers.
        n
            Samples of a recording.
        rate
            In Hz.

        Returns
        -------
        ndarray, shape (2, n)
            True where a sample is missing.
        """


@dataclass(frozen=True, slots=True)
class RandomGaps(AbstractGapPattern):
    """Valid stretches and gaps of exponential length, one after the other.

    Parameters
    ----------
    common
        Both miss the same samples, as where a receiver fails; otherwise each has gaps of their own.
    mean
        Mean length of a stretch and of a gap, in s.
    """

    common: bool = False
    mean: float = 120.0

    def missing(self, rng: np.random.Generator, n: int, rate: float) -> Bools:
        """Draw what one pair misses; see `AbstractGapPattern.missing`."""
        rows = [self._row(rng, n, rate) for _ in range(1 if self.common else 2)]
        return np.array([rows[0], rows[-1]])

    def _row(self, rng: np.random.Generator, n: int, rate: float) -> Bools:
        gone, at = np.zeros(n, bool), 0
        while at < n:
            valid, gap = (1 + int(length * rate) for length in rng.exponential(self.mean, 2))
            gone[at + valid : at + valid + gap] = True
            at += valid + gap
        return gone


@dataclass(frozen=True, slots=True)
class Staggered(AbstractGapPattern):
    """The first is recorded at the beginning, the second at the end.

    Parameters
    ----------
    share
        Share of the time for which each is recorded, over one half.
    """

    share: float = 0.6

    def missing(self, rng: np.random.Generator, n: int, rate: float) -> Bools:
        """Draw what one pair misses; see `AbstractGapPattern.missing`."""
        at = np.arange(n)
        return np.array([at >= self.share * n, at < (1 - self.share) * n])


@dataclass(frozen=True, slots=True)
class InTurn(AbstractGapPattern):
    """The two sensors are lost one after the other, with a time between in which both are there.

    Parameters
    ----------
    lost, both
        How long one is lost, and how long both are there before the other is lost, in s.
    """

    lost: float = 180.0
    both: float = 90.0

    def missing(self, rng: np.random.Generator, n: int, rate: float) -> Bools:
        """Draw what one pair misses; see `AbstractGapPattern.missing`."""
        half = self.lost + self.both
        time = np.arange(n) / rate % (2 * half)
        return np.array([time < self.lost, (time >= half) & (time < half + self.lost)])


@dataclass(frozen=True, slots=True)
class Gappy:
    """Another law with gaps.

    Parameters
    ----------
    pattern
        Which samples are missing.
    of
        The law.
    """

    pattern: AbstractGapPattern
    of: SeriesGenerator = field(default_factory=Independent)

    @property
    def link(self) -> Link:
        """As without gaps."""
        return self.of.link

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Draw pairs; see `SeriesGenerator.draw`. Missing samples are NaN."""
        series = self.of.draw(rng, pairs, seconds, rate)
        for pair in series:
            pair[self.pattern.missing(rng, series.shape[2], rate)] = np.nan
        return series


LAWS = (
    SeriesLaw(
        "gaps-own", "gaps of each one's own", "Two unlinked people, who each miss half of the time.", Gappy(RandomGaps()),
        seconds=1200.0, traps=(LawClaim.LINKED,),
    ),
    SeriesLaw(
        "gaps-common", "gaps of both", "Two unlinked people, who both miss the same half of the time.",
        Gappy(RandomGaps(common=True)), seconds=1200.0, traps=(LawClaim.LINKED,),
    ),
    SeriesLaw(
        "gaps-staggered", "recorded one after the other, nearly", "Two unlinked people with a fifth of the time in common.",
        Gappy(Staggered()), seconds=1200.0, traps=(LawClaim.LINKED,),
    ),
    SeriesLaw(
        "gaps-in-turn", "sensors lost in turn", "Two unlinked people, whose sensors are lost one after the other.",
        Gappy(InTurn()), seconds=1200.0, traps=(LawClaim.LINKED,),
    ),
    SeriesLaw(
        "gaps-coupled", "coupled 0.3, lag 2 s, gaps of both", "The second follows the first, and both miss half of the time.",
        Gappy(RandomGaps(common=True), Coupled(0.3, 2.0)), ("film",), seconds=1200.0,
    ),
)  # fmt: skip
