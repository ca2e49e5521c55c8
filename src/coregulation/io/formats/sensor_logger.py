"""Tables of Sensor Logger, whose time is ns since 1970."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.phone_tables import named_metadata, with_times
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.tables.table_reading import read_table
from coregulation.io.text import read_beginning

_TIME, _ELAPSED = "time", "seconds_elapsed"


def is_sensor_logger(path: Path) -> bool:
    """Say whether a file is a table of Sensor Logger.

    Parameters
    ----------
    path
        Its beginning is read.

    Returns
    -------
    bool
        True where the first two columns are time and seconds_elapsed, whatever the file's name.
    """
    return read_beginning(path).replace('"', "").startswith(f"{_TIME},{_ELAPSED},")


def read_sensor_logger(path: Path) -> Table:
    """Read a table of Sensor Logger, whose time is ns since 1970.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        Without its time columns; each other column has times in s since 1970.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no table, or a time is no number.
    """
    table = read_table(path, TableShape())
    times = 1e-9 * table.numbers(_TIME)
    return with_times(table, (_TIME, _ELAPSED), lambda name: replace(named_metadata(name), times=times))


FORMAT = FileFormat(
    name="Sensor Logger",
    files="`.csv`",
    recognise=is_sensor_logger,
    read=read_sensor_logger,
    says="time (UTC); heart rate",
    ask="other columns",
    left_out="",
    reference="what the app writes",
    examples=(Example("hr.csv", exports.sensor_logger, source="text as the Sensor Logger app exports it"),),
)
