"""Empatica E4: the zip of a session, or the folder it unpacks to, with a table for each sensor.

The vendor's info.txt: the first line of a table is its start in s since 1970 (UTC), the second its rate in Hz; IBI.csv has
a start, then pairs of time since it and interval, both in s. Intervals are of the pulse (PRV), at the wrist.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, since_1970, tracks_of_traces
from coregulation.io.plain_names import plain_name
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import MAX_BYTES, read_bytes
from coregulation.io.unpacking import check_directory, zip_members
from coregulation.signals import Floats

_SENSORS = {
    "EDA": (("eda", "eda", "µS"),),
    "BVP": (("bvp", "ppg", ""),),
    "HR": (("hr", "heart_rate", "1/min"),),
    "TEMP": (("temperature", None, "°C"),),
    "ACC": (("acceleration x", None, "g/64"), ("acceleration y", None, "g/64"), ("acceleration z", None, "g/64")),
}
_IBI = "IBI"
_TAGS = "tags"
_KNOWN = {*_SENSORS, _IBI, _TAGS, "info"}
_RECORDED = {*_SENSORS, _IBI}
_LONE_IBI = re.compile(
    rb"\d{9,10}(\.\d+)?\s*,\s*IBI\s*\r?\n"
)  # how a table of intervals begins, whatever it is called now
_LONE = re.compile(rb"\d{10}\.\d{6}(\s*,\s*\d{10}\.\d{6})*\s*\r?\n\d+\.\d{6}(\s*,\s*\d+\.\d{6})*\s*\r?\n")
_ALONE = ("EDA", "BVP", "HR")  # sensors that say something by themselves
_TELLING = {"EDA", "BVP"}  # what no E4 session is without


def is_e4(path: Path) -> bool:
    """Say whether a path is an E4 session: a zip, or a folder that holds its tables.

    Parameters
    ----------
    path
        A file is judged by its name, a folder by the names in it.

    Returns
    -------
    bool
        True for a .zip with one of its tables or that is damaged, for a folder that holds EDA.csv and BVP.csv, and for one
        of its tables by itself: intervals under any name, sensors under a name that tells which.
    """
    if path.is_dir():
        return {file.name.split(".")[0] for file in path.glob("*.csv*")} >= _TELLING
    if path.suffix.lower() != ".zip" or not path.is_file():
        return _lone(path) is not None
    try:
        with zipfile.ZipFile(path) as packed:
            return any(PurePosixPath(name).name.split(".")[0] in _RECORDED for name in packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True


def _lone(path: Path) -> str | None:
    """Return which table of a session lies by itself at a path; None where none does."""
    if not path.is_file() or not path.name.lower().endswith((".csv", ".csv.gz", ".txt")):
        return None
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            head = file.read(400)
    except (OSError, EOFError, zlib.error):
        return None
    if _LONE_IBI.match(head):
        return _IBI
    words = re.split(r"[^A-Z]+", path.name.upper())
    return next((name for name in _ALONE if name in words), None) if _LONE.match(head) else None


def read_e4(path: Path) -> Table:
    """Read the sensors of a session.

    Parameters
    ----------
    path
        The zip, the folder that it unpacks to, or one of its tables.

    Returns
    -------
    Table
        One column for each sensor and axis with rate (Hz), unit and start (UTC), RR intervals (s) with their times,
        tags as events; a table without a row is reported as left out.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a table in it is damaged.
    """
    lone = _lone(path)
    tables = _of_folder(path) if path.is_dir() else _of_zip(path) if lone is None else {lone: read_bytes(path)}
    plain = path.is_dir() or lone is not None
    loose = sum(bool(content) and content[-1:] not in b"\r\n" for content in tables.values()) if plain else 0
    cut = [note(ReadingRemark.LAST_LINE_OPEN, loose)] if loose else []  # in a zip a checksum tells
    tags = _tags(path, tables.pop(_TAGS, b""))
    traces = [trace for name, content in tables.items() for trace in _traces(path, name, content)]
    empty = [name for name in tables if name in (_IBI, *_SENSORS) and not _rows(tables[name])[1:]]
    notes = [
        note(ReadingRemark.PART_LEFT_OUT, part=part) for part in [*(f"{name}.csv" for name in empty), *_unknown(path)]
    ]
    return tracks_of_traces(path, traces, tags, [*notes, *cut])


def _tags(path: Path, content: bytes) -> FileEvents:
    seconds = _numbers(f"{path}: {_TAGS}.csv", _rows(content), 1)[:, 0]
    return FileEvents(seconds, ("tag",) * len(seconds))


def _rows(content: bytes) -> list[str]:
    return [line for line in content.decode("ascii", errors="replace").splitlines() if line.strip()]


def _of_folder(path: Path) -> dict[str, bytes]:
    files = {file.name.split(".")[0]: file for file in sorted(path.glob("*.csv*")) if file.is_file()}
    return {name: _or_nothing(files[name]) for name in (*_SENSORS, _IBI, _TAGS) if name in files}


def _unknown(path: Path) -> list[str]:
    """Return the files in a zip that are no part of a session by their names, which damage may have changed."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return []
    with zipfile.ZipFile(path) as packed:
        names = [PurePosixPath(member.filename).name for member in zip_members(packed)]
    return [plain_name(name) for name in names if name.split(".")[0] not in _KNOWN]


