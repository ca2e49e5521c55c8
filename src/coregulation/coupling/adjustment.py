"""What a signal has beyond covariates: the part that no lagged, linear copy of them explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.coupling.surface import same_grid
from coregulation.errors import UsageError
from coregulation.signals import Floats, Signal


@dataclass(frozen=True, slots=True)
class Remainder:
    """A signal without what covariates explain of it.

    Parameters
    ----------
    signal
        What is left, around 0; NaN wherever the signal or a covariate at one of its lags is missing.
    explained
        Share of the signal's variance that was taken out, 0 to 1; NaN of a signal that does not vary.
    """

    signal: Signal
    explained: float


@dataclass(frozen=True, slots=True)
class LaggedRegression:
    """Take out of a signal, by least squares, what covariates explain at every lag of the grid.

    Lags further apart than a sample leave a share of a fast covariate: of breath at lags 1 s apart .002 of the variance, which
    two people who breathe together still have in common.

    Parameters
    ----------
    lead
        Longest time by which the signal may be ahead of a covariate, s: two sensors are not on one clock to the second.
    follow
        Longest time by which it may be behind, s: what a breath does to a heart is over after that.
    least_ratio
        Fewest samples for each coefficient, with which it is tried.

    Raises
    ------
    UsageError
        If a length is negative, or the ratio not positive.
    """

    lead: float = 2.0
    follow: float = 10.0
    least_ratio: float = 10.0

    def __post_init__(self) -> None:
        if min(self.lead, self.follow) < 0 or self.least_ratio <= 0:
            raise UsageError(
                "Lags of a regression must not be negative, and their ratio must be positive; {came:and} came.",
                came=(self.lead, self.follow, self.least_ratio),
            )

    def lags(self, rate: float) -> range:
        """Return the lags at a rate, in samples; positive: the covariate was earlier.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        range
            Ascending, 0 among them.
        """
        return range(-round(self.lead * rate), round(self.follow * rate) + 1)

    def seconds_needed(self, covariates: int, rate: float) -> float:
        """Return how much common valid time so many covariates need.

        Parameters
        ----------
        covariates
            How many.
        rate
            Of the signals, Hz.

        Returns
        -------
        float
            In s.
        """
        return self.least_ratio * (1 + covariates * len(self.lags(rate))) / rate

    def __call__(self, signal: Signal, covariates: Sequence[Signal]) -> Remainder:
        """Take the covariates out of a signal.

        Parameters
        ----------
        signal
            Of one person.
        covariates
            On the same grid; of this person and of others.

        Returns
        -------
        Remainder
            The signal's own unit is kept.

        Raises
        ------
        UsageError
            If they are not on one grid.
        """
        for covariate in covariates:
            same_grid(signal, covariate)
        lags = self.lags(signal.rate)
        columns = [_moved(covariate.values, lag) for covariate in covariates for lag in lags]
        design = np.column_stack([np.ones(len(signal)), *columns])
        valid = np.isfinite(design).all(axis=1) & np.isfinite(signal.values)
        left = np.full(len(signal), np.nan)
        left[valid] = _residuals(design[valid], signal.values[valid])
        return Remainder(replace(signal, values=left), _explained(signal.values[valid], left[valid]))


def _moved(values: Floats, lag: int) -> Floats:
    """Return a series `lag` samples later, or earlier; NaN where nothing is known."""
    out = np.full(len(values), np.nan)
    if abs(lag) >= len(values):
        return out
    if lag >= 0:
        out[lag:] = values[: len(values) - lag]
    else:
        out[:lag] = values[-lag:]
    return out


def _residuals(design: Floats, values: Floats) -> Floats:
    if len(values) == 0:
        return values
    scale = np.maximum(np.abs(design).max(axis=0), np.finfo(float).tiny)  # so that units decide nothing
    coefficients, *_ = np.linalg.lstsq(design / scale, values, rcond=None)
    residuals: Floats = values - (design / scale) @ coefficients
    return residuals


def _explained(values: Floats, left: Floats) -> float:
    total = float(np.var(values)) if len(values) else 0.0
    return 1.0 - float(np.var(left)) / total if total > 0 else float("nan")
