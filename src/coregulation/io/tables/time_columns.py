"""When each row was taken, from everything that is said about it: by the caller, by the header, by the format.

What is said is used, or compared with what else is said; nothing is passed over. Where two sources contradict each other the
error names both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.io.options import NO_TIME, ReadOptions
from coregulation.io.tables.cell_parsing import CellKind, cell_kind
from coregulation.io.tables.clock_digits import refuse_clock_digits, refuse_ticks
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.derived_columns import words_of
from coregulation.io.tables.header_names import (
    DAY_COUNTS,
    SAMPLE,
    TIME_UNITS,
    is_many_days,
    is_time_of_person,
    likely_time_unit,
    time_size,
)
from coregulation.io.tables.rising import FEWEST, is_rising
from coregulation.io.tables.stamps import parse_stamps
from coregulation.io.tables.table import Table
from coregulation.io.tables.time_proposals import proposed_unit
from coregulation.io.time_origin import ClockAnchor, RowTimes
from coregulation.signals import Floats

_AGREES = 0.1  # relative difference up to which a rate that was stated is the one that was found
_SAME_TIME = 1.5  # s by which two columns of the same times may differ: one of them may be in whole seconds
_SAME_RATE = 1e-3  # relative difference up to which a stated rate is the format's own


def time_index(table: Table, meanings: Sequence[ColumnMeaning], options: ReadOptions) -> int | None:
    """Find the column of the time: the one that was stated, else the one that says so itself.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    options
        What the caller said.

    Returns
    -------
    int or None
        The number of the column, from 0; None where the format or a rate says the times, or nothing does.

    Raises
    ------
    UsageError
        If a column seems to be the time and neither its unit nor a rate that would tell it was said.
    """
    if options.time_column == NO_TIME:
        return None
    if options.time_column is not None:
        return table.index(options.time_column)
    if table.timed:
        return None
    named = [meaning for meaning in meanings if meaning.tells_time]
    stamped = [meaning for meaning in meanings if meaning.has_stamps]
    named = [meaning for meaning in named if meaning.time_is_understood][:1] or named[:1]
    if stamped and not (named and named[0].time_is_understood):
        named = stamped[:1]  # whatever its name, a column of dates and times is the time
    if not named and not table.carried:
        _refuse_times_of_people(table, meanings)
    if not named:
        named = _by_unit(table, meanings, options)
    if not named:
        return None
    _refuse_other_times(table, meanings, options)
    understood = named[0].time_is_understood or options.time_unit is not None or options.rate is not None
    if not understood and not table.carried:
        _ask_for_unit(table, named[0].number)
    return named[0].number


def _refuse_times_of_people(table: Table, meanings: Sequence[ColumnMeaning]) -> None:
    """Refuse a table in which each person has a column of times, such as time_a and time_b, that are not the same."""
    timed = [meaning for meaning in meanings if is_time_of_person(meaning.name) and _rises(table, meaning)]
    for meaning in timed[1:]:
        first, other = table.numbers(timed[0].number), table.numbers(meaning.number)
        if not np.array_equal(first, other, equal_nan=True):
            raise _different_times(table, timed[0].number, meaning.number)


def _rises(table: Table, meaning: ColumnMeaning) -> bool:
    """Say whether the known numbers of a column only rise; the shorter of two recordings ends in empty cells."""
    if meaning.kind is not CellKind.NUMBER:
        return False
    try:
        numbers = table.numbers(meaning.number)
    except DataError:
        return False
    known = numbers[np.isfinite(numbers)]
    return len(known) >= FEWEST and bool((np.diff(known) > 0).all())


def _different_times(table: Table, first: int, second: int) -> UsageError:
    return UsageError(
        "{origin}: columns {first} and {second} hold times that are not the same. Say --time-column {first} or --time-column "
        "{second} if one holds for all; if each person has a time of their own, write a manifest, in which each file names "
        "its column of times (coregulation new-manifest {path}).",
        origin=table.origin,
        first=first,
        second=second,
        path=table.origin,
    )


def _by_unit(table: Table, meanings: Sequence[ColumnMeaning], options: ReadOptions) -> list[ColumnMeaning]:
    """Return a column that is a time by its unit alone: it is in s, ms or the like, and only rises; others beside it hold the values."""
    if table.carried or options.signal == "beats" or sum(meaning.may_hold_values for meaning in meanings) < 2:
        return []
    named = (options.value_column,) if options.long else (*options.columns.values(), options.column)
    chosen = {table.index(column) for column in named if column is not None}
    timed = [meaning for meaning in meanings if _is_in_time(meaning) and meaning.number not in chosen]
    return [meaning for meaning in timed if is_rising(table, meaning)][:1]


def _is_in_time(meaning: ColumnMeaning) -> bool:
    """Say whether a column that is of no channel has a unit of time."""
    is_time = meaning.unit is None or meaning.unit.quantity == "time"  # µS is none, however it is written
    return meaning.time_unit is not None and meaning.channel is None and is_time


def _refuse_other_times(table: Table, meanings: Sequence[ColumnMeaning], options: ReadOptions) -> None:
    """Refuse to take one of several columns of times that do not say the same for everybody."""
    likely = _without_ends([meaning for meaning in meanings if meaning.has_stamps or _is_in_time(meaning)])
    if table.carried or len(likely) < 2:
        return
    timed = [meaning for meaning in likely if meaning.has_stamps or is_rising(table, meaning)]
    times = [times_of(table, meaning, options) for meaning in timed]
    for meaning, other in zip(timed[1:], times[1:], strict=True):
        if not _is_same_time(times[0], other):
            raise _different_times(table, timed[0].number, meaning.number)


def _without_ends(timed: list[ColumnMeaning]) -> list[ColumnMeaning]:
    """Leave out when rows end, where another column says when they start, as in "Start time" and "End time"."""
    begin, end = (
        [m for m in timed if words_of(m.name)[:1] == [word] or words_of(m.name)[-1:] == [word]]
        for word in ("start", "end")
    )
    return [meaning for meaning in timed if meaning not in end] if begin and end else timed


def _is_same_time(first: RowTimes, other: RowTimes) -> bool:
    """Say whether two columns tell the same moments, perhaps counted from another zero where one is a date and the other is not."""
    apart = other.seconds - first.seconds
    apart = apart[np.isfinite(apart)]
    if not len(apart):
        return True
    if first.anchor is other.anchor:
        return float(np.abs(apart).max()) <= _SAME_TIME
    return float(np.ptp(apart)) <= _SAME_TIME


def _ask_for_unit(table: Table, column: int) -> None:
    first = str(table.columns[column][0]).strip()[:24]
    if cell_kind(table.columns[column][0]) is CellKind.TEXT:
        raise UsageError(
            "{origin}: column {column} seems to be the time, and {first!r} is no time that is known. Times are numbers, "
            "2026-05-04T14:00:03, 04.05.2026 14:00:03, 5/4/2026 2:00:03 PM or 14:00:03. If the rows are evenly spaced, "
            "leave the column out and say the rate: --time-column none --rate HZ.",
            origin=table.origin,
            column=column,
            first=first,
        )
    raise UsageError(
        "{origin}: column {column} seems to be the time, and its unit is not said. State --time-column "
        "{column} --time-unit {unit} (or another: s, ms, min, …). If it is not the time, say --time-column none.",
        origin=table.origin,
        column=column,
        unit=proposed_unit(table, column),
    )


def row_times(
    table: Table,
    meanings: Sequence[ColumnMeaning],
    column: int,
    time: int | None,
    options: ReadOptions,
    known: RowTimes | None = None,
) -> RowTimes | None:
    """Return the time of each row of a column, None where a rate says it or where nothing does.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    column
        The number of the column of values, from 0.
    time
        The number of the column of times; None where there is none.
    options
        What the caller said.
    known
        What the column of times was read as for another column of values; None where it was not read yet.

    Returns
    -------
    RowTimes or None
        One time for each row in s; None where a rate says it, or where nothing does.

    Raises
    ------
    UsageError
        If the unit of the time must be stated.
    DataError
        If stamps are of different kinds, or what was stated contradicts the file.
    """
    _check_rate(table, meanings[column], options)
    if time is None:
        times = meanings[column].metadata.times
        return None if times is None else RowTimes.of_numbers(times).in_zone(options.zone, table.origin)
    return times_of(table, meanings[time], options).in_zone(options.zone, table.origin) if known is None else known


def _check_rate(table: Table, meaning: ColumnMeaning, options: ReadOptions) -> None:
    own = meaning.metadata.rate
    if own is not None and options.rate is not None and abs(options.rate / own - 1) > _SAME_RATE:
        raise DataError(
            "{origin}: the file says that column {column} has {own} Hz, and {rate} Hz were stated. Leave out --rate "
            "(rate = … in the manifest).",
            origin=table.origin,
            column=meaning.number,
            own=f"{own:g}",
            rate=f"{options.rate:g}",
        )


def times_of(table: Table, meaning: ColumnMeaning, options: ReadOptions) -> RowTimes:
    """Return a column as times in s.

    Parameters
    ----------
    table
        The table.
    meaning
        What is known of the column of times.
    options
        What the caller said.

    Returns
    -------
    RowTimes
        One time for each row in s; NaN where a number is missing.

    Raises
    ------
    UsageError
        If a number's unit is neither said nor carried by the header.
    DataError
        If stamps of different kinds are mixed, cells are neither, or the stated unit contradicts the header's.
    """
    column = meaning.number
    if meaning.has_stamps:
        cells = table.columns[column]
        assert not isinstance(cells, np.ndarray)
        return parse_stamps(
            cells,
            lambda row: table.place(row, column),
            date_order=options.date_order,
            clock_form=options.time_unit,
            is_missing=table.is_missing,
        )
    numbers = table.numbers(column)
    word = _time_unit(table, meaning, options, numbers)
    if word == SAMPLE:
        if options.rate is None:
            raise UsageError("A time in samples needs --rate.")
        return RowTimes(numbers / options.rate)
    if word in DAY_COUNTS:
        return RowTimes((numbers - DAY_COUNTS[word]) * time_size("d"), ClockAnchor.LOCAL)
    _refuse_dates_as_days(table, meaning, word, numbers)
    refuse_ticks(table, meaning, word, numbers)
    refuse_clock_digits(table, meaning, numbers)
    return RowTimes.of_numbers(numbers * time_size(word))


def _refuse_dates_as_days(table: Table, meaning: ColumnMeaning, word: str, numbers: Floats) -> None:
    known = numbers[np.isfinite(numbers)]
    if len(known) and time_size(word) == time_size("d") and is_many_days(float(known[0])):
        raise UsageError(
            "{origin}: column {column} counts days from a date that it does not say. Say --time-column {column} --time-unit {unit} "
            "(excel counts from 1900, matlab from the year 0; unit = … of the time in the manifest).",
            origin=table.origin,
            column=meaning.number,
            unit=likely_time_unit(float(known[0])),
        )


def _time_unit(table: Table, meaning: ColumnMeaning, options: ReadOptions, numbers: Floats) -> str:
    carried, stated = meaning.time_unit, options.time_unit
    if carried and stated in DAY_COUNTS and time_size(carried) == time_size("d"):
        return stated
    if carried and stated and stated != SAMPLE and _size_of(carried) != _size_of(stated):
        raise DataError(
            "{origin}: column {column} says that its time is in {carried}, and {stated} was stated. Leave out "
            "--time-unit (unit = … in the manifest) if the file is right.",
            origin=table.origin,
            column=meaning.number,
            carried=carried,
            stated=stated,
        )
    word = stated or carried or _unit_by_rate(table, meaning, options.rate, numbers)
    if word is None:
        raise UsageError(
            "{origin}: the unit of the time in column {column} is not said. State it, such as --time-unit {unit} (s, "
            "ms, min, us, ns, h, d, excel, matlab or sample).",
            origin=table.origin,
            column=meaning.number,
            unit=proposed_unit(table, meaning.number),
        )
    return word


def _size_of(unit: str) -> float | str:
    return unit if unit in DAY_COUNTS else time_size(unit)


def _unit_by_rate(table: Table, meaning: ColumnMeaning, rate: float | None, numbers: Floats) -> str | None:
    """Return the one unit in which the steps of a time column are those of the stated rate; a rate tells the unit."""
    steps = np.diff(numbers[np.isfinite(numbers)])
    steps = steps[steps > 0]
    if rate is None or not len(steps):
        return None
    usual = float(np.median(steps))
    fitting = [word for word, size in TIME_UNITS.items() if abs(usual * size * rate - 1) <= _AGREES]
    if usual == 1 and not fitting:
        return SAMPLE
    if not fitting:
        raise DataError(
            "{origin}: {rate} Hz were stated, and the numbers of column {column}, which seems to be the time, go up by "
            "{usual:g} per row, which is that rate in no unit of time. Leave out --rate if the column is right, or leave the "
            "column out with --time-column none.",
            origin=table.origin,
            rate=f"{rate:g}",
            column=meaning.number,
            usual=usual,
        )
    return fitting[0]
