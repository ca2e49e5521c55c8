"""The batched regression against ordinary least squares with dummies, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.natural.partner import PartnerStates
from coregulation.regulation.natural.regression import RiseTable, joint_f, last_slopes, regressors, residuals

ROWS, RISES = 6, 40


@pytest.fixture
def table() -> RiseTable:
    rng = np.random.default_rng(0)
    states = [rng.standard_normal((ROWS, RISES)) for _ in range(5)]
    states[0][2, 3:9] = np.nan
    own = rng.standard_normal((RISES, 3))
    own[11, 1] = np.nan
    return RiseTable(np.arange(RISES) // 14, rng.standard_normal(RISES), own, PartnerStates(*states))


def ordinary(table: RiseTable, row: int, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, float, int]:
    """Coefficients, inverse, residual sum of squares, freedom of a fit with one dummy per session."""
    known = table.known[row]
    dummies = (table.session[:, None] == np.unique(table.session[known])[None, :]).astype(float)
    x = np.column_stack([dummies, *(column[row] for column in columns)])[known]
    y = table.left[known]
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    return beta, np.linalg.inv(x.T @ x), float(((y - x @ beta) ** 2).sum()), len(y) - x.shape[1]


def test_slopes_and_errors_are_those_of_least_squares_with_a_dummy_per_session(table: RiseTable):
    columns = regressors(table)
    slopes = last_slopes(columns, table.left, table.known, table.session)
    for row in range(ROWS):
        beta, inverse, rest, freedom = ordinary(table, row, columns)
        assert slopes.value[row] == pytest.approx(beta[-1])
        assert slopes.error[row] == pytest.approx(np.sqrt(rest / freedom * inverse[-1, -1]))
    assert slopes.studentised == pytest.approx(slopes.value / slopes.error)


def test_f_is_that_of_two_nested_fits(table: RiseTable):
    columns = [*regressors(table), table.partner.long_before, table.partner.long_after]
    f = joint_f(columns, 2, table.left, table.known, table.session)
    for row in range(ROWS):
        full, reduced = ordinary(table, row, columns), ordinary(table, row, columns[:-2])
        assert f[row] == pytest.approx((reduced[2] - full[2]) / 2 / (full[2] / full[3]))


def test_residuals_are_of_the_first_row_and_zero_where_nothing_is_known(table: RiseTable):
    columns = regressors(table)
    rest = residuals(columns, table.left, table.known, table.session)
    known = table.known[0]
    assert (rest[~known] == 0).all()
    assert np.abs(rest[known] @ np.column_stack([column[0] for column in columns])[known]).max() < 1e-9
    assert (rest**2).sum() == pytest.approx(ordinary(table, 0, columns)[2])


@pytest.mark.parametrize(("rises", "fits"), [(6, False), (7, False), (8, True)])
def test_a_slope_needs_more_rises_than_regressors(table: RiseTable, rises: int, fits: bool):
    known = table.known & (np.arange(RISES) < rises)
    slopes = last_slopes(regressors(table), table.left, known, np.zeros(RISES, dtype=int))
    assert np.isfinite(slopes.value[0]) == fits


def test_a_regressor_that_stands_still_gives_no_slope(table: RiseTable):
    columns = regressors(table)
    columns[-1] = np.full((ROWS, RISES), 0.3)
    assert np.isnan(last_slopes(columns, table.left, table.known, table.session).value).all()


def test_a_covariate_that_stands_still_is_left_out(table: RiseTable):
    columns = regressors(table)
    without = last_slopes(columns[1:], table.left, table.known, table.session)
    columns[0] = np.full((ROWS, RISES), 0.3)
    assert last_slopes(columns, table.left, table.known, table.session).value == pytest.approx(without.value)
