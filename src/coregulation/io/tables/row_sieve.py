"""Lines among the rows of a text table that are no rows: comments, blank lines, lines of text, a last line that was cut off."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from coregulation.errors import DataError
from coregulation.io.tables.cell_parsing import Cell, CellKind, cell_kind

COMMENTS = ("#", "%")
_VALUES = (CellKind.NUMBER, CellKind.STAMP)


class RowSieve:
    """What leaves out lines that are no rows, and counts them.

    A line of full width is always a row, unless it is a comment; a line of another width is one that was damaged, unless no cell of it is a number or a time.

    Parameters
    ----------
    origin
        The file as the caller named it, for errors.
    width
        How many columns there are.
    first_row
        The number, from 1, that the first line has in the file.
    header, header_line
        The header as cells and as it stands in the file; (), "" where there is none.
    is_open
        Whether the last line of the file has no line break.
    """

    def __init__(
        self,
        origin: str,
        width: int,
        first_row: int,
        header: Sequence[str] = (),
        header_line: str = "",
        *,
        is_open: bool = False,
    ) -> None:
        self.header_line = header_line or "\n"  # which no line is
        self._header = [str(word).strip() for word in header]
        self.text_lines = 0
        self.is_cut = False
        self._origin = origin
        self._width = width
        self._first_row = first_row
        self._is_open = is_open
        self._left_out: list[int] = []

    def kept(self, first: int, rows: Sequence[list[str]], total: int) -> list[list[str]]:
        """Return those of some lines that are rows.

        Parameters
        ----------
        first
            The number of the first of these lines, from 0.
        rows
            The cells of each.
        total
            How many lines there are in all.

        Returns
        -------
        list of list of str
            Each of the width of the table.

        Raises
        ------
        DataError
            If a line with numbers has another width, or the header comes again.
        """
        kept = []
        for number, row in enumerate(rows, first):
            if len(row) == self._width and not self._is_comment(row):
                self._refuse_header(number, row)
                kept.append(row)
            else:
                self._leave_out(number, row, is_last=number + 1 == total)
        return kept

    def numbers(self, count: int) -> Sequence[int]:
        """Return the number of each row in the file, from 1; () where no line was left out.

        Parameters
        ----------
        count
            How many lines there were.
        """
        if not self._left_out:
            return ()
        gone = set(self._left_out)
        return array("q", (self._first_row + number for number in range(count) if number not in gone))

    @staticmethod
    def _is_comment(row: Sequence[str]) -> bool:
        return bool(row) and row[0].lstrip().startswith(COMMENTS) and cell_kind(row[0]) is CellKind.TEXT

    def _refuse_header(self, number: int, row: Sequence[str]) -> None:
        if self._header and [cell.strip() for cell in row] == self._header:
            raise DataError(
                "{origin}: in row {row} the header comes again, so two recordings were probably joined. Split the file before that row.",
                origin=self._origin,
                row=self._first_row + number,
            )

    def _leave_out(self, number: int, row: Sequence[str], *, is_last: bool) -> None:
        holds_value = any(cell_kind(cell) in _VALUES for cell in row) and not self._is_comment(row)
        if holds_value and not (is_last and self._is_open):
            self._refuse(number, row, is_last=is_last)
        self._left_out.append(number)
        self.is_cut = self.is_cut or holds_value
        self.text_lines += any(map(str.strip, row)) and not holds_value

    def check(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Refuse rows of another width than the table, whatever they hold.

        Parameters
        ----------
        rows
            The cells of each.

        Raises
        ------
        DataError
            If there is one.
        """
        for number, row in enumerate(rows):
            if len(row) != self._width:
                self._refuse(number, row, is_last=False)

    def _refuse(self, number: int, row: Sequence[Cell], *, is_last: bool) -> None:
        facts = {
            "origin": self._origin, "row_number": self._first_row + number, "values": len(row), "width": self._width,
        }  # fmt: skip
        if is_last:
            raise DataError(
                "{origin}: its last row ({row_number}) has {values:n value|values} where {width} were expected, so it may be cut off. "
                "Say --skip-end-lines 1 (skip_end_lines = 1 in the manifest) to read what is before it.",
                **facts,
            )
        raise DataError(
            "{origin}: row {row_number} has {values:n value|values} where {width} were expected. The file may be "
            "damaged there; mend the row, or take it out.",
            **facts,
        )
