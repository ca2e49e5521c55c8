"""Reading a text table: its lines, how they are parted, where its header ends, and its columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind
from coregulation.io.tables.cut_off import without_cut_row
from coregulation.io.tables.dialect import Dialect, detect_dialect
from coregulation.io.tables.line_rows import LineRows
from coregulation.io.tables.row_sieve import RowSieve
from coregulation.io.tables.table import Cells, Table, TableShape
from coregulation.io.tables.table_header import column_names, find_first_row, header_words, numeric_columns
from coregulation.io.tables.text_cells import pack_columns
from coregulation.io.text_lines import TextFile, TextLines, read_text_file

_HEADER_LINES = 12  # lines over which a header goes on at most
_SERIES = 11  # numbers in a file of one line, from which they are one series
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?')


def read_table(path: Path, shape: TableShape) -> Table:
    """Read a text table.

    Parameters
    ----------
    path
        The file, gzipped or not.
    shape
        How it is written; what is None is found.

    Returns
    -------
    Table
        The cells as text, with the header's words as names.

    Raises
    ------
    UsageError
        If there is no such file, or a separator or decimal sign must be stated.
    DataError
        If it is empty, binary, has no rows, has lines before its header that nobody said to skip, or rows
        of different widths.
    """
    origin = str(path)
    file = read_text_file(path)
    lines = file.lines
    total = len(lines)
    _refuse_markup(origin, lines)
    lines = lines.with_joined(_header_lines(lines, shape))
    lines, separator = _without_separator_line(lines, shape)
    skipped = shape.skip_lines + (total - len(lines))
    lines, left_out = _inner(lines, shape, origin)
    if not any(map(str.strip, lines)):
        raise DataError(
            "{origin}: nothing is left of its {total:n line|lines} after --skip-lines {skip_lines}.",
            origin=origin,
            total=total,
            skip_lines=shape.skip_lines,
        )
    try:
        dialect = detect_dialect(lines, shape.separator or separator, shape.decimal)
    except CoregulationError as error:
        raise type(error)(
            "{origin}: {problem}",
            origin=origin,
            problem=error,
        ) from error
    rows, dialect = _one_series(LineRows(origin, lines, dialect), dialect)
    table = table_from_rows(origin, rows, dialect, skipped, left_out, ending=file)
    return replace(table, missing=frozenset(shape.missing))


def _refuse_markup(origin: str, lines: TextLines) -> None:
    """Refuse JSON and XML by name; a table may end in lines of JSON, but does not begin and end with it."""
    first, last = lines[0].lstrip(), lines[-1].rstrip()
    is_json = first[:1] in ("[", "{") and last[-1:] in ("]", "}") and (len(lines) == 1 or first[-1:] not in ("]", "}"))
    if is_json or first.startswith("<"):
        raise DataError(
            "{origin}: this is {kind}, not a table. Export the recording as CSV, or as one of the formats that `coregulation inspect` "
            "knows (FIT instead of TCX or GPX).",
            origin=origin,
            kind="JSON" if is_json else "XML or a web page",
        )


def _header_lines(lines: TextLines, shape: TableShape) -> int:
    """Return over how many lines the header goes on, since a quotation mark that opens in it closes further down."""
    if shape.skip_lines or lines[0].count('"') % 2 == 0:
        return 1
    marks = itertools.accumulate(line.count('"') for line in lines[:_HEADER_LINES])
    return next((number for number, count in enumerate(marks, 1) if count % 2 == 0), 1)


def _one_series(rows: LineRows, dialect: Dialect) -> tuple[Sequence[Sequence[Cell]], Dialect]:
    """Return a single line of many numbers as the column that it is."""
    if (
        len(rows) > 1
        or dialect.width < _SERIES
        or any(cell_kind(c) is not CellKind.NUMBER for c in rows[0] if c.strip())
    ):
        return rows, dialect
    cells: list[list[Cell]] = [[cell] for cell in rows[0]]
    return cells, Dialect("", dialect.decimal, 1)


def _without_separator_line(lines: TextLines, shape: TableShape) -> tuple[TextLines, str | None]:
    """Take off a first line such as "sep=;", which tells a spreadsheet how the table is written."""
    match = None if shape.skip_lines else _SEPARATOR_LINE.fullmatch(lines[0].strip("\r\n "))
    return (lines, None) if match is None else (lines[1:], match[1])


def table_from_rows(
    origin: str,
    rows: Sequence[Sequence[Cell]],
    dialect: Dialect,
    skipped: int,
    left_out: int = 0,
    names: Sequence[str] | None = None,
    ending: TextFile | None = None,
) -> Table:
    """Make a table of rows: find its header, refuse what is in front of it, and check that all rows have one width.

    Columns without a name and without a value are left out.

    Parameters
    ----------
    origin
        The file as the caller named it, for errors.
    rows
        The cells of each line, the header among them.
    dialect
        The number of columns and the decimal sign.
    skipped
        Lines of the file before the first of these rows.
    left_out
        Lines of the file after the last of these rows.
    names
        Of a format that keeps them elsewhere, so that the table has no header; None finds the header.
    ending
        The text file, for how it ends; None where the rows come from elsewhere.

    Returns
    -------
    Table
        Its rows count from 1 in the file, with the skipped lines.

    Raises
    ------
    DataError
        If there are no rows of numbers, rows of different widths, or lines in front of the header that nobody said to
        skip.
    """
    width = dialect.width
    if names is not None:
        RowSieve(origin, width, skipped + 1).check(rows)
    numeric = numeric_columns(rows, width)
    if not numeric:
        raise DataError("{origin}: it has no rows of numbers (a header alone, or free text).", origin=origin)
    first = find_first_row(origin, rows, width, numeric, skipped) if names is None else 0
    header = header_words(list(rows[:first]))
    is_open = ending is not None and ending.is_open and not left_out
    sieve = _sieve(origin, rows, width, first, skipped, is_open=is_open)
    count = len(rows) - first
    columns = _columns(origin, rows[first:], width, sieve)
    columns, notes = without_cut_row(columns, sieve, ending, is_open=is_open)
    named = column_names(header, columns) if names is None else tuple(names)
    kept = [n for n in range(width) if named[n] or not _is_empty(columns[n])]
    return Table(
        origin,
        tuple(named[n] for n in kept),
        tuple(columns[n] for n in kept),
        skipped + first + 1,
        dialect.decimal,
        left_out,
        lines=sieve.numbers(count),
        remarks=notes,
    )


def _sieve(
    origin: str, rows: Sequence[Sequence[Cell]], width: int, first: int, skipped: int, *, is_open: bool
) -> RowSieve:
    header = [str(word) for word in rows[first - 1]] if first else []
    line = rows.line(first - 1) if isinstance(rows, LineRows) and first else ""
    return RowSieve(origin, width, skipped + first + 1, header, line, is_open=is_open)


def _is_empty(cells: Cells) -> bool:
    return all(cell_kind(cell) is CellKind.MISSING for cell in cells)


def _columns(origin: str, rows: Sequence[Sequence[Cell]], width: int, sieve: RowSieve) -> tuple[Cells, ...]:
    """Return the columns of rows that all have one width; those of text stay packed."""
    if not len(rows):
        raise DataError("{origin}: it has a header and no rows.", origin=origin)
    if isinstance(rows, LineRows):
        return pack_columns(rows.columns_by_block(width, sieve), width)
    return tuple([row[n] for row in rows] for n in range(width))


def _inner(lines: TextLines, shape: TableShape, origin: str) -> tuple[TextLines, int]:
    """Leave out the lines that were said to be no rows; JSON at the end goes too if JSON or text was said to lead."""
    if shape.skip_lines < 0 or shape.skip_end_lines < 0:
        raise UsageError("The number of lines to skip cannot be negative.")
    inner = lines[shape.skip_lines : max(shape.skip_lines, len(lines) - shape.skip_end_lines)]
    json_lines = 0
    while inner and inner[-1].startswith("{"):
        inner = inner[:-1]
        json_lines += 1
    if json_lines and not shape.skip_lines and inner:
        leading = next((n for n, line in enumerate(inner) if not line.startswith("{")), 0)
        raise DataError(
            "{origin}: it ends with {json_lines} line(s) of JSON. To leave such lines out say --skip-lines "
            "{leading} --skip-end-lines {json_lines} (skip_lines, skip_end_lines in the manifest).",
            origin=origin,
            json_lines=json_lines,
            leading=leading,
        )
    return inner, json_lines + shape.skip_end_lines
