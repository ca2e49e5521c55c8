"""The end of a text table: a last row that was cut off is left out, and what a file's end leaves open is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.row_sieve import RowSieve
from coregulation.io.tables.table import Cells
from coregulation.io.tables.text_cells import TextCells
from coregulation.io.text_lines import TextFile

_BEFORE = 20  # rows before the last one, which are like each other


def without_cut_row(
    columns: tuple[Cells, ...], sieve: RowSieve, ending: TextFile | None, *, is_open: bool
) -> tuple[tuple[Cells, ...], tuple[Note, ...]]:
    """Leave out a last row that was cut off.

    Parameters
    ----------
    columns
        The cells of each column.
    sieve
        What left out lines before.
    ending
        The text file; None where the rows come from elsewhere.
    is_open
        Whether its last line is a row and has no line break.

    Returns
    -------
    tuple of columns and notes
        What was left out of the lines, and what the end of the file leaves open.
    """
    cut = is_open and not sieve.is_cut and is_cut_short(columns)
    notes = [note(ReadingRemark.LINES_NO_ROWS, sieve.text_lines)] if sieve.text_lines else []
    if cut or sieve.is_cut:
        notes.append(note(ReadingRemark.LAST_LINE_CUT))
    elif is_open:
        notes.append(note(ReadingRemark.LAST_LINE_OPEN))
    if ending is not None and ending.is_padded:
        notes.append(note(ReadingRemark.ZEROS_AT_END))
    return (tuple(map(_without_last, columns)) if cut else columns), tuple(notes)


def is_cut_short(columns: Sequence[Cells]) -> bool:
    """Say whether the last row is shorter than those before it, as where a file was cut off inside a number.

    Parameters
    ----------
    columns
        The cells of each column of a text table.

    Returns
    -------
    bool
        True where a number has fewer decimals than each of the twenty before it, or is missing where none of them is.
    """
    return any(_is_shorter(cells) for cells in columns if len(cells) > _BEFORE)


def _is_shorter(cells: Cells) -> bool:
    own, before = str(cells[-1]).strip(), [str(cell).strip() for cell in cells[-1 - _BEFORE : -1]]
    decimals = {_decimals(cell) for cell in before}
    if not own:
        return all(before)
    return len(decimals) == 1 and _decimals(own) < decimals.pop()


def _decimals(cell: str) -> int:
    return len(re.split("[.,]", cell, maxsplit=1)[-1]) if re.search("[.,]", cell) else 0


def _without_last(cells: Cells) -> Cells:
    return cells.without_last() if isinstance(cells, TextCells) else cells[:-1]
