"""Symbolic transfer entropy: how much one person's pattern of rises and falls says of what the other does next."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.measures.nested import whole_rows
from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesScale,
    SeriesStatistic,
)
from coregulation.coupling.series_tools import thin, thin_valid, thinning
from coregulation.signals import Bools, Floats, Ints

_PATTERNS = 6  # orders of three values


@dataclass(frozen=True, slots=True)
class TransferEntropy(AbstractSeriesMeasure):
    """Compute the transfer entropy of ordinal patterns of three values, in both directions.

    Both series are averaged to about 2 Hz. The estimate is above zero without linkage; surrogates have the same excess.

    Parameters
    ----------
    delay
        From one value of a pattern to the next, and from a pattern to what it is to foretell, s.

    References
    ----------
    Staniek M, Lehnertz K (2008), Physical Review Letters 100:158101, doi:10.1103/PhysRevLett.100.158101
    """

    delay: float = 1.0

    title: ClassVar[str] = "symbolic transfer entropy"
    papers: ClassVar[tuple[str, ...]] = ("staniek2008",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (
        SeriesStatistic("transfer entropy, second after first, bit", giver=0),
        SeriesStatistic("transfer entropy, first after second, bit", giver=1),
    )
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NOT_STEADYING, ClaimLimit.NOT_CAUSE, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.POINTS
    min_units: ClassVar[int] = 500

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        TransferEntropy
            With a delay of a fifth of the longest lag.
        """
        return dataclasses.replace(self, delay=0.2 * scale.max_lag)

    def _delay(self, rate: float) -> int:
        return max(1, round(self.delay * rate))

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the samples whose pattern and next pattern have no missing sample.

        Parameters
        ----------
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        int
            At least 0.
        """
        size = thinning(rate)
        return int(whole_rows(thin_valid(valid, size), 3 * self._delay(rate / size)).sum())

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's patterns.

        Parameters
        ----------
        x
            Shape (samples,).
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Compare
            To the second after the first and the first after the second, in bit; NaN where a series does not vary.
        """
        size = thinning(rate)
        kept, delay = thin_valid(valid, size), self._delay(rate / size)
        ends = np.flatnonzero(whole_rows(kept, 3 * delay))
        own, own_next = (ordinal_patterns(thin(x[None], size), ends - back, delay) for back in (delay, 0))

        def compare(values: Floats) -> Floats:
            others = thin(values, size)
            now, later = (ordinal_patterns(others, ends - back, delay) for back in (delay, 0))
            second = [transfer(own[0], now[k], later[k]) for k in range(len(values))]
            first = [transfer(now[k], own[0], own_next[0]) for k in range(len(values))]
            varies = np.ptp(now, axis=1) * np.ptp(own) > 0
            return np.where(varies[:, None], np.column_stack([second, first]), np.nan)

        return compare


def ordinal_patterns(values: Floats, ends: Ints, delay: int) -> Ints:
    """Number the order of the three values that end at each place.

    Parameters
    ----------
    values
        Shape (k, samples).
    ends
        Last sample of each pattern.
    delay
        Samples from one value to the next.

    Returns
    -------
    Ints
        0 to 5, shape (k, patterns); of equal values the earlier counts as smaller.
    """
    a, b, c = (values[:, ends - back * delay] for back in (2, 1, 0))
    lowest = np.where((a <= b) & (a <= c), 0, np.where(b <= c, 1, 2))
    rest = np.where(lowest == 0, b > c, np.where(lowest == 1, a > c, a > b))
    numbers: Ints = 2 * lowest + rest
    return numbers


def transfer(source: Ints, now: Ints, later: Ints) -> float:
    """Compute what a source's pattern adds to what a pattern says of the next one.

    Parameters
    ----------
    source, now, later
        Patterns of the giver, and of the receiver before and after, shape (patterns,).

    Returns
    -------
    float
        Conditional mutual information, bit.
    """
    cells = np.bincount((source * _PATTERNS + now) * _PATTERNS + later, minlength=_PATTERNS**3)
    joint = cells.reshape(_PATTERNS, _PATTERNS, _PATTERNS) / len(later)
    entropies = [_entropy(joint.sum(axis=axis)) for axis in (2, 0, (0, 2), ())]
    return entropies[0] + entropies[1] - entropies[2] - entropies[3]


def _entropy(shares: Floats) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log2(some)).sum())
