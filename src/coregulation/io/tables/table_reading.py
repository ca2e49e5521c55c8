"""Reading a text table: its lines, how they are parted, where its header ends, and its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind
from coregulation.io.tables.dialect import Dialect, detect_dialect
from coregulation.io.tables.line_rows import LineRows
from coregulation.io.tables.table import Cells, Table, TableShape
from coregulation.io.tables.table_header import column_names, find_first_row, header_words, numeric_columns
from coregulation.io.tables.text_cells import pack_columns
from coregulation.io.text_lines import TextLines, read_text_lines

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
    lines = read_text_lines(path)
    total = len(lines)
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
    return table_from_rows(origin, LineRows(origin, lines, dialect), dialect, skipped, left_out)


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
        _check_widths(origin, width, skipped + 1, 0, rows)
    numeric = numeric_columns(rows, width)
    if not numeric:
        raise DataError("{origin}: it has no rows of numbers (a header alone, or free text).", origin=origin)
    first = find_first_row(origin, rows, width, numeric, skipped) if names is None else 0
    header = header_words(list(rows[:first]))
    columns = _columns(origin, rows[first:], width, skipped + first + 1)
    named = column_names(header, columns) if names is None else tuple(names)
    kept = [n for n in range(width) if named[n] or not _is_empty(columns[n])]
    return Table(
        origin,
        tuple(named[n] for n in kept),
        tuple(columns[n] for n in kept),
        skipped + first + 1,
        dialect.decimal,
        left_out,
    )


def _is_empty(cells: Cells) -> bool:
    return all(cell_kind(cell) is CellKind.MISSING for cell in cells)


def _columns(origin: str, rows: Sequence[Sequence[Cell]], width: int, first_row: int) -> tuple[Cells, ...]:
    """Return the columns of rows that all have one width; those of text stay packed."""
    if not len(rows):
        raise DataError("{origin}: it has a header and no rows.", origin=origin)
    if isinstance(rows, LineRows):
        return pack_columns(rows.columns_by_block(width, partial(_check_widths, origin, width, first_row)), width)
    _check_widths(origin, width, first_row, 0, rows)
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


def _check_widths(origin: str, width: int, first_row: int, before: int, rows: Sequence[Sequence[Cell]]) -> None:
    if set(map(len, rows)) <= {width}:
        return
    number = next(number for number, row in enumerate(rows) if len(row) != width)
    raise DataError(
        "{origin}: row {row_number} has {values:n value|values} where {width} were expected. The file may be "
        "cut off, or the line is no part of the table (--skip-lines, --skip-end-lines).",
        origin=origin,
        row_number=first_row + before + number,
        values=len(rows[number]),
        width=width,
    )
