"""Surrogates: what each one's own dynamics would give without the other.

Each null is a value that says which question it answers. All of these keep a person's own dynamics and destroy the timing
between two people, so they answer "beyond each one's own dynamics" and nothing more: a shared event links two people beyond
these nulls too (SCIENCE.md B.18). Pseudo-dyads, which answer "beyond the scripted input", are in `pseudo`.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.signals import Floats, Ints


@dataclass(frozen=True, slots=True)
class AbstractSurrogate(abc.ABC):
    """A way to redraw the second series of a pair so that only the timing between the two is lost."""

    @abc.abstractmethod
    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Return `count` redrawn series, shape (count, n), from one of shape (n,) with NaN where missing."""

    @property
    @abc.abstractmethod
    def title(self) -> str:
        """The name as a methods section has it."""


@dataclass(frozen=True, slots=True)
class CircularShift(AbstractSurrogate):
    """Turn one series against the other by at least `least` s, its end following its beginning.

    Keeps everything of each series but the timing between them. The windows over the seam are left out.
    """

    least: float = 20.0

    def __post_init__(self) -> None:
        if self.least < 0:
            raise UsageError(f"The least shift cannot be negative; {self.least} s came.")

    @property
    def title(self) -> str:
        """Return the name as a methods section has it."""
        return "circular shift"

    def shifts(self, length: int, rate: float, step: int) -> Ints:
        """Return every allowed shift of a series of `length` samples: multiples of `step` samples."""
        least = math.ceil(self.least * rate)
        every = np.arange(0, length, step)
        return every[(every >= least) & (length - every >= least)]

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Return `count` redrawn series."""
        allowed = self.shifts(len(values), rate, 1)
        if len(allowed) == 0:
            raise DataError(f"{len(values) / rate:g} s are too short to be shifted by {self.least:g} s either way.")
        turned = np.arange(len(values)) - rng.choice(allowed, count)[:, None]
        drawn: Floats = values[turned % len(values)]
        return drawn


@dataclass(frozen=True, slots=True)
class SegmentShuffle(AbstractSurrogate):
    """Cut one series into segments of `length` s and put them in another order; the rest at the end stays.

    Keeps what happens within a segment (Tschacher & Meier 2020 use the same idea between segments).
    """

    length: float = 30.0

    @property
    def title(self) -> str:
        """Return the name as a methods section has it."""
        return "segment shuffle"

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Return `count` redrawn series."""
        size = max(1, round(self.length * rate))
        pieces = len(values) // size
        if pieces < 4:
            raise DataError(f"Shuffling needs at least 4 segments of {self.length:g} s; {pieces} came.")
        out = np.tile(values, (count, 1))
        segments = values[: pieces * size].reshape(pieces, size)
        order = rng.permuted(np.tile(np.arange(pieces), (count, 1)), axis=1)
        out[:, : pieces * size] = segments[order].reshape(count, -1)
        return out


@dataclass(frozen=True, slots=True)
class PhaseRandomised(AbstractSurrogate):
    """Give every frequency a random phase (Theiler et al. 1992): keeps the spectrum of a stationary Gaussian series."""

    @property
    def title(self) -> str:
        """Return the name as a methods section has it."""
        return "phase randomisation (FT)"

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Return `count` redrawn series."""
        full, missing = _filled(values)
        spectrum = np.fft.rfft(full - full.mean())
        phase = rng.uniform(0, 2 * np.pi, (count, len(spectrum)))
        turned = np.abs(spectrum) * np.exp(1j * phase)
        if len(full) % 2 == 0:
            turned[:, -1] = spectrum[-1]
        return np.where(missing, np.nan, np.fft.irfft(turned, len(full)))


@dataclass(frozen=True, slots=True)
class AmplitudeAdjusted(AbstractSurrogate):
    """Iterate between the spectrum and the values (IAAFT; Schreiber & Schmitz 1996, 2000): keeps both."""

    iterations: int = 30

    @property
    def title(self) -> str:
        """Return the name as a methods section has it."""
        return "amplitude-adjusted phase randomisation (IAAFT)"

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Return `count` redrawn series."""
        full, missing = _filled(values)
        ranked, magnitude = np.sort(full), np.abs(np.fft.rfft(full))
        out = rng.permuted(np.tile(full, (count, 1)), axis=1)
        for _ in range(self.iterations):
            spectrum = np.fft.rfft(out)
            angle = spectrum / np.maximum(np.abs(spectrum), 1e-300)
            out = ranked[np.fft.irfft(magnitude * angle, len(full)).argsort(axis=1).argsort(axis=1)]
        return np.where(missing, np.nan, out)


def _filled(values: Floats) -> tuple[Floats, np.ndarray]:
    """Return the series with gaps bridged, for its spectrum alone, and where they were."""
    missing = ~np.isfinite(values)
    if missing.mean() > 0.2:
        raise DataError(f"A spectrum needs 80 % of the samples; {1 - missing.mean():.0%} are there.")
    index = np.arange(len(values))
    return np.interp(index, index[~missing], values[~missing]), missing
