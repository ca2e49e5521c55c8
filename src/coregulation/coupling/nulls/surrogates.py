"""Surrogates: what two people's own dynamics would give without the other.

Each keeps a person's own dynamics and undoes the timing between two people, so it answers "beyond own dynamics" and nothing more:
a shared event links two people beyond these nulls too. Pseudo-dyads, which answer "beyond the scripted input", are in
`pseudo_dyads`.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.comparison import NullProfiles, PairComparison
from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.coupling.shift_table import choose_shifts
from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats, Ints

_AT_ONCE = 100  # surrogates held in memory together
_MAX_MISSING = 0.2  # share of samples: with more missing, no spectrum is estimated
_MIN_SEGMENTS = 4  # fewer give too few orders


@dataclass(frozen=True, slots=True)
class AbstractSurrogate(AbstractNull):
    """A way to redraw the second series of a pair so that only the timing between the two is lost."""

    question: ClassVar[NullQuestion] = NullQuestion.OWN_DYNAMICS

    @abc.abstractmethod
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
            Shape (count, samples).

        Raises
        ------
        DataError
            If the series is too short, or misses too much.
        """

    def profiles(self, comparison: PairComparison, count: int, rng: np.random.Generator) -> NullProfiles:
        """Compute the statistic of a pair's surrogates.

        Parameters
        ----------
        comparison
            The pair.
        count
            Number of surrogates at most.
        rng
            Source of the draws.

        Returns
        -------
        NullProfiles
            Without any surrogate where none can be drawn.

        Raises
        ------
        DataError
            If a segment is too short, or misses too much.
        """
        sums = []
        for begun in range(0, count, _AT_ONCE):
            size = min(_AT_ONCE, count - begun)
            draws = [self.draw(segment.y.values, comparison.rate, size, rng) for segment in comparison.segments]
            sums += comparison.redrawn_sums(draws)
        statistics = np.array([np.abs(s.mean).max() for s in sums])
        return NullProfiles(comparison.observed.mean, statistics, np.array([s.largest.max() for s in sums]))


@dataclass(frozen=True, slots=True)
class CircularShift(AbstractSurrogate):
    """Turn one series against the other, its end following its beginning.

    Parameters
    ----------
    least
        Smallest shift either way, s.

    Raises
    ------
    UsageError
        If it is negative.
    """

    least: float = 20.0

    title: ClassVar[str] = "circular shift"
    description: ClassVar[str] = "circular shifts of one person's series by at least {least:g} s"
    keeps: ClassVar[str] = "everything of each series, but for one seam"
    destroys: ClassVar[str] = "the timing between two"

    def __post_init__(self) -> None:
        if self.least < 0:
            raise UsageError("The least shift cannot be negative; {least} s came.", least=self.least)

    def shifts(self, length: int, rate: float, step: int) -> Ints:
        """List the allowed shifts.

        Parameters
        ----------
        length
            Of the series, samples.
        rate
            Hz.
        step
            Shifts are multiples of this many samples.

        Returns
        -------
        Ints
            Shifts in samples, ascending, at least `least` s from no shift either way round the circle.
        """
        least = math.ceil(self.least * rate)
        every = np.arange(0, length, step)
        return every[(every >= least) & (length - every >= least)]

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Redraw a series, shape (samples,), as `count` turned ones, shape (count, samples).

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
            Shape (count, samples).

        Raises
        ------
        DataError
            If the series is too short, or misses too much.
        """
        allowed = self.shifts(len(values), rate, 1)
        if len(allowed) == 0:
            raise DataError(
                "{seconds:g} s are too short to be shifted by {least:g} s either way.",
                seconds=len(values) / rate, least=self.least,
            )  # fmt: skip
        turned = np.arange(len(values)) - rng.choice(allowed, count)[:, None]
        drawn: Floats = values[turned % len(values)]
        return drawn

    def profiles(self, comparison: PairComparison, count: int, rng: np.random.Generator) -> NullProfiles:
        """Compute the statistic at `count` of a pair's shifts (`choose_shifts`), or at all where there are no more.

        No shift is shorter than twice the longest lag, so that no lag of a surrogate is near a lag of the data.

        Parameters
        ----------
        comparison
            The pair.
        count
            Number of surrogates at most.
        rng
            Source of the draws.

        Returns
        -------
        NullProfiles
            Without any surrogate where a segment is too short.
        """
        table = comparison.shift_table
        wider = CircularShift(max(self.least, 2 * int(table.lags[-1]) / table.rate))
        allowed = [wider.shifts(length, table.rate, table.step) for length in table.lengths]
        if not allowed or min(len(shifts) for shifts in allowed) == 0:
            return NullProfiles(table.profile, np.empty(0), np.empty(0))
        return NullProfiles(table.profile, *table.shifted(choose_shifts(allowed, count, rng)))


@dataclass(frozen=True, slots=True)
class SegmentShuffle(AbstractSurrogate):
    """Cut one series into segments and put them in another order; the rest at the end stays.

    Tschacher & Meier (2020) use the same idea between segments.

    Parameters
    ----------
    length
        Of a segment, s.
    """

    length: float = 30.0

    title: ClassVar[str] = "segment shuffle"
    description: ClassVar[str] = "segments of {length:g} s in another order"
    keeps: ClassVar[str] = "what happens within a segment (30 s)"
    destroys: ClassVar[str] = "timing and order"

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Redraw a series, shape (samples,), as `count` shuffled ones, shape (count, samples).

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
            Shape (count, samples).

        Raises
        ------
        DataError
            If the series is too short, or misses too much.
        """
        size = max(1, round(self.length * rate))
        pieces = len(values) // size
        if pieces < _MIN_SEGMENTS:
            raise DataError(
                "Shuffling needs at least {needed:n segment|segments} of {length:g} s; {pieces} came.",
                needed=_MIN_SEGMENTS, length=self.length, pieces=pieces,
            )  # fmt: skip
        out = np.tile(values, (count, 1))
        segments = values[: pieces * size].reshape(pieces, size)
        order = rng.permuted(np.tile(np.arange(pieces), (count, 1)), axis=1)
        out[:, : pieces * size] = segments[order].reshape(count, -1)
        return out


