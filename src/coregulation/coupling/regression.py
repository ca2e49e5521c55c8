"""Ordinary least squares without an intercept of its own, and the check that two series are two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coregulation.errors import DataError
from coregulation.signals import Floats

_ROUNDING = 1e-10  # a column that differs by less from a sum of the others is one, whatever the last digits


class Regression(NamedTuple):
    """Coefficients, shape (q,), adjusted R² about zero (as R has it for a model without an intercept), and the rows used."""

    coefficients: Floats
    r2: float
    rows: int


def regress(design: Floats, outcome: Floats) -> Regression:
    """Regress an outcome, shape (n,), on a design, shape (n, q); rows with anything missing are left out.

    Raises:
        DataError: if too few rows are left or the columns are not independent.
    """
    there = np.isfinite(outcome) & np.isfinite(design).all(axis=1)
    x, y = design[there], outcome[there]
    rows, columns = x.shape
    if rows <= columns:
        raise DataError(f"{rows} complete rows are too few for {columns} coefficients.")
    length = np.maximum(np.linalg.norm(x, axis=0), 1e-300)  # so that the unit of a column does not matter
    if np.linalg.matrix_rank(x / length, rtol=_ROUNDING) < columns:
        raise DataError("The columns of the regression are not independent: one follows from the others.")
    coefficients = np.asarray(np.linalg.lstsq(x / length, y, rcond=None)[0] / length, float)
    left = float(((y - x @ coefficients) ** 2).sum())
    r2 = 1.0 - left / float((y**2).sum())
    return Regression(coefficients, 1.0 - (1.0 - r2) * rows / (rows - columns), rows)


def distinct(first: Floats, second: Floats) -> None:
    """Raise `DataError` unless two series have the same length, vary, and are not the same series."""
    if first.shape != second.shape or first.ndim != 1:
        raise DataError(f"Two series of one length were expected; {first.shape} and {second.shape} came.")
    both = np.isfinite(first) & np.isfinite(second)
    for series in (first, second):
        if not both.any() or np.ptp(series[both]) == 0:
            raise DataError("A series does not vary; a sensor that was off looks like this.")
    if np.abs(first[both] - second[both]).max() <= 1e-9 * np.ptp(first[both]):
        raise DataError(
            "Both partners have the same values: one column was copied into the other's. Check the file; nothing can be "
            "said from one body."
        )


def detrended(first: Floats, second: Floats, close_gaps: bool) -> tuple[Floats, Floats]:
    """Take each series' own straight line off; on demand take out the rows that miss either, joining what is left."""
    a, b = _without_line(first), _without_line(second)
    both = np.isfinite(a) & np.isfinite(b)
    return (a[both], b[both]) if close_gaps else (a, b)


def _without_line(values: Floats) -> Floats:
    there = np.isfinite(values)
    steps = np.arange(len(values), dtype=float)
    line = regress(np.column_stack([np.ones(there.sum()), steps[there]]), values[there]).coefficients
    return np.asarray(values - line[0] - line[1] * steps, float)
