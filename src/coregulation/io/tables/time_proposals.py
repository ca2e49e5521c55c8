"""What a column of numbers that may be the time is proposed as: its unit by the size of its numbers."""

from __future__ import annotations

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.header_names import DAY_COUNTS, likely_time_unit, time_size
from coregulation.io.tables.table import Table

_LONGEST = 172_800.0  # s; two days
_LONGEST_DAYS = 2.0  # the same in days, of times that are days of a spreadsheet


def time_proposal(table: Table, column: int) -> str:
    """Write the options that make a column of numbers the time: its unit by the size of the numbers, "none" for a count of rows.

    Parameters
    ----------
    table
        The table.
    column
        The number of the column, from 0.

    Returns
    -------
    str
        Such as "--time-column 0 --time-unit s".
    """
    numbers = table.numbers(column)
    if numbers[0] in (0, 1) and (np.diff(numbers) == 1).all():
        return "--time-column none"
    return f"--time-column {column} --time-unit {proposed_unit(table, column)}"


def proposed_unit(table: Table, column: int) -> str:
    """Propose the unit of a column of times by the size of its numbers.

    Parameters
    ----------
    table
        The table.
    column
        The number of the column, from 0.

    Returns
    -------
    str
        Such as "ms"; "s" where nothing tells.
    """
    try:
        numbers = table.numbers(column)
    except DataError:
        return "s"
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return "s"
    return unit_by_size(float(known[0]), float(known[-1]))


def unit_by_size(first: float, last: float) -> str:
    """Propose the unit of times by the first and the last of them: no recording is more than two days long.

    Parameters
    ----------
    first, last
        As they stand in the file.

    Returns
    -------
    str
        Such as "ms"; "s" where nothing tells.
    """
    unit, span = likely_time_unit(first), last - first
    if unit in DAY_COUNTS and span > _LONGEST_DAYS:
        unit = "s"
    if unit == "s" and span > _LONGEST:
        return next((word for word in ("ms", "us", "ns") if span * time_size(word) <= _LONGEST), "s")
    return unit
