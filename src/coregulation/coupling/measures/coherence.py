"""Coherence in a band, averaged over segments (Welch) or over segments and tapers (Thomson)."""

from __future__ import annotations

import abc
import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.measures.band import AbstractBandMeasure, Complexes
from coregulation.coupling.series_measure import ClaimLimit, Compare, DataUnit, SeriesScale, SeriesStatistic
from coregulation.coupling.series_tools import whole_windows
from coregulation.signals import Bools, Floats, Ints

_ROUNDING = 1e-20  # of a segment's power: below it, a series does not vary in the band


@dataclass(frozen=True, slots=True)
class AbstractCoherence(AbstractBandMeasure):
    """The mean magnitude-squared coherence of a band, from spectra of segments.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.
    segment
        Length of a segment, s.
    """

    segment: float = 60.0

    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("mean coherence"),)
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.SEGMENTS
    overlap: ClassVar[float]  # share of a segment that the next one has too

    @abc.abstractmethod
    def tapers(self, size: int) -> Floats:
        """Return what a segment is multiplied by, shape (tapers, size).

        Parameters
        ----------
        size
            Samples in a segment.

        Returns
        -------
        Floats
            Shape (tapers, size).
        """

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale: segments of two windows.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        AbstractCoherence
            With the band in which signals of this plan are compared.
        """
        low, high = scale.swings
        return dataclasses.replace(self, low=low, high=high, segment=2 * scale.window)

    def starts(self, valid: Bools, rate: float) -> Ints:
        """List the segments without a missing sample.

        Parameters
        ----------
        valid
            Shape (samples,).
        rate
            Hz.

        Returns
        -------
        Ints
            First sample of each.
        """
        size = self._size(rate)
        return whole_windows(valid, size, max(1, round(size * (1 - self.overlap))))

    def _size(self, rate: float) -> int:
        return max(4, round(self.segment * rate))

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the segments without a missing sample.

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
        return len(self.starts(valid, rate))

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's spectra.

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
            To the mean coherence of the band.
        """
        size, starts = self._size(rate), self.starts(valid, rate)
        tapers, places = self.tapers(size), np.fft.rfftfreq(size, 1 / rate)
        bins = np.flatnonzero((places >= self.low - 1e-9) & (places <= self.high + 1e-9))

        def spectra(values: Floats) -> Complexes:
            return segment_spectra(values, starts, tapers, bins)

        own = spectra(x[None])
        power = (np.abs(own) ** 2).sum(axis=(1, 2))

        def compare(values: Floats) -> Floats:
            other = spectra(values)
            cross = np.abs((own.conj() * other).sum(axis=(1, 2))) ** 2
            both = power * (np.abs(other) ** 2).sum(axis=(1, 2))
            with np.errstate(invalid="ignore", divide="ignore"):
                coherence = np.where(both > 0, cross / both, np.nan)
            return np.asarray(coherence.mean(axis=1, keepdims=True))

        return compare


def segment_spectra(values: Floats, starts: Ints, tapers: Floats, bins: Ints) -> Complexes:
    """Transform each segment, its straight line taken out, under each taper.

    Parameters
    ----------
    values
        Shape (k, samples).
    starts
        First sample of each segment.
    tapers
        Shape (tapers, size).
    bins
        Numbers of the frequencies that are kept.

    Returns
    -------
    ndarray of complex
        Shape (k, segments, tapers, bins); 0 where a segment does not vary.
    """
    size = tapers.shape[1]
    pieces = values[:, starts[:, None] + np.arange(size)]
    ramp = np.arange(size) - (size - 1) / 2
    level = pieces.mean(axis=2, keepdims=True)
    flat = pieces - level - ((pieces * ramp).sum(axis=2, keepdims=True) / (ramp * ramp).sum()) * ramp
    varies = (flat**2).sum(axis=2, keepdims=True) > _ROUNDING * (pieces**2).sum(axis=2, keepdims=True)
    return np.fft.rfft(np.where(varies, flat, 0.0)[:, :, None, :] * tapers, axis=3)[..., bins]


@dataclass(frozen=True, slots=True)
class WelchCoherence(AbstractCoherence):
    """Average coherence over half-overlapping segments under a Hann window.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.
    segment
        Length of a segment, s.

    References
    ----------
    Welch PD (1967), IEEE Transactions on Audio and Electroacoustics 15:70, doi:10.1109/TAU.1967.1161901
    """

    title: ClassVar[str] = "coherence (Welch)"
    papers: ClassVar[tuple[str, ...]] = ("welch1967",)
    min_units: ClassVar[int] = 8
    overlap: ClassVar[float] = 0.5

    def tapers(self, size: int) -> Floats:
        """Return the Hann window.

        Parameters
        ----------
        size
            Samples in a segment.

        Returns
        -------
        Floats
            Shape (1, size).
        """
        window: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
        return window[None]


@dataclass(frozen=True, slots=True)
class MultitaperCoherence(AbstractCoherence):
    """Average coherence over segments, each under several orthogonal tapers.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.
    segment
        Length of a segment, s.
    half_bandwidth
        Half the width over which a frequency is averaged, in units of 1 / segment.

    References
    ----------
    Thomson DJ (1982), Proceedings of the IEEE 70:1055, doi:10.1109/PROC.1982.12433
    """

    half_bandwidth: float = 2.0

    title: ClassVar[str] = "multitaper coherence"
    papers: ClassVar[tuple[str, ...]] = ("thomson1982",)
    min_units: ClassVar[int] = 4
    overlap: ClassVar[float] = 0.0

    def tapers(self, size: int) -> Floats:
        """Return the discrete prolate sequences that leak least, 2 half_bandwidth - 1 of them.

        Parameters
        ----------
        size
            Samples in a segment.

        Returns
        -------
        Floats
            Shape (tapers, size).
        """
        from scipy.signal.windows import dpss

        sequences: Floats = dpss(size, self.half_bandwidth, max(1, round(2 * self.half_bandwidth) - 1))
        return sequences