@dataclass(frozen=True, slots=True)
class PhaseRandomised(AbstractSurrogate):
    """Give every frequency a random phase: keeps the spectrum of a stationary Gaussian series.

    References
    ----------
    Theiler J et al. (1992), Physica D 58:77, doi:10.1016/0167-2789(92)90102-S
    """

    title: ClassVar[str] = "phase randomisation (FT)"
    description: ClassVar[str] = "phase-randomised series"
    keeps: ClassVar[str] = "the spectrum"
    destroys: ClassVar[str] = "timing, and everything that is not in a spectrum"
    papers: ClassVar[tuple[str, ...]] = ("theiler1992",)
    calibration_share: ClassVar[float] = 0.25

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Redraw a series, shape (samples,), as `count` of the same spectrum, shape (count, samples).

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
            Shape (count, samples).

        Raises
        ------
        DataError
            If the series is too short, or misses too much.
        """
        full, missing = _filled(values)
        spectrum = np.fft.rfft(full - full.mean())
        phase = rng.uniform(0, 2 * np.pi, (count, len(spectrum)))
        turned = np.abs(spectrum) * np.exp(1j * phase)
        if len(full) % 2 == 0:
            turned[:, -1] = spectrum[-1]
        return np.where(missing, np.nan, np.fft.irfft(turned, len(full)))


@dataclass(frozen=True, slots=True)
class AmplitudeAdjusted(AbstractSurrogate):
    """Iterate between the spectrum and the values (IAAFT): keeps both.

    Parameters
    ----------
    iterations
        Number of passes.

    References
    ----------
    Schreiber T, Schmitz A (2000), Physica D 142:346, doi:10.1016/S0167-2789(00)00043-9
    """

    iterations: int = 30

    title: ClassVar[str] = "amplitude-adjusted phase randomisation (IAAFT)"
    description: ClassVar[str] = "amplitude-adjusted phase-randomised series"
    keeps: ClassVar[str] = "spectrum and values (nearly)"
    destroys: ClassVar[str] = "timing, and everything that is not in a spectrum"
    papers: ClassVar[tuple[str, ...]] = ("schreiber2000",)
    calibration_share: ClassVar[float] = 0.02

    def draw(self, values: Floats, rate: float, count: int, rng: np.random.Generator) -> Floats:
        """Redraw a series, shape (samples,), as `count` of nearly the same spectrum, shape (count, samples).

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
            Shape (count, samples).

        Raises
        ------
        DataError
            If the series is too short, or misses too much.
        """
        full, missing = _filled(values)
        ranked, magnitude = np.sort(full), np.abs(np.fft.rfft(full))
        out = rng.permuted(np.tile(full, (count, 1)), axis=1)
        for _ in range(self.iterations):
            spectrum = np.fft.rfft(out)
            angle = spectrum / np.maximum(np.abs(spectrum), 1e-300)
            out = ranked[np.fft.irfft(magnitude * angle, len(full)).argsort(axis=1).argsort(axis=1)]
        return np.where(missing, np.nan, out)


def _filled(values: Floats) -> tuple[Floats, Bools]:
    """Return the series with gaps bridged, for its spectrum alone, and where they were."""
    missing = ~np.isfinite(values)
    if missing.mean() > _MAX_MISSING:
        raise DataError(
            "A spectrum needs {needed:.0%} of the samples; {valid:.0%} are valid.",
            needed=1 - _MAX_MISSING, valid=1 - missing.mean(),
        )  # fmt: skip
    index = np.arange(len(values))
    return np.interp(index, index[~missing], values[~missing]), missing
