"""One cell of a table: a number, missing, a time stamp, or text."""

from __future__ import annotations

import datetime
import enum
import math
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NoReturn

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.stamp_forms import rewritten
from coregulation.io.tables.text_cells import TextCells
from coregulation.signals import Floats

Cell = str | int | float | datetime.datetime | datetime.time | None

MISSING = frozenset(
    {
        "", "nan", "-nan", "+nan", "nan(ind)", "-nan(ind)", "1.#qnan", "-1.#qnan", "1.#ind", "-1.#ind", "na", "n/a", "n.a.", "k.a.",
        "<na>", "nat", "-", "--", "---", ".", "?", "*", "''", "null", "(null)", "none", "nil", "undefined", "missing", "no data",
        "#n/a", "#nv", "#n/v", "#div/0!", "#value!", "#wert!", "#valor!", "#ref!", "#num!", "#name?", "#null!",
    }
)  # fmt: skip
_NUMBER = re.compile(r"[+\-\u2212]?(\d+([.,]\d*)?|[.,]\d+)([ed][+-]?\d+)?", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(  # a sign between thousands that cannot be a decimal one
    r"[+\-\u2212]?\d{1,3}((?P<part>[.,'\u2019 ])\d{3})((?P=part)\d{3})*([.,]\d*)?", re.ASCII
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
_WRITTEN = {ord("\N{MINUS SIGN}"): "-", ord("D"): "e", ord("d"): "e", ord(","): "."}
_SPACED_ZONE = re.compile(r" ?((?:UTC|GMT)?([+-]\d\d):?(\d\d)|UTC|GMT)$")
_PLACE = re.compile(r"\[[A-Za-z_/+-]+\]$")  # of a zone whose offset stands before it
_SPACES = {ord(sign): " " for sign in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"}
_HALF = r"(\s*[ap]\.?\s?m\.?)?"
_TIME = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?" + _HALF
_CLOCK = re.compile(
    r"\+?\d{1,3}:\d{2}(:\d{2})?([.,]\d+)?" + _HALF + r"|\d{1,2}:\d{2}:\d{2}([.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})",
    re.ASCII | re.IGNORECASE,
)
_DATE = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}(,?[ T]\s*{_TIME})?|"
    rf"\d{{1,2}}[./]\d{{1,2}}[./]\d{{2}},?[ T]\s*{_TIME}|"
    rf"\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}([ T]\s*{_TIME})?|"
    rf"\d{{1,2}}[- ][a-z]{{3,9}}\.?[- ]\d{{4}}(,?[ T]\s*{_TIME})?|"
    rf"([a-z]{{3,9}},? )?[a-z]{{3,9}}\.? \d{{1,2}},? \d{{4}}(,?( at)? {_TIME})?|"
    rf"[a-z]{{3}} [a-z]{{3}} +\d{{1,2}} {_TIME} \d{{4}}|"
    r"\d{8}[T ]\d{6}([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?|"
    r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|UTC|GMT|(UTC|GMT)?[+-]\d\d(:?\d\d)?))?(\[[a-z_/+-]+\])?)?",
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
    text = plain_text(text)
    if _ungrouped(text) is not None:
        return CellKind.NUMBER
    if is_stamp(text):
        return CellKind.STAMP
    other = rewritten(text)
    return CellKind.STAMP if other is not None and is_stamp(other) else CellKind.TEXT


def is_stamp(text: str) -> bool:
    """Say whether a text is a date or a time in one of the forms that are read as they stand.

    Parameters
    ----------
    text
        Such as "2026-05-04T14:00:03.2Z", "5/4/2026 2:00:03 PM" or "14:00:03".

    Returns
    -------
    bool
        By its form alone; it may still be no date, such as one of the 31st of February.
    """
    return _CLOCK.fullmatch(text) is not None or _DATE.fullmatch(text) is not None


def _ungrouped(text: str) -> str | None:
    """Return a number without the signs between its thousands; None where there are none that are certain."""
    match = _GROUPED.fullmatch(text)
    if match is None or (match[4] is None and match[3] is None and match["part"] in ".,"):
        return None
    if match[4] and match[4][0] == match["part"]:
        return None
    return text.replace(match["part"], "").translate(_WRITTEN)


