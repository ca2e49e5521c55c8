"""Cross-recurrence: how often two people's states are near each other, by the lag between them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesScale,
    SeriesStatistic,
)
from coregulation.coupling.series_tools import standardised, thin, thin_valid, thinning, without_slow
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class CrossRecurrence(AbstractSeriesMeasure):
    """Compute the largest share of recurrent points on any diagonal (lag) of the cross-recurrence plot.

    The radius is chosen for each pair of series so that a fixed share of all points within the lags is recurrent. Both series are
    averaged to about 2 Hz, a running mean is taken out and both are standardised; distance is the largest over the dimensions.

    Parameters
    ----------
    max_lag
        Longest lag either way, s.
    delay
        From one dimension of the embedding to the next, s.
    dimension
        Of the embedding.
    share
        Of points within the lags that are recurrent.
    slow
        Length of the running mean that is taken out, s.

    References
    ----------
    Coco MI, Dale R (2014), Frontiers in Psychology 5:510, doi:10.3389/fpsyg.2014.00510
    """

    max_lag: float = 5.0
    delay: float = 2.0
    dimension: int = 3
    share: float = 0.05
    slow: float = 60.0

    title: ClassVar[str] = "cross-recurrence (CRQA)"
    papers: ClassVar[tuple[str, ...]] = ("coco2014",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("largest recurrence of any lag"),)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_STRENGTH)
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
        CrossRecurrence
            With the lags of the plan, delays of two fifths of them, and a running mean over two windows.
        """
        return dataclasses.replace(self, max_lag=scale.max_lag, delay=0.4 * scale.max_lag, slow=2 * scale.window)

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the points whose embedding has no missing sample.

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
        return int(self._embedded(thin_valid(valid, size), rate / size).sum())

    def _delay(self, rate: float) -> int:
        return max(1, round(self.delay * rate))

    def _embedded(self, valid: Bools, rate: float) -> Bools:
        reach = (self.dimension - 1) * self._delay(rate)
        count = max(0, len(valid) - reach)
        parts = [valid[d : d + count] for d in range(0, reach + 1, self._delay(rate))]
        return np.asarray(np.array(parts).all(axis=0), bool)

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's states.

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
            To the largest share of recurrent points of any lag.
        """
        from coregulation.coupling.measures.series_kernels import recurrences

        size = thinning(rate)
        slower, kept = rate / size, thin_valid(valid, size)
        reach, delay = round(self.slow * slower / 2), self._delay(slower)
        complete, max_lag = self._embedded(kept, slower), round(self.max_lag * slower)

        def ready(values: Floats) -> Floats:
            return standardised(without_slow(thin(values, size), kept, reach), kept)

        own = ready(x[None])[0]

        def compare(values: Floats) -> Floats:
            others = ready(values)
            varies = np.isfinite(others).all(axis=1) & np.isfinite(own).all()
            out = np.full(len(others), np.nan)
            out[varies] = recurrences(own, others[varies], complete, delay, self.dimension, max_lag, self.share)
            return out[:, None]

        return compare
