"""Results that Kubios HRV exports as text: the RR intervals that it analysed.

What is read is the table under "RR INTERVAL DATA", of time and interval for each sample, both in s by its heading. They are
the intervals after Kubios' own correction, and several samples come one after the other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines

_SECTION = "RR INTERVAL DATA"
_UNIT = re.compile(r"\((m?s)\)")


def is_kubios(path: Path) -> bool:
    """Say whether a file is a report of Kubios HRV as text.

    Parameters
    ----------
    path
        Its first 4 KiB are read.

    Returns
    -------
    bool
        True for a .txt or .csv file that names Kubios HRV there.
    """
    return path.suffix.lower() in (".txt", ".csv") and "kubios hrv" in read_beginning(path).lower()


def read_kubios(path: Path) -> Table:
    """Read the intervals that a report lists.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column of RR intervals as Kubios corrected them, in the unit of its heading, with times in s.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it lists none, or they are not told as times and intervals in s or ms.
    """
    lines = read_lines(path)
    first = next((n for n, line in enumerate(lines) if line.upper().startswith(_SECTION)), None)
    if first is None:
        raise DataError(
            "{path}: the report has no {section}; export it from Kubios with the RR data.",
            path=str(path),
            section=_SECTION,
        )
    rows = _split(lines[first + 1 :])
    head = next((n for n, row in enumerate(rows) if "time" in row[0].lower()), None)
    if head is None or len(rows) < head + 3:
        raise DataError(
            "{path}: under {section} no column of times was found.",
            path=str(path),
            section=_SECTION,
        )
    columns = [n for n, word in enumerate(rows[head]) if "rr" in word.lower()]
    pairs = [pair for n in columns if n for pair in _pairs(path, rows[head + 2 :], n)]
    if not pairs:
        raise DataError(
            "{path}: under {section} no interval was found.",
            path=str(path),
            section=_SECTION,
        )
    times, intervals = np.array(pairs).T
    scale, unit = _units(path, rows[head + 1], columns[0])
    carried = ColumnMetadata(
        "rr", unit, times=scale * times, remarks=(note(ReadingRemark.KUBIOS_CORRECTED, len(pairs)),)
    )
    return tracks_of_traces(path, [RecordedTrace("rr", intervals, carried)])


def _split(lines: Sequence[str]) -> list[list[str]]:
    separator = next((sign for sign in ("\t", ";", ",") if any(sign in line for line in lines[:6])), ",")
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    return [row for row in rows if row]


def _units(path: Path, row: Sequence[str], column: int) -> tuple[float, str]:
    """Return the size of the times' unit in s, and the unit of the intervals."""
    time, interval = (_UNIT.search(row[n]) if n < len(row) else None for n in (column - 1, column))
    if time is None or interval is None:
        raise DataError(
            "{path}: the units of time and interval are not told under {section}.",
            path=str(path),
            section=_SECTION,
        )
    return (1.0 if time[1] == "s" else 1e-3), interval[1]


def _pairs(path: Path, rows: Sequence[Sequence[str]], column: int) -> list[tuple[float, float]]:
    """Return time and interval of a sample, from one row on until they end."""
    pairs = []
    for row in rows:
        cells = row[column - 1 : column + 1]
        if len(cells) < 2 or not all(cells):
            break
        try:
            pairs.append((float(cells[0]), float(cells[1])))
        except ValueError:
            raise DataError(
                "{path}: {time!r} and {interval!r} are no time and interval.",
                path=str(path),
                time=cells[0][:20],
                interval=cells[1][:20],
            ) from None
    return pairs


FORMAT = FileFormat(
    name="Kubios HRV",
    files="results as text",
    recognise=is_kubios,
    read=read_kubios,
    says="RR as Kubios corrected them, with times",
    ask="",
    left_out="all results but the RR data",
    reference="Tarvainen et al. 2014, doi:10.1016/j.cmpb.2013.07.024",
    is_text=True,
    examples=(Example("report.csv", exports.kubios, source="text as Kubios HRV 3.5 exports it"),),
)
