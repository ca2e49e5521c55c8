"""Surrogates: what two people's own dynamics would give without the other.

Each keeps a person's own dynamics and undoes the timing between two people, so it answers "beyond own dynamics" and nothing more:
a shared event links two people beyond these nulls too. Pseudo-dyads, which answer "beyond the scripted input", are in
`pseudo_dyads`.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.comparison import NullProfiles, PairComparison
from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.coupling.shift_table import choose_shifts
from coregulation.coupling.surface import join_sums, stack_sums
from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats, Ints, Signal

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

    def profiles(
        self,
        comparison: PairComparison,
        count: int,
        rng: np.random.Generator,
        first: np.random.Generator | None = None,
    ) -> NullProfiles:
        """Compute the sums over windows of a pair's surrogates.

        Each segment and each batch of surrogates has a generator of its own, spawned in order: signals of one person that are
        redrawn from the same generator are redrawn alike, and so are all pairs of a person.

        Parameters
        ----------
        comparison
            The pair.
        count
            Number of surrogates at most.
        rng
            Source of the draws of the second person.
        first
            Source of the draws of the first person; None: the first person's series stays as it is.

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
            second = self._redrawn([segment.y for segment in comparison.segments], size, rng)
            other = None if first is None else self._redrawn([s.x for s in comparison.segments], size, first)
            sums.append(comparison.redrawn_sums(second, other))
        return NullProfiles(comparison.observed, join_sums(sums))

    def _redrawn(self, signals: Sequence[Signal], count: int, rng: np.random.Generator) -> list[Floats]:
        sources = rng.spawn(len(signals))
        return [self._redrawn_segment(s, count, source) for s, source in zip(signals, sources, strict=True)]

    def _redrawn_segment(self, signal: Signal, count: int, rng: np.random.Generator) -> Floats:
        if (
            np.isfinite(signal.values).sum() < 2
        ):  # such as a guided block that is left out: no window there, and nothing to move
            return np.full((count, len(signal.values)), np.nan)
        return self.draw(signal.values, signal.rate, count, rng)


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

    References
    ----------
    Moulder, R. G. et al. (2018), Psychol Methods 23:757, doi:10.1037/met0000172 (there: data sliding)
    """

    least: float = 20.0

    papers: ClassVar[tuple[str, ...]] = ("moulder2018",)
    title: ClassVar[str] = "circular shift"
    description: ClassVar[str] = "circular shifts of one person's series by at least {least:g} s"
    keeps: ClassVar[str] = "everything of each series, but for one seam"
    destroys: ClassVar[str] = "the timing between two"

    def __post_init__(self) -> None:
        if self.least < 0:
            raise UsageError("The least shift cannot be negative; {least} s came.", least=self.least)

    def shifts(self, length: int, rate: float, step: int, apart: float = 0.0) -> Ints:
        """List the allowed shifts.

        Parameters
        ----------
        length
            Of the series, samples.
        rate
            Hz.
        step
            Shifts are multiples of this many samples.
        apart
            Smallest distance from one shift to the next, s.

        Returns
        -------
        Ints
            Shifts in samples, ascending, at least `least` s from no shift either way round the circle; the same ones whichever
            way the circle is turned.
        """
        if length == 0:
            return np.empty(0, np.int64)
        least = -(-math.ceil(self.least * rate) // step) * step
        stride = max(1, -(-math.ceil(apart * rate) // step)) * step
        near = np.arange(least, length // 2 + 1, stride)
        near = near[(near > 0) | (least == 0)]
        below = near[length - 2 * near >= stride]
        middle = near[length - 2 * near == 0]
        far = (length - below)[::-1]
        return np.concatenate([below, middle, far[far < length]]).astype(np.int64)

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

    def profiles(
        self,
        comparison: PairComparison,
        count: int,
        rng: np.random.Generator,
        first: np.random.Generator | None = None,
    ) -> NullProfiles:
        """Compute the sums at `count` of a pair's places (`choose_shifts`), or at all where there are no more.

        Two places are so far apart that no lag of one is a lag of the other. The statistic changes slowly from one shift to the
        next; with every shift counted, the data would stand for a whole neighbourhood of shifts that are left out, and small
        p-values would be too small.

        Parameters
        ----------
        comparison
            The pair.
        count
            Number of surrogates at most.
        rng
            Source of the draws.
        first
            Unused: turning both is turning one.

        Returns
        -------
        NullProfiles
            Without any surrogate where a segment is too short.
        """
        table = comparison.shift_table
        allowed = self.places(comparison)
        if not allowed or min(len(shifts) for shifts in allowed) == 0:
            return NullProfiles(table.observed, stack_sums([], len(table.lags)))
        return NullProfiles(table.observed, table.shifted(choose_shifts(allowed, count, rng)))

    def places(self, comparison: PairComparison) -> list[Ints]:
        """List the shifts of each segment whose ranges of lags do not overlap.

        Parameters
        ----------
        comparison
            The pair.

        Returns
        -------
        list
            For each segment, in samples, ascending.
        """
        table = comparison.shift_table
        apart = (2 * int(table.lags[-1]) + 1) / table.rate
        wider = CircularShift(max(self.least, apart))
        return [wider.shifts(length, table.rate, table.step, apart) for length in table.lengths]


@dataclass(frozen=True, slots=True)
class SegmentShuffle(AbstractSurrogate):
    """Cut one series into segments and put them in another order; the rest at the end stays.

    Tschacher & Meier (2020) use the same idea between segments.

    Parameters
    ----------
    length
        Of a segment, s.

    References
    ----------
    Moulder, R. G. et al. (2018), Psychol Methods 23:757, doi:10.1037/met0000172 (there: segment shuffling)
    """

    length: float = 30.0

    papers: ClassVar[tuple[str, ...]] = ("moulder2018",)
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
    """Give every frequency a random phase: keeps the spectrum of a stationary Gaussian series, and its straight line.

    Without the line taken out first, the step from a series' end to its beginning would be part of its spectrum.

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
        line = straight_line(full)
        spectrum = np.fft.rfft(full - line)
        phase = rng.uniform(0, 2 * np.pi, (len(spectrum), count)).T  # by frequency first: see `profiles`
        turned = np.abs(spectrum) * np.exp(1j * phase)
        if len(full) % 2 == 0:
            turned[:, -1] = spectrum[-1]
        return np.where(missing, np.nan, line + np.fft.irfft(turned, len(full)))


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


def straight_line(values: Floats) -> Floats:
    """Fit a straight line to the values that are there.

    Parameters
    ----------
    values
        Shape (samples,); NaN where missing.

    Returns
    -------
    Floats
        The line at every sample, shape (samples,); 0 where fewer than two values are there.
    """
    at = np.flatnonzero(np.isfinite(values))
    if len(at) < 2:
        return np.zeros(len(values))
    slope, level = np.polyfit(at - at.mean(), values[at], 1)
    line: Floats = level + slope * (np.arange(len(values)) - at.mean())
    return line


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
