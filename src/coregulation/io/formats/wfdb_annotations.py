"""WFDB annotations (PhysioNet: `.atr`, `.qrs`, `.ecg` beside a `.hea`): the beats, and other annotations as marks.

WFDB Applications Guide (Moody), annot(5): pairs of bytes, six bits of type and ten of samples since the annotation before; some
types carry a longer interval or text. The header beside says how many samples there are per second.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import laboratory
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.wfdb import header_of
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_bytes

_ENDINGS = frozenset({".atr", ".qrs", ".ecg", ".ann", ".man", ".qrsc", ".wqrs"})
_BEATS = frozenset({*range(1, 14), 25, 30, 31, 34, 35, 37, 38, 41})  # types that mark a QRS complex; ecgcodes(5)
_SKIP, _NUM, _SUB, _CHN, _AUX = 59, 60, 61, 62, 63


@dataclass(frozen=True, slots=True)
class _Annotation:
    sample: int
    kind: int
    text: str = ""


def is_wfdb_annotations(path: Path) -> bool:
    """Say whether a path is a file of annotations with a header beside it.

    Parameters
    ----------
    path
        A file of annotations.

    Returns
    -------
    bool
        True for .atr, .qrs, .ecg and four more endings, with a .hea of that name beside it.
    """
    return path.suffix in _ENDINGS and path.with_suffix(".hea").is_file()


def read_wfdb_annotations(path: Path) -> Table:
    """Read beats, and whatever else was annotated as events.

    Parameters
    ----------
    path
        The file of annotations; its header is read too.

    Returns
    -------
    Table
        One column of beat times (s), and every other annotation as an event; both count from the record's start.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is damaged or cut off, or marks no beat.
    """
    header = header_of(path.with_suffix(".hea"))
    try:
        annotations = list(_annotations(read_bytes(path)))
    except (struct.error, ValueError) as error:
        raise DataError("{path}: the file of annotations is damaged or cut off.", path=str(path)) from error
    beats = np.array([item.sample for item in annotations if item.kind in _BEATS], np.float64) / header.rate
    others = [item for item in annotations if item.kind not in _BEATS]
    start = 0.0 if header.start is None else header.start
    trace = RecordedTrace("beats", np.unique(beats), ColumnMetadata("beats", "s", start=start))
    labels = tuple(item.text or f"annotation {item.kind}" for item in others)
    return tracks_of_traces(
        path, [trace], FileEvents(np.array([item.sample for item in others], np.float64) / header.rate, labels, start)
    )


def _annotations(content: bytes) -> Iterator[_Annotation]:
    at, sample = 0, 0
    pending: _Annotation | None = None
    while True:
        (word,) = struct.unpack_from("<H", content, at)
        kind, step = word >> 10, word & 0x3FF
        at += 2
        if kind == 0 and step == 0:
            break
        if kind == _SKIP:
            high, low = struct.unpack_from("<hH", content, at)
            sample, at = sample + (high << 16) + low, at + 4
        elif kind == _AUX:
            text = content[at : at + step].decode("latin-1").strip("\0 ")
            at += step + step % 2
            pending = None if pending is None else _Annotation(pending.sample, pending.kind, text)
        elif kind not in (_NUM, _SUB, _CHN):
            if pending is not None:
                yield pending
            sample += step
            pending = _Annotation(sample, kind)
    if pending is not None:
        yield pending


FORMAT = FileFormat(
    name="WFDB annotations (PhysioNet)",
    files="`.atr`, `.qrs`, `.ecg` beside a `.hea`",
    recognise=is_wfdb_annotations,
    read=read_wfdb_annotations,
    says="beats; other annotations as marks; start",
    ask="",
    left_out="what kind of beat each is",
    reference="Moody, WFDB Applications Guide: annot(5), ecgcodes(5)",
    examples=(Example("x.atr", laboratory.wfdb_annotations, beside=(".atr", ".hea")),),
)
