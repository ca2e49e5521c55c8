"""Wavelet coherence: where in time and at which frequency two series swing alike, averaged over a band.

Coefficients are computed only as often in time as the shortest wavelet of the band needs. That is exact: each is the coefficient of
the full transform at its time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.measures.band import AbstractBandMeasure, Complexes
from coregulation.coupling.series_measure import ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.coupling.series_tools import away_from_gaps, bridged
from coregulation.signals import Bools, Floats

OMEGA = 6.0  # swings of the wavelet, in radians per scale (Morlet; Torrence & Compo 1998)
CONE = math.sqrt(2.0)  # scales from an edge at which its effect has fallen by e in power
VOICES = 12  # scales per octave
SMOOTHED = 3  # scales either way in the mean over 0.6 octaves
REACH = 4.5  # radians per scale from the middle of a wavelet's spectrum: beyond it, less than 1e-4 of the amplitude
STEP = 0.75  # scales from one coefficient to the next: what |W|² aliases at that step is below 1e-7


@dataclass(frozen=True, slots=True)
class WaveletCoherence(AbstractBandMeasure):
    """Average squared wavelet coherence over a band, outside the cone of influence of ends and gaps.

    Spectra are smoothed by a Gaussian of one scale in time and over 0.6 octaves, as published.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.

    References
    ----------
    Grinsted A, Moore JC, Jevrejeva S (2004), Nonlinear Processes in Geophysics 11:561, doi:10.5194/npg-11-561-2004
    """

    title: ClassVar[str] = "wavelet coherence"
    papers: ClassVar[tuple[str, ...]] = ("grinsted2004",)
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("mean squared wavelet coherence"),)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.CYCLES
    min_units: ClassVar[int] = 5

    @property
    def scales(self) -> Floats:
        """Scales from the longest to the shortest, s; so many beyond either end of the band as are smoothed."""
        count = max(1, round(VOICES * math.log2(self.high / self.low)))
        steps = np.arange(-SMOOTHED, count + SMOOTHED + 1) / count
        frequencies = self.low * (self.high / self.low) ** steps
        scales: Floats = (OMEGA + math.sqrt(2 + OMEGA**2)) / (4 * math.pi * frequencies)
        return scales

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the swings of the band's lowest frequency outside the cone of influence.

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
        longest = self.scales[SMOOTHED]
        return int(away_from_gaps(valid, math.ceil(CONE * longest * rate)).sum() / rate * self.low + 1e-9)

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's coefficients.

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
            To the mean squared coherence of the band.
        """
        grid = WaveletGrid.of(len(x), rate, self.scales)
        counted = np.array([away_from_gaps(valid, math.ceil(CONE * s * rate))[:: grid.hop] for s in self.scales])
        inside = counted[SMOOTHED:-SMOOTHED]
        own = grid.coefficients(bridged(x[None], valid))
        power = grid.smoothed(np.abs(own) ** 2).real

        def compare(values: Floats) -> Floats:
            other = grid.coefficients(bridged(values, valid))
            cross = grid.smoothed(own * other.conj())
            both = power * grid.smoothed(np.abs(other) ** 2).real
            with np.errstate(invalid="ignore", divide="ignore"):
                coherence = np.where(both > 0, np.abs(cross) ** 2 / both, np.nan)[:, :, : inside.shape[1]]
            mean: Floats = (np.where(inside, coherence, 0.0)).sum(axis=(1, 2)) / inside.sum()
            return mean[:, None]

        return compare


@dataclass(frozen=True, slots=True, eq=False)
class WaveletGrid:
    """The times and scales of a transform.

    Parameters
    ----------
    hop
        From one coefficient to the next, samples.
    count
        Number of times, with what pads the series.
    weights
        The wavelet's spectrum at each scale, shape (scales, 2 count).
    smoothing
        Of a mean in time at each scale, by frequency, shape (scales, count).
    """

    hop: int
    count: int
    weights: Floats
    smoothing: Floats

    @classmethod
    def of(cls, samples: int, rate: float, scales: Floats) -> WaveletGrid:
        """Choose the times for a series.

        Parameters
        ----------
        samples
            Of the series.
        rate
            Hz.
        scales
            S, the shortest last.

        Returns
        -------
        WaveletGrid
            Long enough that the end of a series does not reach round to its beginning.
        """
        from scipy import fft

        hop = max(1, math.floor(STEP * scales[-1] * rate))
        count = int(fft.next_fast_len(math.ceil((samples + 6 * scales[0] * rate) / hop)))
        omega = 2 * np.pi * np.arange(2 * count) * rate / (hop * count)
        away = scales[:, None] * omega - OMEGA
        weights = np.where(np.abs(away) < REACH, np.exp(-0.5 * away**2), 0.0)
        slow = 2 * np.pi * fft.fftfreq(count, hop / rate)
        return cls(hop, count, weights, np.exp(-0.5 * (scales[:, None] * slow) ** 2))

    def coefficients(self, values: Floats) -> Complexes:
        """Transform series.

        Parameters
        ----------
        values
            Shape (k, samples), without missing values.

        Returns
        -------
        ndarray of complex
            Shape (k, scales, count).
        """
        from scipy import fft

        size = self.hop * self.count
        spectrum = fft.rfft(values, size, axis=1)[:, : 2 * self.count]
        short = 2 * self.count - spectrum.shape[1]
        spectrum = np.pad(spectrum, ((0, 0), (0, short))) if short else spectrum
        folded = (
            (spectrum[:, None, :] * self.weights).reshape(len(values), len(self.weights), 2, self.count).sum(axis=2)
        )
        coefficients: Complexes = fft.ifft(folded, axis=2) / self.hop
        return coefficients

    def smoothed(self, values: Floats | Complexes) -> Complexes:
        """Smooth in time over one scale and over 0.6 octaves of scales.

        Parameters
        ----------
        values
            Shape (k, scales, count).

        Returns
        -------
        ndarray of complex
            Shape (k, scales - 6, count).
        """
        from scipy import fft

        in_time = fft.ifft(fft.fft(values, axis=2) * self.smoothing, axis=2)
        total = np.cumsum(np.concatenate([np.zeros_like(in_time[:, :1]), in_time], axis=1), axis=1)
        width = 2 * SMOOTHED + 1
        means: Complexes = (total[:, width:] - total[:, :-width]) / width
        return means
