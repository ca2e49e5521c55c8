"""Workbooks (.xlsx): a sheet as a table. openpyxl is only loaded here."""

from __future__ import annotations

import datetime
import itertools
import shlex
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.limits import check_cells, check_workbook
from coregulation.io.tables.cell_parsing import Cell
from coregulation.io.tables.dialect import Dialect
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.tables.table_reading import table_from_rows
from coregulation.io.text import read_bytes

_LOOKED_AT = 30  # rows of a sheet that tell whether it may be meant
_DAMAGE = (  # what zip, XML and the reader raise where bytes were changed: each has been seen under mutation
    zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, TypeError, AttributeError, EOFError,
    OSError, NotImplementedError,
)  # fmt: skip


def read_excel(path: Path, shape: TableShape) -> Table:
    """Read one sheet of a workbook, read-only and without its formulas.

    Parameters
    ----------
    path
        The workbook.
    shape
        The sheet, and how many of its rows to skip.

    Returns
    -------
    Table
        Numbers and dates as the workbook holds them; None where a cell is empty.

    Raises
    ------
    UsageError
        If there are several sheets and none was chosen; the error lists them.
    DataError
        If it is no workbook, or the sheet has no rows of numbers.
    """
    rows = _rows(path, shape)
    last = len(rows) - shape.skip_end_lines
    rows = rows[shape.skip_lines : last]
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise DataError("{path}: the sheet is empty.", path=str(path))
    width = max(map(len, rows))
    check_cells(path, width * len(rows))  # one cell far to the right, and one far down, make a large table
    padded = [[*row, *([None] * (width - len(row)))] for row in rows]
    dialect = Dialect(",", shape.decimal or ".", width)
    table = table_from_rows(str(path), padded, dialect, shape.skip_lines, shape.skip_end_lines)
    return replace(table, missing=frozenset(shape.missing))


def sheets(path: Path) -> list[str]:
    """List the sheets of a workbook.

    Parameters
    ----------
    path
        The workbook.

    Returns
    -------
    list of str
        Their names, in order.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no readable workbook.
    """
    book = _opened(path)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def _rows(path: Path, shape: TableShape) -> list[list[Cell]]:
    book = _opened(path)
    try:
        sheet = _sheet(book, shape, path)
        sheet.reset_dimensions()  # the size that a workbook states for its sheet may be wrong, and rows beyond it are data
        with _unwarned():
            return list(_counted(path, sheet.iter_rows(values_only=True)))
    except _DAMAGE as error:
        raise DataError("{path}: the workbook is damaged and its sheet could not be read.", path=str(path)) from error
    finally:
        book.close()


def _counted(path: Path, rows: Iterator[tuple[object, ...]]) -> Iterator[list[Cell]]:
    """Yield rows as cells, as long as there are not too many."""
    count = 0
    for row in rows:
        count += len(row) + 1
        check_cells(path, count)
        yield [_cell(value) for value in row]


def _opened(path: Path) -> Any:
    import io

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            check_workbook(path, packed)
        with _unwarned():
            return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, *_DAMAGE) as error:
        raise DataError(
            "{path}: this is not a readable .xlsx workbook. Save it again as .xlsx or as CSV.", path=str(path)
        ) from error


@contextmanager
def _unwarned() -> Iterator[None]:
    """Keep openpyxl's remarks on parts of a workbook that are not read from the reader of numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _sheet(book: Any, shape: TableShape, path: Path) -> Any:
    names: Sequence[str] = book.sheetnames
    wanted = shape.sheet
    if wanted is None and len(names) > 1:
        names = [name for name in names if _has_cells(book[name])] or names
    if wanted is None and len(names) == 1:
        return book[names[0]]
    if isinstance(wanted, str) and wanted in names:
        return book[wanted]
    number = int(wanted) if wanted is not None and str(wanted).isdigit() else None
    if number is not None and number < len(names):
        return book[names[number]]
    if wanted is not None:
        raise UsageError(
            "{path}: there is no sheet {wanted!r}. Did you mean {near:or}? Choose with --sheet (sheet = … in the manifest).",
            path=str(path), wanted=str(wanted), near=nearest_names(str(wanted), names),
        )  # fmt: skip
    raise UsageError(
        "{path}: which sheet? Choose with --sheet (sheet = … in the manifest): {known}. It may be --sheet {likely}.",
        path=str(path), known=", ".join(names), likely=shlex.quote(max(names, key=lambda name: _numbers_in(book[name]))),
    )  # fmt: skip


def _has_cells(sheet: Any) -> bool:
    return any(value is not None for row in _first_rows(sheet) for value in row)


def _numbers_in(sheet: Any) -> int:
    """Count the numbers in the first rows of a sheet."""
    return sum(isinstance(value, int | float) for row in _first_rows(sheet) for value in row)


def _first_rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    if not hasattr(sheet, "reset_dimensions"):  # a sheet of a chart alone
        return iter(())
    sheet.reset_dimensions()
    with _unwarned():
        return iter(list(itertools.islice(sheet.iter_rows(values_only=True), _LOOKED_AT)))


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, datetime.datetime, datetime.time)):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    return str(value)


FORMAT = FileFormat(
    name="Workbooks",
    files="`.xlsx`, `.xlsm`",
    recognise=lambda path: path.suffix.lower() in (".xlsx", ".xlsm"),
    read=read_excel,
    says="dates and times",
    ask="sheet, signal, and rate or time column",
    left_out="formulas (their last values are read)",
    reference="ISO/IEC 29500",
    examples=(
        Example(
            "pair.xlsx",
            exports.workbook,
            {"signal": "heart_rate", "time_column": 0, "time_unit": "s"},
            source="openpyxl's writer",
        ),
    ),
    is_table=True,
)
