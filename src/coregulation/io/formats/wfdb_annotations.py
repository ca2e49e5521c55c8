"""WFDB annotations (PhysioNet: `.atr`, `.qrs`, `.ecg` beside a `.hea`): the beats, and other annotations as marks.

WFDB Applications Guide (Moody), annot(5): pairs of bytes, six bits of type and ten of samples since the annotation before; some
types carry a longer interval or text. The header beside says how many samples there are per second, unless a note at the beginning
says how many ticks of their own the annotations have. Notes there may also name types of the file's own.
"""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import laboratory, physionet
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.wfdb_header import RecordHeader, read_record_header
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_bytes

_ENDINGS = frozenset({".atr", ".qrs", ".ecg", ".ann", ".man", ".qrsc", ".wqrs"})
_BEATS = frozenset({*range(1, 14), 25, 30, 31, 34, 35, 38, 41})  # types that are a QRS complex; isqrs of ecgmap.h
_SKIP, _NUM, _SUB, _CHN, _AUX = 59, 60, 61, 62, 63
_NO_TYPES = range(50, 59)  # between the last type of ecgcodes.h and SKIP
_NOTE = 22
_NAMES = {
    14: "noise", 16: "artefact", 18: "ST change", 19: "T change", 20: "systole", 21: "diastole", 22: "note", 23: "measurement",
    24: "P wave", 26: "pacemaker spike", 27: "T wave", 28: "rhythm", 29: "U wave", 32: "ventricular flutter begins",
    33: "ventricular flutter ends", 36: "link", 37: "blocked P wave", 39: "wave begins", 40: "wave ends",
}  # fmt: skip
_RESOLUTION = re.compile(r"## time resolution: *(\d{1,9}(?:\.\d{1,9})?)")
_OWN_TYPE = re.compile(r"(\d{1,2}) (\S+)(?: (.*))?")


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
    header = read_record_header(path.with_suffix(".hea"))
    try:
        listed = list(_annotations(read_bytes(path)))
    except (struct.error, ValueError) as error:
        raise DataError("{path}: the file of annotations is damaged or cut off.", path=str(path)) from error
    _check_order(path, listed)
    notes = list(itertools.takewhile(_is_about_the_file, listed))
    names = _NAMES | _own_types(notes)
    listed = listed[len(notes) :]
    rate = _ticks(notes) or header.rate
    samples = np.array([item.sample for item in listed if item.kind in _BEATS], np.float64)
    beats = np.unique(samples) / rate
    repeated = [note(ReadingRemark.REPEATED_STAMPS, len(samples) - len(beats))] if len(beats) < len(samples) else []
    others = [item for item in listed if item.kind not in _BEATS]
    _check_length(path, header, max([*beats.tolist(), *(item.sample / rate for item in others)], default=0.0))
    start = 0.0 if header.start is None else header.start
    trace = RecordedTrace("beats", beats, ColumnMetadata("beats", "s", start=start, remarks=tuple(repeated)))
    labels = tuple(item.text or names.get(item.kind, f"annotation {item.kind}") for item in others)
    return tracks_of_traces(
        path, [trace], FileEvents(np.array([item.sample for item in others], np.float64) / rate, labels, start)
    )


def _check_order(path: Path, listed: Sequence[_Annotation]) -> None:
    """Refuse annotations that go back in time, which annot(5) does not allow: a byte before them is wrong."""
    for number, (earlier, later) in enumerate(itertools.pairwise(listed), 2):
        if later.sample < earlier.sample:
            raise DataError(
                "{path}: annotation {number} is before the one in front of it, so the file is damaged. Copy it again from its source.",
                path=str(path),
                number=number,
            )


def _is_about_the_file(item: _Annotation) -> bool:
    """Say whether an annotation tells of the file as a whole: notes at its very beginning do."""
    return item.kind == _NOTE and item.sample == 0 and bool(item.text)


def _ticks(notes: Sequence[_Annotation]) -> float | None:
    """Return how many ticks of the annotator there are per second, where it has a count of its own."""
    matches = (_RESOLUTION.match(item.text) for item in notes)
    rate = next((float(match[1]) for match in matches if match), None)
    return rate or None


def _own_types(notes: Sequence[_Annotation]) -> dict[int, str]:
    """Return what the file calls types of its own."""
    matches = (_OWN_TYPE.fullmatch(item.text) for item in notes)
    return {int(match[1]): match[3] or match[2] for match in matches if match}


def _check_length(path: Path, header: RecordHeader, last: float) -> None:
    if header.frames is not None and last > header.frames / header.rate:
        raise DataError(
            "{path}: its last annotation is at {last:.4g} s, and its header says that the record has {length:.4g} s. They may "
            "belong to different records, or the rate in one of them is wrong.",
            path=str(path),
            last=last,
            length=header.frames / header.rate,
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
        if kind in _NO_TYPES:
            raise ValueError("no type of annotation")
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
            pending = _Annotation(sample, kind) if kind else None  # 0 only moves the time, as wfdb-python writes it
    if pending is not None:
        yield pending
    if content[at:].strip(b"\0"):
        raise ValueError("annotations behind the end mark")


FORMAT = FileFormat(
    name="WFDB annotations (PhysioNet)",
    files="`.atr`, `.qrs`, `.ecg` beside a `.hea`",
    recognise=is_wfdb_annotations,
    read=read_wfdb_annotations,
    says="beats; other annotations as marks; start",
    ask="",
    left_out="what kind of beat each is",
    reference="Moody, WFDB Applications Guide: annot(5), ecgcodes(5)",
    examples=(
        Example("x.atr", laboratory.wfdb_annotations, beside=(".atr", ".hea"), source="bytes written from annot(5)"),
        Example(
            "x.qrs",
            physionet.annotated,
            beside=(".qrs", ".hea"),
            source="bytes written from annot(5): ticks and types of its own",
        ),
    ),
)
