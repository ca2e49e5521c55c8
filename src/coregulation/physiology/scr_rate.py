"""How many skin conductance responses a minute there were in the minute before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import Buffered, Piece, appended


@dataclass(frozen=True, slots=True)
class _Counted:
    buffer: Buffered
    following: int


@dataclass(frozen=True, slots=True)
class ScrRate:
    """Responses (as from `responses`) to their number a minute over the `length` s before each grid point.

    Over the time that is known; missing where that is under half of `length`.
    """

    rate: float = 2.0
    length: float = 60.0
    delay: float = 0.0

    def start(self) -> _Counted | None:
        """Hold nothing."""
        return None

    def step(self, state: _Counted | None, piece: Piece[Signal]) -> tuple[_Counted | None, Piece[Signal]]:
        """Tell each grid point up to the last sample."""
        if state is None and not len(piece.data):
            return None, Piece(_NOTHING, -math.inf)
        held = appended(state.buffer if state else None, piece.data)
        following = state.following if state else math.ceil(held.start * self.rate - 1e-6)
        last = held.start + (len(held.values) - 1) / held.rate
        end = max(following, math.floor(last * self.rate + 1e-6) + 1)
        values = self._rates(held, np.arange(following, end) / self.rate)
        drop = max(0, len(held.values) - math.ceil((self.length + 2 / self.rate) * held.rate))
        rest = Buffered(held.values[drop:], held.start + drop / held.rate, held.rate, held.unit)
        out = Signal(values, self.rate, following / self.rate, Unit.PER_MINUTE)
        return _Counted(rest, end), Piece(out, end / self.rate)

    def finish(self, state: _Counted | None) -> Piece[Signal]:
        """Nothing is held."""
        return Piece(_NOTHING, math.inf)

    def _rates(self, held: Buffered, times: Floats) -> Floats:
        known = np.concatenate([[0], np.cumsum(np.isfinite(held.values))])
        count = np.concatenate([[0], np.cumsum(held.values > 0)])
        after = np.floor((times - held.start) * held.rate + 1e-6).astype(np.int64) + 1
        before = np.maximum(0, after - round(self.length * held.rate))
        minutes = (known[after] - known[before]) / held.rate / 60
        rate = (count[after] - count[before]) / np.where(minutes > 0, minutes, 1.0)
        return np.where(minutes * 60 >= self.length / 2, rate, np.nan)


_NOTHING = Signal(np.empty(0), 1.0, 0.0, Unit.PER_MINUTE)
