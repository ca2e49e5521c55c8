"""Breath: cycles from a belt, from the chest's tilt, or (derived) from beats; each cycle with rate, depth and phase.

Inspiration is where the signal rises. A cycle goes from trough to trough: the end of one expiration to the next.
"""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coregulation.filters import BandPass, LowPass, Resample, neighbourhoods
from coregulation.physiology.extrema import NO_EXTREMUM, ExtremumTracker, find_extrema
from coregulation.physiology.interpolation import SplineSlopes
from coregulation.physiology.tachogram import Tachogram
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.sliding_stage import Buffered, appended
from coregulation.stage import Piece, Stage, chain, run

MIN_BREATH, MAX_BREATH = 1.2, 20.0  # s a breath takes
_RATE = 10.0  # Hz at which turns are looked for
_MEMORY = 20.0  # s over which the running amplitude is taken
_MIN_KNOWN = 8.0  # s of them that must be there
_HYSTERESIS = 0.3  # of the running amplitude
_SIGH, _SIGH_MEMORY = 2.0, 10  # times the median depth of that many breaths


@dataclass(frozen=True, slots=True)
class Breath:
    """One breath: from trough to peak to trough.

    Parameters
    ----------
    start, peak, end
        Session times in s; inspiration is start to peak.
    depth
        Height of the peak over the line between the troughs, in the signal's own unit.
    sigh
        Deeper than twice the median of the ten before it.
    speaking
        Overlaps a span of speech; it counts for nothing.
    """

    start: float
    peak: float
    end: float
    depth: float
    sigh: bool = False
    speaking: bool = False

    @property
    def rate(self) -> float:
        """Breaths per minute at this breath's length."""
        return 60.0 / (self.end - self.start)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The last samples, which of them were looked at, and where in a breath the wave is."""

    buffer: Buffered
    turning: ExtremumTracker = NO_EXTREMUM
    trough: tuple[float, float] | None = None
    peak: tuple[float, float] | None = None
    depths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class BreathCycles:
    """A smooth respiration signal to breaths.

    A turn counts once the wave has gone back by 30 % of its running amplitude (the 10 to 90 % range of the last 20 s).
    A breath takes 1.2 to 20 s, or it is none. Missing samples and 20 s without a turn break the chain.
    """

    @property
    def delay(self) -> float:
        """A breath is known when the next has begun: at most two of the longest, in s, as a rule one."""
        return 2 * MAX_BREATH

    def start(self) -> _Seen | None:
        """Return the state before any input."""
        return None

    def step(self, state: _Seen | None, piece: Piece[Signal]) -> tuple[_Seen | None, Piece[tuple[Breath, ...]]]:
        """Tell each breath that is over."""
        if state is None and not len(piece.data):
            return None, Piece((), -math.inf)
        buffer = appended(state.buffer if state else None, piece.data)
        seen = replace(state, buffer=buffer) if state else _Seen(buffer)
        looked = len(state.buffer.values) if state else 0
        seen, breaths = _breaths(seen, max(0, looked - 2))
        keep = min(len(buffer.values), math.ceil((_MEMORY + 2) * buffer.rate))
        first = len(buffer.values) - keep
        rest = Buffered(buffer.values[first:], buffer.start + first / buffer.rate, buffer.rate, buffer.unit)
        return replace(seen, buffer=rest), Piece(breaths, _settled(seen))

    def finish(self, state: _Seen | None) -> Piece[tuple[Breath, ...]]:
        """A breath that is not over is not told."""
        return Piece((), math.inf)


@functools.cache
def smooth_breath() -> Stage[Signal, Any, Signal]:
    """Return the stage from a raw respiration signal to a smooth one at 10 Hz (nothing over 1.5 Hz).

    Returns
    -------
    Stage
        Takes a `Signal` and returns a `Signal` at 10 Hz in the same unit; NaN where missing.
    """
    return chain(Resample(_RATE), LowPass(1.0, 1.0))


def breathing() -> Stage[Signal, Any, tuple[Breath, ...]]:
    """Return the stage from a raw respiration signal to breaths: 10 Hz, smoothed at 1 Hz, then `BreathCycles`.

    Returns
    -------
    Stage
        Takes a `Signal` in any unit that rises with inspiration and returns each `Breath` once the next has begun.
    """
    return chain(smooth_breath(), BreathCycles())


@dataclass(frozen=True, slots=True)
class _Inverted:
    """Turn a signal upside down: RR falls while one breathes in."""

    delay: float = 0.0

    def start(self) -> None:
        """Return the state before any input."""

    def step(self, state: None, piece: Piece[Signal]) -> tuple[None, Piece[Signal]]:
        """Change the sign."""
        return None, replace(piece, data=replace(piece.data, values=-piece.data.values))

    def finish(self, state: None) -> Piece[Signal]:
        """Nothing is held."""
        return Piece(Signal(np.empty(0), 1.0, 0.0, Unit.ARBITRARY), math.inf)


@functools.cache
def breathing_from_beats() -> Stage[Beats, Any, tuple[Breath, ...]]:
    """Return the stage from beats to *derived* breaths: RR between 0.12 and 0.5 Hz, falling as one breathes in.

    It sees no breath that leaves no trace in RR: none below 7 breaths per minute, few under stress or with age. Its depth
    is RSA, so RSA can never be adjusted for it.

    Returns
    -------
    Stage
        Takes `Beats` and returns each `Breath`, with the depth in s of RR.
    """
    return chain(
        Tachogram(4.0, slopes=SplineSlopes()), _Inverted(), BandPass(0.12, 0.5, 0.08), Resample(_RATE), BreathCycles()
    )


def detect_breaths_from_beats(beats: Beats) -> tuple[Breath, ...]:
    """Detect the breaths that leave a trace in the beats of a recording (see `breathing_from_beats` for its limits).

    Parameters
    ----------
    beats
        Beats of the whole recording, session times in s.

    Returns
    -------
    tuple of Breath
        In order of time, with the depth in s of RR; empty where RR shows no breathing.
    """
    pieces = run(breathing_from_beats(), [Piece(beats, beats.window.end)])
    return tuple(breath for piece in pieces for breath in piece.data)


def detect_breaths(signal: Signal, speech: Iterable[Window] = ()) -> tuple[Breath, ...]:
    """Detect the breaths of a recording; those that overlap speech are marked.

    Parameters
    ----------
    signal
        Respiration in any unit, rising with inspiration; NaN where missing.
    speech
        Spans of session time in which the person spoke.

    Returns
    -------
    tuple of Breath
        In order of time, with the depth in the unit of the signal; `speaking` is True where a breath overlaps a
        span.
    """
    breaths = [breath for piece in run(breathing(), [Piece(signal, signal.window.end)]) for breath in piece.data]
    spans = [(window.start, window.end) for window in speech]
    return tuple(replace(b, speaking=any(s < b.end and b.start < e for s, e in spans)) for b in breaths)


def _settled(seen: _Seen) -> float:
    """The earliest moment at which a breath that is not told yet can have begun."""
    end = seen.buffer.start + len(seen.buffer.values) / seen.buffer.rate - 2 / seen.buffer.rate
    if end - seen.turning.time > MAX_BREATH:
        return end
    if seen.trough is not None:
        return seen.trough[0]
    return end if seen.turning.rising or math.isnan(seen.turning.time) else seen.turning.time


def _breaths(seen: _Seen, first: int) -> tuple[_Seen, tuple[Breath, ...]]:
    buffer, breaths = seen.buffer, []
    events = find_extrema(buffer.values[first:], buffer.rate, buffer.start + first / buffer.rate)
    thresholds = _thresholds(buffer)
    begin = math.ceil(buffer.start - 1e-9)
    for time, height in events:
        second = math.floor(time + 1e-6) - begin
        threshold = thresholds[second] if 0 <= second < len(thresholds) else math.nan
        if not threshold > 0 or math.isnan(height) or time - seen.turning.time > MAX_BREATH:
            seen = replace(seen, turning=NO_EXTREMUM, trough=None, peak=None)
        if threshold > 0 and not math.isnan(height):
            seen, breath = _take(seen, time, height, threshold)
            breaths += [breath] if breath else []
    return seen, tuple(breaths)


def _take(seen: _Seen, time: float, height: float, threshold: float) -> tuple[_Seen, Breath | None]:
    before = seen.turning
    turning, turned = before.see(time, height, threshold)
    if not turned:
        return _Seen(seen.buffer, turning, seen.trough, seen.peak, seen.depths), None
    point = (before.time, before.height)
    if before.rising:
        return _Seen(seen.buffer, turning, seen.trough, point, seen.depths), None
    breath = _between(seen, point)
    depths = (*seen.depths, breath.depth)[-_SIGH_MEMORY:] if breath else seen.depths
    return _Seen(seen.buffer, turning, point, None, depths), breath


def _between(seen: _Seen, end: tuple[float, float]) -> Breath | None:
    if seen.trough is None or seen.peak is None or not MIN_BREATH <= end[0] - seen.trough[0] <= MAX_BREATH:
        return None
    (t0, h0), (t1, h1), (t2, h2) = seen.trough, seen.peak, end
    depth = h1 - (h0 + (h2 - h0) * (t1 - t0) / (t2 - t0))
    sigh = len(seen.depths) >= 4 and depth > _SIGH * statistics.median(seen.depths)
    return Breath(t0, t1, t2, depth, sigh)


def _thresholds(buffer: Buffered) -> list[float]:
    """Return 30 % of the amplitude in the 20 s before each whole second from the first held; NaN if too little is known."""
    n = round(_MEMORY * buffer.rate)
    padded = np.concatenate([np.full(n, np.nan), buffer.values])
    begin = math.ceil(buffer.start - 1e-9)
    seconds = np.arange(begin, math.floor(buffer.start + len(buffer.values) / buffer.rate) + 1)
    ends = np.floor((seconds - buffer.start) * buffer.rate + 1e-6).astype(np.int64)
    rows = np.sort(neighbourhoods(padded, n)[np.clip(ends, 0, len(buffer.values))], axis=1)
    known = np.isfinite(rows).sum(axis=1)
    low, high = ((known - 1).clip(0) * share for share in (0.1, 0.9))
    each = np.arange(len(rows))
    spread = rows[each, np.rint(high).astype(np.int64)] - rows[each, np.rint(low).astype(np.int64)]
    size = np.where(known > 0, np.abs(rows[:, 0]), 0.0)
    enough = (known >= _MIN_KNOWN * buffer.rate) & (spread > 1e-9 * size)
    thresholds: list[float] = np.where(enough, _HYSTERESIS * spread, np.nan).tolist()
    return thresholds
