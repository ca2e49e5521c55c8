"""Inertia and coordination: how much of each partner follows from the own past and from the other's (published model).

A description of linkage, put beside the state space: it has no alone condition, no measurement noise and one lag, so it cannot
say who steadies whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.measures.nested import lagged, partner_gain, whole_rows
from coregulation.coupling.measures.regression import detrended, distinct, regress
from coregulation.coupling.series_measure import AbstractSeriesMeasure, ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.coupling.series_tools import bridged, thin, thin_valid, thinning
from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class PartnerFit:
    """One partner's coefficients.

    Parameters
    ----------
    intercept
        In the signal's unit.
    inertia
        Of the own past.
    coordination
        Of the other's past.
    """

    intercept: float
    inertia: float
    coordination: float


@dataclass(frozen=True, slots=True)
class InertiaFit:
    """The fitted model.

    Parameters
    ----------
    first, second
        Both partners' coefficients.
    r2_inertia, r2_coordination, r2
        Adjusted R² of inertia alone, of coordination alone and of both.
    lag
        In samples; negative where the present was regressed on the future.
    """

    first: PartnerFit
    second: PartnerFit
    r2_inertia: float
    r2_coordination: float
    r2: float
    lag: int


@dataclass(frozen=True, slots=True)
class InertiaLag:
    """Regress each partner on both partners' values a fixed number of samples ago.

    Parameters
    ----------
    lag
        Samples, at least 1.

    Raises
    ------
    UsageError
        If it is less than 1.
    """

    lag: int

    def __post_init__(self) -> None:
        if self.lag < 1:
            raise UsageError("A lag of at least one sample was expected; {lag} came.", lag=self.lag)

    def of(self, first: Floats, second: Floats) -> int:
        """Return the lag in samples.

        Parameters
        ----------
        first
            Shape (steps,).
        second
            Shape (steps,).

        Returns
        -------
        int
            Samples.
        """
        return self.lag


@dataclass(frozen=True, slots=True)
class AbsMaxCC:
    """The published choice: the lag of the largest |cross-correlation|, 0 counted as 1. For reproduction only.

    Warning: where the best lag is not negative this regresses the present on the FUTURE (50 of the 80 published example
    couples), which is no inertia and no coordination. Use `InertiaLag`.
    """

    def of(self, first: Floats, second: Floats) -> int:
        """Return the published lag: negative is the future.

        Parameters
        ----------
        first
            Shape (steps,).
        second
            Shape (steps,).

        Returns
        -------
        int
            Samples; negative is the future.
        """
        n = len(first)
        longest = int(np.floor(10 * np.log10(n / 2)))
        best = 0
        strength = -1.0
        a, b = first - first.mean(), second - second.mean()
        for lag in range(-longest, longest + 1):
            value = abs(float(a[max(0, lag) : n + min(0, lag)] @ b[max(0, -lag) : n - max(0, lag)]))
            if value > strength * (1 + 1e-12):
                best, strength = lag, value
        return -(best or 1)


@dataclass(frozen=True, slots=True)
class InertiaCoordination(AbstractSeriesMeasure):
    """Describe a pair by the inertia-coordination model at a fixed lag.

    Parameters
    ----------
    lag
        In s; at least one sample is used.

    References
    ----------
    Butler EA, Barnard KJ (2019), Psychosomatic Medicine 81:749, doi:10.1097/PSY.0000000000000703
    """

    lag: float = 2.0

    title: ClassVar[str] = "inertia-coordination model"
    papers: ClassVar[tuple[str, ...]] = ("butler2019",)
    quantities: ClassVar[tuple[str, ...]] = (
        "inertia of the first",
        "coordination of the first",
        "inertia of the second",
        "coordination of the second",
        "adjusted R²",
        "adjusted R² of inertia alone",
    )
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("gain in R² by the partner"),)
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NOT_STEADYING, ClaimLimit.NOT_CAUSE, ClaimLimit.MODEL)
    unit: ClassVar[DataUnit] = DataUnit.POINTS
    min_units: ClassVar[int] = 240

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the samples, of about 2 Hz, whose past is there.

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
        return int(whole_rows(thin_valid(valid, size), self._steps(rate / size)).sum())

    def _steps(self, rate: float) -> int:
        return max(1, round(self.lag * rate))

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's past.

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
            To the share of both people's variance that the other's past explains beyond the own past.
        """
        size = thinning(rate)
        kept, steps = thin_valid(valid, size), self._steps(rate / size)
        rows = whole_rows(kept, steps)
        ones = np.ones((1, int(rows.sum()), 1))

        def terms(values: Floats) -> tuple[Floats, Floats, Floats]:
            flat = bridged(thin(values, size), kept)
            past = lagged(flat, rows, range(steps, steps + 1))
            own = np.concatenate([np.broadcast_to(ones, (len(values), *ones.shape[1:])), past], axis=2)
            return own, past, flat[:, rows]

        first = terms(x[None])
        return lambda values: partner_gain(first, terms(values))[:, None]

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Fit the model to a pair.

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
            If the two are the same series, one is constant, or too few rows are left.
        """
        steps = InertiaLag(max(1, round(self.lag * pair.x.rate)))
        fit = inertia_coordination(pair.x.values, pair.y.values, steps)
        partners = (fit.first.inertia, fit.first.coordination, fit.second.inertia, fit.second.coordination)
        return tuple(float(value) for value in (*partners, fit.r2, fit.r2_inertia))


def inertia_coordination(
    first: Floats, second: Floats, lag: InertiaLag | AbsMaxCC, close_gaps: bool = False
) -> InertiaFit:
    """Fit the inertia-coordination model to one pair.

    Both series are detrended by a straight line; one least-squares fit holds both partners, each with an intercept, own
    past and the other's past. Written from the published formulas.

    Parameters
    ----------
    first, second
        One value per step, shape (steps,); NaN where missing.
    lag
        Which past is meant.
    close_gaps
        As published, take missing rows out and join what is left as if no time had passed.

    Returns
    -------
    InertiaFit
        Coefficients and adjusted R².

    Raises
    ------
    DataError
        If the two are the same series, one is constant, or too few rows are left.

    References
    ----------
    Butler EA, Barnard KJ (2019), Psychosomatic Medicine 81:749, doi:10.1097/PSY.0000000000000703
    """
    distinct(first, second)
    a, b = detrended(first, second, close_gaps)
    both = np.isfinite(a) & np.isfinite(b)
    shift = lag.of(a[both], b[both])
    now = slice(max(0, shift), len(a) + min(0, shift))
    past = slice(max(0, -shift), len(a) - max(0, shift))
    outcome = np.concatenate([a[now], b[now]])
    own, other = np.concatenate([a[past], b[past]]), np.concatenate([b[past], a[past]])
    who = np.repeat([[1.0, 0.0], [0.0, 1.0]], len(a[now]), axis=0)
    full = regress(np.column_stack([who, who * own[:, None], who * other[:, None]]), outcome)
    c = full.coefficients
    return InertiaFit(
        PartnerFit(c[0], c[2], c[4]), PartnerFit(c[1], c[3], c[5]), _r2(who, own, outcome), _r2(who, other, outcome), full.r2, shift
    )  # fmt: skip


def _r2(who: Floats, past: Floats, outcome: Floats) -> float:
    return regress(np.column_stack([who, who * past[:, None]]), outcome).r2
