"""Tables of Polar Sensor Logger, which have two time columns.

The sensor's own time (ns) counts where there is one: it is even, while the phone's is when the radio delivered a sample. The
phone's first stamp says where the sensor's time begins.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.phone_tables import named_metadata, with_times
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.tables.table_reading import read_table
from coregulation.io.text import read_beginning

_PHONE, _SENSOR = "Phone timestamp", "sensor timestamp [ns]"


def is_polar_logger(path: Path) -> bool:
    """Say whether a file is a table of Polar Sensor Logger.

    Parameters
    ----------
    path
        Its beginning is read.

    Returns
    -------
    bool
        True where the file begins with the phone's time stamp as a column, whatever its name.
    """
    return read_beginning(path).startswith(_PHONE)


def read_polar_logger(path: Path) -> Table:
    """Read a table of Polar Sensor Logger.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        Without its time columns where the sensor's own time is there: then times are in s from the first row, and the
        start is the phone's first stamp. Otherwise the table as it stands.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no table, or its first time stamp cannot be read.
    """
    table = read_table(path, TableShape())
    if _SENSOR not in table.names:  # heart rates and intervals come with the phone's time alone
        return replace(table, carried=tuple(named_metadata(name) for name in table.names))
    times = 1e-9 * (table.numbers(_SENSOR) - table.numbers(_SENSOR)[0])
    start = _moment(table.words(_PHONE)[0], table.place(0, table.index(_PHONE)))
    return with_times(table, (_PHONE, _SENSOR), lambda name: replace(named_metadata(name), times=times, start=start))


def _moment(stamp: str, place: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(stamp)
    except ValueError as error:
        raise DataError("{place} is no date and time (2026-05-04T14:00:03.200 was expected).", place=place) from error


FORMAT = FileFormat(
    name="Polar Sensor Logger",
    files="`.txt`",
    recognise=is_polar_logger,
    read=read_polar_logger,
    says="all, with the sensor's own time",
    ask="",
    left_out="",
    reference="what the app writes",
    examples=(
        Example("ecg.txt", exports.polar_logger, source="text as the Polar Sensor Logger app exports it"),
        Example("hr.txt", exports.polar_rates, source="text as the Polar Sensor Logger app exports it"),
    ),
)
