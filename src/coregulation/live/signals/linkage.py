"""Linkage while it happens: the same windows and the same null as in the report, over what is closed by now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coregulation.analysis.preprocessing import PLANS, align_pair
from coregulation.channels import HEART_RATE
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import p_value
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.choice import choose_null
from coregulation.coupling.settings import LINKAGE
from coregulation.live.room.feedback import LiveLinkage
from coregulation.physiology.aligned_rows import Rows
from coregulation.signals import Floats, Signal
from coregulation.sliding_stage import Buffered, SlidingStage, appended
from coregulation.stage import Piece, Stage, chain

MEASURE = PLANS[HEART_RATE].measure
RATE = PLANS[HEART_RATE].rate
SURROGATES = 999  # of one look, at most
EVERY = 30.0  # s from one question whether a look is due to the next


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
        x, y = (appended(buffer, signal) for buffer, signal in zip(state, piece.data, strict=True))
        if not len(x.values) or not len(y.values):
            return (x, y), Piece(_NO_ROWS, -math.inf)
        numbers = [round(signal.start * signal.rate) for signal in (x, y)]
        first = max(numbers)
        end = max(first, min(number + len(signal.values) for number, signal in zip(numbers, (x, y), strict=True)))
        both = [signal.values[max(0, first - n) : max(0, end - n)] for n, signal in zip(numbers, (x, y), strict=True)]
        size = min(map(len, both))
        rows = Rows(np.stack([values[:size] for values in both], axis=1), x.rate, first)
        rest = [
            signal.since(min(max(0, end - n), len(signal.values))) for n, signal in zip(numbers, (x, y), strict=True)
        ]
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

    def answer(self, buffer: Buffered, first: int, end: int) -> tuple[WindowRow, ...]:
        """Return the windows whose middles are numbered first to end - 1, and that are closed in both."""
        begin = round(buffer.start * self.rate)
        low, high = max(begin, first - self._half), end + self._half
        high = low + (high - low) // 2 * 2
        if first == end or high - low < 2 * self._half:
            return ()
        x, y = (
            Signal(buffer.values[low - begin : high - begin, column], self.rate, low / self.rate, buffer.unit)
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


def live_linkage(
    x: Signal, y: Signal, at: float, paced: bool = False, alpha: float | None = None, seed: int = 0
) -> LiveLinkage:
    """Test once whether two traces are linked beyond each one's own dynamics, over the time they share.

    Parameters
    ----------
    x, y
        Both people's traces so far.
    at
        Time of the question, session s.
    paced
        Whether both follow a pacer: that explains linkage, so nothing is tested.
    alpha
        Largest p-value that this look calls beyond chance (`LINKAGE.live_looks`); None between looks, when nothing is tested.
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
    if alpha is None or common is None or common.length < (MEASURE.min_windows + 1) * MEASURE.window:
        return LiveLinkage("too-early", at)
    first, second = align_pair(x, y)
    if float((np.isfinite(first.values) & np.isfinite(second.values)).mean()) < LINKAGE.min_live_coverage:
        return LiveLinkage("cannot-tell", at)
    comparison = compare_signals(first, second, MEASURE)
    sources = (np.random.default_rng([seed, person]) for person in (1, 0))
    profiles = choose_null(comparison).profiles(comparison, SURROGATES, *sources)
    if len(profiles.statistics) < LINKAGE.min_nulls:
        return LiveLinkage("too-early", at)
    p = p_value(profiles.statistic, profiles.statistics)
    return LiveLinkage("beyond-chance" if p <= alpha else "not-beyond-chance", at, profiles.statistic, p)


def due_look(spent: int, seconds: float) -> tuple[float, float] | None:
    """Return the next look of a session, if a block is long enough for it.

    There are four looks in a session, at fixed times of a block, whose alphas add up to .05; between them the last answer stands.
    Without such a plan, a question asked again and again says "beyond chance" far too often (Armitage et al., 1969).

    Parameters
    ----------
    spent
        Looks of this session so far, in any block.
    seconds
        Time of the block that is known of both.

    Returns
    -------
    tuple or None
        Time of the look in the block, s, and its alpha.

    References
    ----------
    Armitage P, McPherson CK, Rowe BC (1969), Journal of the Royal Statistical Society A 132:235, doi:10.2307/2343787
    """
    if spent >= len(LINKAGE.live_looks):
        return None
    look = LINKAGE.live_looks[spent]
    return look if seconds >= look[0] else None