def _or_nothing(file: Path) -> bytes:
    return read_bytes(file) if file.stat().st_size else b""


def _of_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path))) as packed:
            check_directory(packed)
            members = _of_one_session(path, packed.infolist())
            wanted = {name: members[name] for name in (*_SENSORS, _IBI, _TAGS) if name in members}
            if sum(info.file_size for info in wanted.values()) > MAX_BYTES:
                raise DataError(
                    "{path}: unpacks to more than {limit} MiB, which no session needs.",
                    path=str(path),
                    limit=MAX_BYTES >> 20,
                )
            return {name: _unpacked(packed, info) for name, info in wanted.items()}
    except (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, RuntimeError, OSError, ValueError) as error:
        raise DataError("{path}: the zip is damaged or cut off. Download the session again.", path=str(path)) from error


def _of_one_session(path: Path, members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the tables of an archive by name; two folders of them are two sessions, perhaps of two people."""
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        place = PurePosixPath(member.filename)
        name = place.name.split(".")[0]
        if name in (*_SENSORS, _IBI, _TAGS) and "__MACOSX" not in place.parts:
            folders.setdefault(str(place.parent), {})[name] = member
    if len(folders) > 1:
        raise DataError(
            "{path}: it holds {count:n session|sessions}, in the folders {folders:and}. Unpack it and give one folder for each person.",
            path=str(path),
            count=len(folders),
            folders=tuple(sorted(folders)),
        )
    return next(iter(folders.values()), {})


def _unpacked(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with packed.open(member) as file:
        return file.read(MAX_BYTES)


def _traces(path: Path, name: str, content: bytes) -> Iterator[RecordedTrace]:
    where = f"{path}: {name}.csv"
    lines = _rows(content)
    if name == _IBI and len(lines) > 1:
        begin = _numbers(where, [lines[0].split(",")[0]], 1)[0, 0]
        rows = _numbers(where, lines[1:], 2)
        yield RecordedTrace("ibi", rows[:, 1], ColumnMetadata("rr", "s", times=begin + rows[:, 0]))
    elif lines and name != _IBI:
        rows = _numbers(where, lines, len(_SENSORS[name]))
        if len(rows) < 2:
            raise DataError("{where} does not begin with a start and a rate.", where=where)
        for (title, channel, unit), column in zip(_SENSORS[name], rows.T, strict=True):
            carried = ColumnMetadata(channel, unit, float(column[1]), since_1970(where, float(column[0])))
            yield RecordedTrace(title, column[2:], carried)


def _numbers(where: str, lines: list[str], width: int) -> Floats:
    """Return lines of numbers; shape (lines, width)."""
    if not lines:
        return np.empty((0, width))
    try:
        values = np.array([line.split(",") for line in lines], np.float64).reshape(len(lines), -1)
    except ValueError as error:
        raise DataError(
            "{where} holds a line that is not {width:n number|numbers}: it is damaged or cut off.",
            where=where,
            width=width,
        ) from error
    if len(lines) and (values.shape[1] != width or not np.isfinite(values).all()):
        raise DataError(
            "{where} holds a line that is not {width:n number|numbers}: it is damaged or cut off.",
            where=where,
            width=width,
        )
    return values.reshape(len(lines), width)


FORMAT = FileFormat(
    name="Empatica E4",
    files="the zip of a session, its folder, or one of its tables",
    recognise=is_e4,
    read=read_e4,
    says="all: eda, ppg, heart rate, RR, tags as marks, start (UTC)",
    ask="",
    left_out="",
    reads_as_text=lambda path: path.is_file() and path.suffix.lower() != ".zip",
    reference="vendor's info.txt in every session",
    examples=(
        Example("x.zip", exports.e4, source="text written from the info.txt of an E4 session"),
        Example("ada.csv", exports.e4_ibi, source="the table IBI.csv of such a session, under another name"),
    ),
)
