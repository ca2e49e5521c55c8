"""Linkage while it happens: the same windows and the same null as in the report, over what is closed by now."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from coregulation.analysis.preprocessing import PLANS, align_pair
from coregulation.channels import HEART_RATE
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import p_value
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.surrogates import CircularShift
from coregulation.coupling.settings import LINKAGE
from coregulation.live.room.feedback import LiveLinkage
from coregulation.physiology.aligned_rows import Rows
from coregulation.signals import Floats, Signal
from coregulation.sliding_stage import Buffered, SlidingStage, appended
from coregulation.stage import Piece, Stage, chain

MEASURE = PLANS[HEART_RATE].measure
RATE = PLANS[HEART_RATE].rate
SURROGATES = 199  # of one question, at most
EVERY = 30.0  # s from one question to the next
NULL = CircularShift()


@dataclass(frozen=True, slots=True, eq=False)
class WindowRow:
    """One closed pair of windows.

    Parameters
    ----------
    centre
        Its middle, session s.
    r
        The measure at each lag, shape (lags,); NaN where a beat is missing.
    """

    centre: float
    r: Floats


Both = tuple[Signal, Signal]


_Ahead = tuple[Buffered | None, Buffered | None]  # what each of two has and the other has not yet


@dataclass(frozen=True, slots=True)
class PairedSignals:
    """Pieces of two signals on one grid to rows of both, as far as both are there."""

    delay: float = 0.0

    def start(self) -> _Ahead:
        """Return the state before anything has come."""
        return None, None

    def step(self, state: _Ahead, piece: Piece[Both]) -> tuple[_Ahead, Piece[Rows]]:
        """Return the rows that both have; keep what only one has."""
        x, y = (appended(held, signal) for held, signal in zip(state, piece.data, strict=True))
        if not len(x.values) or not len(y.values):
            return (x, y), Piece(_NO_ROWS, -math.inf)
        numbers = [round(held.start * held.rate) for held in (x, y)]
        first = max(numbers)
        end = max(first, min(number + len(held.values) for number, held in zip(numbers, (x, y), strict=True)))
        both = [held.values[max(0, first - n) : max(0, end - n)] for n, held in zip(numbers, (x, y), strict=True)]
        size = min(map(len, both))
        rows = Rows(np.stack([values[:size] for values in both], axis=1), x.rate, first)
        rest = [held.since(min(max(0, end - n), len(held.values))) for n, held in zip(numbers, (x, y), strict=True)]
        return (rest[0], rest[1]), Piece(rows, rows.end / rows.rate)

    def finish(self, state: _Ahead) -> Piece[Rows]:
        """What only one has is no row."""
        return Piece(_NO_ROWS, math.inf)


@dataclass(frozen=True, slots=True)
class LinkageWindows(SlidingStage[Rows, tuple[WindowRow, ...]]):
    """Rows of two people to the correlation of their closed windows, at every middle a report may ask for.

    The numbers are those of the measure's `surface` over the whole: a window knows nothing of what lies outside it. The middles
    lie a sample apart (not `hop` s), since where a report's windows begin depends on when the session's blocks do.
    """

    measure: AbstractMeasure = MEASURE
    rate: float = RATE
    grid: ClassVar[bool] = True
    answers_ends: ClassVar[bool] = False

    @property
    def delay(self) -> float:
        """Half a window and half the longest lag, s."""
        return (self.measure.window + self.measure.max_lag) / 2

    def reach(self, rate: float) -> tuple[float, float]:
        """Return half a window and half the longest lag, in samples."""
        return self._half, self._half

    def time_of(self, number: int) -> float:
        """Return the time of a middle."""
        return number / self.rate

    def number_of(self, time: float) -> float:
        """Return a time in samples."""
        return time * self.rate

    def answer(self, held: Buffered, first: int, end: int) -> tuple[WindowRow, ...]:
        """Return the windows whose middles are numbered first to end - 1, and that are closed in both."""
        begin = round(held.start * self.rate)
        low, high = max(begin, first - self._half), end + self._half
        high = low + (high - low) // 2 * 2
        if first == end or high - low < 2 * self._half:
            return ()
        x, y = (
            Signal(held.values[low - begin : high - begin, column], self.rate, low / self.rate, held.unit)
            for column in range(2)
        )
        surface = self.measure.with_hop(1 / self.rate).surface(x, y)
        rows = (WindowRow(float(at), r) for at, r in zip(surface.centres, surface.r, strict=True))
        return tuple(row for row in rows if first <= round(row.centre * self.rate + 0.5) < end)

    def nothing(self) -> tuple[WindowRow, ...]:
        """Return no window."""
        return ()

    @property
    def _half(self) -> int:
        return -(-round((self.measure.window + self.measure.max_lag) * self.rate) // 2) + 1


def linkage_windows(measure: AbstractMeasure = MEASURE) -> Stage[Both, Any, tuple[WindowRow, ...]]:
    """Return the stage from pieces of two people's traces to the windows that are closed in both."""
    return chain(PairedSignals(), LinkageWindows(measure))


_NO_ROWS = Rows(np.empty((0, 2)), RATE, 0)


def live_linkage(x: Signal, y: Signal, at: float, paced: bool = False, seed: int = 0) -> LiveLinkage:
    """Test once whether two traces are linked beyond each one's own dynamics, over the time they share.

    Parameters
    ----------
    x, y
        Both people's traces so far.
    at
        Time of the question, session s.
    paced
        Whether both follow a pacer: that explains linkage, so nothing is tested.
    seed
        Of the surrogates.

    Returns
    -------
    LiveLinkage
        Without a p-value where it is too early, or too little is valid.
    """
    if paced:
        return LiveLinkage("paced", at)
    common = x.window.overlap(y.window)
    if common is None or common.length < MEASURE.min_windows * MEASURE.window:
        return LiveLinkage("too-early", at)
    first, second = align_pair(x, y)
    if float((np.isfinite(first.values) & np.isfinite(second.values)).mean()) < LINKAGE.min_live_coverage:
        return LiveLinkage("cannot-tell", at)
    profiles = NULL.profiles(compare_signals(first, second, MEASURE), SURROGATES, np.random.default_rng(seed))
    if len(profiles.statistics) < LINKAGE.min_nulls:
        return LiveLinkage("too-early", at)
    statistic = float(np.abs(profiles.profile).max())
    p = p_value(statistic, profiles.statistics)
    return LiveLinkage("beyond-chance" if p < LINKAGE.live_alpha else "not-beyond-chance", at, statistic, p)


def confirmed(before: LiveLinkage | None, now: LiveLinkage) -> LiveLinkage:
    """Decide what may be shown: "beyond chance" only when two answers in a row say so.

    One of twenty questions in ten minutes says so by chance in 12 to 15 of 100 independent pairs, two in a row in 5 (300 pairs).

    Parameters
    ----------
    before
        The answer before; None where there was none.
    now
        The answer now.

    Returns
    -------
    LiveLinkage
        As it is now, or "too early".
    """
    unconfirmed = now.said == "beyond-chance" and (before is None or before.said != "beyond-chance")
    return replace(now, said="too-early") if unconfirmed else now
