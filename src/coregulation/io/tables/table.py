"""A table: named columns of cells or numbers, with what its format says of each."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io.plain_names import plain_name
from coregulation.io.remarks import Note
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind, option_value, parse_numbers, shown
from coregulation.io.tables.column_metadata import NO_METADATA, ColumnMetadata
from coregulation.io.tables.text_cells import TextCells
from coregulation.signals import Floats

_TAIL = 20  # lines at the end of a file that may be a summary instead of rows
Column = str | int
Cells = Sequence[Cell] | Floats


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(map(plain_name, self.labels)))


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
    missing
        Words that stand for a missing value, beside those that are known.
    """

    skip_lines: int = 0
    skip_end_lines: int = 0
    separator: str | None = None
    decimal: str | None = None
    sheet: Column | None = None
    missing: tuple[str, ...] = ()


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
    missing
        Words that stand for a missing value, as the caller said.
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
    missing: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(map(plain_name, self.names)))

    def __len__(self) -> int:
        return max(map(len, self.columns), default=0)

    def metadata_of(self, column: int) -> ColumnMetadata:
        """Return what the format says about a column."""
        return self.carried[column] if self.carried else NO_METADATA

    @property
    def timed(self) -> bool:
        """Whether the format says when the rows were taken."""
        return any(metadata.timed for metadata in self.carried)

    def index(self, column: Column) -> int:
        """Return the number of a column given by its name or its number, from 0."""
        if isinstance(column, int):
            if 0 <= column < len(self.columns):
                return column
            raise UsageError(
                "{origin}: column {column} was named, and the columns are {columns}.",
                origin=self.origin,
                column=column,
                columns=self.listing(),
            )
        matching = [number for number, name in enumerate(self.names) if name == column]
        matching = matching or [
            n for n, name in enumerate(self.names) if name.partition(" [")[0] == column
        ]  # its unit aside
        if len(matching) == 1:
            return matching[0]
        if not matching and column.isdigit():
            return self.index(int(column))
        if not matching:
            raise UsageError(
                "{origin}: there is no column {column!r}. Did you mean {near:or}? The columns are {columns}.",
                origin=self.origin, column=column, near=nearest_names(column, filter(None, self.names))[:8],
                columns=self.listing(),
            )  # fmt: skip
        raise UsageError(
            "{origin}: the column {column!r} comes more than once. The columns are {columns}.",
            origin=self.origin, column=column, columns=self.listing(),
        )  # fmt: skip

    def listing(self) -> str:
        """Return the columns as a caller may name them."""
        shown = [f"{number} {name!r}" if name else str(number) for number, name in enumerate(self.names)]
        return ", ".join(shown[:30]) + (", …" if len(shown) > 30 else "")

    def place(self, row: int, column: int) -> str:
        """Name a cell for an error."""
        name = self.names[column]
        line = self.lines[row] if len(self.lines) else self.first_row + row
        return f"{self.origin}: row {line}, column {column}{f' ({name!r})' if name else ''}"

    def is_missing(self, cell: Cell) -> bool:
        """Say whether a cell stands for a missing value."""
        return cell_kind(cell) is CellKind.MISSING or str(cell).strip() in self.missing

    def numbers(self, column: Column) -> Floats:
        """Return a column as numbers, NaN where missing; `DataError` names a cell that is text."""
        number = self.index(column)
        return parse_numbers(
            self.columns[number],
            self.decimal,
            lambda row: self.place(row, number),
            self.missing,
            lambda row, cell: self._refuse(number, row, cell),
        )

    def _refuse(self, number: int, row: int, cell: Cell) -> NoReturn:
        """Refuse a cell that is no number, with the way on that fits it."""
        place, rest = self.place(row, number), len(self) - row
        if cell_kind(cell) is CellKind.NUMBER:
            raise DataError(
                "{place} is {cell}, a number with a comma. Say --decimal , if the comma is the decimal sign (decimal in the manifest); "
                "where it parts thousands, write the number without it.",
                place=place,
                cell=shown(cell),
            )
        if row and rest <= _TAIL and all(cell_kind(c) is CellKind.TEXT for c in self.columns[number][row:]):
            raise DataError(
                "{place} is {cell}, where a number was expected. If the table ends before this line, say --skip-end-lines {count} "
                "(skip_end_lines = {count} in the manifest).",
                place=place,
                cell=shown(cell),
                count=rest + self.left_out,
            )
        raise DataError(
            "{place} is {cell}, where a number was expected. If it stands for a missing value, say --missing{word} (missing in the "
            "manifest); else mend the cell, or take its line out.",
            place=place,
            cell=shown(cell),
            word=option_value(cell),
        )

    def words(self, column: Column) -> tuple[str, ...]:
        """Return a column as text."""
        known: dict[str, str] = {}  # labels come back in row after row: each is kept once
        words = ("" if cell is None else _word(cell) for cell in self.columns[self.index(column)])
        return tuple(known.setdefault(word, word) for word in words)

    def rows(self, chosen: Sequence[int]) -> Table:
        """Return a table of some of its rows."""
        columns = tuple(_taken(column, chosen) if len(column) else column for column in self.columns)
        return replace(self, columns=columns, lines=array("q", (self.first_row + row for row in chosen)))

    def keeping(self, chosen: Collection[int]) -> Table:
        """Return the table with only some columns filled; the others keep their number and lose their cells."""
        return replace(self, columns=tuple(c if n in chosen else () for n, c in enumerate(self.columns)))


def _taken(column: Cells, chosen: Sequence[int]) -> Cells:
    return column.take(chosen) if isinstance(column, TextCells) else [column[row] for row in chosen]


def _word(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain_name(str(cell))
