"""FIT (Garmin and others), read with fitdecode: RR intervals of `hrv` or `hr` messages, heart rate of `record` messages.

An `hrv` message holds up to five intervals and no time. It lies between two records, so its beats are not later than the record
after it; smart recording writes records many seconds apart. Intervals that go on after the last record are added up. `hr` messages are what a strap kept while its watch was
out of reach (swimming): beats in 1/1024 s of the strap's own count, of which the first message says the moment.
"""

from __future__ import annotations

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import streams
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import MAX_BYTES, read_bytes

_TICKS = 1024  # of a strap's count of time, per s


def is_fit(path: Path) -> bool:
    """Say whether a path has the name of a FIT file.

    Parameters
    ----------
    path
        Its name is looked at; of a zip, the names in it.

    Returns
    -------
    bool
        True for .fit and .fit.gz, and for a zip that holds exactly one .fit.
    """
    return path.name.lower().endswith((".fit", ".fit.gz")) or _member(path) is not None


def _member(path: Path) -> str | None:
    """Return the one FIT file in a zip, as Garmin Connect exports it."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return None
    try:
        with zipfile.ZipFile(path) as packed:
            names = [name for name in packed.namelist() if name.lower().endswith(".fit")]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    return names[0] if len(names) == 1 else None


def _content(path: Path) -> bytes:
    member = _member(path)
    if member is None:
        return read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path))) as packed, packed.open(member) as file:
            content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, NotImplementedError) as error:
        raise DataError("{path}: the zip is damaged or cut off. Download it again.", path=str(path)) from error
    if len(content) > MAX_BYTES:
        raise DataError(
            "{path}: unpacks to more than {limit} MiB, which no activity needs.", path=str(path), limit=MAX_BYTES >> 20
        )
    return content


def read_fit(path: Path) -> Table:
    """Read intervals and heart rate of an activity.

    Parameters
    ----------
    path
        The file, or the zip that holds it.

    Returns
    -------
    Table
        RR intervals (s) and heart rate (1/min; NaN where a record has none), each with times since 1970 where the file
        tells them.

    Raises
    ------
    UsageError
        If there is no such file, or fitdecode is not installed.
    DataError
        If it is damaged, cut off, or holds neither.
    """
    fitdecode = import_reader("fitdecode", "FIT")
    content = _content(path)
    with reader_errors(path, "FIT", fitdecode.FitError):
        reader = fitdecode.FitReader(
            io.BytesIO(content), check_crc=fitdecode.CrcCheck.RAISE, error_handling=fitdecode.ErrorHandling.IGNORE
        )
        with reader as frames:
            messages = [frame for frame in frames if isinstance(frame, fitdecode.FitDataMessage)]
        rates, intervals = _collected(messages)
    return tracks_of_traces(path, _traces(rates, intervals or _kept_intervals(messages)))


def _collected(messages: Sequence[Any]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return heart rates and intervals (s), each with the time since 1970 that the file gives it."""
    rates, intervals = [], []
    waiting: list[float] = []
    now = np.nan
    for frame in messages:
        stamp = _moment(frame)
        if stamp is not None:
            now = stamp
            intervals += [(now, value) for value in waiting]
            waiting = []
        if frame.name == "record":
            rate = frame.get_value("heart_rate", fallback=None)
            rates.append((now, np.nan if rate is None else float(rate)))
        elif frame.name == "hrv":
            waiting += _intervals(frame)
    after = now + np.cumsum(waiting)
    return rates, [*intervals, *zip(after.tolist(), waiting, strict=True)]


def _intervals(frame: Any) -> list[float]:
    times = frame.get_value("time", fallback=None)
    listed = times if isinstance(times, tuple | list) else [times]
    return [float(value) for value in listed if value is not None]


def _moment(frame: Any) -> float | None:
    stamp = frame.get_value("timestamp", fallback=None)
    if not isinstance(stamp, datetime.datetime):
        return None
    return stamp.replace(tzinfo=stamp.tzinfo or datetime.UTC).timestamp()


def _kept_intervals(messages: Sequence[Any]) -> list[tuple[float, float]]:
    """Return the intervals (s) between the beats of `hr` messages, each with the time since 1970 at which it ends."""
    beats: list[float] = []
    zero, count = 0.0, 0
    for frame in (frame for frame in messages if frame.name == "hr"):
        packed = frame.get_value("event_timestamp_12", fallback=None)
        if packed is None:
            own = _own_count(frame)
            if own is None:
                continue
            stamp = _moment(frame)
            zero, count = (zero if stamp is None else stamp - own / _TICKS), own
            beats.append(zero + own / _TICKS)
            continue
        for low in _twelve_bits(packed) if beats else ():
            count += (low - count) % 4096
            beats.append(zero + count / _TICKS)
    times = np.array(beats)
    return [(float(time), float(interval)) for time, interval in zip(times[1:], np.diff(times), strict=True)]


def _own_count(frame: Any) -> int | None:
    value = frame.get_value("event_timestamp", fallback=None)
    value = value[0] if isinstance(value, tuple | list) and value else value
    return round(value * _TICKS) if isinstance(value, int | float) else None


def _twelve_bits(packed: Any) -> list[int]:
    """Return eight numbers of 12 bits, the lowest first."""
    bits = int.from_bytes(bytes(packed), "little")
    return [bits >> 12 * n & 4095 for n in range(8 * len(bytes(packed)) // 12)]


def _traces(rates: list[tuple[float, float]], intervals: list[tuple[float, float]]) -> Iterator[RecordedTrace]:
    if intervals:
        times, values = np.array(intervals).T
        stamped = times if np.isfinite(times).all() else None
        yield RecordedTrace("rr", values, ColumnMetadata("rr", "s", times=stamped))
    if any(np.isfinite(rate) for _, rate in rates):
        times, values = np.array(rates).T
        yield RecordedTrace("heart_rate", values, ColumnMetadata("heart_rate", "1/min", times=times))


FORMAT = FileFormat(
    name="FIT (Garmin and others)",
    files="`.fit`, `.fit.gz`, a zip with one",
    recognise=is_fit,
    read=read_fit,
    says="RR intervals (`hrv` messages, or `hr` of a strap that kept them), heart rate, time (UTC)",
    ask="",
    left_out="everything else",
    reference="Garmin FIT protocol",
    examples=(
        Example("x.fit", streams.fit, source="bytes written from the Garmin FIT protocol"),
        Example("fit.zip", streams.fit_in_zip, source="the same, packed by Python's zipfile"),
        Example("kept.fit", streams.fit_kept, source="bytes written from the Garmin FIT protocol: `hr` messages"),
    ),
    library="fitdecode",
)
