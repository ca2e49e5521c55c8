"""How constant the difference of two people's phases is in a band."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.measures.band import AbstractBandMeasure, Complexes, analytic
from coregulation.coupling.series_measure import ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.coupling.series_tools import away_from_gaps
from coregulation.signals import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class AbstractPhaseMeasure(AbstractBandMeasure):
    """A measure of the resultant of phase differences; samples within a swing of a gap or an end are left out.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.
    """

    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.CYCLES
    min_units: ClassVar[int] = 20

    @abc.abstractmethod
    def places(self, clear: Bools, rate: float) -> Ints:
        """Choose the samples whose phases are compared.

        Parameters
        ----------
        clear
            Which are far from gaps and ends, shape (samples,).
        rate
            Hz.

        Returns
        -------
        Ints
            Their numbers.
        """

    @abc.abstractmethod
    def of_resultant(self, resultant: Floats, count: int) -> Floats:
        """Compute the measure from the mean of unit vectors.

        Parameters
        ----------
        resultant
            Length of the mean vector, 0 to 1.
        count
            Number of phase differences.

        Returns
        -------
        Floats
            The same shape.
        """

    def _clear(self, valid: Bools, rate: float) -> Bools:
        return away_from_gaps(valid, round(rate / self.low))

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the swings of the middle of the band that are far from gaps and ends.

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
        return int(self._clear(valid, rate).sum() / rate * self.centre + 1e-9)

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's phases.

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
            To the measure of the phase differences.
        """
        places = self.places(self._clear(valid, rate), rate)

        def phases(values: Floats) -> Complexes:
            swings = analytic(values, valid, rate, self.low, self.high)[:, places]
            size = np.abs(swings)
            with np.errstate(invalid="ignore", divide="ignore"):
                unit: Complexes = np.where(size > 1e-9 * np.nanmax(np.abs(values)), swings / size, np.nan)
            return unit

        own = phases(x[None])

        def compare(values: Floats) -> Floats:
            resultant = np.abs((own.conj() * phases(values)).mean(axis=1, keepdims=True))
            return self.of_resultant(resultant, len(places))

        return compare


@dataclass(frozen=True, slots=True)
class PhaseLocking(AbstractPhaseMeasure):
    """Compute the phase-locking value: the length of the mean unit vector of phase differences.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.

    References
    ----------
    Mormann F et al. (2000), Physica D 144:358, doi:10.1016/S0167-2789(00)00087-7
    """

    title: ClassVar[str] = "phase-locking value"
    papers: ClassVar[tuple[str, ...]] = ("mormann2000",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("phase-locking value"),)

    def places(self, clear: Bools, rate: float) -> Ints:
        """Choose every sample.

        Parameters
        ----------
        clear
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Ints
            Their numbers.
        """
        return np.flatnonzero(clear)

    def of_resultant(self, resultant: Floats, count: int) -> Floats:
        """Return the length of the mean vector.

        Parameters
        ----------
        resultant
            0 to 1.
        count
            Number of phase differences.

        Returns
        -------
        Floats
            0 to 1.
        """
        return resultant


@dataclass(frozen=True, slots=True)
class PairwisePhaseConsistency(AbstractPhaseMeasure):
    """Compute the pairwise phase consistency of one phase difference per swing; without linkage its mean is 0.

    Taken at every sample it would be the phase-locking value in another unit, so phases are read once per swing of the middle
    of the band.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.

    References
    ----------
    Vinck M et al. (2010), NeuroImage 51:112, doi:10.1016/j.neuroimage.2010.01.073
    """

    title: ClassVar[str] = "pairwise phase consistency"
    papers: ClassVar[tuple[str, ...]] = ("vinck2010",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("pairwise phase consistency"),)
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN)

    def places(self, clear: Bools, rate: float) -> Ints:
        """Choose one sample per swing.

        Parameters
        ----------
        clear
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Ints
            Their numbers.
        """
        return np.flatnonzero(clear)[:: max(1, round(rate / self.centre))]

    def of_resultant(self, resultant: Floats, count: int) -> Floats:
        """Remove what the number of phase differences adds to the squared length.

        Parameters
        ----------
        resultant
            0 to 1.
        count
            Number of phase differences.

        Returns
        -------
        Floats
            Mean cosine of all pairs of phase differences, at most 1.
        """
        return (count * resultant**2 - 1) / (count - 1)
