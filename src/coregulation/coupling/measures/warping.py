"""Dynamic time warping: how alike two series are when either may run a little ahead for a while."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, PhaseRandomised
from coregulation.coupling.series_measure import (
    AbstractSeriesMeasure,
    ClaimLimit,
    Compare,
    DataUnit,
    SeriesScale,
    SeriesStatistic,
)
from coregulation.coupling.series_tools import standardised, thin, thin_valid, thinning, without_slow
from coregulation.signals import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class TimeWarping(AbstractSeriesMeasure):
    """Compute the mean difference along the best warping path within a band of lags.

    Both series are averaged to about 2 Hz, a running mean is taken out and both are standardised. Each stretch without a gap is
    warped for itself.

    Parameters
    ----------
    max_lag
        Largest lead of either along the path, s (Sakoe–Chiba band).
    slow
        Length of the running mean that is taken out, s.

    References
    ----------
    Sakoe H, Chiba S (1978), IEEE Transactions on Acoustics, Speech, and Signal Processing 26:43, doi:10.1109/TASSP.1978.1163055
    """

    max_lag: float = 5.0
    slow: float = 60.0

    title: ClassVar[str] = "dynamic time warping"
    papers: ClassVar[tuple[str, ...]] = ("sakoe1978",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (
        SeriesStatistic("mean difference along the path, sd", sign=-1),
    )
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (PhaseRandomised, SpectrumModel)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_STRENGTH)
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
        TimeWarping
            With the lags of the plan, and a running mean over two windows.
        """
        return dataclasses.replace(self, max_lag=scale.max_lag, slow=2 * scale.window)

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the valid points in stretches longer than the band.

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
        starts, ends = self._runs(thin_valid(valid, size), rate / size)
        return int((ends - starts).sum())

    def _runs(self, valid: Bools, rate: float) -> tuple[Ints, Ints]:
        edges = np.diff(np.concatenate([[0], valid.astype(int), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        long = ends - starts > 2 * round(self.max_lag * rate)
        return starts[long], ends[long]

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's series.

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
            To the mean difference along the path, in standard deviations.
        """
        from coregulation.coupling.measures.series_kernels import warp

        size = thinning(rate)
        kept = thin_valid(valid, size)
        starts, ends = self._runs(kept, rate / size)
        reach, band = round(self.slow * rate / size / 2), round(self.max_lag * rate / size)

        def ready(values: Floats) -> Floats:
            return standardised(without_slow(thin(values, size), kept, reach), kept)

        own = ready(x[None])[0]
        return lambda values: warp(own, ready(values), starts, ends, band)[:, None]
