"""One cell of a table: a number, missing, a time stamp, or text."""

from __future__ import annotations

import datetime
import enum
import math
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.text_cells import TextCells
from coregulation.signals import Floats

Cell = str | int | float | datetime.datetime | datetime.time | None

MISSING = frozenset({"", "nan", "na", "n/a", "#n/a", "-", "--", ".", "null", "none", "missing"})
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
_SPACED_ZONE = re.compile(r" ([+-]\d\d:?\d\d)$")
_CLOCK = re.compile(r"\d{1,3}:\d{2}(:\d{2})?([.,]\d+)?(\s*[ap]\.?m\.?)?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(,?[ T]\s*\d{1,2}:\d\d(:\d\d([.,]\d+)?)?(\s*[ap]\.?m\.?)?)?|"
    r"\d{4}[/.]\d{1,2}[/.]\d{1,2}([ T]\s*\d{1,2}:\d\d(:\d\d([.,]\d+)?)?(\s*[ap]\.?m\.?)?)?|"
    r"\d{1,2}[- ][a-z]{3}[- ]\d{4}(,?[ T]\s*\d{1,2}:\d\d(:\d\d([.,]\d+)?)?(\s*[ap]\.?m\.?)?)?|"
    r"\d{8}T\d{6}([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?|"
    r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?",
    re.ASCII | re.IGNORECASE,
)


class CellKind(enum.Enum):
    """What a cell looks like."""

    NUMBER = "number"
    MISSING = "missing"
    STAMP = "time stamp"
    TEXT = "text"


def cell_kind(cell: Cell) -> CellKind:
    """Say what a cell looks like; a decimal comma counts as a number.

    Parameters
    ----------
    cell
        Text as it stands in the file, or what a workbook holds.

    Returns
    -------
    CellKind
        MISSING for nothing, NaN, infinity and words such as n/a; TEXT where nothing else fits.
    """
    if cell is None or (isinstance(cell, float) and not np.isfinite(cell)):
        return CellKind.MISSING
    if isinstance(cell, (datetime.datetime, datetime.time)):
        return CellKind.STAMP
    if isinstance(cell, (int, float)):
        return CellKind.NUMBER
    text = cell.strip()
    if text.lower() in MISSING:
        return CellKind.MISSING
    if _NUMBER.fullmatch(text):
        return CellKind.NUMBER
    return CellKind.STAMP if _CLOCK.fullmatch(text) or _DATE.fullmatch(text) else CellKind.TEXT


def parse_numbers(cells: Sequence[Cell] | Floats, decimal: str, place: Callable[[int], str]) -> Floats:
    """Turn a column into numbers, NaN where it says missing.

    Parameters
    ----------
    cells
        The column.
    decimal
        "." or ",".
    place
        Names the place of a row, for the error.

    Returns
    -------
    array
        Shape (n,), in the file's own unit; NaN where a cell says missing.

    Raises
    ------
    DataError
        If a cell is text or infinite; it names the file, the row and the column.
    """
    if isinstance(cells, np.ndarray):
        values = cells
    elif isinstance(cells, TextCells):
        values = np.empty(len(cells))
        for first, part in cells.by_block():
            values[first : first + len(part)] = _numbers_of(part, first, decimal, place)
    else:
        values = _numbers_of(cells, 0, decimal, place)
    if np.isinf(values).any():
        raise DataError(
            "{place} is infinite; a number or nothing was expected.", place=place(int(np.argmax(np.isinf(values))))
        )
    return values


def _numbers_of(cells: Sequence[Cell], first: int, decimal: str, place: Callable[[int], str]) -> Floats:
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        numbers = ((row, cell, _number(cell, decimal)) for row, cell in enumerate(cells, first))
        return np.array([_refused(cell, place(row)) if n is None else n for row, cell, n in numbers], np.float64)


def parse_number(cell: Cell, decimal: str, place: str) -> float:
    """Turn one cell into a number.

    Parameters
    ----------
    cell
        Text as it stands in the file, or what a workbook holds.
    decimal
        "." or ","; with ".", commas that part thousands are taken out.
    place
        Names the cell, for the error.

    Returns
    -------
    float
        NaN where the cell says missing.

    Raises
    ------
    DataError
        If the cell is text or a time.
    """
    number = _number(cell, decimal)
    return _refused(cell, place) if number is None else number


def _number(cell: Cell, decimal: str) -> float | None:
    """Return a cell as a number; None where it is none."""
    look = cell_kind(cell)
    if look is CellKind.MISSING:
        return math.nan
    if look is CellKind.NUMBER:
        text = str(cell).strip()
        if decimal == "," or "," not in text:
            return float(text.replace(",", "."))
        if _THOUSANDS.fullmatch(text):
            return float(text.replace(",", ""))
    return None


def _refused(cell: Cell, place: str) -> NoReturn:
    raise DataError(
        "{place} is {cell}, where a number was expected. Missing values are written as nothing, NaN, n/a or "
        "-; if this line is not part of the table, leave it out with --skip-lines or --skip-end-lines.",
        place=place,
        cell=_shown(cell),
    )


def _shown(cell: Cell) -> str:
    # a header word may be somebody's name; a value out of place is shown short, on the screen of the caller only
    text = str(cell).strip()
    return repr(text if len(text) <= 20 else text[:20] + "…")


def moment_of(text: str) -> datetime.datetime | None:
    """Read an ISO 8601 date and time, with or without a zone.

    Parameters
    ----------
    text
        Such as "2026-05-04T14:00:03.2Z".

    Returns
    -------
    datetime or None
        Without a time zone where none is written; None where the text is no such moment.
    """
    try:
        return datetime.datetime.fromisoformat(_SPACED_ZONE.sub(r"\1", text.strip()))
    except ValueError:
        return None
