"""A strap's packets to beats as physiology knows them, placed by the packet clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coregulation.packet_clock import ANCHOR, ENVELOPE, SLEW, ArrivedIntervals, PacketClock, PlacedBeat
from coregulation.physiology.beats import Beat
from coregulation.stage import Piece

__all__ = ["ANCHOR", "ENVELOPE", "SLEW", "ArrivedIntervals", "BeatClock"]


@dataclass(frozen=True, slots=True)
class BeatClock:
    """Packets to beats, with a break wherever intervals may be missing."""

    clock: PacketClock = field(default_factory=PacketClock)

    @property
    def delay(self) -> float:
        """The packets that make an anchor, at one a second; later one packet at most, where one may have been lost."""
        return self.clock.delay

    def start(self) -> Any:
        """Return the initial state."""
        return self.clock.start()

    def step(self, state: Any, piece: Piece[Sequence[ArrivedIntervals]]) -> tuple[Any, Piece[tuple[Beat, ...]]]:
        """Place the beats of the packets that came."""
        state, placed = self.clock.step(state, piece)
        return state, _as_beats(placed)

    def finish(self, state: Any) -> Piece[tuple[Beat, ...]]:
        """Place what still waits."""
        return _as_beats(self.clock.finish(state))


def _as_beats(placed: Piece[tuple[PlacedBeat, ...]]) -> Piece[tuple[Beat, ...]]:
    return Piece(tuple(Beat(beat.time, breaks=beat.breaks) for beat in placed.data), placed.until)
