"""Columns that count rows, such as a device's sequence number: where one jumps, rows were lost, or are there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.errors import DataError
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.cell_parsing import CellKind
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.header_names import bare_name
from coregulation.io.tables.rising import FEWEST
from coregulation.io.tables.table import Table
from coregulation.signals import Floats

COUNTS = frozenset(
    {
        "index", "sample index", "sample", "sample number", "frame", "row", "nr", "no", "seq", "nseq", "sequence", "sequence number",
        "field header seq", "counter", "packet counter",
    }
)  # fmt: skip
_MOSTLY = 0.9  # share of steps of one, from which a column counts


def counter_jumps(numbers: Floats) -> int:
    """Count where a column that counts rows does not go up by one; one that wraps begins anew at its least.

    Parameters
    ----------
    numbers
        Shape (n,), such as 13, 14, 15, 0, 1.

    Returns
    -------
    int
        0 as well where it counts nothing, or holds fewer than ten numbers.
    """
    if len(numbers) < FEWEST or not np.isfinite(numbers).all():
        return 0
    before, after = numbers[:-1], numbers[1:]
    counts = (after - before == 1) | ((before == numbers.max()) & (after == numbers.min()))
    return int((~counts).sum()) if counts.mean() >= _MOSTLY else 0


def counter_notes(table: Table, meanings: Sequence[ColumnMeaning]) -> Iterator[Note]:
    """Yield how often a count of rows jumps, where nothing else says when the rows were taken.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.

    Yields
    ------
    Note
        One for each column that counts by its name and jumps.
    """
    for meaning in meanings:
        if (
            meaning.kind is not CellKind.NUMBER
            or bare_name(meaning.name) not in COUNTS
            or not len(table.columns[meaning.number])
        ):
            continue
        try:
            jumps = counter_jumps(table.numbers(meaning.number))
        except DataError:
            continue
        if jumps:
            yield note(ReadingRemark.COUNTER_JUMPS, jumps)
