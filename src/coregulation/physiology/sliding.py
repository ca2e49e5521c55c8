"""A stage for whatever depends on a sample and a few seconds around it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coregulation.filters import neighbourhoods
from coregulation.signals import Floats, Signal, Unit
from coregulation.sliding_stage import Buffered, SlidingStage

_ROWS = 8192  # neighbourhoods at a time: the table of them stays small


@dataclass(frozen=True, slots=True)
class SlidingFunction(SlidingStage[Signal, Signal]):
    """Give each sample what a pure function says of its neighbourhood.

    Parameters
    ----------
    function
        Takes neighbourhoods, shape (n, k), NaN where missing or outside the recording, and the rate in Hz; returns shape (n,).
        The sample itself stands at column ceil(before · rate).
    before, after
        In s.
    unit
        Of what comes out; None keeps the unit.
    """

    function: Callable[[Floats, float], Floats]
    before: float
    after: float
    unit: Unit | None = None

    @property
    def delay(self) -> float:
        """What must be known after a sample, in s."""
        return self.after

    def reach(self, rate: float) -> tuple[float, float]:
        """Return the neighbourhood in samples."""
        return math.ceil(self.before * rate), math.ceil(self.after * rate)

    def answer(self, buffer: Buffered, first: int, end: int) -> Signal:
        """Apply the function to the neighbourhoods of the samples first to end - 1."""
        left, right = math.ceil(self.before * buffer.rate), math.ceil(self.after * buffer.rate)
        padded = np.concatenate([np.full(left, np.nan), buffer.values, np.full(right, np.nan)])
        rows = neighbourhoods(padded, left + 1 + right)[first:end]
        parts = [self.function(rows[at : at + _ROWS], buffer.rate) for at in range(0, len(rows), _ROWS)]
        values = np.concatenate(parts) if parts else np.empty(0)
        return Signal(values, buffer.rate, buffer.start + first / buffer.rate, self.unit or buffer.unit)

    def nothing(self) -> Signal:
        """Return no sample."""
        return Signal(np.empty(0), 1.0, 0.0, Unit.ARBITRARY)


def median_of(rows: Floats, _rate: float) -> Floats:
    """Compute the median of each neighbourhood.

    Parameters
    ----------
    rows
        Neighbourhoods, shape (n, k), in any unit; NaN where missing.
    _rate
        Sampling rate in Hz; not used, but `SlidingFunction` passes it.

    Returns
    -------
    ndarray
        Shape (n,), in the unit of the rows; NaN where more than half of a neighbourhood is missing.
    """
    ordered = np.sort(rows, axis=1)
    known = np.isfinite(rows).sum(axis=1)
    each = np.arange(len(rows))
    upper, lower = known // 2, (known - 1).clip(0) // 2
    middle = (ordered[each, np.minimum(upper, rows.shape[1] - 1)] + ordered[each, lower]) / 2
    return np.where(2 * known >= rows.shape[1], middle, np.nan)
