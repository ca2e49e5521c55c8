"""Surrogates that are lively when the person was: many measures also answer two people who are restless at the same times."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, PhaseRandomised
from coregulation.coupling.series_tools import without_slow
from coregulation.signals import Floats

_LEAST = 1e-6  # of the series' own size: a stretch that hardly changes is not blown up


@dataclass(frozen=True, slots=True)
class AbstractLively(AbstractSurrogate):
    """Redraw a series that is divided by its local size, and multiply what is drawn by it again.

    A running mean is taken out first and stays: how a person settles over minutes is no timing, and not how lively the person is.

    Parameters
    ----------
    smoothing
        Width of the window (Hann) over which the local size is taken, s.
    slow
        Length of the running mean that stays, s.
    """

    smoothing: float = 15.0
    slow: float = 60.0

    papers: ClassVar[tuple[str, ...]] = ("theiler1992",)
    destroys: ClassVar[str] = "timing, and everything that is neither in a spectrum nor in the local size"

    @property
    @abc.abstractmethod
    def of(self) -> AbstractSurrogate:
        """How the divided series is redrawn."""

    @classmethod
    def for_window(cls, window: float) -> Self:
        """Make the null for a signal's time scale.

        Parameters
        ----------
        window
            Of the primary measure, s.

        Returns
        -------
        AbstractLively
            With the local size of half a window and a running mean over two.
        """
        return cls(window / 2, 2 * window)

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
            If the series is too short, or misses too much.
        """
        valid = np.isfinite(values)
        rest = np.where(valid, without_slow(values[None], valid, round(self.slow * rate / 2))[0], np.nan)
        size = local_size(rest, max(1, round(self.smoothing * rate)))
        return values - rest + size * self.of.draw(rest / size, rate, count, rng)


def local_size(values: Floats, width: int) -> Floats:
    """Compute the root mean square around each sample.

    Parameters
    ----------
    values
        Shape (samples,); NaN where missing.
    width
        Of the window (Hann), samples.

    Returns
    -------
    Floats
        Above 0, shape (samples,); 1 throughout for a series that is 0.
    """
    present = np.isfinite(values)
    window = np.hanning(width + 2)[1:-1]
    squares = np.where(present, values, 0.0) ** 2
    weights = np.convolve(present.astype(float), window, "full")
    sums = np.convolve(squares, window, "full")
    inside = slice((width - 1) // 2, (width - 1) // 2 + len(values))
    mean = sums[inside] / np.maximum(weights[inside], 1e-12)
    least = _LEAST * np.sqrt(squares.sum() / max(1, int(present.sum())))
    size: Floats = np.maximum(np.sqrt(mean), least) if least > 0 else np.ones(len(values))
    return size


@dataclass(frozen=True, slots=True)
class LivelyPhases(AbstractLively):
    """Randomise the phases of a series divided by its local size, and multiply by the size again.

    Parameters
    ----------
    smoothing
        Width of the window (Hann) over which the local size is taken, s.
    slow
        Length of the running mean that stays, s.

    References
    ----------
    Theiler J et al. (1992), Physica D 58:77, doi:10.1016/0167-2789(92)90102-S (there: without the local size)
    """

    title: ClassVar[str] = "phase randomisation, liveliness kept"
    description: ClassVar[str] = "phase-randomised series with the local size of each person's own"
    keeps: ClassVar[str] = "slow changes, the spectrum (nearly), and when the series is lively"
    calibration_share: ClassVar[float] = 0.1

    @property
    def of(self) -> AbstractSurrogate:
        """How the divided series is redrawn."""
        return PhaseRandomised()


@dataclass(frozen=True, slots=True)
class LivelyModel(AbstractLively):
    """Draw a series divided by its local size from a Gaussian model of its observed stretches, and multiply by the size again.

    Parameters
    ----------
    smoothing
        Width of the window (Hann) over which the local size is taken, s.
    slow
        Length of the running mean that stays, s.

    References
    ----------
    Theiler J et al. (1992), Physica D 58:77, doi:10.1016/0167-2789(92)90102-S (there: without gaps and the local size)
    """

    title: ClassVar[str] = "Gaussian model, liveliness kept"
    description: ClassVar[str] = (
        "series drawn from a Gaussian model, with the local size and the gaps of each person's own"
    )
    keeps: ClassVar[str] = "slow changes, the spectrum (smoothed), when the series is lively, and every gap"
    calibration_share: ClassVar[float] = 0.1

    @property
    def of(self) -> AbstractSurrogate:
        """How the divided series is redrawn."""
        return SpectrumModel()
