"""A column that nobody named and that holds the times of RR intervals: it goes up by what they add up to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.cell_parsing import CellKind
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.header_names import TIME_UNITS
from coregulation.io.tables.table import Table
from coregulation.signals import Floats

_AGREES = 0.1  # relative difference up to which steps and intervals are the same
_BLOCK = 10  # intervals that are added up before they are compared with a column that may be their time


def likely_time(
    table: Table, meanings: Sequence[ColumnMeaning], value: int, intervals: Floats
) -> tuple[ColumnMeaning, str] | None:
    """Return a column that nobody named and that holds the times of these intervals, with the unit that fits.

    Such a column never decreases, and over ten intervals each it goes up by what the intervals add up to, in the median.

    Parameters
    ----------
    table, meanings
        The table.
    value
        The column of the intervals.
    intervals
        Shape (n,), in s.

    Returns
    -------
    tuple of ColumnMeaning and str, or None
        The column and its unit ("" for dates and times of day).
    """
    for meaning in meanings:
        if meaning.number == value or meaning.is_index:
            continue
        unit = _fitting_unit(table, meaning, intervals)
        if unit is not None:
            return meaning, unit
    return None


def _fitting_unit(table: Table, meaning: ColumnMeaning, intervals: Floats) -> str | None:
    if len(table.columns[meaning.number]) != len(intervals):
        return None
    if meaning.has_stamps:
        return ""
    if meaning.kind is not CellKind.NUMBER:
        return None
    try:
        numbers = table.numbers(meaning.number)
    except DataError:
        return None
    known = np.isfinite(numbers) & np.isfinite(intervals)
    numbers, intervals = numbers[known], intervals[known]
    if len(numbers) < 2 * _BLOCK or (np.diff(numbers) < 0).any() or numbers[0] == numbers[-1]:
        return None
    summed = np.cumsum(intervals)
    spans = (numbers[_BLOCK:] - numbers[:-_BLOCK]) / (summed[_BLOCK:] - summed[:-_BLOCK])
    usual = float(np.median(spans))
    return next((word for word, size in TIME_UNITS.items() if abs(usual * size - 1) <= _AGREES), None)
