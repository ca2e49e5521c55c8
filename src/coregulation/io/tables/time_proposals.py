"""What a column of numbers that may be the time is proposed as: its unit by the size of its numbers."""

from __future__ import annotations

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.header_names import likely_time_unit, time_size
from coregulation.io.tables.table import Table

_LONGEST = 172_800.0  # s; two days


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
    unit = likely_time_unit(float(known[0]))
    span = float(known[-1] - known[0])
    if unit == "s" and span > _LONGEST:  # no recording is days long
        return next((word for word in ("ms", "us", "ns") if span * time_size(word) <= _LONGEST), "s")
    return unit
