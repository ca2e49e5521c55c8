"""The protocol of a secondary measure: statistics of two evenly sampled series, tested by redrawing one of them.

A measure computes its statistics of one person's series with many series of the other at once. So the data and all surrogates go
through the same lines, and every measure of a pair meets the same surrogates: their p-values are adjusted by one joint randomisation.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.description import AbstractDescription, ComparedPair
from coregulation.coupling.nulls.liveliness import LivelyModel, LivelyPhases
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.reasons import Reason, because
from coregulation.signals import Bools, Floats

Compare = Callable[
    [Floats], Floats
]  # values of the second person, shape (k, samples), to statistics, shape (k, statistics)


class ClaimLimit(StrEnum):
    """What a measure may not claim; the report has a sentence for each."""

    NO_LEADER = "no-leader"
    NOT_STEADYING = "not-steadying"
    NOT_CAUSE = "not-cause"
    NOT_STRENGTH = "not-strength"
    NOT_SIGN = "not-sign"
    MODEL = "model"


class DataUnit(StrEnum):
    """What the data of a measure are counted in."""

    SEGMENTS = "segments"
    WINDOWS = "windows"
    CYCLES = "cycles"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class SeriesStatistic:
    """One number of a measure that has a p-value.

    Parameters
    ----------
    name
        With its unit.
    giver
        Who comes first in a directed statistic: 0 the first person, 1 the second; None without a direction.
    sign
        1 where large values mean linkage, -1 where small ones do.
    """

    name: str
    giver: int | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True)
class SeriesScale:
    """What the plan of a signal says of its time scale.

    Parameters
    ----------
    window, max_lag
        Of the primary measure, s.
    band
        Frequencies that the plan keeps, Hz; None for everything.
    """

    window: float
    max_lag: float
    band: tuple[float, float] | None = None

    @property
    def swings(self) -> tuple[float, float]:
        """Frequencies at which two signals of this plan are compared, Hz.

        The plan's own band; else what swings 1.5 to 4.5 times in a window, such as 0.05 to 0.15 Hz of a heart rate in windows of
        30 s: a slower swing is taken out of a window, a faster one turns round within the lags.
        """
        return self.band or (1.5 / self.window, 4.5 / self.window)


class AbstractSeriesMeasure(AbstractDescription):
    """A secondary measure: a frozen dataclass of typed settings.

    Attributes
    ----------
    statistics
        What is tested.
    nulls
        The nulls that answer its question, without gaps and with them: both leave every gap where it is, so that surrogates have
        as much data as the recording, and keep when each person is lively.
    has_size
        Whether its p-value rejects no more often than it says, wherever that was counted; without it no p is given.
    limits
        What it may not claim.
    unit, min_units
        What its data are counted in, and how many it needs.
    """

    statistics: ClassVar[tuple[SeriesStatistic, ...]]
    quantities: ClassVar[tuple[str, ...]] = ()
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (LivelyPhases, LivelyModel)
    has_size: ClassVar[bool] = True
    limits: ClassVar[tuple[ClaimLimit, ...]]
    unit: ClassVar[DataUnit]
    min_units: ClassVar[int]

    @abc.abstractmethod
    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the measure's units in the common valid time.

        Parameters
        ----------
        valid
            Where both people's samples are there, shape (samples,).
        rate
            Hz.

        Returns
        -------
        int
            Segments, windows, cycles or points (`unit`).
        """

    @abc.abstractmethod
    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's series for comparison with many series of the other.

        Parameters
        ----------
        x
            The first person's values, shape (samples,); NaN where missing.
        valid
            Where both people's samples are there, the same for every series of the other.
        rate
            Hz.

        Returns
        -------
        Compare
            From values of the second person, shape (k, samples), to the statistics, shape (k, statistics); NaN where a series has
            none.
        """

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Compute what is described without a test.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`; nothing where everything is tested.
        """
        return ()

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        AbstractSeriesMeasure
            This one where its settings do not depend on the signal.
        """
        return self

    def seconds_needed(self, rate: float) -> float:
        """Compute the shortest recording without gaps that holds `min_units`.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        float
            S: a recording of one sample less is refused.
        """
        low, high = 0, 1
        while self._count(high, rate) < self.min_units:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._count(middle, rate) >= self.min_units else (middle, high)
        return high / rate

    def _count(self, samples: int, rate: float) -> int:
        return self.count_units(np.ones(samples, bool), rate)

    def why_too_short(self, valid: Bools, rate: float) -> Reason | None:
        """Say why there is too little data.

        Parameters
        ----------
        valid
            Where both people's samples are there, shape (samples,).
        rate
            Hz.

        Returns
        -------
        Reason or None
            None where there is enough.
        """
        count = self.count_units(valid, rate)
        if count >= self.min_units:
            return None
        return because(
            LinkageRefusal.FEW_UNITS, unit=self.unit.value, count=count, needed=self.min_units,
            seconds=self.seconds_needed(rate), valid=float(valid.sum() / rate),
        )  # fmt: skip
