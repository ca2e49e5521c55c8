"""Beats to the interval between them, on the session's grid.

The value at a beat is the interval that ends there; between beats a local cubic runs through the values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.filters import MAX_GAP
from coregulation.physiology.interpolation import MONOTONE, Slopes
from coregulation.signals import Beats, Bools, Floats, Ints, Signal, Unit
from coregulation.stage import Piece

PLAUSIBLE_RR = (0.25, 2.5)  # s; anything else is a missed or an invented beat


@dataclass(frozen=True, slots=True, eq=False)
class Knots:
    """Trusted RR intervals, one per knot of the curve.

    Parameters
    ----------
    times
        Session time at which each interval ended, shape (n,), in s.
    rr
        Length of each interval, shape (n,), in s.
    linked
        True where the curve goes on from the knot before, shape (n,).
    beat
        Number of the beat that ends each interval, shape (n,).
    """

    times: Floats
    rr: Floats
    linked: Bools
    beat: Ints


def knots(beats: Beats, max_gap: float = MAX_GAP) -> Knots:
    """Select the intervals between trusted neighbours, linked where no break and at most `max_gap` s lie between.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.
    max_gap
        Longest gap left by artefacts that a link bridges, in s.

    Returns
    -------
    Knots
        The intervals within `PLAUSIBLE_RR`, in order of time.
    """
    assert beats.breaks is not None
    rr = beats.nn
    low, high = PLAUSIBLE_RR
    kept = np.flatnonzero((rr >= low) & (rr <= high))
    times = beats.times[kept]
    unbroken = np.diff(np.cumsum(beats.breaks)[kept]) == 0
    linked = np.zeros(len(kept), bool)
    linked[1:] = unbroken & (beats.times[kept[1:] - 1] - times[:-1] <= max_gap)
    return Knots(times, rr[kept], linked, kept)


@dataclass(frozen=True, slots=True)
class Tail:
    """What a tachogram still holds of a stream.

    Parameters
    ----------
    beats
        The beats on which later values may still depend.
    following
        Number of the next grid point.
    """

    beats: Beats
    following: int


@dataclass(frozen=True, slots=True)
class Tachogram:
    """Beats to RR (s) on the session's grid, the multiples of 1/rate; NaN where it is not known.

    An artefact leaves a gap from the trusted beat before it to the one after; up to `max_gap` s it is bridged, a break
    never. Intervals outside `PLAUSIBLE_RR` are missing. The grid begins at the first beat and ends at the last.

    Parameters
    ----------
    rate
        Of the grid, in Hz.
    max_gap
        In s.
    slopes
        How the curve runs between the values.
    """

    rate: float = 2.0
    max_gap: float = MAX_GAP
    slopes: Slopes = MONOTONE

    def __post_init__(self) -> None:
        if not (0 < self.rate < math.inf and 0 < self.max_gap < math.inf):
            raise UsageError(
                "A positive rate and gap were expected; {rate} Hz and {gap} s came.", rate=self.rate, gap=self.max_gap
            )

    @property
    def delay(self) -> float:
        """`reach` + 1 of the longest plausible intervals, in s; beside a gap `Piece.until` tells how late it is."""
        return (self.slopes.reach + 1) * PLAUSIBLE_RR[1]

    def start(self) -> Tail | None:
        """Know no beat."""
        return None

    def step(self, state: Tail | None, piece: Piece[Beats]) -> tuple[Tail | None, Piece[Signal]]:
        """Answer for each grid point that no later beat can change."""
        beats = piece.data if state is None else joined_beats(state.beats, piece.data)
        if not len(beats):
            return None, Piece(_nothing(self.rate), piece.until)
        following = self._from(float(beats.times[0])) if state is None else state.following
        last = float(beats.times[-1])
        until = max(last, piece.until) if math.isfinite(piece.until) else last
        known = knots(beats, self.max_gap)
        is_open = self._is_open(beats, known, until)
        end = max(following, self._after(self._settled(known)) if is_open else self._from(until))
        kept = self._first_needed(known, is_open, len(beats))
        return Tail(_since(beats, kept), end), Piece(self._curve(known, following, end), end / self.rate)

    def finish(self, state: Tail | None) -> Piece[Signal]:
        """Answer up to the last beat."""
        if state is None:
            return Piece(_nothing(self.rate), math.inf)
        end = max(state.following, self._after(float(state.beats.times[-1])))
        return Piece(self._curve(knots(state.beats, self.max_gap), state.following, end), math.inf)

    def _is_open(self, beats: Beats, known: Knots, until: float) -> bool:
        """Whether the next interval may still belong to the last one's chain."""
        assert beats.ok is not None
        assert beats.breaks is not None
        if not len(known.times) or beats.breaks[known.beat[-1] + 1 :].any():
            return False
        goes_on = beats.ok[-1] and until - beats.times[-1] <= PLAUSIBLE_RR[1]
        begins = beats.times[-1] if goes_on else until
        return bool(begins - known.times[-1] <= self.max_gap)

    def _settled(self, known: Knots) -> float:
        """The last moment whose value is final while the last chain is open."""
        first = int(np.flatnonzero(~known.linked)[-1])
        return float(known.times[max(first, len(known.times) - 1 - self.slopes.reach)])

    def _first_needed(self, known: Knots, is_open: bool, count: int) -> int:
        """The first beat that a later value depends on: the one before the earliest interval in reach."""
        if not is_open:
            return count - 1
        return int(known.beat[max(0, len(known.beat) - 1 - 2 * self.slopes.reach)]) - 1

    def _curve(self, known: Knots, first: int, end: int) -> Signal:
        values = _hermite(known, self.slopes, np.arange(first, end) / self.rate)
        return Signal(values, self.rate, first / self.rate, Unit.SECOND)

    def _from(self, time: float) -> int:
        """Number of the first grid point at or after a time."""
        number = math.floor(time * self.rate)
        return number if number / self.rate >= time else number + 1

    def _after(self, time: float) -> int:
        """Number of the first grid point after a time."""
        number = self._from(time)
        return number + 1 if number / self.rate <= time else number


