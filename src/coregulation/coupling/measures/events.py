"""Event synchronisation: how many of two people's peaks, such as skin responses, come at nearly the same time."""

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
from coregulation.coupling.series_tools import standardised, without_slow
from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats

MIN_EVENTS = 5  # of either person; with fewer, a single coincidence decides


@dataclass(frozen=True, slots=True)
class EventSynchronisation(AbstractSeriesMeasure):
    """Count peaks of one series that have a peak of the other within the tolerance.

    The paper lets the tolerance follow from the distance of events; here it is fixed, as it allows, so that surrogates have the
    same. A peak is the largest value within `separation` of it, and at least `height` above a running mean.

    Parameters
    ----------
    tolerance
        Largest distance of two peaks that count as one event, s; less than half the separation.
    separation
        Smallest distance of a person's peaks, s.
    height
        Of a peak above the running mean, in standard deviations.

    Raises
    ------
    UsageError
        If the tolerance is not less than half the separation, so that two peaks could match one.

    References
    ----------
    Quian Quiroga R, Kreuz T, Grassberger P (2002), Physical Review E 66:041904, doi:10.1103/PhysRevE.66.041904
    """

    tolerance: float = 2.0
    separation: float = 5.0
    height: float = 0.5

    title: ClassVar[str] = "event synchronisation"
    papers: ClassVar[tuple[str, ...]] = ("quianquiroga2002",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("share of peaks that coincide"),)
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (PhaseRandomised, SpectrumModel)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.WINDOWS
    min_units: ClassVar[int] = 24

    def __post_init__(self) -> None:
        if not 0 < 2 * self.tolerance < self.separation:
            raise UsageError(
                "A tolerance of more than 0 and less than half the separation was expected; {tolerance:g} and {separation:g} s came.",
                tolerance=self.tolerance, separation=self.separation,
            )  # fmt: skip

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        EventSynchronisation
            With peaks one longest lag apart, and a tolerance of two fifths of it.
        """
        return dataclasses.replace(self, tolerance=0.4 * scale.max_lag, separation=scale.max_lag)

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the separations in the common valid time.

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
        return int(valid.sum() / rate / self.separation + 1e-9)

    def peaks(self, values: Floats, valid: Bools, rate: float) -> Bools:
        """Find the peaks of series.

        Parameters
        ----------
        values
            Shape (k, samples).
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Bools
            Shape (k, samples).
        """
        from scipy.ndimage import maximum_filter1d

        reach = max(1, round(self.separation * rate))
        level = standardised(without_slow(values, valid, 6 * reach), valid)
        level = np.where(valid & np.isfinite(level), level, -np.inf)
        largest = maximum_filter1d(level, 2 * reach + 1, axis=1, mode="constant", cval=-np.inf)
        tops: Bools = (level == largest) & (level >= self.height)
        return tops

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's peaks.

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
            To coincidences over the geometric mean of both people's numbers of peaks; NaN with fewer than five of either.
        """
        from scipy.ndimage import maximum_filter1d

        own = self.peaks(x[None], valid, rate)
        near = maximum_filter1d(own, 2 * round(self.tolerance * rate) + 1, axis=1, mode="constant", cval=False)
        count = int(own.sum())

        def compare(values: Floats) -> Floats:
            other = self.peaks(values, valid, rate)
            counts = other.sum(axis=1)
            enough = (counts >= MIN_EVENTS) & (count >= MIN_EVENTS)
            size = np.sqrt(np.maximum(1, count * counts))
            share: Floats = np.where(enough, (other & near).sum(axis=1) / size, np.nan)
            return share[:, None]

        return compare
