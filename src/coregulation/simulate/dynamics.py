"""One person's own dynamics, as random series: what a null about two people must survive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Floats


class OwnDynamics(Protocol):
    """A law from which independent series are drawn."""

    def draw(self, rng: np.random.Generator, series: int, n: int, rate: float) -> Floats:
        """Draw independent series.

        Parameters
        ----------
        rng
            Random numbers.
        series
            How many.
        n
            Samples of each.
        rate
            Samples per second, in Hz.

        Returns
        -------
        ndarray, shape (series, n)
            In standard deviations of the slow part.
        """
        ...


@dataclass(frozen=True, slots=True)
class HeartRateLike:
    """A slow wander, a stochastic oscillation near .1 Hz and white noise.

    Parameters
    ----------
    tau
        Time constant of the wander (an Ornstein–Uhlenbeck process of unit variance), in s.
    frequency
        Centre of the oscillation (a resonant AR(2) process), in Hz.
    bandwidth
        Its half width, in Hz.
    oscillation
        Its standard deviation in units of the wander's.
    noise
        That of the white noise.
    """

    tau: float = 12.0
    frequency: float = 0.1
    bandwidth: float = 0.02
    oscillation: float = 0.6
    noise: float = 0.2

    def __post_init__(self) -> None:
        if not (self.tau > 0 and self.frequency > 0 and self.bandwidth > 0):
            raise UsageError(
                "tau, frequency and bandwidth must be positive; {came:and} came.",
                came=(self.tau, self.frequency, self.bandwidth),
            )

    def draw(self, rng: np.random.Generator, series: int, n: int, rate: float) -> Floats:
        """Draw independent series, stationary from the first sample.

        Parameters
        ----------
        rng
            Random numbers.
        series
            How many.
        n
            Samples of each.
        rate
            Samples per second, in Hz.

        Returns
        -------
        ndarray, shape (series, n)
            In standard deviations of the wander.

        Raises
        ------
        UsageError
            If the rate is at most twice the frequency of the oscillation.
        """
        if rate <= 2 * self.frequency:
            raise UsageError(
                "An oscillation of {frequency:g} Hz needs more than {needed:g} Hz; {rate:g} came.",
                frequency=self.frequency,
                needed=2 * self.frequency,
                rate=rate,
            )
        white = self.noise * rng.standard_normal((series, n))
        return self._wander(rng, series, n, rate) + self._wave(rng, series, n, rate) + white

    def _wander(self, rng: np.random.Generator, series: int, n: int, rate: float) -> Floats:
        decay = math.exp(-1 / (rate * self.tau))
        pushes = rng.standard_normal((series, n))
        pushes[:, 1:] *= math.sqrt(1 - decay * decay)
        return _recursion((1.0, -decay), pushes)

    def _wave(self, rng: np.random.Generator, series: int, n: int, rate: float) -> Floats:
        radius = math.exp(-2 * math.pi * self.bandwidth / rate)
        first, second = 2 * radius * math.cos(2 * math.pi * self.frequency / rate), -radius * radius
        variance = (1 - second) / ((1 + second) * ((1 - second) ** 2 - first**2))
        settling = math.ceil(8 * rate / (2 * math.pi * self.bandwidth))
        wave = _recursion((1.0, -first, -second), rng.standard_normal((series, settling + n)))
        return self.oscillation / math.sqrt(variance) * wave[:, settling:]


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """Noise of unit variance whose power falls as frequency to the minus `exponent`, made in the spectrum.

    Parameters
    ----------
    exponent
        0 is white noise, 1 is "1/f", 2 a random walk.

    References
    ----------
    Theiler J et al. (1992), Physica D 58:77, doi:10.1016/0167-2789(92)90102-S
    """

    exponent: float = 1.0

    def draw(self, rng: np.random.Generator, series: int, n: int, rate: float) -> Floats:
        """Draw independent series: the middle part of a period four times as long, so that ends do not meet.

        Parameters
        ----------
        rng
            Random numbers.
        series
            How many.
        n
            Samples of each.
        rate
            Samples per second, in Hz.

        Returns
        -------
        ndarray, shape (series, n)
            Of unit variance over the long period.
        """
        period = 4 * n
        frequency = np.fft.rfftfreq(period)
        gain = np.concatenate(([0.0], frequency[1:] ** (-self.exponent / 2)))
        gain /= math.sqrt(2 * float((gain[1:] ** 2).sum()) / period)
        spectrum = np.fft.rfft(rng.standard_normal((series, period))) * gain
        values: Floats = np.fft.irfft(spectrum, period)[:, :n]
        return values


def _recursion(denominator: tuple[float, ...], pushes: Floats) -> Floats:
    from scipy.signal import lfilter

    values: Floats = lfilter([1.0], denominator, pushes, axis=1)
    return values
