"""OpenSignals (r)evolution text (PLUX, BITalino): three lines of header with JSON, then columns.

The header says rate, sensors and resolution of each device; the samples are the converter's raw numbers, so that the unit
or the scale of a sensor must be stated (its data sheet has the formula).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.counters import counter_jumps
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines
from coregulation.signals import Floats

_FIRST, _LAST = "# OpenSignals Text File Format", "# EndOfHeader"
_SENSORS = {
    "ecg": "ecg", "ecgbit": "ecg", "eda": "eda", "edabit": "eda", "resp": "resp", "respbit": "resp", "pzt": "resp",
    "rip": "resp", "bvp": "ppg", "ppg": "ppg",
}  # fmt: skip


class _Device(msgspec.Struct):
    """What the header says of one device."""

    rate: float = msgspec.field(name="sampling rate")
    sensor: list[str] = []
    date: str = ""
    time: str = ""
    column: list[str] = []  # absent in early headers
    label: list[str] = []
    channels: list[int] = []


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of samples: its number among all, its name and its sensor."""

    number: int
    name: str
    sensor: str
    device: _Device


def is_opensignals(path: Path) -> bool:
    """Say whether a file begins as OpenSignals writes it.

    Parameters
    ----------
    path
        Its beginning is read.

    Returns
    -------
    bool
        True where the file begins with the line of OpenSignals, whatever its name.
    """
    return read_beginning(path).startswith(_FIRST)


def read_opensignals(path: Path) -> Table:
    """Read the sensors of every device.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each sensor with rate (Hz) and start, in counts of the converter: no unit is stated.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If the header cannot be read, or the columns are not those that it announces.
    """
    lines = read_lines(path)
    end = next((n for n, line in enumerate(lines[:10]) if line.startswith(_LAST)), None)
    if end is None or end < 2:
        raise DataError(
            "{path}: the header of OpenSignals does not end ({ending!r} was expected in line 3).",
            path=str(path),
            ending=_LAST,
        )
    devices = _devices(path, lines[1].removeprefix("#").strip())
    rows = _rows(path, lines[end + 1 :])
    devices = [_named(path, device, rows.shape[1], len(devices)) for device in devices]
    if rows.shape[1] != sum(len(device.column) for device in devices):
        raise DataError(
            "{path}: its rows do not have the {width:n column|columns} that its header announces.",
            path=str(path),
            width=sum(len(device.column) for device in devices),
        )
    traces = [_trace(column, rows[:, column.number]) for column in _columns(devices)]
    jumps = sum(counter_jumps(rows[:, number]) for number in _sequence_numbers(devices))
    return tracks_of_traces(path, traces, None, [note(ReadingRemark.COUNTER_JUMPS, jumps)] if jumps else [])


def _devices(path: Path, text: str) -> list[_Device]:
    try:
        devices: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
        return [msgspec.convert(device, _Device) for device in devices.values()]
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise DataError(
            "{path}: the JSON in its second line is not a header of OpenSignals: {problem}.",
            path=str(path),
            problem=error,
        ) from error


def _named(path: Path, device: _Device, width: int, devices: int) -> _Device:
    """Return a device with names for its columns; an early header names its channels alone, which come last."""
    if device.column:
        return device
    if devices != 1 or not 0 < len(device.channels) <= width:
        raise DataError("{path}: its header does not say what its columns are.", path=str(path))
    labels = [f"CH{number}" for number in device.channels]
    before = [f"I{number}" for number in range(width - len(labels))]
    return msgspec.structs.replace(device, column=[*before, *labels], label=labels)


def _columns(devices: list[_Device]) -> Iterator[_Column]:
    """Yield the columns that are sensors; the sequence number and the digital ports are none."""
    first = 0
    for device in devices:
        sensors = dict(zip(device.label, device.sensor, strict=False))
        for number, name in enumerate(device.column, first):
            if name in device.label:
                yield _Column(number, name, sensors.get(name, ""), device)
        first += len(device.column)


def _sequence_numbers(devices: list[_Device]) -> list[int]:
    """Return the columns that count the rows of each device."""
    names = [name for device in devices for name in device.column]
    return [number for number, name in enumerate(names) if name.lower() in ("nseq", "i0")]


def _rows(path: Path, lines: list[str]) -> Floats:
    try:
        rows = np.array([line.split() for line in lines if line.strip()], np.float64)
    except ValueError as error:
        raise DataError(
            "{path}: a row has another number of values than the rest, or one is text.", path=str(path)
        ) from error
    if rows.ndim != 2:
        raise DataError("{path}: it has a header and no rows.", path=str(path))
    return rows


def _trace(column: _Column, values: Floats) -> RecordedTrace:
    name = f"{column.sensor} {column.name}".strip()
    channel = _SENSORS.get(column.sensor.lower())
    return RecordedTrace(name, values, ColumnMetadata(channel, "", column.device.rate, _start(column.device)))


def _start(device: _Device) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(f"{_padded(device.date)} {device.time}")
    except ValueError:
        return None


def _padded(date: str) -> str:
    return "-".join(part.zfill(2) for part in date.split("-"))


FORMAT = FileFormat(
    name="OpenSignals (PLUX, BITalino)",
    files="`.txt`",
    recognise=is_opensignals,
    read=read_opensignals,
    says="rate, start, sensors",
    ask="unit and scale: its numbers are the converter's own",
    left_out="digital ports",
    reference="header of the text format",
    is_text=True,
    examples=(Example("signals.txt", exports.opensignals, source="text as OpenSignals 2.2 exports it"),),
)