def joined_beats(first: Beats, second: Beats) -> Beats:
    """Join consecutive pieces of one chain of beats.

    Parameters
    ----------
    first
        The earlier beats.
    second
        The beats that follow; its first `breaks` says whether the chain goes on.

    Returns
    -------
    Beats
        All beats with `ok` and `breaks`.
    """
    assert first.ok is not None
    assert first.breaks is not None
    assert second.ok is not None
    assert second.breaks is not None
    return Beats(
        np.concatenate([first.times, second.times]),
        np.concatenate([first.ok, second.ok]),
        np.concatenate([first.breaks, second.breaks]),
    )


def _since(beats: Beats, first: int) -> Beats:
    assert beats.ok is not None
    assert beats.breaks is not None
    return Beats(beats.times[first:], beats.ok[first:], beats.breaks[first:])


def _nothing(rate: float) -> Signal:
    return Signal(np.empty(0), rate, 0.0, Unit.SECOND)


def _hermite(known: Knots, slopes: Slopes, grid: Floats) -> Floats:
    if not len(known.times):
        return np.full(len(grid), np.nan)
    slope = slopes.at(known.times, known.rr, known.linked)
    right = np.minimum(np.searchsorted(known.times, grid), len(known.times) - 1)
    left = np.maximum(right - 1, 0)
    width = np.where(right > left, known.times[right] - known.times[left], 1.0)
    s = (grid - known.times[left]) / width
    rise = known.rr[right] - known.rr[left]
    bend = (1 - s) * (slope[left] * width - rise) - s * (slope[right] * width - rise)
    curve = known.rr[left] + s * rise + s * (1 - s) * bend
    between = known.linked[right] & (grid <= known.times[right])
    return np.where(grid == known.times[right], known.rr[right], np.where(between, curve, np.nan))
