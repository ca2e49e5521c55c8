"""A signal on the session's grid, growing at its end."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

import numpy as np

from coregulation.signals import Signal, Unit

GRID = 2.0  # Hz


@dataclass(slots=True)
class GrowingSignal:
    """A signal on the session's grid as far as it is known, growing at its end; of `most` points the oldest go."""

    unit: Unit
    most: int = round(24 * 3600 * GRID)
    first: int | None = None
    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, piece: Signal) -> None:
        """Add what is new; a hole between is missing."""
        if not len(piece):
            return
        at = round(piece.start * GRID)
        if self.first is None:
            self.first = at
        self.values.extend([math.nan] * (at - self.first - len(self.values)))
        self.values.extend(piece.values)
        over = len(self.values) - self.most
        if over > self.most // 10:
            del self.values[:over]
            self.first += over

    @property
    def signal(self) -> Signal:
        """All of it."""
        return Signal(np.array(self.values), GRID, (self.first or 0) / GRID, self.unit)

    def since(self, number: int) -> Signal:
        """Return what is known from a grid point on."""
        begins = 0 if self.first is None else max(0, number - self.first)
        return Signal(np.array(self.values[begins:]), GRID, ((self.first or 0) + begins) / GRID, self.unit)

    def between(self, number: int, end: int) -> Signal:
        """Return the values from one grid point to before another, missing where none is known."""
        first = self.first or 0
        values = [
            self.values[at - first] if 0 <= at - first < len(self.values) else math.nan for at in range(number, end)
        ]
        return Signal(np.array(values), GRID, number / GRID, self.unit)

    @property
    def end(self) -> int:
        """The grid point after the last."""
        return (self.first or 0) + len(self.values)
