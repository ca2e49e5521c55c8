"""WFDB records (PhysioNet): a text header `.hea` that names files of integers, with a gain and a unit for each signal.

WFDB Applications Guide (Moody), header(5) and signal(5). Formats 16, 24, 32, 61, 80, 160 and 212; records of several
segments and skewed signals are refused. The header's checksum of each signal is compared with its samples. Annotations
are not read.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coregulation.errors import DataError
from coregulation.io.examples import laboratory
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_bytes
from coregulation.io.text_lines import read_lines
from coregulation.signals import Floats, Ints

_RECORD = re.compile(
    r"\S+?(?P<segments>/\d+)?\s+(?P<signals>\d{1,4})(\s+(?P<rate>[\d.eE+]+)(/[\d.eE+-]+)?(\([\d.eE+-]+\))?)?(\s+(?P<samples>\d{1,12}))?"
    r"(\s+(?P<time>[\d:.]+))?(\s+(?P<date>\d+/\d+/\d+))?\s*"
)
_FORMAT = re.compile(r"(?P<code>\d+)(x(?P<each>\d{1,6}))?(:(?P<skew>\d+))?(\+(?P<offset>\d{1,12}))?")
_GAIN = re.compile(r"(?P<gain>[\d.eE+-]+)(\((?P<baseline>-?\d{1,12})\))?(/(?P<unit>\S+))?")
_DEFAULT_RATE = 250.0  # Hz; header(5)


@dataclass(frozen=True, slots=True)
class _Described:
    """One signal as the header describes it."""

    file: str
    code: str
    each: int  # samples in each frame
    offset: int  # bytes before the first sample
    gain: float  # units of the converter for one of `unit`; 0 where nobody calibrated it
    baseline: int
    unit: str
    checksum: int | None
    name: str


def is_wfdb(path: Path) -> bool:
    """Say whether a path is a header, or a file of samples with a header beside it.

    Parameters
    ----------
    path
        A header, or a file of samples.

    Returns
    -------
    bool
        True for names that end in .hea, and for .dat with a .hea of that name beside it.
    """
    return path.suffix == ".hea" or (path.suffix == ".dat" and path.with_suffix(".hea").is_file())


def read_wfdb(path: Path) -> Table:
    """Read a record by its header or its file of samples.

    Parameters
    ----------
    path
        The header, or the file of samples beside it.

    Returns
    -------
    Table
        One column for each signal with rate (Hz), unit and start; NaN where a sample is marked missing, and counts of
        the converter where nobody calibrated it.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If the header cannot be read, samples are missing or do not add up to its checksums, or its format
        is one that is not read.
    """
    header = path.with_suffix(".hea")
    head = header_of(header)
    described = [_described(header, line) for line in head.lines[: head.signals]]
    if len(described) != head.signals:
        raise DataError(
            "{header}: it announces {announced:n signal|signals} and describes {described}.",
            header=str(header),
            announced=head.signals,
            described=len(described),
        )
    return tracks_of_traces(header, _traces(header, described, head.rate, head.start, head.frames))


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """What the first line of a header says, and the lines under it.

    Parameters
    ----------
    signals
        How many.
    rate
        Frames per second, Hz.
    start
        When it began, where both time and date are known.
    frames
        How many; None where the header does not say.
    lines
        Of the signals.
    """

    signals: int
    rate: float
    start: datetime.datetime | None
    frames: int | None
    lines: tuple[str, ...]


def header_of(header: Path) -> RecordHeader:
    """Read a record's header.

    Parameters
    ----------
    header
        The file that ends in .hea.

    Returns
    -------
    RecordHeader
        The rate is 250 Hz where none is stated, as header(5) says.

    Raises
    ------
    DataError
        If it cannot be read, or the record has several segments.
    UsageError
        If there is no such file.
    """
    lines = [line for line in read_lines(header) if line.strip() and not line.startswith("#")]
    record = _RECORD.fullmatch(lines[0]) if lines else None
    if record is None:
        raise DataError("{header}: its first line is not that of a WFDB header.", header=str(header))
    if record["segments"]:
        raise DataError(
            "{header}: a record of several segments is not read; name its segments one by one.", header=str(header)
        )
    return RecordHeader(
        int(record["signals"]),
        _rate(header, record["rate"]),
        _moment(record["time"], record["date"]),
        int(record["samples"]) if record["samples"] else None,
        tuple(lines[1:]),
    )


def _rate(header: Path, text: str | None) -> float:
    try:
        rate = _DEFAULT_RATE if text is None else float(text)
    except ValueError:
        rate = math.nan
    if not (math.isfinite(rate) and rate > 0):
        raise DataError(
            "{header}: its rate is {text!r}, where a number of Hz was expected.",
            header=str(header),
            text=text,
        )
    return rate


def _described(header: Path, line: str) -> _Described:
    words = line.split(None, 8)
    form = _FORMAT.fullmatch(words[1]) if len(words) > 1 else None
    gain = _GAIN.fullmatch(words[2]) if len(words) > 2 else None
    if form is None or (gain is None and len(words) > 2):
        raise DataError(
            "{header}: the line of a signal cannot be read: file, format, gain(baseline)/unit … expected.",
            header=str(header),
        )
    if form["code"] not in _UNPACKED or form["skew"] or Path(words[0]).name != words[0]:
        known = ", ".join(_UNPACKED)
        raise DataError(
            "{header}: a signal in format {code} of the file {file!r} is not read; formats {known} without "
            "skew, in files beside the header, are.",
            header=str(header),
            code=words[1],
            file=words[0],
            known=known,
        )
    try:
        zero = int(words[4]) if len(words) > 4 else 0
        if gain and not math.isfinite(float(gain["gain"])):
            raise ValueError(gain["gain"])
        return _Described(
            file=words[0],
            code=form["code"],
            each=int(form["each"] or 1),
            offset=int(form["offset"] or 0),
            gain=float(gain["gain"]) if gain else 0.0,
            baseline=int(gain["baseline"]) if gain and gain["baseline"] else zero,
            unit=(gain["unit"] or "mV") if gain and float(gain["gain"]) else "",
            checksum=int(words[6]) if len(words) > 6 else None,
            name=words[8].strip() if len(words) > 8 else "",
        )
    except ValueError as error:
        raise DataError(
            "{header}: a number in the line of a signal cannot be read ({problem}).",
            header=str(header),
            problem=error,
        ) from error


def _moment(time: str | None, date: str | None) -> datetime.datetime | None:
    """Return the start where both time of day and date are known; a time alone may be that of any day."""
    if time is None or date is None:
        return None
    for form in ("%H:%M:%S.%f", "%H:%M:%S"):
        try:
            return datetime.datetime.strptime(f"{date} {time}", f"%d/%m/%Y {form}")  # noqa: DTZ007 - none is stated
        except ValueError:
            continue
    return None


def _traces(
    header: Path, described: Sequence[_Described], rate: float, start: datetime.datetime | None, frames: int | None
) -> Iterator[RecordedTrace]:
    for name, group in groupby(described, key=lambda one: one.file):
        own = list(group)
        samples = _samples(header.with_name(name), own, frames)
        ends = np.cumsum([one.each for one in own])
        for one, end in zip(own, ends, strict=True):
            digital = samples[:, end - one.each : end].ravel()
            _check(header, one, digital)
            carried = ColumnMetadata(unit=one.unit, rate=rate * one.each, start=start)
            yield RecordedTrace(one.name, _physical(one, digital), carried)


def _samples(path: Path, own: Sequence[_Described], frames: int | None) -> Ints:
    """Return the frames of a file; shape (frames, samples in a frame)."""
    if not path.is_file():
        raise DataError("{path}: the header names this file, and it is not there.", path=str(path))
    flat = _UNPACKED[own[0].code](np.frombuffer(read_bytes(path), np.uint8)[own[0].offset :])
    width = sum(one.each for one in own)
    there = len(flat) // width if width else 0
    if there == 0 or (frames is not None and there < frames):
        raise DataError(
            "{path}: it holds {there:n sample|samples} of each signal where {frames} were announced: it is cut off.",
            path=str(path),
            there=there,
            frames=frames,
        )
    count = frames or there
    return flat[: count * width].reshape(count, width)


def _check(header: Path, one: _Described, digital: Ints) -> None:
    if one.checksum is not None and (int(digital.sum()) - one.checksum) % 65536:
        raise DataError(
            "{header}: the samples of {signal} do not add up to the header's checksum, so one of the two was "
            "changed or damaged. Copy both again from their source.",
            header=str(header),
            signal=one.name or "a signal",
        )


def _physical(one: _Described, digital: Ints) -> Floats:
    values = np.where(digital == _MISSING[one.code], np.nan, digital.astype(np.float64))
    return (values - one.baseline) / one.gain if one.gain else values


def _of_212(raw: npt.NDArray[np.uint8]) -> Ints:
    """Unpack pairs of 12 bits: the low byte of each, and between them a byte with the high bits of both."""
    count = len(raw) // 3 * 2 + (len(raw) % 3 == 2)
    padded = np.concatenate((raw, np.zeros(-len(raw) % 3, np.uint8))).reshape(-1, 3).astype(np.int64)
    first = padded[:, 0] | (padded[:, 1] & 0x0F) << 8
    second = padded[:, 2] | (padded[:, 1] & 0xF0) << 4
    values = np.stack([first, second], axis=1).ravel()[:count]
    return np.where(values > 2047, values - 4096, values)


def _of_24(raw: npt.NDArray[np.uint8]) -> Ints:
    parts = raw[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int64)
    values = parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16
    return np.where(values >= 1 << 23, values - (1 << 24), values)


def _whole(kind: str, less: int = 0) -> Callable[[npt.NDArray[np.uint8]], Ints]:
    size = np.dtype(kind).itemsize
    return lambda raw: raw[: len(raw) // size * size].copy().view(kind).astype(np.int64) - less


_UNPACKED: dict[str, Callable[[npt.NDArray[np.uint8]], Ints]] = {
    "16": _whole("<i2"),
    "24": _of_24,
    "32": _whole("<i4"),
    "61": _whole(">i2"),
    "80": _whole("u1", 128),
    "160": _whole("<u2", 32768),
    "212": _of_212,
}
_MISSING = {
    "16": -32768, "24": -(1 << 23), "32": -(1 << 31), "61": -32768, "80": -128, "160": -32768, "212": -2048,
}  # fmt: skip


FORMAT = FileFormat(
    name="WFDB (PhysioNet)",
    files="`.hea` with `.dat`, formats 16, 24, 32, 61, 80, 160, 212",
    recognise=is_wfdb,
    read=read_wfdb,
    says="rate, unit, start",
    ask="which lead is which channel",
    left_out="records of several segments and skewed signals are refused; annotations",
    reference="Moody, WFDB Applications Guide: header(5), signal(5)",
    examples=(Example("x.hea", laboratory.wfdb, beside=(".hea", ".dat")),),
)
