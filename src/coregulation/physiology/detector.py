"""A detector of beats as a stage: what ECG and PPG have in common."""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from coregulation.errors import DataError, UsageError
from coregulation.physiology.beats import Beat, EarlyBeat
from coregulation.signals import Floats, Signal, Window
from coregulation.stage import Piece


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Where a stream began, its last samples, and what the compiled parts remember."""

    start: float
    rate: float
    tail: Floats
    at: npt.NDArray[np.int64]
    watch: npt.NDArray[Any]
    memory: npt.NDArray[Any]
    queue: npt.NDArray[Any]

    @property
    def end(self) -> float:
        """Session time of the next sample."""
        return self.start + float(self.at[0]) / self.rate

    def copy(self) -> _State:
        """Return a state whose arrays may be changed."""
        arrays = self.at.copy(), self.watch.copy(), self.memory.copy(), self.queue.copy()
        return _State(self.start, self.rate, self.tail, *arrays)


class AbstractDetector(abc.ABC):
    """Samples in, beats out."""

    rates: ClassVar[tuple[float, float]]

    @property
    @abc.abstractmethod
    def delay(self) -> float:
        """How long (s) after a beat it is told, at the latest."""

    @abc.abstractmethod
    def settings(self, rate: float) -> tuple[Any, Floats, Any]:
        """Return how candidates are looked for, with which kernels, and how they are decided."""

    def start(self) -> _State | None:
        """Know nothing."""
        return None

    def rows(self, state: _State | None, signal: Signal) -> tuple[_State | None, npt.NDArray[Any]]:
        """Take samples; return the beats that they decide."""
        from coregulation.physiology import candidates

        if not len(signal):
            return state, _NONE
        scan, taps, rule = self.settings(signal.rate)
        new = self._begun(signal, scan, taps) if state is None else state.copy()
        _check_follows(new, signal)
        arrays = new.watch, new.memory, new.queue
        tail, rows = candidates.advanced(new.tail, signal.values, new.at, scan, taps, *arrays, rule)
        return _State(new.start, new.rate, tail, new.at, *arrays), rows

    def last_rows(self, state: _State | None) -> npt.NDArray[Any]:
        """Return the beats that were still waiting."""
        from coregulation.physiology import candidates

        if state is None:
            return _NONE
        new = state.copy()
        scan, taps, rule = self.settings(new.rate)
        return candidates.ended(new.tail, new.at, scan, taps, new.watch, new.memory, new.queue, rule)

    def _begun(self, signal: Signal, scan: Any, taps: Floats) -> _State:
        from coregulation.physiology import beat_memory, signal_loss

        # the signal is taken to have stood at its first value before it began
        before = (taps.shape[1] // 2 + scan.apart + 4) * scan.step + scan.spike
        tail = np.full(before, signal.values[0] if np.isfinite(signal.values[0]) else 0.0)
        queue = np.zeros(beat_memory.WAITING, beat_memory.CANDIDATE)
        return _State(
            signal.start,
            signal.rate,
            tail,
            np.zeros(2, np.int64),
            signal_loss.signal_watch(),
            beat_memory.memory(),
            queue,
        )


class AbstractBeatDetector(AbstractDetector):
    """A detector whose beats are final; those below the least confidence are marked."""

    least: ClassVar[float]
    has_shapes: ClassVar[bool] = True  # a beat's shape says where it arises

    def step(self, state: _State | None, piece: Piece[Signal]) -> tuple[_State | None, Piece[tuple[Beat, ...]]]:
        """Tell each beat that these samples decide; raises `UsageError` unless they follow the last ones."""
        new, rows = self.rows(state, piece.data)
        until = min(new.end - self.delay, _waiting(new, self.delay)) if new else -math.inf
        return new, Piece(_beats(new, rows, self.least, self.has_shapes), until)

    def finish(self, state: _State | None) -> Piece[tuple[Beat, ...]]:
        """Tell the beats that the delay still held."""
        return Piece(_beats(state, self.last_rows(state), self.least, self.has_shapes), math.inf)


class AbstractEarlyDetector(AbstractDetector):
    """A detector whose beats are for the screen alone."""

    def step(self, state: _State | None, piece: Piece[Signal]) -> tuple[_State | None, Piece[tuple[EarlyBeat, ...]]]:
        """Show each beat that has just been seen; what was seen too late is not shown."""
        new, rows = self.rows(state, piece.data)
        if new is None:
            return None, Piece((), -math.inf)
        times = new.start + rows["time"]
        return new, Piece(tuple(EarlyBeat(time) for time in times.tolist()), new.end - self.delay)

    def finish(self, state: _State | None) -> Piece[tuple[EarlyBeat, ...]]:
        """Nothing is shown any more."""
        return Piece((), math.inf)


_NONE = np.empty(0, [("time", "f8")])


def _waiting(state: _State, delay: float) -> float:
    """Return the session time of the first beat that waits for evidence of a heart and may still be told."""
    from coregulation.physiology.beat_memory import WAITS

    times = state.start + state.memory["rows"]["time"][0, : int(state.memory["pending"][0])]
    late = times[times >= state.end - delay - WAITS]
    return float(late[0]) if len(late) else math.inf


def _beats(state: _State | None, rows: npt.NDArray[Any], least: float, has_shapes: bool) -> tuple[Beat, ...]:
    """Return rows as beats on the session clock."""
    if state is None or not len(rows):
        return ()
    start, beats = state.start, []
    for time, confidence, breaks, lost_from, lost_to, likeness, paced in rows.tolist():
        lost = Window(start + lost_from, start + lost_to) if lost_from < lost_to else None
        sure, shape = confidence >= least, likeness if has_shapes else math.nan
        beats.append(Beat(start + time, confidence, sure, breaks, lost, shape, is_paced=paced))
    return tuple(beats)


def _check_follows(state: _State, signal: Signal) -> None:
    """Raise `UsageError` unless a piece goes on where the last one ended."""
    if signal.rate != state.rate or abs(signal.start - state.end) * state.rate > 0.01 + 1e-6 * abs(state.end):
        raise UsageError(
            "Pieces of one signal must follow each other: {end:g} s at {rate:g} Hz is followed by {start:g} s at "
            "{other:g} Hz. Fill a gap with missing samples (NaN).",
            end=state.end,
            rate=state.rate,
            start=signal.start,
            other=signal.rate,
        )


def check_rate(rate: float, rates: tuple[float, float]) -> None:
    """Check that a detector can read a sampling rate.

    Parameters
    ----------
    rate
        Sampling rate, in Hz.
    rates
        Lowest and highest rate that the detector reads, in Hz, both included.

    Raises
    ------
    DataError
        If the rate lies outside.
    """
    if not rates[0] <= rate <= rates[1]:
        raise DataError(
            "A sampling rate of {rate:g} Hz came; between {low:g} and {high:g} Hz are read. Resample the recording, or "
            "check the rate that its file states.",
            rate=rate,
            low=rates[0],
            high=rates[1],
        )
