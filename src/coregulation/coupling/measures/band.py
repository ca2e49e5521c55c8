"""What measures of one frequency band share: the band of a signal's plan, and analytic signals inside it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.series_measure import AbstractSeriesMeasure, SeriesScale
from coregulation.coupling.series_tools import bridged
from coregulation.reasons import Reason, because
from coregulation.signals import Bools, Floats

Complexes = npt.NDArray[np.complex128]

EDGE = 0.2  # of either end of a band: over so much outside it a filter falls to nothing


@dataclass(frozen=True, slots=True)
class AbstractBandMeasure(AbstractSeriesMeasure):
    """A measure of what two series do in one frequency band.

    Parameters
    ----------
    low, high
        Ends of the band, Hz.
    """

    low: float = 0.05
    high: float = 0.15

    @property
    def centre(self) -> float:
        """Middle of the band on a scale of octaves, Hz."""
        return float(np.sqrt(self.low * self.high))

    def fitted_to(self, scale: SeriesScale) -> Self:
        """Make the measure for a signal's time scale.

        Parameters
        ----------
        scale
            Of the signal's plan.

        Returns
        -------
        AbstractBandMeasure
            With the band in which signals of this plan are compared.
        """
        low, high = scale.swings
        return dataclasses.replace(self, low=low, high=high)

    def why_too_short(self, valid: Bools, rate: float) -> Reason | None:
        """Say why there is too little data, or the rate is too slow.

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
        if rate <= 2 * self.high:
            return because(LinkageRefusal.RATE_TOO_SLOW, rate=rate, needed=2 * self.high)
        return AbstractSeriesMeasure.why_too_short(self, valid, rate)


def analytic(values: Floats, valid: Bools, rate: float, low: float, high: float) -> Complexes:
    """Filter series to a band and add their quadrature (Gabor), by one Fourier transform.

    Parameters
    ----------
    values
        Shape (k, samples).
    valid
        Shape (samples,); gaps are bridged by straight lines.
    rate
        Hz.
    low, high
        Ends of the band, Hz; the filter falls to nothing over a fifth of either outside it.

    Returns
    -------
    ndarray of complex
        Shape (k, samples).
    """
    from scipy import fft

    n = values.shape[1]
    size = fft.next_fast_len(n)
    spectrum = fft.fft(bridged(values, valid), size, axis=1)
    weights = 2.0 * band_weights(fft.fftfreq(size, 1 / rate), low, high)
    filtered: Complexes = fft.ifft(spectrum * weights, axis=1)[:, :n]
    return filtered


def band_weights(frequencies: Floats, low: float, high: float) -> Floats:
    """Weigh frequencies by a band with raised-cosine edges.

    Parameters
    ----------
    frequencies
        Hz; negative ones have no weight.
    low, high
        Ends of the band, Hz.

    Returns
    -------
    Floats
        1 inside the band, 0 far outside, the same shape.
    """
    below = np.clip((frequencies - low * (1 - EDGE)) / (low * EDGE), 0.0, 1.0)
    above = np.clip((high * (1 + EDGE) - frequencies) / (high * EDGE), 0.0, 1.0)
    weights: Floats = 0.25 * (1 - np.cos(np.pi * below)) * (1 - np.cos(np.pi * above))
    return weights
