"""Whether a column only rises, as a time or a count of rows does and nothing of a body."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.cell_parsing import CellKind
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.table import Table
from coregulation.signals import Floats

FEWEST = 10  # numbers of a column; of fewer nothing can be told
_HEAD = 200  # numbers that are looked at first


def is_rising(table: Table, meaning: ColumnMeaning) -> bool:
    """Say whether the numbers of a column only rise, as those of a time or a count do.

    Parameters
    ----------
    table
        The table.
    meaning
        What is known of the column.

    Returns
    -------
    bool
        False for fewer than ten numbers, and where one is missing.
    """
    if meaning.kind is not CellKind.NUMBER or len(table.columns[meaning.number]) < FEWEST:
        return False
    head = replace(table, columns=tuple(cells[:_HEAD] for cells in table.columns))
    try:
        return _rises(head.numbers(meaning.number)) and _rises(table.numbers(meaning.number))
    except DataError:
        return False


def _rises(numbers: Floats) -> bool:
    return bool((np.diff(numbers) > 0).all())
