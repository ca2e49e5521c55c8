"""Polar's .hrm files: RR intervals or heart rates with their start.

Polar HRM file format (vendor): sections in square brackets; `Interval=238` is RR intervals in ms, other intervals are the
s between heart rates.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines

_LENGTH = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", re.ASCII)
_BESIDE, _SHARE = 2.0, 0.01  # s, and share of the length, by which rows may come to another one: the first beat, pauses
_RR = 238  # the Interval that means intervals
_SECTION = re.compile(r"\[(\w+)\]")


def is_hrm(path: Path) -> bool:
    """Say whether a file is Polar's .hrm.

    Parameters
    ----------
    path
        Its name is looked at, then its beginning.

    Returns
    -------
    bool
        True for names that end in .hrm, and where the file begins with [Params].
    """
    return path.suffix.lower() == ".hrm" or read_beginning(path).lstrip().startswith("[Params]")


def read_hrm(path: Path) -> Table:
    """Read intervals or heart rates.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column: RR intervals (ms), or heart rate (1/min) with its rate (Hz); the start has no time zone.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a section or a value is missing or not what the format says.
    """
    sections = _sections(read_lines(path))
    params = dict(line.split("=", 1) for line in sections.get("Params", []) if "=" in line)
    rows = [line.split()[0] for line in sections.get("HRData", []) if line.strip()]
    try:
        interval, values = int(params["Interval"]), np.array(rows, np.float64)
        start = _moment(params["Date"], params["StartTime"])
    except (KeyError, ValueError, OverflowError) as error:
        raise DataError(
            "{path}: not a Polar HRM file, or a damaged one: {problem}.",
            path=str(path),
            problem=error,
        ) from error
    if interval == _RR:
        notes = _length_notes(params, float(values.sum()) / 1000)
        return tracks_of_traces(
            path, [RecordedTrace("rr", values, ColumnMetadata("rr", "ms", start=start))], remarks=notes
        )
    if not 1 <= interval <= 600:
        raise DataError(
            "{path}: an Interval of {interval} is neither {rr} (RR) nor s between heart rates.",
            path=str(path),
            interval=interval,
            rr=_RR,
        )
    return tracks_of_traces(
        path,
        [RecordedTrace("heart_rate", values, ColumnMetadata("heart_rate", "1/min", 1 / interval, start))],
        remarks=_length_notes(params, float(interval * len(values))),
    )


def _length_notes(params: dict[str, str], length: float) -> list[Note]:
    """Tell where the rows come to another length (s) than the header states, as where some are lost or doubled."""
    match = _LENGTH.fullmatch(params.get("Length", "").strip())
    if match is None:
        return []
    stated = 3600.0 * int(match[1]) + 60.0 * int(match[2]) + float(match[3])
    if abs(length - stated) <= max(_BESIDE, _SHARE * stated):
        return []
    return [note(ReadingRemark.OTHER_LENGTH, stated=round(stated, 1), found=round(length, 1))]


def _sections(lines: list[str]) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    own: list[str] = []
    for line in lines:
        name = _SECTION.fullmatch(line.strip())
        if name:
            own = sections.setdefault(name[1], [])
        else:
            own.append(line)
    return sections


def _moment(date: str, time: str) -> datetime.datetime:
    day = datetime.datetime.strptime(date.strip(), "%Y%m%d")  # noqa: DTZ007 - the watch's own time, no zone is stated
    hours, minutes, seconds = time.strip().split(":")
    return day + datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


FORMAT = FileFormat(
    name="Polar",
    files="`.hrm`",
    recognise=is_hrm,
    read=read_hrm,
    says="RR or heart rate, start",
    ask="",
    left_out="everything else",
    reference="Polar HRM file format 1.4",
    is_text=True,
    examples=(Example("x.hrm", exports.hrm, source="text from Polar's description of its .hrm files"),),
)
