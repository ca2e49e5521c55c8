"""A column of a text table, kept as text in blocks: as small as the file, and split where its cells are asked for."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np


class TextCells(Sequence[str]):
    """The cells of one column.

    Parameters
    ----------
    blocks
        Cells joined by line feeds, which no cell of a line holds.
    starts
        Number of the first row of each block, from 0, and behind the last block the number of all rows.
    """

    def __init__(self, blocks: Sequence[str], starts: Sequence[int]) -> None:
        self._blocks = blocks
        self._starts = starts
        self._open: tuple[int, list[str]] = (-1, [])  # the block that was split last

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[row] for row in range(len(self))[index]]
        row = range(len(self))[index]
        block = bisect.bisect_right(self._starts, row) - 1
        return self._split(block)[row - self._starts[block]]

    def __iter__(self) -> Iterator[str]:
        for _, cells in self.by_block():
            yield from cells

    def by_block(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of a block's first row and its cells, a block at a time."""
        for number, first in enumerate(self._starts[:-1]):
            yield first, self._split(number)

    def take(self, rows: Sequence[int]) -> TextCells:
        """Return the cells of some rows, which are numbered from 0 and increase."""
        chosen = np.asarray(rows, np.int64)
        edges = np.searchsorted(chosen, self._starts)
        blocks, starts = [], [0]
        for (first, cells), begin, end in zip(self.by_block(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if begin < end:
                blocks.append("\n".join([cells[row] for row in (chosen[begin:end] - first).tolist()]))
                starts.append(end)
        return TextCells(blocks, starts)

    def without_last(self) -> TextCells:
        """Return the column without its last cell."""
        head, last = self._blocks[:-1], self._blocks[-1]
        if "\n" not in last:
            return TextCells(head, self._starts[:-1])
        return TextCells([*head, last.rpartition("\n")[0]], [*self._starts[:-1], self._starts[-1] - 1])

    def _split(self, number: int) -> list[str]:
        if self._open[0] != number:
            self._open = (number, self._blocks[number].split("\n"))
        return self._open[1]


def pack_columns(parts: Iterable[tuple[Sequence[str], int]], width: int) -> tuple[TextCells, ...]:
    """Put columns together from parts.

    Parameters
    ----------
    parts
        Of each part the columns, each as its cells joined by line feeds, and how many rows they have.
    width
        How many columns there are.

    Returns
    -------
    tuple of TextCells
        One for each column.
    """
    blocks: list[list[str]] = [[] for _ in range(width)]
    starts = [0]
    for columns, length in parts:
        if length:
            starts.append(starts[-1] + length)
            for own, column in zip(blocks, columns, strict=True):
                own.append(column)
    return tuple(TextCells(own, starts) for own in blocks)
