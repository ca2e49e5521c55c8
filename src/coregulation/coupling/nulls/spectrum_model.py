"""Surrogates of a series with gaps: drawn from a Gaussian model of what was observed, with the same samples missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.nulls.surrogates import AbstractSurrogate, straight_line
from coregulation.errors import DataError
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class SpectrumModel(AbstractSurrogate):
    """Draw a stationary Gaussian series with the autocovariance of the observed stretches, and blank what was missing.

    A surrogate has the gaps of the recording, at the same times. So it has as many windows as the recording at every lag, which
    no shift has where two people's gaps differ.

    Parameters
    ----------
    memory
        Longest lag of the autocovariance, s; it is tapered to 0 (Parzen's window).

    References
    ----------
    Parzen E (1963), Sankhyā A 25:383 (autocovariance with missing observations)
    Dietrich CR, Newsam GN (1997), SIAM Journal on Scientific Computing 18:1088, doi:10.1137/S1064827592240555
    """

    memory: float = 120.0

    title: ClassVar[str] = "Gaussian model"
    description: ClassVar[str] = (
        "series drawn from a Gaussian model of each person's observed stretches, with the same gaps"
    )
    keeps: ClassVar[str] = "the spectrum (smoothed), and every gap"
    destroys: ClassVar[str] = "timing, and everything that is not in a spectrum"
    papers: ClassVar[tuple[str, ...]] = ("parzen1963", "dietrich1997")

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Redraw a series.

        Parameters
        ----------
        values
            Shape (samples,); NaN where missing.
        rate
            Hz.
        count
            Number of surrogates.
        rng
            Source of the draws.

        Returns
        -------
        Floats
            Shape (count, samples), NaN where `values` is.

        Raises
        ------
        DataError
            If fewer than two samples are valid.
        """
        present = np.isfinite(values)
        if present.sum() < 2:
            raise DataError("A model needs at least two valid samples; {count} came.", count=int(present.sum()))
        line = straight_line(values)
        power = self._spectrum(np.where(present, values - line, 0.0), present, rate)
        shape = (len(power), count)  # by frequency first, so that two signals of one person are redrawn alike
        normal = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).T
        normal[:, [0, -1]] *= np.sqrt(2.0)  # only their real part counts
        drawn = np.fft.irfft(normal * np.sqrt(power * len(values)), 2 * len(values))[:, : len(values)]
        return np.where(present, line + drawn, np.nan)

    def _spectrum(self, values: Floats, present: np.ndarray, rate: float) -> Floats:
        """Return the power at each frequency of a circle of twice the length; what the taper makes negative is 0."""
        n = len(values)
        products, pairs = (_autocorrelation(series) for series in (values, present.astype(np.float64)))
        longest = max(1, min(round(self.memory * rate), n - 1))
        lags = np.arange(longest + 1)
        counts = np.rint(pairs[: longest + 1])  # at a lag without any pair the autocovariance is taken as 0
        covariance = np.where(counts > 0, products[: longest + 1] / np.maximum(counts, 1.0), 0.0)
        circle = np.zeros(2 * n)
        circle[: longest + 1] = covariance * _parzen(lags / longest)
        circle[2 * n - longest :] = circle[1 : longest + 1][::-1]
        return np.maximum(np.fft.rfft(circle).real, 0.0)


def _autocorrelation(values: Floats) -> Floats:
    power = np.abs(np.fft.rfft(values, 2 * len(values))) ** 2
    sums: Floats = np.fft.irfft(power, 2 * len(values))[: len(values)]
    return sums


def _parzen(share: Floats) -> Floats:
    inner, outer = 1 - 6 * share**2 + 6 * share**3, 2 * (1 - share) ** 3
    return np.where(share <= 0.5, inner, outer)
