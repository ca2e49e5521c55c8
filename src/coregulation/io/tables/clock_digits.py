"""Numbers in a column of times that count neither seconds nor their parts: the digits of a clock, and the steps of Windows."""

from __future__ import annotations

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import Table
from coregulation.signals import Floats

_NANOSECONDS = (9.4e17, 4.2e18)  # from 1970 to the years 2000 and 2103
_CLOCK_LIKE = 0.95  # share of steps that are even once numbers are read as hours, minutes and seconds
_A_MINUTE = 60  # numbers of which fewer may have even steps either way


def refuse_ticks(table: Table, meaning: ColumnMeaning, word: str, numbers: Floats) -> None:
    """Refuse numbers as large as those of Windows and .NET, which count 100 ns from the year 1601 or 1.

    Parameters
    ----------
    table
        The table.
    meaning
        What is known of the column of times.
    word
        The unit that its numbers would have.
    numbers
        As they stand in the file.

    Raises
    ------
    DataError
        If they would be ns since 1970 and lie outside the years 2000 to 2103.
    """
    known = numbers[np.isfinite(numbers)]
    if (
        len(known)
        and time_size(word) == time_size("ns")
        and known[0] >= 1e17
        and not _NANOSECONDS[0] <= known[0] <= _NANOSECONDS[1]
    ):
        raise DataError(
            "{origin}: column {column} counts from a date that is not 1970, or not in ns; Windows and .NET count steps of 100 ns. Export the "
            "times as dates, such as 2026-05-04T14:00:03.",
            origin=table.origin,
            column=meaning.number,
        )


def refuse_clock_digits(table: Table, meaning: ColumnMeaning, numbers: Floats) -> None:
    """Refuse numbers that are hours, minutes and seconds without signs between them: 135959 is followed by 140000.

    Parameters
    ----------
    table
        The table.
    meaning
        What is known of the column of times.
    numbers
        As they stand in the file.

    Raises
    ------
    DataError
        If their steps are even only once their digits are read so.
    """
    known = numbers[np.isfinite(numbers)]
    for scale in (1.0, 100.0):  # 135959, or 59.59 for minutes and seconds
        jump = jump_of_clock(np.round(known * scale, 6))
        if jump is not None:
            raise DataError(
                "{origin}: the numbers of column {column} go on as those of a clock do ({last:.12g} is followed by {next:.12g}). Write the times "
                "with colons, such as 13:59:59.",
                origin=table.origin,
                column=meaning.number,
                last=known[jump],
                next=known[jump + 1],
            )


def jump_of_clock(numbers: Floats) -> int | None:
    """Return the row before a new minute, where numbers have even steps only once their digits are read as a clock's.

    Parameters
    ----------
    numbers
        Shape (n,), such as 135959.

    Returns
    -------
    int or None
        From 0; None where they are no digits of a clock, or fewer than 60.
    """
    if len(numbers) < _A_MINUTE or ((numbers % 100) >= 60).any() or (numbers // 100 % 100 >= 60).any():
        return None
    seconds = numbers // 10_000 * 3600 + numbers // 100 % 100 * 60 + numbers % 100
    raw, steps = np.diff(numbers), np.diff(seconds)
    usual = float(np.median(steps))
    even = np.abs(steps - usual) <= 0.05 * abs(usual)
    jumps = np.flatnonzero(even & (np.abs(raw - steps) > 1) & (raw != np.median(raw)))
    return int(jumps[0]) if len(jumps) and usual > 0 and float(even.mean()) >= _CLOCK_LIKE else None
