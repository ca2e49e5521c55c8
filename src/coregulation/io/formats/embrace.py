"""Empatica EmbracePlus: the half-hour avro files of a wearing, one or a folder of them, read with fastavro.

The schema travels in the file; this reads `rawData` of version 6 (vendor's documentation): each sensor with
`timestampStart` (µs since 1970), `samplingFrequency` (Hz) and its values; systolic peaks as ns since 1970. Files of a
folder are put one after the other, and what lies between two stays a gap.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import FileFaultError
from coregulation.io.examples import streams
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, since_1970, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

_SENSORS = {"eda": ("eda", "µS"), "bvp": ("ppg", ""), "temperature": (None, "°C")}
_CODECS = ("null", "deflate")
_MIN_RATE, _MAX_RATE = 0.01, 10_000.0  # Hz

Raw = Mapping[str, Any]


def is_embrace(path: Path) -> bool:
    """Say whether a path is an avro file, or a folder of them.

    Parameters
    ----------
    path
        A file is judged by its name, a folder by the names in it.

    Returns
    -------
    bool
        True for .avro files and for folders that hold one.
    """
    return path.suffix.lower() == ".avro" or (path.is_dir() and any(path.glob("*.avro")))


def read_embrace(path: Path) -> Table:
    """Read the sensors of one file or of all files in a folder.

    Parameters
    ----------
    path
        One file, or a folder of one person's files.

    Returns
    -------
    Table
        Skin conductance (µS), blood volume pulse, temperature (°C), acceleration (g) by axis, and pulse times as beats
        (s), where the files hold them.

    Raises
    ------
    UsageError
        If there is no such file, or fastavro is not installed.
    DataError
        If one is damaged, cut off, or holds no raw data.
    """
    files = sorted(path.glob("*.avro")) if path.is_dir() else [path]
    sessions = sorted((raw for file in files for raw in _raw(file)), key=_begin)
    with reader_errors(path, "EmbracePlus"):
        traces = [trace for name in _SENSORS for trace in _sensor(name, sessions)]
        traces += [*_axes(sessions), *_peaks(sessions)]
    return tracks_of_traces(path, traces)


def _raw(path: Path) -> Iterator[Raw]:
    fastavro = import_reader("fastavro", "EmbracePlus")
    content = read_bytes(path)
    own = (fastavro.schema.SchemaParseException, fastavro.schema.UnknownType)
    with reader_errors(path, "EmbracePlus", *own):
        reader = fastavro.reader(io.BytesIO(content))
        if reader.codec not in _CODECS or _holds_nothing(reader.writer_schema):
            raise FileFaultError("its schema or its packing is not one of Empatica's")
        blocks = fastavro.block_reader(io.BytesIO(content))
        if sum(block.num_records for block in blocks) > 1000:
            raise FileFaultError("it announces more sessions than a file has")
        raw = [session["rawData"] for session in reader]
    yield from raw


def _holds_nothing(schema: Any) -> bool:
    """Say whether a list in a schema has elements of no size, of which any number fits into a few bytes."""
    if isinstance(schema, list):
        return any(map(_holds_nothing, schema))
    if not isinstance(schema, dict):
        return False
    items = schema.get("items")
    if schema.get("type") == "array" and items not in ("int", "long", "float", "double"):
        return not (isinstance(items, dict) and items.get("type") == "record" and items.get("fields"))
    return any(map(_holds_nothing, [schema.get("type"), *(field["type"] for field in schema.get("fields", []))]))


def _begin(raw: Raw) -> int:
    stamps = [
        sensor["timestampStart"] for sensor in raw.values() if isinstance(sensor, dict) and "timestampStart" in sensor
    ]
    return min((int(stamp) for stamp in stamps if stamp), default=0)


def _sensor(name: str, sessions: list[Raw]) -> Iterator[RecordedTrace]:
    channel, unit = _SENSORS[name]
    yield from _joined(name, channel, unit, [(raw[name], raw[name]["values"]) for raw in sessions if raw.get(name)])


def _axes(sessions: list[Raw]) -> Iterator[RecordedTrace]:
    for axis in "xyz":
        pieces = [
            (raw["accelerometer"], _in_g(raw["accelerometer"], axis)) for raw in sessions if raw.get("accelerometer")
        ]
        yield from _joined(f"acceleration {axis}", None, "g", pieces)


def _in_g(sensor: Raw, axis: str) -> Floats:
    """Scale counts by the physical range that the file states."""
    ranges = sensor["imuParams"]
    size = (ranges["physicalMax"] - ranges["physicalMin"]) / (ranges["digitalMax"] - ranges["digitalMin"])
    counts = np.asarray(sensor[axis], np.float64) - float(ranges["digitalMin"])
    return float(ranges["physicalMin"]) + counts * float(size)


def _joined(name: str, channel: str | None, unit: str, pieces: list[tuple[Raw, Any]]) -> Iterator[RecordedTrace]:
    """Yield a sensor over all pieces: at one rate where there is one piece, with the time of each row where more."""
    filled = [(raw, np.asarray(values, np.float64)) for raw, values in pieces if len(values)]
    rates = [float(raw["samplingFrequency"]) for raw, _ in filled]
    starts = [int(raw["timestampStart"]) / 1e6 for raw, _ in filled]
    if any(not _MIN_RATE <= rate <= _MAX_RATE for rate in rates):
        raise FileFaultError("its rate of {channel} is not a positive number", channel=name)
    if len(filled) == 1:
        yield RecordedTrace(name, filled[0][1], ColumnMetadata(channel, unit, rates[0], since_1970(name, starts[0])))
    elif filled:
        parts = zip(starts, rates, filled, strict=True)
        times = np.concatenate([start + np.arange(len(values)) / rate for start, rate, (_, values) in parts])
        yield RecordedTrace(
            name, np.concatenate([values for _, values in filled]), ColumnMetadata(channel, unit, times=times)
        )


def _peaks(sessions: list[Raw]) -> Iterator[RecordedTrace]:
    nanoseconds = [int(peak) for raw in sessions for peak in (raw.get("systolicPeaks") or {}).get("peaksTimeNanos", [])]
    if nanoseconds:
        first = nanoseconds[0]
        since = np.array([(peak - first) / 1e9 for peak in nanoseconds])
        yield RecordedTrace(
            "systolic peaks", since, ColumnMetadata("beats", "s", start=since_1970("systolicPeaks", first / 1e9))
        )


FORMAT = FileFormat(
    name="Empatica EmbracePlus",
    files="`.avro`, or a folder of them",
    recognise=is_embrace,
    read=read_embrace,
    says="all: eda, ppg, beats, start (UTC)",
    ask="",
    left_out="steps, event buttons",
    reference="vendor's documentation of the raw data, schema version 6",
    examples=(
        Example("x.avro", streams.embrace, source="fastavro, with the schema that EmbracePlus files carry"),
        Example("plain.avro", lambda path: streams.embrace(path, codec="null"), source="the same without packing"),
    ),
    library="fastavro",
)
