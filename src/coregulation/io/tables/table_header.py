"""Where a table's values begin, and what its header says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from coregulation.errors import DataError
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind, parse_number
from coregulation.io.tables.header_names import carried_time_unit
from coregulation.io.tables.header_units import parse_header_unit
from coregulation.io.tables.row_sieve import COMMENTS
from coregulation.io.tables.table import Cells

_CALIBRATION = frozenset({"", "CAL", "RAW", "UNCAL"})
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:hz|samples?\s*/\s*s|samples? per s|sps)", re.IGNORECASE)
_FACTOR = re.compile(r"(\d+(?:\.\d+)?e[+-]?\d+) ?\*", re.ASCII | re.IGNORECASE)
_ABOVE = 6  # lines that may stand above a header
_VALUE = (CellKind.NUMBER, CellKind.MISSING, CellKind.STAMP)


def numeric_columns(rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    """Return the columns that mostly hold numbers or time stamps in the second half of the table, gaps passed over.

    Parameters
    ----------
    rows
        The cells of each line, the header among them.
    width
        How many columns there are.

    Returns
    -------
    list of int
        Their numbers, from 0.
    """
    middle = len(rows) // 2
    known = (row for row in itertools.chain(rows[middle:], rows[:middle]) if len(row) == width and _is_known(row))
    body = list(itertools.islice(known, 60))
    kinds = [[cell_kind(row[column]) for row in body] for column in range(width)]
    return [
        column
        for column, seen in enumerate(kinds)
        if (CellKind.NUMBER in seen or CellKind.STAMP in seen) and 2 * sum(look in _VALUE for look in seen) > len(seen)
    ]


def _is_known(row: Sequence[Cell]) -> bool:
    return any(cell_kind(cell) is not CellKind.MISSING for cell in row)


def find_first_row(
    origin: str, rows: Sequence[Sequence[Cell]], width: int, numeric: Iterable[int], skipped: int
) -> int:
    """Find the first row of values; at most one line, the header, may come before it.

    Parameters
    ----------
    origin
        The file as the caller named it, for errors.
    rows
        The cells of each line, the header among them.
    width
        How many columns there are.
    numeric
        The columns that hold numbers or time stamps.
    skipped
        Lines of the file before the first of these rows.

    Returns
    -------
    int
        Its number, from 0.

    Raises
    ------
    DataError
        If lines that are no header come before it.
    """
    numeric = list(numeric)
    _refuse_factor(origin, rows[:_ABOVE], skipped)
    first = next((n for n, row in enumerate(rows) if _is_data(row, width, numeric)), len(rows))
    while first > 0 and len(rows[first - 1]) == width and not _is_known(rows[first - 1]):
        first -= 1  # a row of which everything is missing is one too
    above = [row for row in rows[:first] if _is_known(row)]
    if len(above) > 1 and _has_unit_row(above, width):
        return first
    if first == 0 and _is_numbered_header(rows[0]):
        return 1
    if first == 0 and _is_start_and_rate(rows[:3], width):
        raise DataError(
            "{origin}: its first two lines look like a start time and a rate (Hz), not like values. Say "
            "--skip-lines {skip} --rate {rate} --start {start}.",
            origin=origin,
            skip=skipped + 2,
            rate=f"{float(str(rows[1][0])):g}",
            start=str(rows[0][0]).strip(),
        )
    if len(above) == 1 and not _is_header(_trimmed(without_mark(above[0]), width), width):
        raise DataError(
            "{origin}: its first line is neither a header of the {width:n column|columns} nor a row. Leave it out "
            "with --skip-lines {skip} (skip_lines = {skip} in the manifest).",
            origin=origin,
            width=width,
            skip=skipped + first,
        )
    if len(above) > 1:
        last = max(n for n, row in enumerate(rows[:first]) if _is_known(row))
        _name_rate(origin, rows[:last], skipped, skipped + last)
        raise DataError(
            "{origin}: line {line} is not like the rows below it, and it is not the first. If the lines "
            "before the header are no part of the table, say --skip-lines {skip} (skip_lines = {skip} in "
            "the manifest), or {line} if there is no header; if it is a row with text among its numbers, "
            "mend it.",
            origin=origin,
            line=skipped + last + 1,
            skip=skipped + last,
        )
    return first


def _refuse_factor(origin: str, rows: Sequence[Sequence[Cell]], skipped: int) -> None:
    """Refuse numbers below a factor for all of them, as MATLAB displays a matrix."""
    for number, row in enumerate(rows):
        match = _FACTOR.fullmatch(" ".join(str(cell or "") for cell in row).strip())
        if match is not None:
            blank = next((more for more, below in enumerate(rows[number + 1 :]) if _is_known(below)), 0)
            raise DataError(
                "{origin}: line {line} says that all numbers below it are to be multiplied by {factor}. Say --skip-lines {skip} --scale {factor} "
                "(skip_lines and scale in the manifest).",
                origin=origin,
                line=skipped + number + 1,
                skip=skipped + number + 1 + blank,
                factor=f"{float(match[1]):g}",
            )


def _name_rate(origin: str, lines: Sequence[Sequence[Cell]], skipped: int, skip: int) -> None:
    """Refuse lines before a header that say a rate, with the words that keep it."""
    for number, row in enumerate(lines):
        words = " ".join(str(cell or "") for cell in row)
        match = _RATE.search(words)
        if match is not None and float(match[1]) > 0:
            raise DataError(
                "{origin}: the lines before its header are no part of the table, and line {line} says a rate ({words!r}). Say --skip-lines "
                "{skip} --rate {rate} (skip_lines and rate in the manifest).",
                origin=origin,
                line=skipped + number + 1,
                words=match[0].strip()[:40],
                skip=skip,
                rate=match[1],
            )


def _has_unit_row(head: Sequence[Sequence[Cell]], width: int) -> bool:
    """Say whether the lines above the values are names, then units; words on calibration may stand between."""
    words = [[str(cell or "").strip() for cell in row] for row in head]
    if len(head) > 3 or any(not width - 1 <= len(row) <= width for row in words):
        return False
    units = [word for word in words[-1] if word]
    between = [word for row in words[1:-1] for word in row]
    return (
        any(_is_unit(word) for word in units)
        and all(_is_unit(word) or not any(c.isdigit() for c in word) for word in units)
        and all(word.upper() in _CALIBRATION for word in between)
    )


def _is_unit(word: str) -> bool:
    return parse_header_unit(word) is not None or carried_time_unit(f"x [{word}]") is not None


def header_words(head: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
    """Return the names of columns, with the unit from a line of units behind each.

    Parameters
    ----------
    head
        The lines above the values: none, the names, or the names and their units.

    Returns
    -------
    sequence of cells
        Empty where there is no header.
    """
    head = [without_mark(row) for row in head if _is_known(row)]
    if len(head) < 2:
        return head[0] if head else ()
    units = [str(cell or "").strip() for cell in head[-1]] + [""] * len(head[0])
    names = [str(cell or "").strip() for cell in head[0]]
    return [f"{name} [{unit}]" if name and unit else name for name, unit in zip(names, units, strict=False)]


def without_mark(row: Sequence[Cell]) -> Sequence[Cell]:
    """Take off the sign of a comment in which the names of columns stand.

    Parameters
    ----------
    row
        The cells of a header, such as ("# time", "hr") or ("#", "time", "hr").

    Returns
    -------
    sequence of cells
        As it came where no such sign stands at its beginning.
    """
    first = str(row[0] or "").lstrip() if row else ""
    if not first.startswith(COMMENTS):
        return row
    word = first.lstrip("".join(COMMENTS)).strip()
    return [word, *row[1:]] if word else row[1:]


def _trimmed(row: Sequence[Cell], width: int) -> Sequence[Cell]:
    """Take empty words off the end of a header that is wider than the rows."""
    last = len(row)
    while last > width and not str(row[last - 1] or "").strip():
        last -= 1
    return row[:last]


def _is_data(row: Sequence[Cell], width: int, numeric: Sequence[int]) -> bool:
    return (
        len(row) == width
        and all(cell_kind(row[n]) in _VALUE for n in numeric)
        and _is_known(row)
        and any(cell_kind(c) in _VALUE for c in row)
    )


def _is_header(row: Sequence[Cell], width: int) -> bool:
    """Say whether a line may name the columns: as many words (one less where rows are named), no JSON, no sentence."""
    sentence = len(row) == 1 < width and " " in str(row[0])
    return len(row) in (width, width - 1) and not sentence and not str(row[0]).startswith("{")


def _is_start_and_rate(rows: Sequence[Sequence[Cell]], width: int) -> bool:
    # Empatica's tables: seconds since 1970, then the rate, each once a column, then the values
    if len(rows) < 3 or any(
        len(row) != width or cell_kind(cell) is not CellKind.NUMBER for row in rows for cell in row
    ):
        return False
    starts, rates, values = ({parse_number(cell, ",", "") for cell in row} for row in rows)
    return len(starts) == len(rates) == 1 and min(starts) > 1e8 and min(rates) > 0 and max(rates | values) < 1e6


def _is_numbered_header(row: Sequence[Cell]) -> bool:
    # a data frame whose columns are numbered is exported as ",0,1,2"
    words = [str(cell).strip() for cell in row[1:]]
    return len(words) > 1 and row[0] in ("", None) and words == [str(n) for n in range(len(words))]


def column_names(header: Sequence[Cell], columns: Sequence[Cells]) -> tuple[str, ...]:
    """Return a name for each column; "" for a first one that holds the names of rows, and where the header has none.

    Parameters
    ----------
    header
        The words above the columns.
    columns
        The cells of each column.

    Returns
    -------
    tuple of str
        As many as there are columns.
    """
    words = ["" if cell is None else str(cell).strip() for cell in header]
    trailing = all(cell_kind(cell) is CellKind.MISSING for cell in columns[-1])
    if len(words) == len(columns) - 1 and not trailing:  # names of rows have no name of their own
        words = ["", *words]
    return tuple((words + [""] * len(columns))[: len(columns)])
