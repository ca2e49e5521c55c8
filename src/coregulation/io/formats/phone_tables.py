"""What the tables of phone apps have in common: time columns that become what is said about the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import bare_name, channel_in, unit_in
from coregulation.io.tables.table import Table

_CHANNELS = {"hr": "heart_rate", "bpm": "heart_rate"}
_UNITS = {"bpm": "1/min"}


def with_times(table: Table, leave: Sequence[str], say: Callable[[str], ColumnMetadata]) -> Table:
    """Take the time columns out of a table and attach what is said about the others.

    Parameters
    ----------
    table
        As it stands in the file.
    leave
        The names of the time columns.
    say
        Tells from the name of a column what is known of it, its times among that.

    Returns
    -------
    Table
        Without the time columns.
    """
    kept = [number for number, name in enumerate(table.names) if name not in leave]
    names = tuple(table.names[number] for number in kept)
    columns = tuple(table.columns[number] for number in kept)
    return replace(table, names=names, columns=columns, carried=tuple(say(name) for name in names))


def named_metadata(name: str) -> ColumnMetadata:
    """Tell channel and unit from the name of a column.

    Parameters
    ----------
    name
        Such as "HR [bpm]".

    Returns
    -------
    ColumnMetadata
        None and "" where the name tells nothing; always without times.
    """
    word = bare_name(name)
    return ColumnMetadata(_CHANNELS.get(word) or channel_in(name), unit_in(name) or _UNITS.get(word, ""))
