"""Linkage while it happens: the same windows and the same null as in the report, over what is closed by now."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.preprocessing import PLANS, align_pair
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import p_value
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.surrogates import CircularShift
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import UsageError
from coregulation.live.room.feedback import LiveLinkage
from coregulation.signals import Floats, Signal
from coregulation.stage import Buffered, Piece, appended

MEASURE = PLANS["heart_rate"].measure
RATE = PLANS["heart_rate"].rate
SURROGATES = 199
EVERY = 30.0  # s
NULL = CircularShift()


@dataclass(frozen=True, slots=True, eq=False)
class WindowRow:
    """One closed pair of windows: its middle (session s) and r at each lag; NaN where a beat is missing."""

    centre: float
    r: Floats


Both = tuple[Signal, Signal]


@dataclass(frozen=True, slots=True)
class _Held:
    x: Buffered | None = None
    y: Buffered | None = None
    following: int = -(2**62)


@dataclass(frozen=True, slots=True)
class LinkageWindows:
    """Two people's traces to the correlation of their closed windows, at every middle a report may ask for.

    In: pieces of both on one grid. Out: rows whose numbers are those of the measure's `surface` over the whole: a window
    knows nothing of what lies outside it. The middles lie a sample apart (not `hop` s), since where a report's windows begin
    depends on when the session's blocks do.
    """

    measure: AbstractMeasure = MEASURE
    rate: float = RATE

    @property
    def delay(self) -> float:
        """Half a window and half the longest lag, s."""
        return (self.measure.window + self.measure.max_lag) / 2

    def start(self) -> _Held:
        """Hold nothing."""
        return _Held()

    def step(self, state: _Held, piece: Piece[Both]) -> tuple[_Held, Piece[tuple[WindowRow, ...]]]:
        """Tell each window that is closed in both."""
        held = _Held(appended(state.x, piece.data[0]), appended(state.y, piece.data[1]), state.following)
        if held.x is None or held.y is None or not len(held.x.values) or not len(held.y.values):
            return held, Piece((), -math.inf)
        first, end = _shared(held.x, held.y)
        half = -(-round((self.measure.window + self.measure.max_lag) * self.rate) // 2) + 1
        low = max(held.following, first + half)
        if end - half <= low:
            return held, Piece((), low / self.rate)
        rows = self._rows(held.x, held.y, low - half, end)
        out = tuple(row for row in rows if low <= round(row.centre * self.rate + 0.5) < end - half)
        since = end - 2 * half
        rest = _Held(_since(held.x, since), _since(held.y, since), end - half)
        return rest, Piece(out, (end - half) / self.rate)

    def finish(self, state: _Held) -> Piece[tuple[WindowRow, ...]]:
        """A window that is not closed is never told."""
        return Piece((), math.inf)

    def _rows(self, x: Buffered, y: Buffered, first: int, end: int) -> list[WindowRow]:
        fine = self.measure.with_hop(1 / self.rate)
        even = first + (end - first) // 2 * 2
        surface = fine.surface(_cut(x, first, even), _cut(y, first, even))
        return [WindowRow(float(at), r) for at, r in zip(surface.centres, surface.r, strict=True)]


def live_linkage(x: Signal, y: Signal, at: float, paced: bool = False, seed: int = 0) -> LiveLinkage:
    """Ask once whether two traces move together beyond each one's own dynamics, over the time they share.

    With a pacer nothing is asked: following it explains moving together. The rest is a circular shift at p < .01.
    """
    if paced:
        return LiveLinkage("paced", at)
    common = x.window.overlap(y.window)
    if common is None or common.length < MEASURE.min_windows * MEASURE.window:
        return LiveLinkage("too-early", at)
    one, other = align_pair(x, y)
    if float((np.isfinite(one.values) & np.isfinite(other.values)).mean()) < LINKAGE.min_live_coverage:
        return LiveLinkage("cannot-tell", at)
    profiles = NULL.profiles(compare_signals(one, other, MEASURE), SURROGATES, np.random.default_rng(seed))
    if len(profiles.statistics) < LINKAGE.min_nulls:
        return LiveLinkage("too-early", at)
    statistic = float(np.abs(profiles.profile).max())
    p = p_value(statistic, profiles.statistics)
    return LiveLinkage("beyond-chance" if p < LINKAGE.live_alpha else "not-beyond-chance", at, statistic, p)


def confirmed(before: LiveLinkage | None, found: LiveLinkage) -> LiveLinkage:
    """Return what may be shown: "beyond chance" only when two answers in a row say so.

    One of twenty questions in ten minutes says so by chance in 12 to 15 of 100 independent pairs, two in a row in 5 (300 pairs).
    """
    alone = found.said == "beyond-chance" and (before is None or before.said != "beyond-chance")
    return replace(found, said="too-early") if alone else found


def _shared(x: Buffered, y: Buffered) -> tuple[int, int]:
    """Return the first grid point that both have, and the one after the last."""
    starts = [round(one.start * one.rate) for one in (x, y)]
    return max(starts), min(start + len(one.values) for start, one in zip(starts, (x, y), strict=True))


def _cut(held: Buffered, first: int, end: int) -> Signal:
    start = round(held.start * held.rate)
    if first < start:
        raise UsageError("A window was asked for that is no more held.")
    return Signal(held.values[first - start : end - start], held.rate, first / held.rate, held.unit)


def _since(held: Buffered, number: int) -> Buffered:
    start = round(held.start * held.rate)
    drop = min(max(0, number - start), len(held.values))
    return Buffered(held.values[drop:].copy(), (start + drop) / held.rate, held.rate, held.unit)
