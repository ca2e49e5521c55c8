"""WFDB records of several segments: one recording that was cut into parts, with gaps where nothing was recorded.

WFDB Applications Guide (Moody), header(5). In a fixed layout each segment holds the same signals in the same order; in a
variable layout the first segment, of length 0, lists every signal, and each other segment holds some of them by name. Gains
and baselines are those of each segment. A segment whose samples cannot be read is a gap, and is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import CoregulationError, DataError
from coregulation.io.formats.multirate import RecordedTrace
from coregulation.io.formats.wfdb_header import (
    NO_FILE,
    RecordHeader,
    RecordSegment,
    SignalLine,
    read_record_header,
    signal_lines,
)
from coregulation.io.formats.wfdb_samples import physical_signals
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.text import MAX_BYTES
from coregulation.signals import Floats

_MOST_ROOM = 400  # bytes of memory for each byte of samples: a record may be a gap for 99 % of its time


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment with its place in the record (frames) and the lines of its signals."""

    segment: RecordSegment
    first: int
    header: Path
    lines: tuple[SignalLine, ...]


def segmented_traces(header: Path, head: RecordHeader) -> tuple[list[RecordedTrace], list[Note]]:
    """Read the signals of a record of several segments.

    Parameters
    ----------
    header
        The record's own header; those of its segments stand beside it.
    head
        What it says.

    Returns
    -------
    traces : list of RecordedTrace
        One for each signal, over the whole record; NaN where a segment does not hold it.
    remarks : list of Note
        One for each segment that could not be read.

    Raises
    ------
    UsageError
        If not one segment is there.
    DataError
        If segments contradict the record or each other, or not one can be read.
    """
    total = _length(header, head)
    parts = _parts(header, head)
    layout = _layout(header, head, parts)
    _check_room(header, parts, sum(line.each for line in layout) * total)
    values = [np.full(total * line.each, np.nan) for line in layout]
    remarks = _fill(header, head, layout, parts, values)
    traces = [
        RecordedTrace(line.name, column, ColumnMetadata(unit=line.unit, rate=head.rate * line.each, start=head.start))
        for line, column in zip(layout, values, strict=True)
    ]
    return traces, remarks


def _check_room(header: Path, parts: Sequence[_Part], count: int) -> None:
    """Refuse a record that would take more memory than its files explain: a gap of one line can be years long."""
    files = {part.header.with_name(line.file) for part in parts for line in part.lines}
    size = sum(file.stat().st_size for file in files if file.is_file())
    if not size:
        raise _none_there(header)
    room = int(min(MAX_BYTES, _MOST_ROOM * size))
    if 8 * count > room:
        raise DataError(
            "{header}: its segments and gaps together need {needed} MiB, and {limit} MiB at most are read for files of their size. "
            "Name its segments one by one.",
            header=str(header),
            needed=8 * count >> 20,
            limit=room >> 20,
        )


def _length(header: Path, head: RecordHeader) -> int:
    total = sum(segment.frames for segment in head.segments)
    if head.frames is not None and head.frames != total:
        raise DataError(
            "{header}: it announces {announced:n sample|samples} of each signal, and its segments have {total} together. Copy it "
            "again from its source.",
            header=str(header),
            announced=head.frames,
            total=total,
        )
    return total


def _parts(header: Path, head: RecordHeader) -> list[_Part]:
    """Return the segments that hold samples, with their headers."""
    places = np.cumsum([0, *(segment.frames for segment in head.segments)]).tolist()
    named = [
        (segment, first)
        for segment, first in zip(head.segments, places, strict=False)
        if segment.frames and segment.name != NO_FILE
    ]
    return [_part(header, head, segment, first) for segment, first in named]


def _part(header: Path, head: RecordHeader, segment: RecordSegment, first: int) -> _Part:
    path = header.with_name(f"{segment.name}.hea")
    if not path.is_file():
        return _Part(segment, first, path, ())
    own = read_record_header(path)
    if own.segments:
        raise DataError("{header}: its segment {name} has segments of its own.", header=str(header), name=segment.name)
    if own.rate != head.rate or (own.frames is not None and own.frames != segment.frames):
        raise DataError(
            "{header}: it says {rate:g} Hz and {frames:n sample|samples} of the segment {name}, and the segment's own header says "
            "{own_rate:g} Hz and {own_frames}. Copy both again from their source.",
            header=str(header),
            rate=head.rate,
            frames=segment.frames,
            name=segment.name,
            own_rate=own.rate,
            own_frames=segment.frames if own.frames is None else own.frames,
        )
    return _Part(segment, first, path, tuple(signal_lines(path, own)))


def _layout(header: Path, head: RecordHeader, parts: Sequence[_Part]) -> tuple[SignalLine, ...]:
    """Return every signal of the record: what the layout lists, or what the first segment holds."""
    if head.segments[0].frames == 0:
        path = header.with_name(f"{head.segments[0].name}.hea")
        return tuple(signal_lines(path, read_record_header(path)))
    lines = next((part.lines for part in parts if part.lines), None)
    if lines is None:
        raise _none_there(header)
    return lines


def _none_there(header: Path) -> DataError:
    return DataError(
        "{header}: not one of its segments is beside it. Copy their .hea and .dat files into its folder.",
        header=str(header),
    )


def _fill(
    header: Path, head: RecordHeader, layout: Sequence[SignalLine], parts: Sequence[_Part], values: list[Floats]
) -> list[Note]:
    """Put the samples of each segment into their places; return what was left out."""
    remarks: list[Note] = []
    problem: CoregulationError | None = None
    for part in parts:
        columns = _columns(header, part, layout, fixed=head.segments[0].frames > 0)
        try:
            samples = list(physical_signals(part.header, part.lines, part.segment.frames)) if part.lines else []
        except CoregulationError as error:
            problem, samples = error, []
        if not samples:
            remarks.append(note(ReadingRemark.PART_LEFT_OUT, part=part.segment.name))
        for column, own in zip(columns if samples else (), samples, strict=True):
            first = part.first * layout[column].each
            values[column][first : first + len(own)] = own
    if problem is not None and len(remarks) == len(parts):
        raise problem
    return remarks


def _columns(header: Path, part: _Part, layout: Sequence[SignalLine], *, fixed: bool) -> list[int]:
    """Return which signal of the record each signal of a segment is."""
    names = [line.name for line in layout]
    own = [line.name for line in part.lines]
    if fixed and own and own != names:
        raise _contradiction(header, part, ", ".join(names), ", ".join(own))
    if not fixed and (not set(own) <= set(names) or len(set(names)) < len(names) or len(set(own)) < len(own)):
        raise _contradiction(header, part, ", ".join(names), ", ".join(own))
    columns = list(range(len(own))) if fixed else [names.index(name) for name in own]
    for line, column in zip(part.lines, columns, strict=True):
        listed = layout[column]
        if (line.unit, line.each) != (listed.unit, listed.each):
            raise _contradiction(header, part, _told(listed), _told(line))
    return columns


def _told(line: SignalLine) -> str:
    return f"{line.name} ({line.unit or 'adu'}, {line.each}/frame)"


def _contradiction(header: Path, part: _Part, record: str, segment: str) -> DataError:
    return DataError(
        "{header}: the record lists the signals {record}, and its segment {name} lists {segment}. Name its segments one by "
        "one.",
        header=str(header),
        record=record,
        name=part.segment.name,
        segment=segment,
    )
