"""Several streams on one grid: rows leave once every column is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Columns on the session's grid; row i is at (first + i) / rate seconds of session time.

    Parameters
    ----------
    values
        Shape (n, k), one column per stream, each in its own unit; NaN where missing.
    rate
        Rate of the grid, in Hz.
    first
        Number of the grid point of the first row.
    """

    values: npt.NDArray[np.float64]
    rate: float
    first: int

    def __len__(self) -> int:
        return len(self.values)

    @property
    def start(self) -> float:
        """Session time of the first row, in s."""
        return self.first / self.rate

    @property
    def unit(self) -> Unit:
        """None of its own: the columns have different ones."""
        return Unit.ARBITRARY

    @property
    def end(self) -> int:
        """Number of the grid point after the last."""
        return self.first + len(self.values)

    def column(self, index: int, unit: Unit) -> Signal:
        """Return one column as a signal."""
        return Signal(self.values[:, index], self.rate, self.first / self.rate, unit)


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one column that have not left yet, and the grid point up to which it is known.

    Parameters
    ----------
    first
        Number of the grid point of the first value.
    values
        Shape (n,), in the unit of the stream; NaN where missing.
    known
        Number of the grid point before which nothing will change; -inf before the first piece, inf after the end.
    """

    first: int = 0
    values: Floats = field(default_factory=lambda: np.empty(0))
    known: float = -math.inf

    def add(self, piece: Piece[Signal], rate: float) -> Column:
        """Take a piece of a signal that is on the grid."""
        signal = piece.data
        first = self.first if len(self.values) else round(signal.start * rate) if len(signal) else self.first
        values = np.concatenate([self.values, signal.values])
        until = piece.until * rate
        known = math.floor(until + 1e-6) if math.isfinite(until) else until
        return Column(first, values, max(self.known, known, first + len(values) if len(values) else -math.inf))

    def between(self, first: int, end: int) -> Floats:
        """Return the values of some grid points, NaN where there are none."""
        out = np.full(end - first, np.nan)
        low, high = max(first, self.first), min(end, self.first + len(self.values))
        if low < high:
            out[low - first : high - first] = self.values[low - self.first : high - self.first]
        return out

    def since(self, number: int) -> Column:
        """Return the column without what came before a grid point."""
        drop = min(max(0, number - self.first), len(self.values))
        return replace(self, first=self.first + drop, values=self.values[drop:].copy())


@dataclass(frozen=True, slots=True)
class AlignedRows:
    """Columns side by side; a row leaves once every column is known there.

    Parameters
    ----------
    rate
        Rate of the grid, in Hz.
    columns
        What each stream still holds.
    following
        Number of the grid point of the next row; None before the first row.
    """

    rate: float
    columns: tuple[Column, ...]
    following: int | None = None

    def take(self, pieces: tuple[Piece[Signal] | None, ...]) -> tuple[AlignedRows, Piece[Rows]]:
        """Add a piece to each column (None brings nothing) and tell the rows that are complete.

        Rows begin where the first column does. A column that has ended, or has not begun, is missing there.
        """
        columns = tuple(
            column.add(piece, self.rate) if piece else column
            for column, piece in zip(self.columns, pieces, strict=True)
        )
        begun = [column.first for column in columns if len(column.values)]
        following = min(begun, default=None) if self.following is None else self.following
        known = min(column.known for column in columns)
        if following is None or known <= following:
            nothing = Rows(np.empty((0, len(columns))), self.rate, following or 0)
            return AlignedRows(self.rate, columns, self.following), Piece(
                nothing, min(known, following or known) / self.rate
            )
        last = max((column.first + len(column.values) for column in columns), default=following)
        end = int(known) if math.isfinite(known) else max(following, last)
        values = np.stack([column.between(following, end) for column in columns], axis=1)
        rest = tuple(column.since(end) for column in columns)
        return AlignedRows(self.rate, rest, end), Piece(Rows(values, self.rate, following), known / self.rate)


def align_rows(rate: float, columns: int) -> AlignedRows:
    """Start empty columns on a grid.

    Parameters
    ----------
    rate
        Rate of the grid, in Hz.
    columns
        Number of streams.

    Returns
    -------
    AlignedRows
        Columns without a value; `AlignedRows.take` fills them.
    """
    return AlignedRows(rate, (Column(),) * columns)


def joined_rows(first: Rows, second: Rows) -> Rows:
    """Join consecutive rows.

    Parameters
    ----------
    first
        The earlier rows.
    second
        The rows that follow, on the same grid and with as many columns.

    Returns
    -------
    Rows
        All rows; where one part is empty, the other part as it is.
    """
    if not len(first):
        return second
    return replace(first, values=np.concatenate([first.values, second.values])) if len(second) else first
