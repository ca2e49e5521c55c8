"""What a file holds, listed for the person who has it: columns, how many values, from what to what."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats import workbook
from coregulation.io.formats.registry import read_any
from coregulation.io.tables.cell_parsing import CellKind
from coregulation.io.tables.column_meaning import ColumnMeaning, interpret_columns
from coregulation.io.tables.mixed_rows import parting_labels
from coregulation.io.tables.rising import is_rising
from coregulation.io.tables.table import Table, TableShape
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class ColumnContents:
    """One column: its name in the file, what its cells are, and the range of its numbers.

    Parameters
    ----------
    number
        Counts from 0.
    name
        As it stands in the header; "" where it has none.
    kind
        "number", "time stamp", "text" or "missing": what its first cell with a value is; numbers with text among them
        are "text".
    unit
        As the file writes it; None where it writes none.
    missing
        How many cells of a column of numbers are missing.
    least
        The smallest number, in the file's unit; None for a column of anything else.
    median
        The median, as `least`.
    most
        The largest number, as `least`.
    means
        "time", or the channel that the name or the format states; None where neither does.
    rate
        Samples per second (Hz) that the format states; None where it states none.
    rows
        How many cells the column has, missing ones included.
    rises
        Whether its numbers only rise, as those of a time or a count do.
    near
        Share of its numbers other than 0 that lie between half their median and twice it; 0 for one that is not positive.
    unevenness
        The median step from row to row over the range of the middle half of all numbers; infinite for one number throughout.
    labels
        How many different words a column of text has, where each comes often enough to stand for a person; else 0.
    """

    number: int
    name: str
    kind: str
    unit: str | None = None
    missing: int = 0
    least: float | None = None
    median: float | None = None
    most: float | None = None
    means: str | None = None
    rate: float | None = None
    rows: int = 0
    rises: bool = False
    near: float = 0.0
    unevenness: float = 0.0
    labels: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """One file or sheet: how it is written and what its columns are.

    Parameters
    ----------
    path
        The file as the caller named it.
    sheet
        The sheet of a workbook; None for other files, and where the caller chose the sheet.
    rows
        How many rows of values; of columns of different lengths, those of the longest.
    first_row
        The number, from 1, that the first row of values has in the file.
    columns
        In the order of the file.
    rate
        Samples per second (Hz) where the format states one for all columns; else None.
    is_recording
        Whether the format itself says what its columns are.
    is_timed
        Whether the format itself says when the rows of a column were taken.
    """

    path: str
    sheet: str | None
    rows: int
    first_row: int
    columns: tuple[ColumnContents, ...]
    rate: float | None = None
    is_recording: bool = False  # whether the format itself says what its columns are
    is_timed: bool = False


def inspect_file(path: str | Path, shape: TableShape | None = None) -> tuple[Contents, ...]:
    """List what a file holds: one entry, or one for each sheet of a workbook.

    Parameters
    ----------
    path
        A table, a workbook, or a file or folder of a device.
    shape
        How the table is written; None finds everything.

    Returns
    -------
    tuple of Contents
        One entry for a file; one for each sheet of a workbook, unless `shape` chooses the sheet.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it cannot be read as a table.
    """
    path = Path(path)
    shape = TableShape() if shape is None else shape
    if path.suffix.lower() in (".xlsx", ".xlsm") and shape.sheet is None:
        return tuple(
            _contents(path, TableShape(shape.skip_lines, shape.skip_end_lines, sheet=name), name)
            for name in workbook.sheets(path)
        )
    return (_contents(path, shape, None),)


def _contents(path: Path, shape: TableShape, sheet: str | None) -> Contents:
    table = read_any(path, shape)
    columns = tuple(_column(table, meaning) for meaning in interpret_columns(table))
    rates = {column.rate for column in columns}
    rate = rates.pop() if len(rates) == 1 else None
    return Contents(str(path), sheet, len(table), table.first_row, columns, rate, bool(table.carried), table.timed)


def _column(table: Table, meaning: ColumnMeaning) -> ColumnContents:
    known = ColumnContents(
        number=meaning.number,
        name=meaning.name,
        kind=CellKind.TEXT.value,
        unit=meaning.unit_text or None,
        means="time" if meaning.is_time else meaning.channel,
        rate=meaning.metadata.rate,
        rows=len(table.columns[meaning.number]),
    )
    if meaning.kind is not CellKind.NUMBER:
        return replace(known, kind=meaning.kind.value, labels=_labels(table, meaning))
    try:
        values = table.numbers(meaning.number)
    except DataError:
        return known
    valid = values[np.isfinite(values)]
    least, median, most = (float(f(valid)) for f in (np.min, np.median, np.max))
    missing = len(values) - len(valid)
    ranged = replace(known, kind=meaning.kind.value, missing=missing, least=least, median=median, most=most)
    rises = not table.carried and is_rising(table, meaning)
    return replace(ranged, rises=rises, near=_near(valid), unevenness=_unevenness(valid))


def _labels(table: Table, meaning: ColumnMeaning) -> int:
    """Count the words of a column of text; 0 where they are too many to stand for people, or one."""
    return 0 if meaning.kind is not CellKind.TEXT or table.carried else len(parting_labels(table, meaning.number))


def _near(numbers: Floats) -> float:
    """Return the share of numbers other than 0 that lie near their median."""
    known = numbers[numbers != 0]
    median = float(np.median(known)) if len(known) else 0.0
    return float(((known >= median / 2) & (known <= 2 * median)).mean()) if median > 0 else 0.0


def _unevenness(numbers: Floats) -> float:
    """Return the usual step over the range of the middle half, which is small where numbers change smoothly."""
    if len(numbers) < 2 or np.ptp(numbers) == 0:
        return math.inf
    low, high = np.percentile(numbers, (25, 75))
    step = float(np.median(np.abs(np.diff(numbers))))
    return step / float(high - low) if high > low else 0.0
