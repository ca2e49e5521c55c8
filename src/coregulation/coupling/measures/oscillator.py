"""The coupled linear oscillator: acceleration from own and the partner's displacement and speed (published model).

Derivatives come from a local polynomial (GLLA). Embedding chosen in sample, as published, flatters the fit; the default is chosen
on data that the fit has not seen.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.measures.nested import partner_gain, whole_rows
from coregulation.coupling.measures.regression import detrended, distinct, regress
from coregulation.coupling.series_measure import AbstractSeriesMeasure, ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.coupling.series_tools import bridged, thin, thin_valid, thinning
from coregulation.errors import DataError, UsageError
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class Embedding:
    """How derivatives are taken.

    Parameters
    ----------
    tau
        From one sample that is used to the next, samples; at least 1.
    size
        Number of samples used; at least 3.

    Raises
    ------
    UsageError
        If either is smaller.
    """

    tau: int
    size: int

    def __post_init__(self) -> None:
        if self.tau < 1 or self.size < 3:
            raise UsageError(
                "An embedding needs tau ≥ 1 and size ≥ 3; {tau} and {size} came.", tau=self.tau, size=self.size
            )

    def derivatives(self, values: Floats, step: float = 1.0) -> Floats:
        """Estimate derivatives by local polynomials (GLLA).

        Parameters
        ----------
        values
            Shape (samples,).
        step
            From one sample to the next.

        Returns
        -------
        Floats
            Value, first and second derivative, shape (places, 3); NaN next to a gap.

        Raises
        ------
        DataError
            If there are too few samples.
        """
        reach = (self.size - 1) * self.tau
        if len(values) <= reach:
            raise DataError(
                "{samples:n value|values} are too few for an embedding over {needed}.",
                samples=len(values),
                needed=reach + 1,
            )
        where = np.arange(len(values) - reach)[:, None] + self.tau * np.arange(self.size)
        offsets = (np.arange(1, self.size + 1) - (self.size + 1) / 2) * self.tau * step
        powers = np.column_stack([offsets**i / math.factorial(i) for i in range(3)])
        return np.asarray(values[where] @ powers @ np.linalg.inv(powers.T @ powers), float)


@dataclass(frozen=True, slots=True)
class OscillatorTerms:
    """One partner's coefficients.

    Parameters
    ----------
    own, own_speed
        Of own displacement and speed.
    other, other_speed
        Of the other's.
    """

    own: float
    own_speed: float
    other: float
    other_speed: float

    @property
    def swings(self) -> bool:
        """Whether own displacement pulls back at all."""
        return self.own < 0

    @property
    def period(self) -> float:
        """Samples per swing, 2π/√|own|; a period only where `own` is negative (`swings`)."""
        return 2 * math.pi / math.sqrt(abs(self.own))


@dataclass(frozen=True, slots=True)
class OscillatorFit:
    """The fitted pair.

    Parameters
    ----------
    first, second
        Both partners' coefficients.
    embedding
        As chosen.
    r2, r2_uncoupled
        Adjusted R² with and without the partner's terms.
    """

    first: OscillatorTerms
    second: OscillatorTerms
    embedding: Embedding
    r2: float
    r2_uncoupled: float


@dataclass(frozen=True, slots=True)
class InSample:
    """The published choice: the embedding whose fit has the largest adjusted R² on the data it was fitted to."""

    def score(self, first: Floats, second: Floats, embedding: Embedding) -> float:
        """Return the adjusted R².

        Parameters
        ----------
        first
            Shape (steps,).
        second
            Shape (steps,).
        embedding
            How derivatives are taken.

        Returns
        -------
        float
            At most 1.
        """
        return regress(*_system(first, second, embedding)).r2


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Choose the embedding by prediction of stretches that the fit has not seen.

    R² of acceleration rises with smoothing whatever is true, since one embedding makes both sides; so each embedding's
    held-out error is taken relative to the acceleration it has to predict.

    Parameters
    ----------
    folds
        Number of contiguous stretches.
    """

    folds: int = 5

    def score(self, first: Floats, second: Floats, embedding: Embedding) -> float:
        """Return the share of acceleration predicted in stretches held out with a margin of the embedding's reach.

        Parameters
        ----------
        first
            Shape (steps,).
        second
            Shape (steps,).
        embedding
            How derivatives are taken.

        Returns
        -------
        float
            At most 1.
        """
        design, outcome = _system(first, second, embedding)
        half, margin = len(outcome) // 2, (embedding.size - 1) * embedding.tau
        place = np.tile(np.arange(half), 2)
        wrong = total = 0.0
        for start, end in itertools.pairwise(np.linspace(0, half, self.folds + 1).astype(int)):
            inside = (place >= start) & (place < end)
            away = (place < start - margin) | (place >= end + margin)
            fit = regress(design[away], outcome[away])
            wrong += float(np.nansum((outcome[inside] - design[inside] @ fit.coefficients) ** 2))
            total += float(np.nansum(outcome[inside] ** 2))
        return 1.0 - wrong / total


