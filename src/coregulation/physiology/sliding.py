"""A stage for whatever depends on a sample and a few seconds around it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coregulation.filters import neighbourhoods
from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import Buffered, Piece, appended

_ROWS = 8192  # neighbourhoods at a time: the table of them stays small


@dataclass(frozen=True, slots=True)
class _Around:
    """Held samples, and how many of them, from the left, were already answered for."""

    buffer: Buffered
    told: int


@dataclass(frozen=True, slots=True)
class SlidingFunction:
    """Give each sample what a pure function says of its neighbourhood.

    Args:
        function: takes neighbourhoods, shape (n, k), NaN where missing or outside the recording, and the rate in Hz;
            returns shape (n,). The sample itself stands at column ceil(before · rate).
        before, after: s.
        unit: of what comes out; None keeps the unit.
    """

    function: Callable[[Floats, float], Floats]
    before: float
    after: float
    unit: Unit | None = None

    @property
    def delay(self) -> float:
        """What must be known after a sample, in s."""
        return self.after

    def start(self) -> _Around | None:
        """Hold nothing."""
        return None

    def step(self, state: _Around | None, piece: Piece[Signal]) -> tuple[_Around | None, Piece[Signal]]:
        """Answer for each sample whose neighbourhood is known."""
        if state is None and not len(piece.data):
            return None, Piece(piece.data, -math.inf)
        held, told = appended(state.buffer if state else None, piece.data), state.told if state else 0
        end = max(told, len(held.values) - math.ceil(self.after * held.rate))
        out = self._answer(held, told, end)
        first = max(0, end - math.ceil(self.before * held.rate))
        rest = Buffered(held.values[first:], held.start + first / held.rate, held.rate, held.unit)
        return _Around(rest, end - first), Piece(out, out.window.end)

    def finish(self, state: _Around | None) -> Piece[Signal]:
        """Answer for the last samples with what there is."""
        if state is None:
            return Piece(Signal(np.empty(0), 1.0, 0.0, Unit.ARBITRARY), math.inf)
        return Piece(self._answer(state.buffer, state.told, len(state.buffer.values)), math.inf)

    def _answer(self, held: Buffered, first: int, end: int) -> Signal:
        left, right = math.ceil(self.before * held.rate), math.ceil(self.after * held.rate)
        padded = np.concatenate([np.full(left, np.nan), held.values, np.full(right, np.nan)])
        rows = neighbourhoods(padded, left + 1 + right)[first:end]
        parts = [self.function(rows[at : at + _ROWS], held.rate) for at in range(0, len(rows), _ROWS)]
        values = np.concatenate(parts) if parts else np.empty(0)
        return Signal(values, held.rate, held.start + first / held.rate, self.unit or held.unit)


def median_of(rows: Floats, _rate: float) -> Floats:
    """Return the median of each neighbourhood; missing if more than half of it or the sample itself is."""
    ordered = np.sort(rows, axis=1)
    known = np.isfinite(rows).sum(axis=1)
    each = np.arange(len(rows))
    upper, lower = known // 2, (known - 1).clip(0) // 2
    middle = (ordered[each, np.minimum(upper, rows.shape[1] - 1)] + ordered[each, lower]) / 2
    return np.where(2 * known >= rows.shape[1], middle, np.nan)
