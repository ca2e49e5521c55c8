"""Tables: text with separators, gzipped or not, as named columns; whatever else can be told as columns becomes one too."""

from __future__ import annotations

import csv
import datetime
import itertools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.remarks import Note
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind, parse_numbers
from coregulation.io.tables.column_metadata import NO_METADATA, ColumnMetadata
from coregulation.io.tables.dialect import Dialect, detect_dialect
from coregulation.io.tables.header_names import carried_time_unit, parse_header_unit
from coregulation.io.text import read_lines
from coregulation.signals import Floats

Column = str | int
Cells = Sequence[Cell] | Floats
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?')
_CALIBRATION = frozenset({"", "CAL", "RAW", "UNCAL"})
_VALUE = (CellKind.NUMBER, CellKind.MISSING, CellKind.STAMP)


@dataclass(frozen=True, slots=True, eq=False)
class FileEvents:
    """Instants that were marked in a recording.

    Parameters
    ----------
    seconds
        Shape (n,), in s from `start`, or since 1970 where `start` is None and the numbers are that large.
    labels
        One for each.
    start
        Of the file: s on its own clock, or a moment.
    """

    seconds: Floats
    labels: tuple[str, ...]
    start: float | datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a caller said about how a table is written; None is found.

    Parameters
    ----------
    skip_lines
        Lines before the header that are no part of the table.
    skip_end_lines
        Lines after the last row that are no part of the table.
    separator
        One character.
    decimal
        "." or ",".
    sheet
        Of a workbook: its name, or its number from 0.
    """

    skip_lines: int = 0
    skip_end_lines: int = 0
    separator: str | None = None
    decimal: str | None = None
    sheet: Column | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their names, as a file holds them.

    Parameters
    ----------
    origin
        The file as the caller named it, for errors.
    names
        One a column, "" where it has none.
    columns
        The cells of each column; of one length in a table of text, each of its own in a recording.
    first_row
        The number, from 1, that the first row has in the file.
    decimal
        The decimal sign of numbers in text.
    left_out
        Lines after the table that were left out.
    carried
        What the format says about each column; () where it has no means to.
    lines
        The number of each row in the file, where rows were chosen among others.
    events
        What was marked in the recording.
    remarks
        What was noticed of the file as a whole.
    """

    origin: str
    names: tuple[str, ...]
    columns: tuple[Cells, ...]
    first_row: int = 1
    decimal: str = "."
    left_out: int = 0
    carried: tuple[ColumnMetadata, ...] = ()
    lines: Sequence[int] = ()
    events: FileEvents | None = None
    remarks: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return max(map(len, self.columns), default=0)

    def said(self, column: int) -> ColumnMetadata:
        """Return what the format says about a column."""
        return self.carried[column] if self.carried else NO_METADATA

    @property
    def timed(self) -> bool:
        """Whether the format says when the rows were taken."""
        return any(said.timed for said in self.carried)

    def index(self, column: Column) -> int:
        """Return the number of a column given by its name or its number, from 0."""
        if isinstance(column, int):
            if 0 <= column < len(self.columns):
                return column
            raise UsageError(
                "{origin}: there is no column {column}; the columns are 0 to {last}.",
                origin=self.origin,
                column=column,
                last=len(self.columns) - 1,
            )
        found = [number for number, name in enumerate(self.names) if name == column]
        if len(found) == 1:
            return found[0]
        if not found and column.isdigit():
            return self.index(int(column))
        problem = "comes more than once" if found else "is not there"
        raise UsageError(
            "{origin}: the column {column!r} {problem}. The columns are {columns}.",
            origin=self.origin,
            column=column,
            problem=problem,
            columns=self.listing(),
        )

    def listing(self) -> str:
        """Return the columns as a caller may name them."""
        shown = [f"{number} {name!r}" if name else str(number) for number, name in enumerate(self.names)]
        return ", ".join(shown[:30]) + (", …" if len(shown) > 30 else "")

    def place(self, row: int, column: int) -> str:
        """Name a cell for an error."""
        name = self.names[column]
        line = self.lines[row] if self.lines else self.first_row + row
        return f"{self.origin}: row {line}, column {column}{f' ({name!r})' if name else ''}"

    def numbers(self, column: Column) -> Floats:
        """Return a column as numbers, NaN where missing; `DataError` names a cell that is text."""
        number = self.index(column)
        return parse_numbers(self.columns[number], self.decimal, lambda row: self.place(row, number))

    def words(self, column: Column) -> tuple[str, ...]:
        """Return a column as text."""
        return tuple("" if cell is None else _word(cell) for cell in self.columns[self.index(column)])

    def rows(self, chosen: Sequence[int]) -> Table:
        """Return a table of some of its rows."""
        columns = tuple([column[row] for row in chosen] if len(column) else column for column in self.columns)
        return replace(self, columns=columns, lines=[self.first_row + row for row in chosen])

    def keeping(self, chosen: Collection[int]) -> Table:
        """Return the table with only some columns filled; the others keep their number and lose their cells."""
        return replace(self, columns=tuple(c if n in chosen else () for n, c in enumerate(self.columns)))


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
        If there is no such file, or a separator or decimal sign must be said.
    DataError
        If it is empty, binary, has no rows, has lines before its header that nobody said to skip, or rows
        of different widths.
    """
    origin = str(path)
    lines = read_lines(path)
    total = len(lines)
    lines, separator = _without_separator_line(lines, shape)
    skipped = shape.skip_lines + (total - len(lines))
    lines, left_out = _inner(lines, shape, origin)
    if not any(line.strip() for line in lines):
        raise DataError(
            "{origin}: nothing is left of its {total} lines after --skip-lines {skip_lines}.",
            origin=origin,
            total=total,
            skip_lines=shape.skip_lines,
        )
    try:
        dialect = detect_dialect(lines, shape.separator or separator, shape.decimal)
        rows = dialect.rows(lines)
    except CoregulationError as error:
        raise type(error)(
            "{origin}: {problem}",
            origin=origin,
            problem=error,
        ) from error
    except csv.Error as error:
        raise DataError(
            "{origin}: its lines are not a table (a quotation mark may be missing).", origin=origin
        ) from error
    if len(rows) != len(lines):
        raise DataError("{origin}: a quotation mark opens and does not close on its line.", origin=origin)
    return table_from_rows(origin, rows, dialect, skipped, left_out)


def _without_separator_line(lines: list[str], shape: TableShape) -> tuple[list[str], str | None]:
    """Take off a first line such as "sep=;", which tells a spreadsheet how the table is written."""
    found = None if shape.skip_lines else _SEPARATOR_LINE.fullmatch(lines[0].strip("\r\n "))
    return (lines, None) if found is None else (lines[1:], found[1])


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
    if names is not None:
        _squared(origin, rows, dialect.width, skipped + 1)
    numeric = _numeric_columns(rows, dialect.width)
    if not numeric:
        raise DataError("{origin}: it has no rows of numbers (a header alone, or free text).", origin=origin)
    first = _first_data_row(origin, rows, dialect.width, numeric, skipped) if names is None else 0
    body = _squared(origin, rows[first:], dialect.width, skipped + first + 1)
    columns = tuple([row[n] for row in body] for n in range(dialect.width))
    named = _names(_header(rows[:first]), columns) if names is None else tuple(names)
    kept = [
        n
        for n in range(len(columns))
        if named[n] or not all(cell_kind(cell) is CellKind.MISSING for cell in columns[n])
    ]
    return Table(
        origin,
        tuple(named[n] for n in kept),
        tuple(columns[n] for n in kept),
        skipped + first + 1,
        dialect.decimal,
        left_out,
    )


def _inner(lines: list[str], shape: TableShape, origin: str) -> tuple[list[str], int]:
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


def _numeric_columns(rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    """Return the columns that mostly hold numbers or time stamps in the second half of the table, gaps passed over."""
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


def _first_data_row(
    origin: str, rows: Sequence[Sequence[Cell]], width: int, numeric: Iterable[int], skipped: int
) -> int:
    """Return the number of the first row of values; at most one line, the header, may come before it."""
    numeric = list(numeric)
    first = next((n for n, row in enumerate(rows) if _is_data(row, width, numeric)), len(rows))
    if first > 1 and _has_unit_row(rows[:first], width):
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
    if first == 1 and not _is_header(rows[0], width):
        raise DataError(
            "{origin}: its first line is neither a header of the {width} columns nor a row. Leave it out "
            "with --skip-lines {skip} (skip_lines = {skip} in the manifest).",
            origin=origin,
            width=width,
            skip=skipped + 1,
        )
    if first > 1:
        raise DataError(
            "{origin}: line {line} is not like the rows below it, and it is not the first. If the lines "
            "before the header are no part of the table, say --skip-lines {skip} (skip_lines = {skip} in "
            "the manifest), or {line} if there is no header; if it is a row with text among its numbers, "
            "mend it.",
            origin=origin,
            line=skipped + first,
            skip=skipped + first - 1,
        )
    return first


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


def _header(head: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
    """Return the names of columns, with the unit from a line of units behind each."""
    if len(head) < 2:
        return head[0] if head else ()
    units = [str(cell or "").strip() for cell in head[-1]] + [""] * len(head[0])
    names = [str(cell or "").strip() for cell in head[0]]
    return [f"{name} [{unit}]" if name and unit else name for name, unit in zip(names, units, strict=False)]


def _is_data(row: Sequence[Cell], width: int, numeric: Sequence[int]) -> bool:
    return (
        len(row) == width
        and all(cell_kind(row[n]) in _VALUE for n in numeric)
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
    starts, rates, values = ({float(str(cell).replace(",", ".")) for cell in row} for row in rows)
    return len(starts) == len(rates) == 1 and min(starts) > 1e8 and min(rates) > 0 and max(rates | values) < 1e6


def _is_numbered_header(row: Sequence[Cell]) -> bool:
    # a data frame whose columns are numbered is exported as ",0,1,2"
    words = [str(cell).strip() for cell in row[1:]]
    return len(words) > 1 and row[0] in ("", None) and words == [str(n) for n in range(len(words))]


def _names(header: Sequence[Cell], columns: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    words = ["" if cell is None else str(cell).strip() for cell in header]
    trailing = all(cell_kind(cell) is CellKind.MISSING for cell in columns[-1])
    if len(words) == len(columns) - 1 and not trailing:  # names of rows have no name of their own
        words = ["", *words]
    return tuple((words + [""] * len(columns))[: len(columns)])


def _squared(origin: str, rows: Sequence[Sequence[Cell]], width: int, first_row: int) -> Sequence[Sequence[Cell]]:
    if set(map(len, rows)) == {width}:
        return rows
    for number, row in enumerate(rows):
        if len(row) != width:
            raise DataError(
                "{origin}: row {row_number} has {values} values where {width} were expected. The file may be "
                "cut off, or the line is no part of the table (--skip-lines, --skip-end-lines).",
                origin=origin,
                row_number=first_row + number,
                values=len(row),
                width=width,
            )
    raise DataError("{origin}: it has a header and no rows.", origin=origin)


def _word(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
