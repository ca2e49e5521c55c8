"""Which column of a table holds the values, and which are whose where nobody named the people."""

from __future__ import annotations

import string
from collections.abc import Sequence

from coregulation.channels import CHANNELS
from coregulation.errors import DataError, UsageError
from coregulation.io.options import ReadOptions
from coregulation.io.tables.cell_parsing import CellKind
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.counters import COUNTS
from coregulation.io.tables.derived_columns import refuse_copies, words_of
from coregulation.io.tables.header_names import bare_name
from coregulation.io.tables.likely_channels import likely_channel
from coregulation.io.tables.mixed_rows import parting_labels
from coregulation.io.tables.rising import is_rising
from coregulation.io.tables.table import Table
from coregulation.io.tables.time_proposals import proposed_unit, time_proposal

Meanings = Sequence[ColumnMeaning]
_PERSON_WORDS = frozenset(
    {
        "id", "person", "subject", "subj", "sub", "participant", "pid", "ppt", "pp", "player", "member", "partner", "person id",
        "subject id", "participant id", "player id", "subject number", "participant number",
    }
)  # fmt: skip


def letters() -> Sequence[str]:
    """Make neutral names for people whom nobody named, since what stands in a header may be a real name.

    Returns
    -------
    sequence of str
        A to Z, then AA to ZZ.
    """
    alphabet = string.ascii_uppercase
    return [*alphabet, *(first + second for first in alphabet for second in alphabet)]


def value_columns(meanings: Meanings, time: int | None) -> list[int]:
    """Find the columns that may hold values: neither the time nor an index without a name.

    Parameters
    ----------
    meanings
        What is known of each column, in their order.
    time
        The number of the column of times; None where there is none.

    Returns
    -------
    list of int
        Their numbers, from 0.
    """
    return [meaning.number for meaning in meanings if meaning.number != time and meaning.may_hold_values]


def columns_of_people(table: Table, meanings: Meanings, options: ReadOptions, time: int | None) -> list[int]:
    """Find the columns of a table whose people nobody named: each column of values is a person, where nothing says otherwise.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    options
        What the caller said.
    time
        The number of the column of times; None where there is none.

    Returns
    -------
    list of int
        Their numbers, from 0.

    Raises
    ------
    UsageError
        If a column holds words, seems to be a time, or is of another channel by its name.
    DataError
        If there is none.
    """
    _refuse_words(table, meanings, time)
    columns = _without_pairs(value_columns(meanings, time), table, options)
    if not columns:
        raise DataError(
            "{origin}: it holds times and no values. Export the values with their times. The columns are {columns}.",
            origin=table.origin,
            columns=table.listing(),
        )
    if len(columns) < 2 or table.carried:
        return columns
    _refuse_rising(table, meanings, columns, time, options)
    refuse_copies(table, meanings, columns, options.signal or "rr")
    channels = {number: likely_channel(meanings[number].name) for number in columns}
    own = [number for number, channel in channels.items() if channel == (options.signal or channel)]
    if options.signal is not None and (own or any(channels.values())) and len(own) < len(columns):
        other = next(number for number in columns if number not in own)
        shown = (own or columns)[:2]
        raise UsageError(
            "{origin}: not every column is of {channel} by its name (column {column} is {name!r}). Say whose are which: {people}. The columns "
            "are {columns}.",
            origin=table.origin,
            channel=options.signal,
            column=other,
            name=meanings[other].name,
            people=" ".join(f"--person {name}={number}" for name, number in zip(letters(), shown, strict=False)),
            columns=table.listing(),
        )
    return columns


def _without_pairs(columns: Sequence[int], table: Table, options: ReadOptions) -> list[int]:
    """Leave out the column that tells the sessions apart."""
    pairs = None if options.pair_column is None else table.index(options.pair_column)
    return [number for number in columns if number != pairs]


def _refuse_rising(
    table: Table, meanings: Meanings, columns: Sequence[int], time: int | None, options: ReadOptions
) -> None:
    """Refuse to take a column that only rises for a person's values: it is a time or a count of rows."""
    if time is not None or options.signal == "beats":
        return
    rising = [number for number in columns if is_rising(table, meanings[number])]
    if not rising or len(rising) == len(columns):
        return
    others = [number for number in columns if number not in rising]
    raise UsageError(
        "{origin}: column {column}{name} only rises, so it is a time or a count of rows and nobody's values. If it is the time, say "
        "--time-column {column} --time-unit {unit}; if it is only a count, say whose are the others: {people}.",
        origin=table.origin,
        column=rising[0],
        name=f" ({meanings[rising[0]].name!r})" if meanings[rising[0]].name else "",
        unit=proposed_unit(table, rising[0]),
        people=" ".join(f"--person {name}={number}" for name, number in zip(letters(), others[:2], strict=False)),
    )


