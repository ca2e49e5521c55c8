"""Tables of two phone apps, Polar Sensor Logger and Sensor Logger, which have two time columns.

The sensor's own time (ns) counts where there is one: it is even, while the phone's is when the radio delivered a sample. The
phone's first stamp says where the sensor's time begins.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import bare_name, channel_in, unit_in
from coregulation.io.tables.table import Table, TableShape, read_table
from coregulation.io.text import read_beginning

_PHONE, _SENSOR = "Phone timestamp", "sensor timestamp [ns]"
_TIME, _ELAPSED = "time", "seconds_elapsed"
_CHANNELS = {"hr": "heart_rate", "bpm": "heart_rate"}
_UNITS = {"bpm": "1/min"}


def is_polar_logger(path: Path) -> bool:
    """Say whether a file is a table of Polar Sensor Logger."""
    return read_beginning(path).startswith(_PHONE)


def read_polar_logger(path: Path) -> Table:
    """Read a table of Polar Sensor Logger; raises as `read_table` does."""
    table = read_table(path, TableShape())
    if _SENSOR not in table.names:  # heart rates and intervals come with the phone's time alone
        return replace(table, carried=tuple(_carried(name) for name in table.names))
    times = 1e-9 * (table.numbers(_SENSOR) - table.numbers(_SENSOR)[0])
    start = _moment(table.words(_PHONE)[0], table.place(0, table.index(_PHONE)))
    return _timed(table, (_PHONE, _SENSOR), lambda name: replace(_carried(name), times=times, start=start))


def is_sensor_logger(path: Path) -> bool:
    """Say whether a file is a table of Sensor Logger."""
    return read_beginning(path).replace('"', "").startswith(f"{_TIME},{_ELAPSED},")


def read_sensor_logger(path: Path) -> Table:
    """Read a table of Sensor Logger, whose time is ns since 1970; raises as `read_table` does."""
    table = read_table(path, TableShape())
    times = 1e-9 * table.numbers(_TIME)
    return _timed(table, (_TIME, _ELAPSED), lambda name: replace(_carried(name), times=times))


def _timed(table: Table, leave: Sequence[str], say: Callable[[str], ColumnMetadata]) -> Table:
    """Return the table without its time columns, with what is said about the others."""
    kept = [number for number, name in enumerate(table.names) if name not in leave]
    names = tuple(table.names[number] for number in kept)
    columns = tuple(table.columns[number] for number in kept)
    return replace(table, names=names, columns=columns, carried=tuple(say(name) for name in names))


def _carried(name: str) -> ColumnMetadata:
    word = bare_name(name)
    return ColumnMetadata(_CHANNELS.get(word) or channel_in(name), unit_in(name) or _UNITS.get(word, ""))


def _moment(stamp: str, place: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(stamp)
    except ValueError as error:
        raise DataError(f"{place} is no date and time (2026-05-04T14:00:03.200 was expected).") from error
