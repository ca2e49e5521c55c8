"""Beats to heart rate on the session's grid."""

from __future__ import annotations

from dataclasses import dataclass

from coregulation.filters import MAX_GAP
from coregulation.physiology.tachogram import Tachogram, Tail
from coregulation.signals import Beats, Signal, Unit
from coregulation.stage import Piece, joined, run


@dataclass(frozen=True, slots=True)
class HeartRate:
    """Beats to heart rate (1/min) on the session's grid, two beats late; NaN where it is not known.

    RR between trusted neighbours, a monotone cubic between them, then 60/RR (the monotone cubic in
    place of a spline, so that nothing overshoots beside a gap). See `Tachogram` for gaps, breaks and the grid.

    Parameters
    ----------
    rate
        Rate of the grid, in Hz.
    max_gap
        Longest gap left by artefacts that is bridged, in s.

    Raises
    ------
    UsageError
        If the rate or the gap is not positive and finite.
    """

    rate: float = 2.0
    max_gap: float = MAX_GAP

    def __post_init__(self) -> None:
        self._tachogram  # noqa: B018 - checks the settings at the door

    @property
    def delay(self) -> float:
        """Two of the longest plausible intervals, in s."""
        return self._tachogram.delay

    def start(self) -> Tail | None:
        """Know no beat."""
        return None

    def step(self, state: Tail | None, piece: Piece[Beats]) -> tuple[Tail | None, Piece[Signal]]:
        """Answer for each grid point that no later beat can change."""
        state, out = self._tachogram.step(state, piece)
        return state, _as_rate(out)

    def finish(self, state: Tail | None) -> Piece[Signal]:
        """Answer up to the last beat."""
        return _as_rate(self._tachogram.finish(state))

    @property
    def _tachogram(self) -> Tachogram:
        return Tachogram(self.rate, self.max_gap)


def compute_heart_rate(beats: Beats, rate: float = 2.0, max_gap: float = MAX_GAP) -> Signal:
    """Compute the heart rate of a recording on the session's grid, from its first beat to its last.

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.
    rate
        Rate of the grid, in Hz.
    max_gap
        Longest gap left by artefacts that is bridged, in s.

    Returns
    -------
    Signal
        Heart rate in 1/min; NaN across longer gaps and breaks. Empty without a beat.

    Raises
    ------
    UsageError
        If the rate or the gap is not positive and finite.
    """
    return joined(piece.data for piece in run(HeartRate(rate, max_gap), [Piece(beats, beats.window.end)]))


def _as_rate(piece: Piece[Signal]) -> Piece[Signal]:
    rr = piece.data
    return Piece(Signal(60.0 / rr.values, rr.rate, rr.start, Unit.PER_MINUTE), piece.until)