def parse_numbers(
    cells: Sequence[Cell] | Floats,
    decimal: str,
    place: Callable[[int], str],
    missing: frozenset[str] = frozenset(),
    refuse: Callable[[int, Cell], NoReturn] | None = None,
) -> Floats:
    """Turn a column into numbers, NaN where it says missing.

    Parameters
    ----------
    cells
        The column.
    decimal
        "." or ",".
    place
        Names the place of a row, for the error.
    missing
        Words that stand for a missing value, beside those that are known.
    refuse
        Raises the error of a cell that is no number, given its row; None names its place.

    Returns
    -------
    array
        Shape (n,), in the file's own unit; NaN where a cell says missing.

    Raises
    ------
    DataError
        If a cell is text or infinite; it names the file, the row and the column.
    """
    if refuse is None:
        refuse = partial(_refuse_at, place)
    if isinstance(cells, np.ndarray):
        values = cells
    elif isinstance(cells, TextCells):
        values = np.empty(len(cells))
        for first, part in cells.by_block():
            values[first : first + len(part)] = _numbers_of(part, first, decimal, missing, refuse)
    else:
        values = _numbers_of(cells, 0, decimal, missing, refuse)
    if np.isinf(values).any():
        row = int(np.argmax(np.isinf(values)))
        raise DataError(
            "{place} is infinite; a number or nothing was expected. If it stands for a missing value, say --missing{word} "
            "(missing in the manifest).",
            place=place(row),
            word=option_value(cells[row]),
        )
    return values


def _numbers_of(
    cells: Sequence[Cell],
    first: int,
    decimal: str,
    missing: frozenset[str],
    refuse: Callable[[int, Cell], NoReturn],
) -> Floats:
    try:
        if not missing:
            return np.fromiter(map(float, cells), np.float64, len(cells))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        pass
    numbers = ((row, cell, _number(cell, decimal, missing)) for row, cell in enumerate(cells, first))
    return np.array([refuse(row, cell) if n is None else n for row, cell, n in numbers], np.float64)


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


def _number(cell: Cell, decimal: str, missing: frozenset[str] = frozenset()) -> float | None:
    """Return a cell as a number; None where it is none."""
    if missing and isinstance(cell, str) and cell.strip().strip('"') in missing:
        return math.nan
    look = cell_kind(cell)
    if look is CellKind.MISSING:
        return math.nan
    if look is CellKind.NUMBER:
        text = str(cell).strip()
        ungrouped = _ungrouped(plain_text(text))
        if ungrouped is not None:
            return float(ungrouped)
        if decimal == "," or "," not in text:
            return float(text.translate(_WRITTEN))
        if _THOUSANDS.fullmatch(text):
            return float(text.replace(",", ""))
    return None


def _refuse_at(place: Callable[[int], str], row: int, cell: Cell) -> NoReturn:
    _refused(cell, place(row))


def _refused(cell: Cell, place: str) -> NoReturn:
    raise DataError(
        "{place} is {cell}, where a number was expected. Missing values are written as nothing, NaN, n/a or "
        "-. The file may be damaged there: export it again, or mend the cell.",
        place=place,
        cell=shown(cell),
    )


def shown(cell: Cell) -> str:
    """Write a cell for an error: short, since it may be somebody's name, and on the screen of the caller only.

    Parameters
    ----------
    cell
        The cell.

    Returns
    -------
    str
        In quotation marks, at most 20 characters of it.
    """
    text = str(cell).strip()
    return repr(text if len(text) <= 20 else text[:20] + "…")


def option_value(cell: Cell) -> str:
    """Write a cell as the value of an option on a command line.

    Parameters
    ----------
    cell
        Such as "-inf" or "not worn".

    Returns
    -------
    str
        Such as "=-inf" or ' "not worn"', with the sign that parts it from the option.
    """
    word = str(cell).strip()
    return f"={word}" if word.startswith("-") else f' "{word}"' if " " in word else f" {word}"


def plain_text(cell: str) -> str:
    """Take off spaces and single quotation marks around a cell, and write narrow and non-breaking spaces as spaces.

    Parameters
    ----------
    cell
        Such as 2:00:03 PM in quotation marks, as WFDB's rdsamp writes it.

    Returns
    -------
    str
        The text alone.
    """
    text = cell.translate(_SPACES).strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


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
        return datetime.datetime.fromisoformat(_SPACED_ZONE.sub(_zone, _PLACE.sub("", text.strip())))
    except ValueError:
        return None


def _zone(match: re.Match[str]) -> str:
    """Write a zone as ISO 8601 has it."""
    return f"{match[2]}:{match[3]}" if match[2] else "+00:00"
