"""What each column of a table means, found in one pass: its kind, channel, unit, and whether it is the time.

Wide tables, long tables, manifests, `inspect` and the manifest's template all use this; nobody asks the header again.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coregulation.errors import DataError
from coregulation.io.tables.cell_parsing import CellKind, cell_kind
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import (
    bare_name,
    carried_time_unit,
    channel_in,
    is_time,
    unit_in,
)
from coregulation.io.tables.header_units import parse_header_unit
from coregulation.signals import Unit

if TYPE_CHECKING:
    from coregulation.io.tables.table import Cells, Table

_FIRST_CELLS = 3  # rows of a column in which a time stamp makes it one of stamps


class MeaningEvidence(enum.Enum):
    """How it is known what a column is."""

    FORMAT = "format"
    HEADER = "header"
    CELLS = "cells"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """One column's meaning.

    Parameters
    ----------
    number
        Its number in the table, from 0.
    name
        Its name in the header, "" where it has none.
    kind
        What its first cell is that is not missing.
    channel
        The channel that the format or the header names; None where neither does.
    unit_text
        The unit as it is written there; "" where none is.
    unit
        That unit; None where it is not understood.
    is_time
        Whether the header says that it holds the time of its row.
    has_stamps
        Whether its cells are dates or times of day.
    time_unit
        The unit of time that the header or the format carries.
    is_index
        Whether it is a data frame's row names: a first column without a name that counts up.
    is_label
        Whether it is one word throughout, such as a participant's code; several words in turn may part rows of different kinds.
    metadata
        What the format says of it.
    why
        How `channel` or `is_time` is known.
    """

    number: int
    name: str
    kind: CellKind
    channel: str | None
    unit_text: str
    unit: Unit | None
    is_time: bool
    has_stamps: bool
    time_unit: str | None
    is_index: bool
    is_label: bool
    metadata: ColumnMetadata
    why: MeaningEvidence

    @property
    def tells_time(self) -> bool:
        """Whether it is the time without being chosen: its header says so, or it has no header and holds stamps."""
        return self.is_time or (self.has_stamps and not self.name)

    @property
    def time_is_understood(self) -> bool:
        """Whether its numbers can be read as a time without another word."""
        return self.has_stamps or self.time_unit is not None

    @property
    def may_hold_values(self) -> bool:
        """Whether it may be what was measured."""
        return not (self.is_time or self.is_index or self.has_stamps or self.is_label)

    def is_of(self, channel: str) -> bool:
        """Whether the format or the header says that it is of a channel, in its own words or in the channel's."""
        return self.channel == channel or bare_name(self.name).replace(" ", "_") == channel


def interpret_columns(table: Table) -> tuple[ColumnMeaning, ...]:
    """Say what each column of a table means.

    Parameters
    ----------
    table
        Cells, names, and what the format says.

    Returns
    -------
    tuple of ColumnMeaning
        One for each column, in order.
    """
    return tuple(_interpret(table, number) for number in range(len(table.columns)))


def _interpret(table: Table, number: int) -> ColumnMeaning:
    name, cells, metadata = table.names[number], table.columns[number], table.metadata_of(number)
    channel = metadata.channel or channel_in(name)
    unit_text = (metadata.unit if table.carried else unit_in(name)) or ""
    stamps = not isinstance(cells, np.ndarray) and CellKind.STAMP in map(cell_kind, cells[:_FIRST_CELLS])
    return ColumnMeaning(
        number=number,
        name=name,
        kind=_kind(cells),
        channel=channel,
        unit_text=unit_text,
        unit=parse_header_unit(unit_text),
        is_time=is_time(name),
        has_stamps=stamps,
        time_unit=carried_time_unit(name) or (metadata.unit or None),
        is_index=_is_index(table, number),
        is_label=_is_label(cells),
        metadata=metadata,
        why=_evidence(metadata, channel, is_time(name), stamps),
    )


def _kind(cells: Cells) -> CellKind:
    if isinstance(cells, np.ndarray):
        return CellKind.NUMBER if np.isfinite(cells).any() else CellKind.MISSING
    kinds = (cell_kind(cell) for cell in cells)
    return next((kind for kind in kinds if kind is not CellKind.MISSING), CellKind.MISSING)


def _is_label(cells: Cells) -> bool:
    if _kind(cells) is not CellKind.TEXT:
        return False
    words: set[str] = set()
    for cell in cells:
        if isinstance(cell, str) and cell not in words and cell_kind(cell) is not CellKind.MISSING:
            words.add(cell.strip())
        if len(words) > 1:
            return False
    return len(words) == 1


def _evidence(metadata: ColumnMetadata, channel: str | None, time: bool, stamps: bool) -> MeaningEvidence:
    if metadata.channel is not None:
        return MeaningEvidence.FORMAT
    if channel is not None or time:
        return MeaningEvidence.HEADER
    return MeaningEvidence.CELLS if stamps else MeaningEvidence.NOTHING


def _is_index(table: Table, number: int) -> bool:
    if number != 0 or table.names[0] or not any(table.names):
        return False
    try:
        return bool((np.diff(table.numbers(0)) > 0).all())
    except DataError:
        return True