PUBLISHED = tuple(Embedding(tau, size) for size in (3, 4, 5) for tau in (4, 5))


@dataclass(frozen=True, slots=True)
class CoupledOscillator(AbstractSeriesMeasure):
    """Describe a pair by the coupled linear oscillator.

    Parameters
    ----------
    folds
        Stretches held out to choose the embedding that is described.
    spacing
        From one sample of the embedding that is tested to the next, s; it has five, so that no choice made on the data is in the
        test.

    References
    ----------
    Boker SM, Laurenceau JP (2006), Models for Intensive Longitudinal Data, 195, doi:10.1093/acprof:oso/9780195173444.003.0009
    """

    folds: int = 5
    spacing: float = 1.0

    title: ClassVar[str] = "coupled linear oscillator"
    papers: ClassVar[tuple[str, ...]] = ("boker2006", "butler2019")
    quantities: ClassVar[tuple[str, ...]] = (
        "period of the first, s",
        "period of the second, s",
        "adjusted R²",
        "adjusted R² without the partner",
    )
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("gain in R² of acceleration by the partner"),)
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NOT_STEADYING, ClaimLimit.NOT_CAUSE, ClaimLimit.MODEL)
    unit: ClassVar[DataUnit] = DataUnit.POINTS
    min_units: ClassVar[int] = 240

    def _embedding(self, rate: float) -> Embedding:
        return Embedding(max(1, round(self.spacing * rate)), 5)

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the places, of about 2 Hz, at which both people's derivatives are known.

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
        size = thinning(rate)
        return int(whole_rows(thin_valid(valid, size), 4 * self._embedding(rate / size).tau).sum())

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's derivatives.

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
            To the share of both people's acceleration that the partner explains beyond the own displacement and speed.
        """
        size = thinning(rate)
        embedding, kept = self._embedding(rate / size), thin_valid(valid, size)
        rows = whole_rows(kept, 4 * embedding.tau)[4 * embedding.tau :]

        def terms(values: Floats) -> tuple[Floats, Floats, Floats]:
            flat = bridged(thin(values, size), kept)
            places = np.array([embedding.derivatives(row)[rows] for row in flat])
            return places[:, :, :2], places[:, :, :2], places[:, :, 2]

        first = terms(x[None])
        return lambda values: partner_gain(first, terms(values))[:, None]

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Fit the model to a pair; a partner who does not swing has no period.

        Parameters
        ----------
        pair
            Two signals and their surface.

        Returns
        -------
        tuple of float
            One number for each of `quantities`.

        Raises
        ------
        DataError
            If the two are the same series, one is constant, or too little is valid.
        """
        fit = coupled_oscillator(pair.x.values, pair.y.values, choice=OutOfSample(self.folds))
        periods = [p.period / pair.x.rate if p.swings else math.nan for p in (fit.first, fit.second)]
        return *periods, fit.r2, fit.r2_uncoupled


def coupled_oscillator(
    first: Floats,
    second: Floats,
    embeddings: tuple[Embedding, ...] = PUBLISHED,
    choice: InSample | OutOfSample | None = None,
    close_gaps: bool = False,
) -> OscillatorFit:
    """Fit the coupled linear oscillator to one pair.

    Each series is detrended by a straight line. Written from the published formulas.

    Parameters
    ----------
    first, second
        One value per step, shape (steps,); NaN where missing.
    embeddings
        Those to choose from.
    choice
        How; out of sample unless stated.
    close_gaps
        As published, take missing rows out and join what is left as if no time had passed.

    Returns
    -------
    OscillatorFit
        Coefficients, embedding and adjusted R².

    Raises
    ------
    DataError
        If the two are the same series, one is constant, or too little is valid.

    References
    ----------
    Boker SM, Laurenceau JP (2006), Models for Intensive Longitudinal Data, 195, doi:10.1093/acprof:oso/9780195173444.003.0009
    Butler EA, Barnard KJ (2019), Psychosomatic Medicine 81:749, doi:10.1097/PSY.0000000000000703
    """
    distinct(first, second)
    a, b = detrended(first, second, close_gaps)
    rule = choice or OutOfSample()
    best = max(embeddings, key=lambda embedding: rule.score(a, b, embedding))
    design, outcome = _system(a, b, best)
    full, alone = regress(design, outcome), regress(design[:, [0, 1, 4, 5]], outcome)
    c = full.coefficients
    return OscillatorFit(OscillatorTerms(*c[:4]), OscillatorTerms(*c[4:]), best, full.r2, alone.r2)


def _system(first: Floats, second: Floats, embedding: Embedding) -> tuple[Floats, Floats]:
    """Return the design, shape (2n, 8), and the accelerations of both, shape (2n,)."""
    a, b = embedding.derivatives(first), embedding.derivatives(second)
    nothing = np.zeros((len(a), 4))
    top = np.hstack([a[:, :2], b[:, :2], nothing])
    bottom = np.hstack([nothing, b[:, :2], a[:, :2]])
    return np.vstack([top, bottom]), np.concatenate([a[:, 2], b[:, 2]])
