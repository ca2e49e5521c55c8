"""When the beats of a strap's ECG were: found in its frames, placed by its own stamps, laid on the session's clock.

A frame is stamped by the strap, so a beat's time within the strap's clock is exact, also where the true rate is not the nominal
one. From that clock to the session's leads the lower envelope of (arrival − stamp), as frames can only be late.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.live.signals.beat_clock import ANCHOR, ENVELOPE, SLEW
from coregulation.live.signals.heart_packets import Frame
from coregulation.physiology.beats import Beat
from coregulation.physiology.ecg import EcgBeats
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece

RATE = 130.0  # Hz, nominal
HOLE = 0.02  # s by which a frame may be off the count before samples are missing
MAX_GAP = 10.0  # s of missing samples; after more, or where the strap's clock went back, a new chain begins
LOOKED_BACK = 64  # frames in which a beat may lie that is told now
_ECG = EcgBeats()


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """A frame of ECG, and when it came (session clock, s)."""

    at: float
    frame: Frame


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """The detector, where frames began (sample number, strap's time), what waits, and how far the clocks are apart."""

    detector: Any = None
    count: int = 0
    begins: tuple[tuple[int, float], ...] = ()
    differences: tuple[float, ...] = ()
    apart: float | None = None  # session's clock less the strap's; None: too few frames yet
    waiting: tuple[Beat, ...] = ()
    last: float = -math.inf
    broken: bool = False  # whether the next beat begins a chain


@dataclass(frozen=True, slots=True)
class FrameBeats:
    """Frames of ECG (µV) to beats on the session's clock; those of the first frames wait until the clocks are compared."""

    @property
    def delay(self) -> float:
        """How long (s) after a beat it is told, at the latest, with two frames a second."""
        return _ECG.delay + ANCHOR / 2

    def start(self) -> _Chain:
        """Know nothing."""
        return _Chain()

    def step(self, state: _Chain, piece: Piece[Sequence[Sent]]) -> tuple[_Chain, Piece[tuple[Beat, ...]]]:
        """Tell the beats that these frames decide, frame by frame."""
        out: list[Beat] = []
        for sent in piece.data:
            if len(sent.frame.values):
                state = _taken(state, sent, out)
        return state, Piece(tuple(out), state.last)

    def finish(self, state: _Chain) -> Piece[tuple[Beat, ...]]:
        """Tell what still waits."""
        out: list[Beat] = []
        _ended(state, out)
        return Piece(tuple(out), math.inf)


def _taken(state: _Chain, sent: Sent, out: list[Beat]) -> _Chain:
    millivolts = sent.frame.values[:, 0] * 1e-3
    first = sent.frame.at - (len(millivolts) - 1) / RATE
    hole = _hole(state, first)
    if not -MAX_GAP < hole < MAX_GAP or hole < -len(millivolts) / RATE - HOLE:
        state, hole = _ended(state, out), 0.0
    missing = round(hole * RATE) if hole > HOLE else 0
    signal = Signal(np.concatenate([np.full(missing, np.nan), millivolts]), RATE, state.count / RATE, Unit.MILLIVOLT)
    detector, detections = _ECG.step(state.detector, Piece(signal, signal.window.end))
    begins = (*state.begins, (state.count + missing, first))[-LOOKED_BACK:]
    differences = (*state.differences, sent.at - sent.frame.at)[-ENVELOPE:]
    waiting = (
        *state.waiting,
        *(replace(beat, time=_stamped(begins, beat.time), lost=None) for beat in detections.data),
    )
    apart = _apart(state.apart, differences, len(signal) / RATE)
    count = state.count + len(signal)
    return _told(_Chain(detector, count, begins, differences, apart, waiting, state.last, state.broken), out)


def _hole(state: _Chain, first: float) -> float:
    """Return how many s are missing between the frame before and one whose first sample has this stamp."""
    if not state.begins:
        return 0.0
    number, at = state.begins[-1]
    return first - at - (state.count - number) / RATE


def _stamped(begins: Sequence[tuple[int, float]], time: float) -> float:
    """Return the strap's time of a moment on the detector's clock, which counts samples."""
    number = time * RATE
    begun, at = next((begin for begin in reversed(begins) if begin[0] <= number), begins[0])
    return at + (number - begun) / RATE


def _apart(before: float | None, differences: Sequence[float], seconds: float) -> float | None:
    """Follow the envelope as slowly as clocks drift."""
    if before is None:
        return min(differences) if len(differences) >= ANCHOR else None
    return before + max(-SLEW * seconds, min(SLEW * seconds, min(differences) - before))


def _told(state: _Chain, out: list[Beat]) -> _Chain:
    if state.apart is None or not state.waiting:
        return state
    last, broken = state.last, state.broken
    for beat in state.waiting:
        time = beat.time + state.apart
        late = time > last  # one that lies before the last is left out, and no interval runs over it
        if late:
            out.append(replace(beat, time=time, breaks=beat.breaks or broken))
            last = time
        broken = not late
    return replace(state, waiting=(), last=last, broken=broken)


def _ended(state: _Chain, out: list[Beat]) -> _Chain:
    """Tell what a chain still held, and return an empty one."""
    if state.detector is not None:
        rest = tuple(
            replace(beat, time=_stamped(state.begins, beat.time), lost=None)
            for beat in _ECG.finish(state.detector).data
        )
        apart = min(state.differences) if state.apart is None else state.apart
        state = _told(replace(state, waiting=(*state.waiting, *rest), apart=apart), out)
    return _Chain(last=state.last, broken=True)
