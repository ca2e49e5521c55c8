"""A table to tracks: which column is whose, which is the time, and in what unit each is written."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np

from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.io.options import ReadOptions
from coregulation.io.tables.cell_parsing import CellKind, cell_kind, parse_seconds
from coregulation.io.tables.header_names import (
    SAMPLE,
    bare_name,
    carried_time_unit,
    carried_unit,
    channel_in,
    is_time,
    time_size,
)
from coregulation.io.tables.table import Table
from coregulation.io.track import ClockAnchor, RowTimes, Track
from coregulation.session import Person
from coregulation.signals import Unit

_ANCHORS = {True: ClockAnchor.ZONED, False: ClockAnchor.LOCAL, None: ClockAnchor.DAY}


def tracks_of_table(table: Table, options: ReadOptions) -> list[Track]:
    """Return one track a person from a table with one column a person.

    Raises:
        UsageError: if the signal, a unit, a column or the time must be stated.
        DataError: if a cell that should be a number is text.
    """
    time = time_index(table, options)
    clock = Clock(name="table")
    if options.columns:
        chosen = [(name, table.index(name if column is None else column)) for name, column in options.columns.items()]
    else:
        chosen = list(zip(letters(), value_columns(table, time), strict=False))
    return [make_track(table, options, options.person(name), column, time, clock) for name, column in chosen]


def tracks_of_file(table: Table, options: ReadOptions, person: Person, number: int) -> list[Track]:
    """Return the tracks of a file that holds one person: the one that was asked for, or all that the format names.

    Raises:
        UsageError: if the column or the signal must be stated, or the format names a channel twice.
    """
    time = time_index(table, options)
    clock = Clock(offset_sd=None, name=f"file {number}")
    if options.signal is None and options.column is None and table.carried:
        columns = list(_named_channels(table).values())
    else:
        columns = [value_column(table, options, time)]
    return [make_track(table, options, person, column, time, clock) for column in columns]


def _named_channels(table: Table) -> dict[str, int]:
    """Return the columns whose channel the format names."""
    named: dict[str, int] = {}
    for column, name in enumerate(table.names):
        channel = table.said(column).channel or channel_in(name)
        if channel in named:
            raise UsageError(
                "{origin}: it holds {channel} more than once. Say which with --signal {channel} --column, or "
                "name each in a manifest. The columns are {columns}.",
                origin=table.origin,
                channel=channel,
                columns=table.listing(),
            )
        if channel is not None:
            named[channel] = column
    if not named:
        raise UsageError(
            "{origin}: nothing says what kind of signal its columns are. State one with --signal (ecg, resp, "
            "eda, …) and --column, or each in a manifest. The columns are {columns}.",
            origin=table.origin,
            columns=table.listing(),
        )
    return named


def value_column(table: Table, options: ReadOptions, time: int | None) -> int:
    """Return the one column that holds values, or among several the one whose name says the signal."""
    if options.column is not None:
        return table.index(options.column)
    columns = value_columns(table, time)
    if len(columns) > 1:
        named = [column for column in columns if _is_meant(table, column, options.signal)]
        columns = named if len(named) == 1 else columns
    if len(columns) != 1:
        raise UsageError(
            "{origin}: which column holds the values? Say it with --column (and the time with "
            "--time-column). The columns are {columns}.",
            origin=table.origin,
            columns=table.listing(),
        )
    return columns[0]


def make_track(
    table: Table, options: ReadOptions, person: Person, column: int, time: int | None, clock: Clock
) -> Track:
    """Return one column as a track."""
    said = table.said(column)
    channel = options.signal or said.channel or channel_in(table.names[column])
    if channel is None:
        raise UsageError(
            "{origin}: nothing says what kind of signal this is. State it with --signal (rr, heart_rate, "
            "resp, eda, motion, rating, … or a name of your own).",
            origin=table.origin,
        )
    left_out = (("lines after the table left out", table.left_out),) if table.left_out else ()
    return Track(
        person=person,
        channel=channel,
        origin=table.origin,
        numbers=table.numbers(column),
        times=carried_times(table, column) if time is None else times_of(table, time, options.time_unit, options.rate),
        rate=(said.rate if options.rate is None else options.rate) if channel not in ("rr", "beats") else None,
        start=said.start if options.start is None else options.start,  # type: ignore[arg-type]
        unit=stated_unit(table, column, options.unit, channel),
        scale=options.scale,
        clock=said.clock or clock,
        remarks=left_out + said.remarks,
    )


def stated_unit(table: Table, column: int, said: str | None, channel: str) -> Unit | None:
    """Return the unit that was said or that the file carries; `DataError` if the two contradict each other."""
    carried = carried_unit(f"x [{table.said(column).unit}]" if table.carried else table.names[column])
    unit = None if said is None else _parsed(said, f"{table.origin}, {channel}")
    known = CHANNELS.get(channel)
    if carried is None or (known is not None and known.unit is Unit.ARBITRARY):
        return unit
    possible = known is None or carried.quantity == known.unit.quantity
    if not possible or (unit is not None and unit is not carried):
        expected = unit.symbol if unit else f"a unit of {known.unit.quantity}" if known else "another"
        raise DataError(
            "{origin}: column {column} says that it is in {carried}, and {expected} was expected for "
            "{channel}. Leave out --unit if the file is right; choose another column or --signal if it is "
            "not that.",
            origin=table.origin,
            column=column,
            carried=carried.symbol,
            expected=expected,
            channel=channel,
        )
    return carried


def _parsed(said: str, where: str) -> Unit:
    try:
        return Unit.parse(said)
    except UsageError as error:
        raise UsageError(
            "{where}: {problem}",
            where=where,
            problem=error,
        ) from error


def letters() -> Sequence[str]:
    """Return neutral names for people nobody named: what stands in a header may be a real name."""
    alphabet = string.ascii_uppercase
    return [*alphabet, *(first + second for first in alphabet for second in alphabet)]


def time_index(table: Table, options: ReadOptions) -> int | None:
    """Return the column of the time: the one stated, or, where no rate is, the one that says so and carries its unit."""
    if options.time_column is not None:
        return table.index(options.time_column)
    if options.rate is not None or table.timed:
        return None
    named = [column for column, name in enumerate(table.names) if _tells_time(table, column, name)]
    if len(named) > 1:
        named = [column for column in named if _unit_known(table, column)][:1]
    if not named:
        return None
    if options.time_unit is None and not _unit_known(table, named[0]):
        raise UsageError(
            "{origin}: column {column} seems to be the time, and its unit is not said. State --time-column "
            "{column} --time-unit s (or ms, min, …), or --rate if rows are evenly spaced.",
            origin=table.origin,
            column=named[0],
        )
    return named[0]


def value_columns(table: Table, time: int | None) -> list[int]:
    """Return the columns that may hold values: neither the time nor an index without a name."""
    return [
        column
        for column, name in enumerate(table.names)
        if column != time and not is_time(name) and not _is_index(table, column)
    ]


def times_of(table: Table, column: int, unit: str | None, rate: float | None) -> RowTimes:
    """Return a column as times in s.

    Raises:
        UsageError: if a number's unit is neither said nor carried by the header.
        DataError: if stamps of different kinds are mixed, or cells are neither.
    """
    cells = table.columns[column]
    if any(cell_kind(cell) is CellKind.STAMP for cell in cells[:3]):
        return _stamped(table, column)
    numbers = table.numbers(column)
    word = unit or carried_time_unit(table.names[column]) or table.said(column).unit or None
    if word is None:
        raise UsageError(
            "{origin}: the unit of the time in column {column} is not said. State it with --time-unit (s, "
            "ms, min, us, ns, h, or sample).",
            origin=table.origin,
            column=column,
        )
    if word == SAMPLE:
        if rate is None:
            raise UsageError("A time in samples needs --rate.")
        return RowTimes(numbers / rate)
    return RowTimes.of_numbers(numbers * time_size(word))


def carried_times(table: Table, column: int) -> RowTimes | None:
    """Return the times that the format itself gives the rows of a column."""
    times = table.said(column).times
    return None if times is None else RowTimes.of_numbers(times)


def _stamped(table: Table, column: int) -> RowTimes:
    read = [parse_seconds(cell, table.place(row, column)) for row, cell in enumerate(table.columns[column])]
    kinds = {anchored for _, anchored in read}
    if len(kinds) > 1:
        raise DataError(
            "{origin}: column {column} mixes time stamps with and without a date or a time zone.",
            origin=table.origin,
            column=column,
        )
    return RowTimes(np.array([since for since, _ in read], np.float64), _ANCHORS[kinds.pop()])


def _tells_time(table: Table, column: int, name: str) -> bool:
    return is_time(name) or (cell_kind(table.columns[column][0]) is CellKind.STAMP and not name)


def _unit_known(table: Table, column: int) -> bool:
    stamped = cell_kind(table.columns[column][0]) is CellKind.STAMP
    return stamped or carried_time_unit(table.names[column]) is not None or bool(table.carried)


def _is_index(table: Table, column: int) -> bool:
    """Say whether this is a first column without a name among named ones, counting up: a data frame's index."""
    if column != 0 or table.names[0] or not any(table.names):
        return False
    try:
        return bool((np.diff(table.numbers(0)) > 0).all())
    except DataError:
        return True


def _is_meant(table: Table, column: int, signal: str | None) -> bool:
    name = table.names[column]
    return (
        table.said(column).channel == (signal or "rr")
        or channel_in(name) == (signal or "rr")
        or bare_name(name).replace(" ", "_") == signal
    )
