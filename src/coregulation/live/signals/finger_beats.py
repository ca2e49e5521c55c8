"""Pulses from a finger on a phone's camera: uneven readings laid on a grid as they come, and the pulses found in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.physiology.beats import Beat
from coregulation.physiology.ppg import PpgBeats
from coregulation.signals import Floats, Signal, Unit
from coregulation.stage import Piece

RATE = 30.0  # Hz of the grid on which the camera's uneven readings are laid
GAP = 0.2  # s between readings that is no more bridged
MAX_GAP = 3.0  # s of missing readings; after more a new chain begins
_PULSES = PpgBeats(upward=False)  # more blood lets less light through


@dataclass(frozen=True, slots=True)
class _Read:
    """The detector, the reading before (time, brightness), and the last pulse told."""

    detector: Any = None
    time: float = -math.inf
    value: float = math.nan
    last: float = -math.inf


@dataclass(frozen=True, slots=True)
class FingerBeats:
    """Rows of session time (s) and brightness to pulses; a reading that is not later than the one before is passed over."""

    @property
    def delay(self) -> float:
        """How long (s) after a pulse it is told, at the latest."""
        return _PULSES.delay

    def start(self) -> _Read:
        """Know nothing."""
        return _Read()

    def step(self, state: _Read, piece: Piece[Floats]) -> tuple[_Read, Piece[tuple[Beat, ...]]]:
        """Tell the pulses that these readings decide."""
        out: list[Beat] = []
        for rows in _runs(state.time, piece.data):
            state = _taken(state, rows, out)
        return state, Piece(tuple(out), state.last)

    def finish(self, state: _Read) -> Piece[tuple[Beat, ...]]:
        """Tell what still waits."""
        return Piece(_PULSES.finish(state.detector).data, math.inf)


def _runs(before: float, rows: Floats) -> list[Floats]:
    """Return the readings that go forward, cut where so much is missing that a new chain begins."""
    latest = np.maximum.accumulate(np.concatenate([[before], rows[:-1, 0]])) if len(rows) else np.empty(0)
    kept = rows[rows[:, 0] > latest]
    if not len(kept):
        return []
    return np.split(kept, np.flatnonzero(np.diff(kept[:, 0]) > MAX_GAP) + 1)


def _taken(state: _Read, rows: Floats, out: list[Beat]) -> _Read:
    """Lay readings without a long hole on the grid and look for pulses."""
    if rows[0, 0] - state.time > MAX_GAP:
        rest = _PULSES.finish(state.detector).data
        state = _Read(None, float(rows[0, 0]), float(rows[0, 1]), rest[-1].time if rest else state.last)
        out += rest
    times = np.concatenate([[state.time], rows[:, 0]])
    values = np.concatenate([[state.value], rows[:, 1]])
    numbers = np.arange(math.floor(state.time * RATE) + 1, math.floor(times[-1] * RATE) + 1)
    read = replace(state, time=float(times[-1]), value=float(values[-1]))
    if not len(numbers):
        return read
    grid = numbers / RATE
    laid = np.interp(grid, times, values)
    after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
    laid[times[after] - times[after - 1] > GAP] = np.nan
    detector, detections = _PULSES.step(
        state.detector, Piece(Signal(laid, RATE, float(grid[0]), Unit.ARBITRARY), math.inf)
    )
    out += detections.data
    return replace(read, detector=detector, last=detections.data[-1].time if detections.data else state.last)
