"""Where a person's heart comes from: each kind of sensor with its stage, and which stream counts from when on.

A strap's ECG is better than its RR, and RR better than a finger on a camera; of two of one kind the newer counts, and any that
tells beats stands in for one that has been silent. Each turn from one stream to another is kept, so that the report
makes the same of the raw streams, whenever they came.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from coregulation.live.signals.packets import Packets
from coregulation.live.signals.stream_kinds import beat_reading
from coregulation.physiology.beats import Beat
from coregulation.stage import Piece

SWITCH_NOTE = "heart"  # kind of the note in which a source switch is stored
SILENT = 5.0  # s without a beat, and another stream stands in
LATEST = 64  # beats: more than there are in the silence before a turn


class SourceSwitch(msgspec.Struct, frozen=True):
    """From a moment on (session s; None: from the first) a person's heart is that of one stream."""

    stream: int
    after: float | None


@dataclass(slots=True)
class ClockedStream:
    """A stream, what its stage remembers, and its latest beats, of which some may count once its turn comes."""

    kind: str
    state: Any
    latest: deque[Beat] = field(default_factory=lambda: deque(maxlen=LATEST))

    def beats(self, packets: Packets) -> tuple[Beat, ...]:
        """Return the beats that packets decide."""
        reading = beat_reading(self.kind)
        self.state, piece = reading.stage.step(self.state, Piece(reading.read(packets), -math.inf))
        beats: tuple[Beat, ...] = piece.data
        self.latest += beats
        return beats

    def rest(self) -> tuple[Beat, ...]:
        """Return what would be told if nothing more came."""
        beats: tuple[Beat, ...] = beat_reading(self.kind).stage.finish(self.state).data
        return beats


def clock_stream(kind: str) -> ClockedStream:
    """Return a stream that has sent nothing yet."""
    return ClockedStream(kind, beat_reading(kind).stage.start())


def should_switch(stream: int, kind: str, newest: float, other: int, other_kind: str, until: float) -> bool:
    """Return whether a stream whose newest beat is told is to count from now on, in place of another that told beats until some time."""
    here, other_rank = beat_reading(kind).rank, beat_reading(other_kind).rank
    return newest - until > SILENT or here > other_rank or (here == other_rank and stream > other)


def merge_streams(beats_of: Mapping[int, Sequence[Beat]], turns: Sequence[SourceSwitch]) -> tuple[Beat, ...]:
    """Return one person's beats of several streams, each in its turn; no interval runs from one to the other."""
    out: list[Beat] = []
    ends = [*(turn.after for turn in turns), math.inf][1:]
    for turn, end in zip(turns, ends, strict=True):
        after = -math.inf if turn.after is None else turn.after
        part = [beat for beat in beats_of.get(turn.stream, ()) if after < beat.time <= (after if end is None else end)]
        out += [replace(beat, breaks=True) for beat in part[:1]] + part[1:]
    return tuple(out)


def usual_switches(kinds: Mapping[int, str], beats_of: Mapping[int, Sequence[Beat]]) -> tuple[SourceSwitch, ...]:
    """Return what counts where no turn was kept, since the server ended right before: the best stream with beats."""
    with_beats = [stream for stream in kinds if beats_of[stream]]
    return tuple(
        SourceSwitch(stream, None)
        for stream in sorted(with_beats, key=lambda stream: beat_reading(kinds[stream]).rank)[-1:]
    )
