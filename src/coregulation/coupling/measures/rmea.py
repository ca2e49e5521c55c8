"""rMEA's aggregate, to compare with published work.

Kleinbub & Ramseyer (2021), doi:10.1080/10503307.2020.1844334. Written from its description, not from its code. |z| is positive
without any linkage: a value means nothing before it is compared with surrogates.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, PhaseRandomised
from coregulation.coupling.series_measure import AbstractSeriesMeasure, ClaimLimit, Compare, DataUnit, SeriesStatistic
from coregulation.errors import DataError, UsageError
from coregulation.linear_algebra import argmax_near_middle
from coregulation.signals import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class RmeaResult:
    """rMEA's table: z by window and lag, and its means.

    Parameters
    ----------
    z
        |z| (or z where `absolute` is off), shape (windows, lags); NaN where a cell is refused.
    lags
        In s, shape (lags,); positive: the first series leads.
    """

    z: Floats
    lags: Floats

    @property
    def grand_mean(self) -> float:
        """Mean of all cells."""
        return _mean(self.z)

    @property
    def all_lags(self) -> Floats:
        """Mean of each window."""
        return _row_means(self.z)

    @property
    def first_leads(self) -> Floats:
        """Mean of each window over the lags at which the first series leads."""
        return _row_means(self.z[:, self.lags > 0])

    @property
    def second_leads(self) -> Floats:
        """Mean of each window over the lags at which the second series leads."""
        return _row_means(self.z[:, self.lags < 0])

    @property
    def lag_zero(self) -> Floats:
        """The cell of each window without a lag."""
        return self.z[:, self.z.shape[1] // 2]

    @property
    def best_lag(self) -> Floats:
        """Lag of the largest magnitude of each window, in s; NaN where every cell is refused."""
        size = np.where(np.isfinite(self.z), np.abs(self.z), -1.0)
        best: Floats = np.where(size.max(axis=1) < 0, np.nan, self.lags[argmax_near_middle(size)])
        return best


@dataclass(frozen=True, slots=True)
class Rmea(AbstractSeriesMeasure):
    """Correlate windows at several lags; the later piece lies outside the window.

    Parameters
    ----------
    max_lag
        Longest lag either way, s.
    window
        Length of a window, s.
    increment
        From one window to the next, s.
    absolute
        Take magnitudes of z.

    References
    ----------
    Kleinbub JR, Ramseyer FT (2021), Psychotherapy Research 31:817, doi:10.1080/10503307.2020.1844334
    """

    max_lag: float = 5.0
    window: float = 60.0
    increment: float = 30.0
    absolute: bool = True

    title: ClassVar[str] = "motion energy synchrony (rMEA)"
    papers: ClassVar[tuple[str, ...]] = ("kleinbub2021",)
    quantities: ClassVar[tuple[str, ...]] = (
        "mean |z| over windows and lags",
        "mean |z|, the first leads",
        "mean |z|, the second leads",
        "mean |z| without a lag",
    )
    statistics: ClassVar[tuple[SeriesStatistic, ...]] = (SeriesStatistic("mean |z| over windows and lags"),)
    nulls: ClassVar[tuple[type[AbstractSurrogate], type[AbstractSurrogate]]] = (PhaseRandomised, SpectrumModel)
    has_size: ClassVar[bool] = False
    limits: ClassVar[tuple[ClaimLimit, ...]] = (ClaimLimit.NO_LEADER, ClaimLimit.NOT_SIGN, ClaimLimit.NOT_STRENGTH)
    unit: ClassVar[DataUnit] = DataUnit.WINDOWS
    min_units: ClassVar[int] = 3

    def count_units(self, valid: Bools, rate: float) -> int:
        """Count the windows of which at least half is valid.

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
        starts, width = self._starts(len(valid), rate), round(self.window * rate)
        known = np.concatenate([[0], np.cumsum(valid)])
        return int((2 * (known[starts + width] - known[starts]) >= width).sum())

    def _starts(self, samples: int, rate: float) -> Ints:
        return np.arange(
            0, samples - round(self.window * rate) - round(self.max_lag * rate) + 1, round(self.increment * rate)
        )

    def compare_with(self, x: Floats, valid: Bools, rate: float) -> Compare:
        """Prepare one person's windows.

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
            To the mean |z| over windows and lags.
        """
        from coregulation.coupling.measures.series_kernels import shifted_correlations

        starts, width, max_lag = self._starts(len(x), rate), round(self.window * rate), round(self.max_lag * rate)
        return lambda values: shifted_correlations(x, values, starts, width, max_lag)[:, None]

    def describe(self, pair: ComparedPair) -> tuple[float, ...]:
        """Compute the means of a pair's table.

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
            If not one window with its lags fits.
        """
        table = self(pair.x.values, pair.y.values, pair.x.rate)
        return table.grand_mean, *(_mean(row) for row in (table.first_leads, table.second_leads, table.lag_zero))

    def __call__(self, x: Floats, y: Floats, rate: float) -> RmeaResult:
        """Compute the table of two series.

        Parameters
        ----------
        x, y
            Shape (samples,); NaN where missing.
        rate
            Hz.

        Returns
        -------
        RmeaResult
            z by window and lag.

        Raises
        ------
        DataError
            If not one window with its lags fits.
        UsageError
            If the series are not equally long, or the lengths cannot be used.
        """
        if len(x) != len(y):
            raise UsageError(
                "Two series of one length were expected; {first} and {second:n sample|samples} came.",
                first=len(x),
                second=len(y),
            )
        width, max_lag, step = round(self.window * rate), round(self.max_lag * rate), round(self.increment * rate)
        if not (width > 1 and max_lag >= 0 and step > 0):
            raise UsageError(
                "A window of {width:n sample|samples}, every {step}, with lags of {max_lag}, cannot be used.",
                width=width, step=step, max_lag=max_lag,
            )  # fmt: skip
        count = -(-(len(x) - width - max_lag + 1) // step)
        if count < 1:
            raise DataError(
                "{seconds:g} s hold no window of {window:g} s with its lags.", seconds=len(x) / rate, window=self.window
            )
        starts = np.arange(count) * step
        lags = np.arange(-max_lag, max_lag + 1)
        columns = [self._column(x, y, starts, width, int(lag)) for lag in lags]
        z = np.stack(columns, axis=1)
        return RmeaResult(np.abs(z) if self.absolute else z, lags / rate)

    def _column(self, x: Floats, y: Floats, starts: Ints, width: int, lag: int) -> Floats:
        a = _pieces(x, starts + max(0, -lag), width)
        b = _pieces(y, starts + max(0, lag), width)
        with np.errstate(divide="ignore"):  # r of exactly 1 is clipped, as any other too large
            z: Floats = np.clip(np.arctanh(_pearson(a, b)), -10, 10)
        return z


def _pieces(values: Floats, starts: Ints, width: int) -> Floats:
    padded = np.concatenate([values, np.full(width, np.nan)])
    pieces: Floats = padded[starts[:, None] + np.arange(width)]
    return pieces


def _pearson(a: Floats, b: Floats) -> Floats:
    both = np.isfinite(a) & np.isfinite(b)
    enough = (both.sum(axis=1) >= a.shape[1] / 2) & ((both & (a != b)).sum(axis=1) >= 2)
    p, q = np.where(both, a, np.nan), np.where(both, b, np.nan)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # a window with nothing in it is refused below
        p, q = (values - np.nanmean(values, axis=1, keepdims=True) for values in (p, q))
        powers = [np.nansum(values * values, axis=1) for values in (p, q)]
        r = np.nansum(p * q, axis=1) / np.sqrt(powers[0] * powers[1])
    varies = [
        power > 1e-26 * np.nansum(np.where(both, raw, np.nan) ** 2, axis=1)
        for power, raw in zip(powers, (a, b), strict=True)
    ]
    kept: Floats = np.where(enough & varies[0] & varies[1], np.clip(r, -1, 1), np.nan)
    return kept


def _row_means(values: Floats) -> Floats:
    counts = np.isfinite(values).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(counts > 0, np.nansum(values, axis=1) / counts, np.nan)
    return means


def _mean(values: Floats) -> float:
    valid = values[np.isfinite(values)]
    return float(valid.mean()) if len(valid) else math.nan
