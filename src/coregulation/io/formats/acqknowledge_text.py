"""Text that BIOPAC AcqKnowledge exports: a header of interval, channels and units, then the rows.

The header's lines are the recording's name, the interval per sample, the number of channels, then title and unit of each. Under
them stand the columns' short names and how many samples each has; one that was sampled less often has empty cells.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.cell_parsing import parse_numbers
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines

_INTERVAL = re.compile(r"([\d.]+)\s*(msec|sec|usec|min|ms|s|us)/sample", re.IGNORECASE)
_RATE = re.compile(r"([\d.]+)\s*samples/(sec|second|s)", re.IGNORECASE)
_CHANNELS = re.compile(r"(\d{1,3}) channels?", re.IGNORECASE)
_SPELLED = {"usec": "us"}


def is_acqknowledge_text(path: Path) -> bool:
    """Say whether a file begins as AcqKnowledge exports text.

    Parameters
    ----------
    path
        Its first 4 KiB are read.

    Returns
    -------
    bool
        True for a .txt or .csv file with an interval in its second line and a number of channels in its third.
    """
    lines = read_beginning(path).splitlines()[:3] if path.suffix.lower() in (".txt", ".csv") else []
    return len(lines) == 3 and _rate(lines[1]) is not None and _CHANNELS.fullmatch(lines[2].strip()) is not None


def read_acqknowledge_text(path: Path) -> Table:
    """Read every channel.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each channel, with rate (Hz) and unit; a channel that was sampled less often has the lower rate.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If the header and the columns do not fit together, or a cell is text.
    """
    lines = read_lines(path)
    rate, channel_line = _rate(lines[1]), _CHANNELS.fullmatch(lines[2].strip())
    assert rate is not None
    assert channel_line is not None
    count = int(channel_line[1])
    titles, units = lines[3 : 3 + 2 * count : 2], lines[4 : 4 + 2 * count : 2]
    body = lines[3 + 2 * count :]
    if len(units) < count or len(body) < 3:
        raise DataError(
            "{path}: its header announces {count:n channel|channels} and ends too early.", path=str(path), count=count
        )
    sign = "\t" if "\t" in body[0] else ","
    titles, units = ([word.rstrip(sign) for word in words] for words in (titles, units))
    names = body[0].rstrip(sign).split(sign)
    timed = len(names) == count + 1
    if len(names) not in (count, count + 1):
        raise DataError(
            "{path}: it announces {count:n channel|channels} and has {columns:n column|columns}.",
            path=str(path),
            count=count,
            columns=len(names),
        )
    counts = _is_counts(body[1].split(sign))
    rows = [line.split(sign) for line in body[1 + counts :]]
    first = 5 + 2 * count + counts
    if counts:
        _check_counts(path, body[1].split(sign)[timed:], rows, timed)
    traces = [
        _trace(path, [row[n + timed] if len(row) > n + timed else "" for row in rows], titles[n], units[n], rate, first)
        for n in range(count)
    ]
    return tracks_of_traces(path, traces)


def _rate(line: str) -> float | None:
    interval, rate = _INTERVAL.fullmatch(line.strip()), _RATE.fullmatch(line.strip())
    if interval is None and rate is None:
        return None
    try:
        if rate is not None:
            return float(rate[1])
        assert interval is not None
        word = interval[2].lower()
        return 1 / (float(interval[1]) * time_size(_SPELLED.get(word, word)))
    except (ValueError, ZeroDivisionError):
        return None


def _check_counts(path: Path, words: list[str], rows: list[list[str]], timed: bool) -> None:
    """Refuse rows that are more or fewer than the line under the names says, for any channel or in all."""
    stated = [int(word) for word in words if word.strip().isdigit()]
    filled = [
        sum(len(row) > number + timed and bool(row[number + timed].strip()) for row in rows)
        for number in range(len(stated))
    ]
    for counted, expected in ((len(rows), max(stated)), *zip(filled, stated, strict=True)):
        if counted != expected:
            raise DataError(
                "{path}: its header says that there are {expected:n sample|samples}, and {counted} are there. The file is damaged or cut "
                "off: export it again.",
                path=str(path),
                expected=expected,
                counted=counted,
            )


def _is_counts(cells: list[str]) -> bool:
    return cells[0].strip() == "" and any(cell.strip().isdigit() for cell in cells)


def _trace(path: Path, cells: list[str], title: str, unit: str, rate: float, first: int) -> RecordedTrace:
    filled = [number for number, cell in enumerate(cells) if cell.strip()]
    commas = any("," in cell for cell in cells)  # of a decimal sign: AcqKnowledge parts no thousands
    values = parse_numbers(cells, "," if commas else ".", lambda row: f"{path}: line {first + row}")
    steps = np.diff(filled)
    if len(filled) and len(steps) and filled[0] == 0 and len(set(steps.tolist())) == 1 and steps[0] > 1:
        values, rate = values[:: int(steps[0])], rate / int(steps[0])
    return RecordedTrace(title.strip(), values, ColumnMetadata(None, unit.strip(), rate, 0.0))


def write_example(path: Path) -> None:
    """Write an ECG at 1,000 Hz and skin conductance at half of that.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    head = [
        "session.acq",
        "1 msec/sample",
        "2 channels",
        "ECG",
        "mV",
        "EDA",
        "microsiemens",
        "sec\tCH1\tCH2\t",
        "\t400\t200\t",
    ]
    rows = [f"{n / 1000:.3f}\t{(n % 80) / 80:.4f}\t{'' if n % 2 else f'{4 + 0.001 * n:.4f}'}\t" for n in range(400)]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


FORMAT = FileFormat(
    name="AcqKnowledge text (BIOPAC)",
    files="`.txt`",
    recognise=is_acqknowledge_text,
    read=read_acqknowledge_text,
    says="rate, unit",
    ask="which channel is which",
    left_out="event markers",
    reference="what AcqKnowledge exports",
    is_text=True,
    examples=(
        Example(
            "acqknowledge.txt",
            write_example,
            {"signal": "ecg", "column": "ECG"},
            source="text as AcqKnowledge 5 exports it",
        ),
    ),
)
