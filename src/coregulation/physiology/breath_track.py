"""Breaths to rate, depth and phase on the session's grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.physiology.aligned_rows import Rows
from coregulation.physiology.breath import Breath
from coregulation.signals import Floats
from coregulation.stage import Piece

RATE, PHASE, DEPTH = range(3)  # columns


@dataclass(frozen=True, slots=True)
class BreathTrack:
    """Breaths to rows of rate (1/min), phase (0 to π breathing in, π to 2π out) and depth; NaN outside a breath.

    The phase is linear in each half of a breath. Breaths while speaking count for nothing. Rows begin
    with the first breath.

    Parameters
    ----------
    rate
        Rate of the grid, in Hz.
    delay
        Always 0 s: rows leave once no later breath can cover them, and `Piece.until` says up to where.
    """

    rate: float = 2.0
    delay: float = 0.0

    def start(self) -> tuple[tuple[Breath, ...], int | None]:
        """Know no breath."""
        return (), None

    def step(
        self, state: tuple[tuple[Breath, ...], int | None], piece: Piece[tuple[Breath, ...]]
    ) -> tuple[tuple[tuple[Breath, ...], int | None], Piece[Rows]]:
        """Tell the grid points that no later breath can cover."""
        breaths, following = (*state[0], *piece.data), state[1]
        if following is None:
            if not breaths:
                return state, Piece(Rows(np.empty((0, 3)), self.rate, 0), piece.until)
            following = self._from(breaths[0].start)
        until = piece.until if math.isfinite(piece.until) else breaths[-1].end if breaths else following / self.rate
        end = max(following, self._from(until))
        rows = Rows(_tracked(breaths, np.arange(following, end) / self.rate), self.rate, following)
        kept = tuple(breath for breath in breaths if breath.end > end / self.rate)
        return (kept, end), Piece(rows, piece.until if math.isinf(piece.until) else end / self.rate)

    def finish(self, state: tuple[tuple[Breath, ...], int | None]) -> Piece[Rows]:
        """Tell up to the end of the last breath."""
        _, last = self.step(state, Piece((), math.inf))
        return last

    def _from(self, time: float) -> int:
        number = math.floor(time * self.rate)
        return number if number / self.rate >= time else number + 1


def _tracked(breaths: Sequence[Breath], times: Floats) -> Floats:
    out = np.full((len(times), 3), np.nan)
    silent = [breath for breath in breaths if not breath.speaking]
    if not silent or not len(times):
        return out
    start, peak, end, depth = np.array([(b.start, b.peak, b.end, b.depth) for b in silent]).T
    at = np.clip(np.searchsorted(start, times, "right") - 1, 0, len(start) - 1)
    rising = times < peak[at]
    inspired = (times - start[at]) / (peak - start)[at]
    expired = (times - peak[at]) / (end - peak)[at]
    phase = np.pi * np.where(rising, inspired, 1 + expired)
    inside = (times >= start[at]) & (times < end[at])
    out[inside] = np.stack([60 / (end - start)[at], phase, depth[at]], axis=1)[inside]
    return out
