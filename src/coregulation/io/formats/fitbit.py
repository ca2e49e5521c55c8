"""Heart rates of Fitbit as its account export has them: a list of JSON objects with a time and a value.

The times are written with the month first and no time zone, and a rate is told every few seconds.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import msgspec
import numpy as np

from coregulation.errors import DataError, FileFaultError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning, read_bytes

_FORMS = ("%m/%d/%y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


class _Value(msgspec.Struct):
    bpm: float
    confidence: int = 0


class _Entry(msgspec.Struct):
    when: str = msgspec.field(name="dateTime")
    value: _Value


def is_fitbit(path: Path) -> bool:
    """Say whether a file is a list of heart rates of Fitbit.

    Parameters
    ----------
    path
        Its first 400 characters are read.

    Returns
    -------
    bool
        True for a .json file that begins as a list of times with values in bpm.
    """
    beginning = read_beginning(path)[:400] if path.suffix.lower() == ".json" else ""
    return beginning.lstrip().startswith("[") and '"dateTime"' in beginning and '"bpm"' in beginning


def read_fitbit(path: Path) -> Table:
    """Read heart rates with their times.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column of heart rate (1/min) with times in s since the first, which is the start; it has no time zone.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no list of heart rates, or a time cannot be read.
    """
    try:
        entries = msgspec.json.decode(read_bytes(path), type=list[_Entry])
        moments = [_moment(entry.when) for entry in entries]
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, ValueError) as error:
        raise DataError(
            "{path}: not a list of heart rates of Fitbit, or a damaged one: {problem}.",
            path=str(path),
            problem=error if isinstance(error, FileFaultError) else str(error),
        ) from error
    start = moments[0] if moments else None
    times = np.array([(moment - moments[0]).total_seconds() for moment in moments], np.float64)
    values = np.array([entry.value.bpm for entry in entries], np.float64)
    return tracks_of_traces(
        path, [RecordedTrace("heart_rate", values, ColumnMetadata("heart_rate", "1/min", start=start, times=times))]
    )


def _moment(text: str) -> datetime.datetime:
    for form in _FORMS:
        try:
            return datetime.datetime.strptime(text, form)  # noqa: DTZ007 - none is stated
        except ValueError:
            continue
    raise FileFaultError("a value of dateTime is not a date and time such as 05/04/26 14:00:00")


def write_example(path: Path) -> None:
    """Write heart rates every 5 s.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    start = datetime.datetime(2026, 5, 4, 14)  # noqa: DTZ001 - as the export writes it
    entries = [
        {
            "dateTime": (start + datetime.timedelta(seconds=5 * n)).strftime(_FORMS[0]),
            "value": {"bpm": 60 + n % 9, "confidence": 2},
        }
        for n in range(60)
    ]
    path.write_text(json.dumps(entries), encoding="utf-8")


FORMAT = FileFormat(
    name="Fitbit",
    files="`heart_rate-….json` of the account's export",
    recognise=is_fitbit,
    read=read_fitbit,
    says="heart rate, times without a time zone",
    ask="",
    left_out="the confidence of a rate; other kinds of file",
    reference="what the account's export holds",
    examples=(Example("heart_rate-2026-05-04.json", write_example, source="JSON as Fitbit's account export holds it"),),
)
