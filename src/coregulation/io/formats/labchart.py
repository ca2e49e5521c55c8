"""Text that LabChart (ADInstruments) exports: blocks of rows, each block under a header of its own.

A header says interval, date and time (as Excel counts them), titles and units. A comment stands at the end of its row, behind
`#`; it becomes a mark. What lies between two blocks stays a gap.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import FileEvents, Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines
from coregulation.signals import Floats

_FIRST = "Interval="
_KEY = re.compile(r"([A-Za-z]+)=\t?(.*)")
_INTERVAL = re.compile(r"([\d.eE+-]+)\s*(\w+)")
_DAY_ZERO = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - of Excel's days, in the laboratory's own time
_MISSING = frozenset({"", "nan", "*"})


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """One block: its header, its values (shape (rows, channels)), and its comments by row."""

    interval: float
    start: datetime.datetime | None
    titles: tuple[str, ...]
    units: tuple[str, ...]
    values: Floats
    comments: tuple[tuple[int, str], ...]


def is_labchart(path: Path) -> bool:
    """Say whether a file begins as LabChart exports text.

    Parameters
    ----------
    path
        Its beginning is read.

    Returns
    -------
    bool
        True for a .txt, .csv or .tsv file that begins with an interval.
    """
    return path.suffix.lower() in (".txt", ".csv", ".tsv") and read_beginning(path).startswith(_FIRST)


def read_labchart(path: Path) -> Table:
    """Read every channel of every block.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each channel with its unit and start, NaN where a cell is missing; with a rate (Hz) where there
        is one block, with the time of each row (s) where there are more; comments as events.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a header or a row cannot be read, or blocks are of different channels.
    """
    lines = read_lines(path)
    firsts = [number for number, line in enumerate(lines) if line.startswith(_FIRST)]
    edges = itertools.pairwise([*firsts, len(lines)])
    blocks = [block for a, b in edges if (block := _block(path, lines[a:b], a)) is not None]
    if not blocks or len({(block.titles, block.interval) for block in blocks}) > 1:
        raise DataError(
            "{path}: its blocks hold no row, or differ in their channels or their interval. Export one kind of block at a "
            "time.",
            path=str(path),
        )
    offsets = _offsets(path, blocks)
    traces = [_trace(blocks, offsets, number) for number in range(len(blocks[0].titles))]
    return tracks_of_traces(path, traces, _events(blocks, offsets))


def _block(path: Path, lines: Sequence[str], before: int) -> _Block | None:
    head: dict[str, str] = {}
    at = 0
    while at < len(lines) and (match := _KEY.match(lines[at])):
        head[match[1]] = match[2]
        at += 1
    rows = [line for line in lines[at:] if line.strip()]
    if not rows:
        return None
    titles = tuple(title.strip() for title in head.get("ChannelTitle", "").split("\t"))
    units = tuple(unit.strip() for unit in head.get("UnitName", "").split("\t"))
    values, comments = _rows(path, rows, len(titles), before + at)
    return _Block(_interval(path, head[_FIRST[:-1]]), _start(head), titles, units, values, comments)


def _interval(path: Path, text: str) -> float:
    match = _INTERVAL.match(text.strip())
    try:
        size = float(match[1]) * time_size(match[2]) if match else 0.0
    except ValueError:
        size = 0.0
    if not size > 0:
        raise DataError(
            "{path}: its interval is {text!r}, where a time such as 0.001 s was expected.", path=str(path), text=text
        )
    return size


def _start(head: dict[str, str]) -> datetime.datetime | None:
    try:
        days = float(head.get("ExcelDateTime", "").split("\t")[0])
        return _DAY_ZERO + datetime.timedelta(milliseconds=round(days * 86_400_000))
    except (ValueError, OverflowError):
        return None


def _rows(path: Path, lines: Sequence[str], width: int, before: int) -> tuple[Floats, tuple[tuple[int, str], ...]]:
    values, comments = np.full((len(lines), width), np.nan), []
    for row, line in enumerate(lines):
        text, sign, comment = line.partition("#")
        if sign:
            comments.append((row, comment.lstrip("*0123456789 ").strip()))
        cells = [cell.strip() for cell in text.split("\t")[1 : 1 + width]]
        try:
            values[row, : len(cells)] = [
                np.nan if cell.lower() in _MISSING else float(cell.replace(",", ".")) for cell in cells
            ]
        except ValueError as error:
            raise DataError(
                "{path}: line {line} holds text where {width:n number|numbers} were expected.",
                path=str(path),
                line=before + row + 1,
                width=width,
            ) from error
    return values, tuple(comments)


def _offsets(path: Path, blocks: Sequence[_Block]) -> list[float]:
    """Return when each block begins, in s from the first."""
    if len(blocks) == 1:
        return [0.0]
    starts = [block.start for block in blocks]
    if None in starts:
        raise DataError(
            "{path}: it has {count:n block|blocks} and does not say when each began.", path=str(path), count=len(blocks)
        )
    return [(start - starts[0]).total_seconds() for start in starts]  # type: ignore[operator]


def _trace(blocks: Sequence[_Block], offsets: Sequence[float], number: int) -> RecordedTrace:
    first = blocks[0]
    unit = first.units[number] if number < len(first.units) else ""
    values = np.concatenate([block.values[:, number] for block in blocks])
    if len(blocks) == 1:
        return RecordedTrace(first.titles[number], values, ColumnMetadata(None, unit, 1 / first.interval, first.start))
    times = np.concatenate(
        [offset + first.interval * np.arange(len(block.values)) for block, offset in zip(blocks, offsets, strict=True)]
    )
    return RecordedTrace(first.titles[number], values, ColumnMetadata(None, unit, start=first.start, times=times))


def _events(blocks: Sequence[_Block], offsets: Sequence[float]) -> FileEvents:
    comments = [
        (offset + row * block.interval, comment)
        for block, offset in zip(blocks, offsets, strict=True)
        for row, comment in block.comments
    ]
    start = blocks[0].start
    return FileEvents(
        np.array([time for time, _ in comments], np.float64),
        tuple(text for _, text in comments),
        0.0 if start is None else start,
    )


def write_example(path: Path) -> None:
    """Write two blocks of an ECG and skin conductance at 100 Hz, with a comment in the second.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    lines = []
    for block in range(2):
        lines += [
            "Interval=\t0.01 s",
            f"ExcelDateTime=\t{46146.5 + block * 10 / 86400:.12f}\t05/04/26 12:00:{10 * block:02d}",
            "TimeFormat=\tStartOfBlock",
            "ChannelTitle=\tECG\tEDA",
            "UnitName=\tmV\tuS",
        ]
        rows = [f"{n / 100:g}\t{(n % 80) / 80:.4f}\t{4 + 0.001 * n + block:.4f}" for n in range(200)]
        rows[50] += "\t#* talk begins" if block else ""
        lines += rows
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


FORMAT = FileFormat(
    name="LabChart text (ADInstruments)",
    files="`.txt`",
    recognise=is_labchart,
    read=read_labchart,
    says="interval, units, start of each block, comments as marks",
    ask="which channel is which",
    left_out="`.adicht` (export it as text)",
    reference="what LabChart 8 exports",
    is_text=True,
    examples=(
        Example(
            "labchart.txt", write_example, {"signal": "ecg", "column": "ECG"}, source="text as LabChart 8 exports it"
        ),
    ),
)
