"""Kinds of sensor streams: one descriptor for each, from which the engine, the export and the protocol read what they need.

A new kind is one `StreamKind` given to `register`: nothing else has to know its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coregulation.live.signals.beat_clock import BeatClock
from coregulation.live.signals.finger_beats import FingerBeats
from coregulation.live.signals.frame_beats import FrameBeats
from coregulation.live.signals.packets import (
    HeartRead,
    Packets,
    StreamFormat,
    ecg_frames,
    finger_rows,
    finger_signals,
    frame_clock_jumps,
    frame_signals,
    read_heart_packets,
    wave_signals,
)
from coregulation.signals import Signal

StreamClock = Literal["arrival", "device", "client"]


def _no_jumps(_packets: Sequence[Packets]) -> int:
    return 0


def _no_signals(_format: StreamFormat, _packets: Sequence[Packets]) -> dict[str, Signal]:
    return {}


@dataclass(frozen=True, slots=True)
class BeatReading:
    """How beats come from a kind of stream.

    Parameters
    ----------
    rank
        Of several streams of one person the greatest rank counts.
    stage
        Causal stage from what `read` returns to beats.
    read
        Packets as the stage takes them.
    found_in
        Channel in which beats are detected; None where the sensor reports intervals itself.
    """

    rank: int
    stage: Any
    read: Callable[[Packets], Any]
    found_in: str | None = None


@dataclass(frozen=True, slots=True)
class StreamKind:
    """One kind of sensor stream.

    Parameters
    ----------
    name
        Word of the protocol, such as "hr".
    clock
        Whose time the samples carry: "arrival" of the packet, the "device" itself, or the "client" page.
    beats
        How beats are read; None where the kind brings none.
    signals
        Regular signals of a whole stream by channel, with their units.
    notifications
        Reader of heart rate notifications, for contact, battery and made-up intervals; None where it sends none.
    clock_jumps
        How often the device's clock was set in a stream.
    """

    name: str
    clock: StreamClock
    beats: BeatReading | None = None
    signals: Callable[[StreamFormat, Sequence[Packets]], dict[str, Signal]] = _no_signals
    notifications: Callable[[Packets], HeartRead] | None = None
    clock_jumps: Callable[[Sequence[Packets]], int] = _no_jumps


_kinds: dict[str, StreamKind] = {}
STREAM_KINDS: Mapping[str, StreamKind] = _kinds


def register(kind: StreamKind) -> StreamKind:
    """Add a kind of stream to those that the room takes.

    Parameters
    ----------
    kind
        Its descriptor.

    Returns
    -------
    StreamKind
        The same descriptor.

    Raises
    ------
    ValueError
        If another kind has this name.
    """
    if kind.name in _kinds:
        raise ValueError(f"the stream kind {kind.name!r} is registered already")
    _kinds[kind.name] = kind
    return kind


def beat_reading(kind: str) -> BeatReading:
    """Return how beats are read from a kind of stream that has them.

    Parameters
    ----------
    kind
        Name of a registered kind.

    Returns
    -------
    BeatReading
        Its rank, stage and reader.

    Raises
    ------
    KeyError
        If the kind brings no beats, or is not registered.
    """
    reading = STREAM_KINDS[kind].beats
    if reading is None:
        raise KeyError(kind)
    return reading


def brings_beats(kind: str) -> bool:
    """Whether streams of a kind bring heartbeats."""
    return kind in STREAM_KINDS and STREAM_KINDS[kind].beats is not None


FINGER = register(
    StreamKind("finger", "client", BeatReading(0, FingerBeats(), finger_rows, found_in="ppg"), finger_signals)
)
HEART_RATE_STREAM = register(
    StreamKind(
        "hr",
        "arrival",
        BeatReading(1, BeatClock(), lambda packets: read_heart_packets(packets).arrived),
        notifications=read_heart_packets,
    )
)
POLAR = register(
    StreamKind(
        "pmd",
        "device",
        BeatReading(2, FrameBeats(), ecg_frames, found_in="ecg"),
        frame_signals,
        clock_jumps=frame_clock_jumps,
    )
)
WAVE = register(StreamKind("wave", "arrival", signals=wave_signals))
