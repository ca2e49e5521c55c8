"""Headers of WFDB records: the first line, then one line for each signal or each segment.

WFDB Applications Guide (Moody), header(5). A record of segments names them with their lengths in frames; where the first has the
length 0, it is a layout that lists every signal, and a segment may hold some of them.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from pathlib import Path

from coregulation.errors import DataError
from coregulation.io.formats.wfdb_packing import CODES
from coregulation.io.text_lines import read_lines

NO_FILE = "~"  # of a signal that a layout lists, and of a segment in which nothing was recorded
_RECORD = re.compile(
    r"\S+?(/(?P<segments>\d{1,6}))?\s+(?P<signals>\d{1,4})(\s+(?P<rate>[\d.eE+]+)(/[\d.eE+-]+)?(\([\d.eE+-]+\))?)?(\s+(?P<samples>\d{1,12}))?"
    r"(\s+(?P<time>[\d:.]+))?(\s+(?P<date>\d+/\d+/\d+))?\s*",
    re.ASCII,
)
_SEGMENT = re.compile(r"(?P<name>\S+)\s+(?P<frames>\d{1,12})\s*")
_FORMAT = re.compile(r"(?P<code>\d+)(x(?P<each>\d{1,6}))?(:(?P<skew>\d+))?(\+(?P<offset>\d{1,12}))?")
_GAIN = re.compile(r"(?P<gain>[\d.eE+-]+)(\((?P<baseline>-?\d{1,12})\))?(/(?P<unit>\S+))?")
_DEFAULT_RATE = 250.0  # Hz; header(5)


@dataclass(frozen=True, slots=True)
class RecordSegment:
    """One part of a record.

    Parameters
    ----------
    name
        Of its own record; "~" where nothing was recorded.
    frames
        How many; 0 for a layout.
    """

    name: str
    frames: int


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
    segments
        Of a record of several; () for a record of one.
    """

    signals: int
    rate: float
    start: datetime.datetime | None
    frames: int | None
    lines: tuple[str, ...]
    segments: tuple[RecordSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal as the header describes it.

    Parameters
    ----------
    file
        Of its samples, beside the header; "~" in a layout.
    code
        Of the format of its samples.
    each
        Samples in each frame.
    offset
        Bytes before the first sample.
    gain
        Units of the converter for one of `unit`; 0 where nobody calibrated it.
    baseline
        The converter's value at 0 of `unit`.
    unit
        "" where nobody calibrated it.
    checksum
        Of all its samples, modulo 65,536; None where the header does not say.
    name
        As the header calls it; "" where it does not.
    """

    file: str
    code: str
    each: int
    offset: int
    gain: float
    baseline: int
    unit: str
    checksum: int | None
    name: str


def read_record_header(path: Path) -> RecordHeader:
    """Read a record's header.

    Parameters
    ----------
    path
        The file that ends in .hea.

    Returns
    -------
    RecordHeader
        The rate is 250 Hz where none is stated, as header(5) says.

    Raises
    ------
    DataError
        If it cannot be read.
    UsageError
        If there is no such file.
    """
    lines = [line for line in read_lines(path) if line.strip() and not line.startswith("#")]
    record = _RECORD.fullmatch(lines[0]) if lines else None
    if record is None:
        raise DataError("{header}: its first line is not that of a WFDB header.", header=str(path))
    count = int(record["segments"] or 0)
    return RecordHeader(
        int(record["signals"]),
        _rate(path, record["rate"]),
        _moment(record["time"], record["date"]),
        int(record["samples"]) if record["samples"] else None,
        () if count else tuple(lines[1:]),
        tuple(_segment(path, line) for line in _announced(path, lines[1:], count)) if count else (),
    )


def signal_lines(path: Path, head: RecordHeader) -> list[SignalLine]:
    """Read the lines of a record's signals.

    Parameters
    ----------
    path
        The header, for errors.
    head
        What `read_record_header` read.

    Returns
    -------
    list of SignalLine
        As many as the header announces.

    Raises
    ------
    DataError
        If there are fewer, or one cannot be read or is in a format that is not read.
    """
    lines = head.lines[: head.signals]
    if len(lines) != head.signals:
        raise DataError(
            "{header}: it announces {announced:n signal|signals} and describes {described}.",
            header=str(path),
            announced=head.signals,
            described=len(lines),
        )
    return [_signal_line(path, line) for line in lines]


def _announced(path: Path, lines: list[str], count: int) -> list[str]:
    if len(lines) < count:
        raise DataError(
            "{header}: it announces {announced:n segment|segments} and names {named}.",
            header=str(path),
            announced=count,
            named=len(lines),
        )
    return lines[:count]


def _segment(path: Path, line: str) -> RecordSegment:
    match = _SEGMENT.fullmatch(line)
    if match is None or not _is_beside(match["name"]):
        raise DataError(
            "{header}: the line {line!r} is not that of a segment: the name of a record beside the header, and its "
            "length.",
            header=str(path),
            line=line[:60],
        )
    return RecordSegment(match["name"], int(match["frames"]))


def _is_beside(name: str) -> bool:
    return Path(name).name == name and "\\" not in name


def _rate(path: Path, text: str | None) -> float:
    try:
        rate = _DEFAULT_RATE if text is None else float(text)
    except ValueError:
        rate = math.nan
    if not (math.isfinite(rate) and rate > 0):
        raise DataError(
            "{header}: its rate is {text!r}, where a number of Hz was expected.",
            header=str(path),
            text=text,
        )
    return rate


def _signal_line(path: Path, line: str) -> SignalLine:
    words = line.split(None, 8)
    form = _FORMAT.fullmatch(words[1]) if len(words) > 1 else None
    gain = _GAIN.fullmatch(words[2]) if len(words) > 2 else None
    if form is None or (gain is None and len(words) > 2):
        raise DataError(
            "{header}: the line of a signal cannot be read: file, format, gain(baseline)/unit … expected.",
            header=str(path),
        )
    if words[0] != NO_FILE and (form["code"] not in CODES or form["skew"] or not _is_beside(words[0])):
        raise DataError(
            "{header}: a signal in format {code} of the file {file!r} is not read; formats {known} without "
            "skew, in files beside the header, are.",
            header=str(path),
            code=words[1],
            file=words[0],
            known=", ".join(CODES),
        )
    try:
        return _with_numbers(words, form, gain)
    except ValueError as error:
        raise DataError(
            "{header}: a number in the line of a signal cannot be read ({problem}).",
            header=str(path),
            problem=error,
        ) from error


def _with_numbers(words: list[str], form: re.Match[str], gain: re.Match[str] | None) -> SignalLine:
    zero = int(words[4]) if len(words) > 4 else 0
    if gain is not None and not math.isfinite(float(gain["gain"])):
        raise ValueError(gain["gain"])
    calibrated = gain is not None and float(gain["gain"]) != 0
    return SignalLine(
        file=words[0],
        code=form["code"],
        each=int(form["each"] or 1),
        offset=int(form["offset"] or 0),
        gain=float(gain["gain"]) if gain else 0.0,
        baseline=int(gain["baseline"]) if gain and gain["baseline"] else zero,
        unit=(gain["unit"] or "mV") if gain and calibrated else "",
        checksum=int(words[6]) if len(words) > 6 else None,
        name=words[8].strip() if len(words) > 8 else "",
    )


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
