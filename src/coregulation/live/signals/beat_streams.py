"""Where a person's heart comes from: each kind of sensor with its stage, and which stream counts from when on.

A strap's ECG is better than its RR, and RR better than a finger on a camera; of two of one kind the newer counts, and any that
tells beats stands in for one that has been silent. Each turn from one stream to another is kept, so that the report
makes the same of the raw streams, whenever they came.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from coregulation.live.signals.beat_clock import BeatClock
from coregulation.live.signals.finger_beats import FingerBeats
from coregulation.live.signals.frame_beats import FrameBeats
from coregulation.live.signals.packets import Packets, ecg_frames, finger_rows, read_heart_packets
from coregulation.physiology.beats import Beat
from coregulation.stage import Piece

TURN = "heart"  # the kind of note in which a turn is kept
SILENT = 5.0  # s without a beat, and another stream stands in
LATEST = 64  # beats: more than there are in the silence before a turn


@dataclass(frozen=True, slots=True)
class StreamKind:
    """From one kind of stream to beats.

    Args:
        rank: the greater is the better.
        stage: from what is read to beats.
        read: packets as the stage takes them.
        found_in: the channel beats are looked for in; None where the sensor tells its intervals itself.
    """

    rank: int
    stage: Any
    read: Callable[[Packets], Any]
    found_in: str | None = None


WAYS: Mapping[str, StreamKind] = {
    "finger": StreamKind(0, FingerBeats(), finger_rows, "ppg"),
    "hr": StreamKind(1, BeatClock(), lambda packets: read_heart_packets(packets).arrived),
    "pmd": StreamKind(2, FrameBeats(), ecg_frames, "ecg"),
}


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
        way = WAYS[self.kind]
        self.state, told = way.stage.step(self.state, Piece(way.read(packets), -math.inf))
        beats: tuple[Beat, ...] = told.data
        self.latest += beats
        return beats

    def rest(self) -> tuple[Beat, ...]:
        """Return what would be told if nothing more came."""
        beats: tuple[Beat, ...] = WAYS[self.kind].stage.finish(self.state).data
        return beats


def clock_stream(kind: str) -> ClockedStream:
    """Return a stream that has sent nothing yet."""
    return ClockedStream(kind, WAYS[kind].stage.start())


def should_switch(stream: int, kind: str, newest: float, other: int, other_kind: str, until: float) -> bool:
    """Return whether a stream whose newest beat is told is to count from now on, in place of another that told beats until some time."""
    here, there = WAYS[kind].rank, WAYS[other_kind].rank
    return newest - until > SILENT or here > there or (here == there and stream > other)


def merge_streams(told: Mapping[int, Sequence[Beat]], turns: Sequence[SourceSwitch]) -> tuple[Beat, ...]:
    """Return one person's beats of several streams, each in its turn; no interval runs from one to the other."""
    out: list[Beat] = []
    ends = [*(turn.after for turn in turns), math.inf][1:]
    for turn, end in zip(turns, ends, strict=True):
        after = -math.inf if turn.after is None else turn.after
        part = [beat for beat in told.get(turn.stream, ()) if after < beat.time <= (after if end is None else end)]
        out += [replace(beat, breaks=True) for beat in part[:1]] + part[1:]
    return tuple(out)


def usual_switches(kinds: Mapping[int, str], told: Mapping[int, Sequence[Beat]]) -> tuple[SourceSwitch, ...]:
    """Return what counts where no turn was kept, since the server ended right before: the best stream with beats."""
    there = [stream for stream in kinds if told[stream]]
    return tuple(SourceSwitch(one, None) for one in sorted(there, key=lambda one: WAYS[kinds[one]].rank)[-1:])
