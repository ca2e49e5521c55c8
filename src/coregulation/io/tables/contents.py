"""What a file holds, listed for the person who has it: columns, how many values, from what to what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats import workbook
from coregulation.io.formats.registry import read_any
from coregulation.io.tables.cell_parsing import CellKind, cell_kind
from coregulation.io.tables.header_names import channel_in, is_time, unit_in
from coregulation.io.tables.table import Table, TableShape


@dataclass(frozen=True, slots=True)
class ColumnContents:
    """One column: its name in the file, what its cells are, and the range of its numbers."""

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


@dataclass(frozen=True, slots=True)
class Contents:
    """One file or sheet: how it is written and what its columns are."""

    path: str
    sheet: str | None
    rows: int
    first_row: int
    columns: tuple[ColumnContents, ...]
    rate: float | None = None


def inspect_file(path: str | Path, shape: TableShape | None = None) -> tuple[Contents, ...]:
    """List what a file holds: one entry, or one for each sheet of a workbook.

    Raises:
        UsageError: if there is no such file.
        DataError: if it cannot be read as a table.
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
    columns = tuple(_column(table, number) for number in range(len(table.columns)))
    rates = {column.rate for column in columns}
    rate = rates.pop() if len(rates) == 1 else None
    return Contents(str(path), sheet, len(table), table.first_row, columns, rate)


def _column(table: Table, number: int) -> ColumnContents:
    name = table.names[number]
    said, rows = table.said(number), len(table.columns[number])
    unit = said.unit if table.carried else unit_in(name)
    means = "time" if is_time(name) else said.channel or channel_in(name)
    known = ColumnContents(number, name, CellKind.TEXT.value, unit, means=means, rate=said.rate, rows=rows)
    first = next(
        (cell_kind(cell) for cell in table.columns[number] if cell_kind(cell) is not CellKind.MISSING), CellKind.MISSING
    )
    if first is not CellKind.NUMBER:
        return replace(known, kind=first.value)
    try:
        values = table.numbers(number)
    except DataError:
        return known
    there = values[np.isfinite(values)]
    least, median, most = (float(f(there)) for f in (np.min, np.median, np.max))
    missing = len(values) - len(there)
    return replace(known, kind=first.value, missing=missing, least=least, median=median, most=most)
