"""The rows of a text table, split into cells where they are asked for, a block of lines at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import overload

from coregulation.errors import DataError
from coregulation.io.tables.dialect import Dialect
from coregulation.io.tables.row_sieve import COMMENTS, RowSieve
from coregulation.io.text_lines import TextLines


class LineRows(Sequence[list[str]]):
    """Rows of cells.

    Parameters
    ----------
    origin
        The file as the caller named it, for errors.
    lines
        One for each row.
    dialect
        How a line is parted.
    """

    def __init__(self, origin: str, lines: TextLines, dialect: Dialect) -> None:
        self._origin = origin
        self._lines = lines
        self._dialect = dialect

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> list[str]: ...
    @overload
    def __getitem__(self, index: slice) -> LineRows: ...
    def __getitem__(self, index: int | slice) -> list[str] | LineRows:
        if isinstance(index, slice):
            return LineRows(self._origin, self._lines[index], self._dialect)
        return self._parted([self._lines[index]])[0]

    def line(self, index: int) -> str:
        """Return a line as it stands in the file."""
        return self._lines[index]

    def __iter__(self) -> Iterator[list[str]]:
        for rows in self.by_block():
            yield from rows

    def by_block(self) -> Iterator[list[list[str]]]:
        """Yield the rows in lists, a block of lines at a time."""
        for lines in self._lines.by_block():
            yield self._parted(lines)

    def columns_by_block(self, width: int, sieve: RowSieve) -> Iterator[tuple[list[str], int]]:
        """Yield the columns, each as its cells joined by line feeds, and how many rows they have, a block at a time.

        The text is not kept, so the rows cannot be read again.

        Parameters
        ----------
        width
            How many columns there are.
        sieve
            Leaves out what is no row, and refuses rows of another width.
        """
        first = 0
        for lines in self._lines.drain():
            columns, count = self._plain_columns(lines, width), len(lines)
            if columns is None or sieve.header_line in lines:
                rows = sieve.kept(first, self._parted(lines), len(self._lines))
                columns, count = ["\n".join(cells) for cells in zip(*rows, strict=True)], len(rows)
            yield columns, count
            first += len(lines)

    def _plain_columns(self, lines: list[str], width: int) -> list[str] | None:
        """Split lines without quotation marks and padding, several times as fast as a reader of CSV; None for others."""
        sign = self._dialect.separator
        if sign in ("", " ") or {line.count(sign) for line in lines} != {width - 1}:
            return None
        text = sign.join(lines)
        if (
            '"' in text
            or text.startswith((" ", *COMMENTS))
            or any(f"{sign}{mark}" in text for mark in (" ", *COMMENTS))
        ):
            return None
        cells = text.split(sign)
        return ["\n".join(cells[column::width]) for column in range(width)]

    def _parted(self, lines: Sequence[str]) -> list[list[str]]:
        try:
            rows = self._dialect.rows(lines)
        except csv.Error as error:
            raise DataError(
                "{origin}: its lines are not a table (a quotation mark may be missing).", origin=self._origin
            ) from error
        if len(rows) != len(lines):
            raise DataError("{origin}: a quotation mark opens and does not close on its line.", origin=self._origin)
        return rows
