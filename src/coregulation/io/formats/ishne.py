"""ISHNE Holter recordings (`.ecg`): leads of 16 bits under a binary header with a checksum.

Badilini (1998), "The ISHNE Holter Standard Output File Format", Annals of Noninvasive Electrocardiology 3(3):263. Name, number, sex
and birth date of the person are not read.
"""

from __future__ import annotations

import datetime
import struct
from binascii import crc_hqx
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import holter
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

_MAGIC = b"ISHNE1.0"
_LEADS = (
    "unknown", "bipolar", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "ES", "AS", "AI",
)  # fmt: skip
_MOST_LEADS = 12
_HEADER = 522  # bytes
_MISSING = -32768
_MV = 1e-6  # mV in one nV


@dataclass(frozen=True, slots=True)
class _Header:
    samples: int
    offset: int
    start: datetime.datetime | None
    leads: tuple[str, ...]
    resolutions: tuple[int, ...]
    rate: int


def is_ishne(path: Path) -> bool:
    """Say whether a file is an ISHNE Holter recording.

    Parameters
    ----------
    path
        Its first 8 bytes are read.

    Returns
    -------
    bool
        True where they are "ISHNE1.0".
    """
    if path.suffix.lower() != ".ecg" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_ishne(path: Path) -> Table:
    """Read every lead.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each lead in mV with rate (Hz) and start; NaN where a sample is the least that 16 bits can hold.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is cut off, does not add up to its checksum, or a lead has no resolution.
    """
    content = read_bytes(path)
    header = _header(path, content)
    values = _samples(path, content, header)
    return tracks_of_traces(
        path,
        [
            RecordedTrace(
                name, _MV * resolution * column, ColumnMetadata("ecg", "mV", float(header.rate), header.start)
            )
            for name, resolution, column in zip(header.leads, header.resolutions, values.T, strict=True)
        ],
    )


def _header(path: Path, content: bytes) -> _Header:
    if not content.startswith(_MAGIC) or len(content) < _HEADER:
        raise DataError("{path}: the ISHNE file ends inside its header: it is cut off.", path=str(path))
    (checksum,) = struct.unpack_from("<H", content, 8)
    _, samples, _, offset = struct.unpack_from("<iiii", content, 10)
    (count,) = struct.unpack_from("<h", content, 156)
    (rate,) = struct.unpack_from("<h", content, 272)
    if not _HEADER <= offset <= len(content) or crc_hqx(content[10:offset], 0xFFFF) != checksum:
        raise DataError(
            "{path}: the header of the ISHNE file does not add up to its checksum, so it was changed or damaged. Copy it again from "
            "its source.",
            path=str(path),
        )
    if not 1 <= count <= _MOST_LEADS:
        raise DataError("{path}: it announces {count} leads, where 1 to 12 were expected.", path=str(path), count=count)
    resolutions = struct.unpack_from(f"<{count}h", content, 206)
    if min(resolutions) <= 0:
        raise DataError(
            "{path}: the resolution of a lead is {resolution} nV, so its size in mV is not known. Export it again with its "
            "calibration.",
            path=str(path),
            resolution=min(resolutions),
        )
    kinds = struct.unpack_from(f"<{count}h", content, 158)
    leads = tuple(_LEADS[kind] if 0 < kind < len(_LEADS) else f"lead {n}" for n, kind in enumerate(kinds, 1))
    return _Header(samples, offset, _start(content), leads, resolutions, rate)


def _start(content: bytes) -> datetime.datetime | None:
    """Return when the recording began, in the recorder's own time; None where date or time cannot be."""
    day, month, year = struct.unpack_from("<3h", content, 138)
    try:
        return datetime.datetime(year, month, day, *struct.unpack_from("<3h", content, 150))  # noqa: DTZ001 - none is stated
    except ValueError:
        return None


def _samples(path: Path, content: bytes, header: _Header) -> Floats:
    """Return the samples in units of the converter; shape (samples, leads). Some programs count those of all leads together."""
    width = len(header.leads)
    count, rest = divmod(len(content) - header.offset, 2 * width)
    if rest or count == 0 or header.samples not in (count, count * width):
        raise DataError(
            "{path}: it holds {count:n sample|samples} of each lead and {rest:n byte|bytes} more, and its header announces {announced}: "
            "it is cut off, or the header was changed.",
            path=str(path),
            count=count,
            rest=rest,
            announced=header.samples,
        )
    values = np.frombuffer(content, "<i2", count * width, header.offset).reshape(count, width).astype(np.float64)
    return np.where(values == _MISSING, np.nan, values)


FORMAT = FileFormat(
    name="ISHNE Holter",
    files="`.ecg`",
    recognise=is_ishne,
    read=read_ishne,
    says="rate, unit, start, leads",
    ask="which lead is to be used",
    left_out="name, number, sex and birth date of the person; annotations (`.ann`)",
    reference="Badilini 1998, Ann Noninvasive Electrocardiol 3:263",
    examples=(
        Example(
            "holter.ecg", holter.ishne, {"column": 0}, source="bytes written from the standard of ISHNE (Badilini 1998)"
        ),
    ),
)
