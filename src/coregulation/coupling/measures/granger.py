"""Granger causality in time: how much better one person's past, beside the other's own, predicts the other.

A prediction is no cause: what reaches one person sooner than the other predicts too.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.measures.nested import lagged, residual_sums, whole_rows
from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesScale,
    SeriesStatistic,
)
from coregulation.coupling.series_tools import standardised, thin, thin_valid, thinning
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class Granger(AbstractSeriesMeasure):
    """Compute the log ratio of prediction errors without and with the other's past, in both directions.

    Both series are averaged to about 2 Hz. F and χ² tables reject far too often for autocorrelated series (Cliff et al. 2021), so
    the p-value comes from surrogates.

    Parameters
    ----------
    memory
        How far back both pasts go, s.

    References
    ----------
    Granger CWJ (1969), Econometrica 37:424, doi:10.2307/1912791
    Cliff OM et al. (2021), Physical Review Research 3:013145, doi:10.1103/PhysRevResearch.3.013145
    """

    memory: float = 5.0

    title: ClassVar[str] = "Granger causality"
    papers: ClassVar[tuple[str, ...]] = ("granger1969", "cliff2021")
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (
        SeriesStatistic("ln of the ratio of prediction errors, second after first", giver=0),
        SeriesStatistic("ln of the ratio of prediction errors, first after second", giver=1),
    )
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NOT_STEADYING, ClaimLimit.NOT_CAUSE, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.POINTS
    min_units: ClassVar[int] = 300

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        Granger
            With a memory as long as the longest lag.
        """
        return dataclasses.replace(self, memory=scale.max_lag)

    def order(self, rate: float) -> int:
        """Return the number of past values.

        Parameters
        ----------
        rate
            Of the averaged series, Hz.

        Returns
        -------
        int
            At least 1.
        """
        return max(1, round(self.memory * rate))

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the samples whose past is whole.

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
        return int(whole_rows(thin_valid(valid, size), self.order(rate / size)).sum())

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's past.

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
            To the second after the first and the first after the second.
        """
        size = thinning(rate)
        kept, order = thin_valid(valid, size), self.order(rate / size)
        rows, lags = whole_rows(kept, order), range(1, order + 1)
        own = standardised(thin(x[None], size), kept)
        past, ones = lagged(own, rows, lags), np.ones((1, int(rows.sum()), 1))

        def compare(values: Floats) -> Floats:
            others = standardised(thin(values, size), kept)
            pasts = lagged(others, rows, lags)
            level = np.broadcast_to(ones, (len(values), *ones.shape[1:]))
            second = residual_sums(np.concatenate([level, pasts], axis=2), past, others[:, rows])
            first = residual_sums(np.concatenate([ones, past], axis=2), pasts, own[:, rows])
            return np.column_stack([np.log(alone / both) for alone, both in (second, first)])

        return compare
