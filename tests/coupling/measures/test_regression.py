"""Least squares and the check that two series are two."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.coupling.measures.regression import detrended, distinct, regress
from coregulation.errors import DataError


def test_dependent_columns_are_refused() -> None:
    x = np.arange(10.0)
    with pytest.raises(DataError, match="not independent"):
        regress(np.column_stack([x, 2 * x]), x)


@pytest.mark.parametrize(("rows", "fitted"), [(2, False), (3, True), (4, True)])
def test_more_rows_than_columns_are_needed(rows, fitted) -> None:
    x = np.random.default_rng(1).standard_normal((rows, 2))
    y = x @ [2.0, -1.0]
    if fitted:
        fit = regress(x, y)
        assert fit.coefficients == pytest.approx([2.0, -1.0])
        assert (fit.r2, fit.rows) == (pytest.approx(1.0), rows)
    else:
        with pytest.raises(DataError, match="2 complete rows are too few for 2 coefficients"):
            regress(x, y)


def test_adjusted_r2_is_about_zero_and_pays_for_columns() -> None:
    x = np.random.default_rng(1).standard_normal((50, 2))
    y = x @ [1.0, 1.0] + np.random.default_rng(2).standard_normal(50)
    fit = regress(x, y)
    rest = y - x @ fit.coefficients
    assert fit.r2 == pytest.approx(1 - (rest @ rest / 48) / (y @ y / 50))


def test_incomplete_rows_are_left_out() -> None:
    x = np.random.default_rng(1).standard_normal((10, 1))
    y = 3 * x[:, 0]
    y[2], x[5, 0] = np.nan, np.nan
    assert regress(x, y).rows == 8


@pytest.mark.parametrize(("difference", "refused"), [(0.0, True), (1e-10, True), (1e-8, False)])
def test_the_same_series_twice_is_refused_whatever_the_last_digits(difference, refused) -> None:
    a = np.linspace(0.0, 1.0, 20)
    b = a + difference * np.sin(np.arange(20))
    if refused:
        with pytest.raises(DataError, match="same values"):
            distinct(a, b)
    else:
        distinct(a, b)


def test_a_line_is_taken_off_and_gaps_are_closed_on_demand() -> None:
    t = np.arange(30.0)
    a, b = 2 + 3 * t + np.sin(t), 5 - t + np.cos(t)
    a[4], b[9] = np.nan, np.nan
    kept = detrended(a, b, close_gaps=False)
    assert [np.isnan(series).sum() for series in kept] == [1, 1]
    closed = detrended(a, b, close_gaps=True)
    assert [len(series) for series in closed] == [28, 28]
    assert all(abs(np.polyfit(np.flatnonzero(np.isfinite(s)), s[np.isfinite(s)], 1)[0]) < 1e-12 for s in kept)
