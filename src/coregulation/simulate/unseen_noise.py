"""Noise of the unseen laws: wanders at rest and inputs that both get, of colours that neither the zoo nor the fresh laws have."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from coregulation.signals import Floats
from coregulation.simulate.unseen_pair import RATE

_LEAD = 200  # samples that a filter needs to settle

Wander = Callable[[int, np.random.Generator], Floats]


def power_law_noise(exponent: float, n: int, rng: np.random.Generator) -> Floats:
    """Draw noise whose power falls as a power of frequency.

    Parameters
    ----------
    exponent
        How steeply; 0 is white, 1 is 1/f.
    n
        Samples at `RATE`.
    rng
        Random numbers.

    Returns
    -------
    ndarray, shape (n,)
        Of zero mean and unit variance; nothing below 1/600 Hz.
    """
    frequency = np.fft.rfftfreq(n, 1 / RATE)
    height = np.where(frequency > 1 / 600, np.maximum(frequency, 1 / 600) ** (-exponent / 2), 0.0)
    parts = rng.standard_normal(len(height)) + 1j * rng.standard_normal(len(height))
    return _unit(np.fft.irfft(height * parts, n))


def switching(shortest: float, longest: float, n: int, rng: np.random.Generator, levels: int = 2) -> Floats:
    """Draw levels that last for a while and change at once.

    Parameters
    ----------
    shortest, longest
        How long a level lasts, s.
    n
        Samples at `RATE`.
    rng
        Random numbers.
    levels
        How many there are; they are evenly spaced.

    Returns
    -------
    ndarray, shape (n,)
        Of zero mean and unit variance, softened over two seconds.
    """
    lengths = np.round(rng.uniform(shortest, longest, round(n / RATE / shortest) + 2) * RATE).astype(int)
    heights = np.arange(len(lengths)) % 2 if levels == 2 else rng.integers(0, levels, len(lengths))
    steps = np.repeat(heights.astype(float), lengths)
    return _unit(low_pass(steps, 2.0)[:n])


def low_pass(values: Floats, tau: float) -> Floats:
    """Filter by a first-order low-pass.

    Parameters
    ----------
    values
        Shape (n,), at `RATE`.
    tau
        Time constant, s.

    Returns
    -------
    ndarray, shape (n,)
        It begins at the first value.
    """
    from scipy.signal import lfilter

    keep = math.exp(-1 / (tau * RATE))
    return np.asarray(lfilter([1 - keep], [1, -keep], values - values[0]) + values[0], float)


def _volatile(n: int, rng: np.random.Generator) -> Floats:
    """Draw noise whose size itself wanders over minutes, so that quiet and busy spells alternate."""
    size = np.exp(0.7 * power_law_noise(2.0, n, rng))
    return _unit(size * low_pass(rng.standard_normal(n + _LEAD), 6.0)[_LEAD:])


def _heavy(n: int, rng: np.random.Generator) -> Floats:
    """Draw pulses of either sign and of Laplace-distributed height that last some 10 s, one in twelve seconds."""
    shocks = np.where(rng.random(n + _LEAD) < 1 / (12 * RATE), rng.laplace(size=n + _LEAD), 0.0)
    return _unit(low_pass(low_pass(shocks, 5.0), 3.0)[_LEAD:])


WANDERS: Mapping[str, Wander] = MappingProxyType(
    {
        "steep": lambda n, rng: power_law_noise(1.5, n, rng),
        "shallow": lambda n, rng: power_law_noise(0.6, n, rng),
        "levels": lambda n, rng: switching(8.0, 60.0, n, rng, levels=5),
        "volatile": _volatile,
        "heavy": _heavy,
    }
)  # from the number of samples at `RATE` to noise of zero mean and unit variance


def _unit(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), float)