def refuse_stacked(table: Table, meanings: Meanings, time: int | None) -> None:
    """Refuse a table whose rows are of several people by a column that says so: one body would be made of all.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    time
        The number of the column of times; None where there is none.

    Raises
    ------
    UsageError
        If there is such a column.
    """
    for meaning in meanings:
        if table.carried or bare_name(meaning.name) not in _PERSON_WORDS or meaning.number == time:
            continue
        labels = parting_labels(table, meaning.number)
        if labels:
            raise UsageError(
                "{origin}: column {column} ({name!r}) tells {count} apart, so the rows are of several people. Say --long --person-column "
                "{column} --value-column {value}; if they are of one person, take the column out of the file.",
                origin=table.origin,
                column=meaning.number,
                name=meaning.name,
                count=len(labels),
                value=_first_value(meanings, time, meaning.number),
            )


def _refuse_words(table: Table, meanings: Meanings, time: int | None) -> None:
    """Refuse to take a column of words for a person's values."""
    for number in value_columns(meanings, time):
        if meanings[number].kind is CellKind.TEXT:
            raise UsageError(
                "{origin}: column {column} ({name!r}) holds words. If they tell people apart, say --long --person-column {column} "
                "--value-column {value}; if not, say whose values are where: --person A={value}.",
                origin=table.origin,
                column=number,
                name=meanings[number].name,
                value=_first_value(meanings, time, number),
            )


def _first_value(meanings: Meanings, time: int | None, other: int) -> int:
    """Return the number of the first column of numbers that is neither the time nor another one."""
    numbers = (n for n in value_columns(meanings, time) if n != other and meanings[n].kind is CellKind.NUMBER)
    return next(numbers, other)


def value_column(table: Table, meanings: Meanings, options: ReadOptions, time: int | None) -> int:
    """Find the one column that holds values, or among several the one whose name says the signal.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    options
        What the caller said.
    time
        The number of the column of times; None where there is none.

    Returns
    -------
    int
        The number of the column, from 0.

    Raises
    ------
    UsageError
        If several columns may be meant, or none.
    """
    if options.column is not None:
        return table.index(options.column)
    columns = _without_pairs(value_columns(meanings, time), table, options)
    signal = options.signal or "rr"
    if len(columns) > 1:
        named = [column for column in columns if meanings[column].is_of(signal)]
        named = named or [column for column in columns if likely_channel(meanings[column].name) == signal]
        named = named or _of_unit(meanings, columns, signal)
        columns = named if len(named) == 1 else columns
    if len(columns) != 1:
        _ask_for_values(table, meanings, columns, time, signal)
    return columns[0]


def _of_unit(meanings: Meanings, columns: Sequence[int], signal: str) -> list[int]:
    """Return the columns in a unit of a signal's own quantity, such as the one in bpm beside one in per cent."""
    channel = CHANNELS.get(signal)
    if channel is None or channel.unit.quantity in ("arbitrary", "time"):
        return []
    units = {number: meanings[number].unit for number in columns}
    return [number for number, unit in units.items() if unit is not None and unit.quantity == channel.unit.quantity]


def _likeliest(table: Table, meanings: Meanings, columns: Sequence[int], signal: str) -> int:
    """Return the column that is likeliest of a signal: by its name, else one of numbers that is no count and not one number throughout."""
    numbers = [n for n in columns if meanings[n].kind is CellKind.NUMBER and not is_rising(table, meanings[n])]
    named = [n for n in numbers if likely_channel(meanings[n].name) == signal or signal in words_of(meanings[n].name)]
    plain = [n for n in numbers if bare_name(meanings[n].name) not in COUNTS and len(set(table.words(n))) > 1]
    return next(iter([*named, *plain, *numbers, *columns]), 0)


def _ask_for_values(table: Table, meanings: Meanings, columns: Sequence[int], time: int | None, signal: str) -> None:
    """Ask which column holds the values, and propose one that does not only rise."""
    rising = [column for column in columns if is_rising(table, meanings[column])] if time is None else []
    first = _likeliest(table, meanings, columns, signal)
    if rising and len(rising) < len(columns):
        raise UsageError(
            "{origin}: which column holds the values? Column {rising} only rises, so it may be their time. Say it, such as --column "
            "{first} {words}. The columns are {columns}.",
            origin=table.origin,
            rising=rising[0],
            first=first,
            words=time_proposal(table, rising[0]),
            columns=table.listing(),
        )
    raise UsageError(
        "{origin}: which column holds the values? Say it, such as --column {first} (and which the time, with "
        "--time-column). The columns are {columns}.",
        origin=table.origin,
        first=first,
        columns=table.listing(),
    )
