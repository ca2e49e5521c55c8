"""Rate of skin conductance responses in a trailing window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.signals import Floats, Signal, Unit
from coregulation.sliding_stage import Buffered, SlidingStage


@dataclass(frozen=True, slots=True)
class ScrRate(SlidingStage[Signal, Signal]):
    """Responses (as from `responses`) to their number per minute over the `length` s before each grid point.

    Over the time that is known; missing where that is under half of `length`.

    Parameters
    ----------
    rate
        Of the grid, in Hz.
    length
        Of the window, in s.
    delay
        Always 0 s: the window lies before each grid point.
    """

    rate: float = 2.0
    length: float = 60.0
    delay: float = 0.0
    grid: ClassVar[bool] = True

    def reach(self, rate: float) -> tuple[float, float]:
        """Return the window in samples, and nothing after a point."""
        return (self.length + 2 / self.rate) * rate, 0.0

    def time_of(self, number: int) -> float:
        """Return the time of a grid point."""
        return number / self.rate

    def number_of(self, time: float) -> float:
        """Return a time in grid points."""
        return time * self.rate

    def answer(self, buffer: Buffered, first: int, end: int) -> Signal:
        """Return the rate at the grid points first to end - 1."""
        values = self._rates(buffer, np.arange(first, end) / self.rate)
        return Signal(values, self.rate, first / self.rate, Unit.PER_MINUTE)

    def nothing(self) -> Signal:
        """Return no sample."""
        return Signal(np.empty(0), 1.0, 0.0, Unit.PER_MINUTE)

    def _rates(self, buffer: Buffered, times: Floats) -> Floats:
        known = np.concatenate([[0], np.cumsum(np.isfinite(buffer.values))])
        count = np.concatenate([[0], np.cumsum(buffer.values > 0)])
        after = np.floor((times - buffer.start) * buffer.rate + 1e-6).astype(np.int64) + 1
        before = np.maximum(0, after - round(self.length * buffer.rate))
        minutes = (known[after] - known[before]) / buffer.rate / 60
        rate = (count[after] - count[before]) / np.where(minutes > 0, minutes, 1.0)
        return np.where(minutes * 60 >= self.length / 2, rate, np.nan)
