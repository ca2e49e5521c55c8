"""A kept session as any other: from raw pieces in the store to a session, and to a folder that `analyze` opens."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.analysis.beat_source import FOUND_IN
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Block, Mark, Rating
from coregulation.live.room.state import RoomState, Setup
from coregulation.live.server.beat_corrections import kept_corrections, without_words, write_corrected
from coregulation.live.server.kept_rooms import kept_turns
from coregulation.live.signals.beat_streams import SourceSwitch, clock_stream, merge_streams, usual_switches
from coregulation.live.signals.packets import HeartRead, StreamFormat, came_by, from_body
from coregulation.live.signals.sensor_status import made_up
from coregulation.live.signals.stream_kinds import HEART_RATE_STREAM, STREAM_KINDS, beat_reading, brings_beats
from coregulation.packet_clock import DELAY_SD
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import as_beats
from coregulation.reasons import Reason, because
from coregulation.session import Person, Recording, RecordingRemark, Remark, Session
from coregulation.signals import Beats, Signal, Window
from coregulation.stage import joined
from coregulation.store import Store, StreamRecord

LOST = 5.0  # s between beats that are worth a remark


@dataclass(frozen=True, slots=True)
class _Read:
    """What one stream gave."""

    beats: tuple[Beat, ...] = ()
    kind: str = HEART_RATE_STREAM.name
    signals: tuple[tuple[str, Signal], ...] = ()
    remarks: tuple[tuple[Reason, int], ...] = ()
    off: float = 0.0


def export_session(
    store: Store, name: str, room: RoomState, people: Sequence[str] | None = None, private: bool = False
) -> Session:
    """Return a session from what is kept of it, of some people or of all that are left.

    `private`: with ratings that were not revealed; only for a person's own half.

    Raises:
        DataError: if nothing was recorded of anybody.
    """
    wanted = [person for person in room.seats if people is None or person in people]
    recorded = [person for person in wanted if any(stream.person == person for stream in store.streams(name))]
    recordings_of = {person: _recording(store, name, room, person) for person in recorded}
    recordings = tuple(recording for recording, _ in recordings_of.values() if recording.channels)
    if not recordings:
        raise DataError("Nothing was recorded in this session, so there is nothing to tell of it.")
    names = {recording.person.id for recording in recordings}
    opened = datetime.datetime.fromtimestamp(store.session(name).opened, datetime.UTC)
    return Session(
        id=name,
        recordings=recordings,
        marks=tuple(Mark(t, label, who if who in names else None) for t, label, who in room.marks if who is None or who in names),
        blocks=_blocks(room, names),
        ratings=_ratings(room, names) if private or revealed(room) else (),
        remarks=tuple(remark for who, (_, remarks) in recordings_of.items() if who in names for remark in remarks),
        shared=_shared(room),
        setting="one room" if room.setup.screens == "one" else None,
        task=_task(room.setup),
        date=opened.date(),
        simulated=room.setup.simulated,
    )  # fmt: skip


def _task(setup: Setup) -> str | None:
    """Return what a session was about; of a comparison also what its tasks were."""
    return setup.practice if setup.protocol is None else f"{setup.protocol}: {setup.stressor}"


def write_exported_session(
    store: Store,
    name: str,
    room: RoomState,
    directory: Path,
    people: Sequence[str] | None = None,
    private: bool = False,
    corrected: bool = False,
) -> Path:
    """Write a kept session into a folder, with who agreed to what, and return its manifest's path.

    `corrected`: with what was corrected by hand as a table beside it, so that whoever opens it has it, too.

    Raises:
        DataError: if nothing was recorded, or the folder cannot be written.
    """
    session = export_session(store, name, room, people, private)
    present = {person.id for person in session.people}
    consents = [
        {
            "person": consent.person, "purpose": consent.purpose, "text_version": consent.text_version,
            "given": _when(consent.given), **({} if consent.withdrawn is None else {"withdrawn": _when(consent.withdrawn)}),
        }
        for consent in store.consents(name)
        if consent.person in present and consent.purpose in room_purposes()
    ]  # fmt: skip
    kept = kept_corrections(store, name, sorted(present)) if corrected else {}
    return write_corrected(session, directory, kept if private else without_words(kept), consents)


def write_words(room: RoomState, person: str | None, directory: Path) -> bool:
    """Write what a person wrote beside their own half, as they wrote it; return whether there was anything."""
    seat = room.seats.get(person or "")
    if seat is None or seat.words is None or not (seat.words.text or seat.words.signs):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    text = "\n".join([seat.words.text, *seat.words.signs]).strip()
    (directory / "words.txt").write_text(f"{text}\n", encoding="utf-8")
    return True


def room_purposes() -> tuple[str, ...]:
    """Return the purposes a manifest knows."""
    return ("show-partner", "show-facilitator", "keep", "research")


def _when(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(round(at), datetime.UTC)


def _recording(store: Store, name: str, room: RoomState, person: str) -> tuple[Recording, list[Remark]]:
    streams = [stream for stream in store.streams(name) if stream.person == person]
    read = [(stream, _stream(store, stream, recorded_until(room))) for stream in streams]
    beats, found_in = _heart({stream.id: part for stream, part in read}, kept_turns(store, name).get(person))
    signals: dict[str, Signal] = {}
    for _, part in read:
        for channel, signal in part.signals:
            signals[channel] = _after(signals.get(channel), signal) if channel in signals else signal
    off = max((part.off for _, part in read), default=0.0)
    clock = Clock(offset_sd=math.hypot(DELAY_SD, off))
    channels = (*signals, *(("beats",) if beats is not None else ()))
    remarks = [Remark(person, "beats", reason, count) for _, part in read for reason, count in part.remarks]
    remarks += [Remark(person, "beats", because(FOUND_IN[channel])) for channel in found_in]
    remarks += _lost(person, beats)
    who = Person(person, room.seats[person].guest.role)
    return Recording(who, signals, beats, dict.fromkeys(channels, clock)), remarks


def recorded_until(room: RoomState) -> float:
    """Return the session time (s) at which the last part ended that is recorded: what straps say later belongs to no part."""
    end = room.blocks[-1].end if room.blocks else None
    return math.inf if end is None else end


def _stream(store: Store, stream: StreamRecord, until: float) -> _Read:
    packets = [came_by(until, from_body(piece.body)) for piece in store.pieces(stream.id)]
    off = max((packet.off for packet in packets), default=0.0)
    kind = STREAM_KINDS[stream.kind]
    stated = StreamFormat(stream.about.get("rate"), stream.about.get("channel", ""), stream.about.get("unit", ""))
    signals = tuple(kind.signals(stated, packets).items())
    jumps = kind.clock_jumps(packets)
    jumped = ((Reason(RecordingRemark.CLOCK_SET), jumps),) if jumps else ()
    if kind.beats is None:
        return _Read(kind=stream.kind, signals=signals, remarks=jumped, off=off)
    heart = clock_stream(stream.kind)
    beats = tuple(beat for packet in packets for beat in heart.beats(packet))
    remarks = () if kind.notifications is None else _said([kind.notifications(packet) for packet in packets])
    return _Read((*beats, *heart.rest()), stream.kind, signals, (*remarks, *jumped), off)


def _said(read: Sequence[HeartRead]) -> tuple[tuple[Reason, int], ...]:
    remarks = []
    unreadable = sum(item.unreadable for item in read)
    if unreadable:
        remarks.append((Reason(RecordingRemark.PACKETS_UNREADABLE), unreadable))
    if made_up([packet for item in read for packet in item.packets]):
        remarks.append((because(RecordingRemark.SYNTHETIC_RR), 1))
    return tuple(remarks)


def _heart(read: Mapping[int, _Read], turns: Sequence[SourceSwitch] | None) -> tuple[Beats | None, list[str]]:
    """Return one person's beats, each from the stream whose turn it was, and the channels in which they were found."""
    beats_of = {stream: part.beats for stream, part in read.items() if brings_beats(part.kind)}
    kinds = {stream: read[stream].kind for stream in beats_of}
    turns = [turn for turn in turns or usual_switches(kinds, beats_of) if turn.stream in beats_of]
    beats = merge_streams(beats_of, turns)
    channels = dict.fromkeys(beat_reading(kinds[turn.stream]).found_in for turn in turns)
    return (as_beats(beats) if beats else None), [channel for channel in channels if channel is not None]


def _after(before: Signal | None, signal: Signal) -> Signal:
    """Return a signal with a later one of the same kind after it, what lies between missing."""
    assert before is not None
    if (before.rate, before.unit) != (signal.rate, signal.unit) or signal.start < before.window.end:
        return before
    missing = round((signal.start - before.window.end) * before.rate)
    gap = Signal(np.full(missing, np.nan), before.rate, before.window.end, before.unit)
    aligned = Signal(signal.values, signal.rate, gap.window.end, signal.unit)
    return joined((before, gap, aligned))


def _lost(person: str, beats: Beats | None) -> list[Remark]:
    if beats is None or len(beats) < 2:
        return []
    gaps = np.diff(beats.times)
    long = gaps[gaps > LOST]
    if not len(long):
        return []
    lost = Reason(RecordingRemark.SIGNAL_LOST, {"length": round(float(long.sum()))})
    return [Remark(person, "beats", lost, len(long))]


def _blocks(room: RoomState, names: set[str]) -> tuple[Block, ...]:
    return tuple(
        Block(
            kind=block.kind,
            start=block.start,
            end=block.end,
            perturbed=tuple(who for who in block.perturbed if who in names),
            present=tuple(who for who in block.present if who in names),
            cues=block.cues,
            partner=None if block.partner == "none" or not block.present else block.partner,
            guide=block.guide,
        )
        for block in room.blocks
        if block.end is not None and block.end > block.start
    )


def revealed(room: RoomState) -> bool:
    """Whether everybody wrote words and said that they are shown."""
    return all(seat.words is not None and seat.words.share for seat in room.seats.values())


def _ratings(room: RoomState, names: set[str]) -> tuple[Rating, ...]:
    at = room.since
    return tuple(
        Rating(at, who, item, value)
        for who, seat in room.seats.items()
        if seat.words is not None and who in names
        for item, value in seat.words.ratings.items()
    )


def _shared(room: RoomState) -> tuple[str, ...]:
    """Return what everybody got at once: the pacer where one ran, and what the practice declares."""
    from coregulation.live.room.practice import practices

    known = practices().get(room.setup.practice or "")
    paced = ("pacer",) if any(part.pace is not None for part in room.parts) else ()
    declared = () if known is None else tuple(event for event in known.shared if event != "pacer")
    return (*paced, *declared)


def span(session: Session) -> Window:
    """Return the time from the first to the last sample of anybody."""
    windows = [r.beats.window for r in session.recordings if r.beats is not None]
    windows += [signal.window for r in session.recordings for signal in r.signals.values()]
    return Window(min(w.start for w in windows), max(w.end for w in windows))


def about(store: Store, name: str, room: RoomState) -> dict[str, Any]:
    """Return what a list of sessions tells of one."""
    kept = store.session(name)
    blocks = [block for block in room.blocks if block.end is not None]
    seconds = sum((block.end or block.start) - block.start for block in blocks)
    return {
        "session": name,
        "date": datetime.datetime.fromtimestamp(kept.opened, datetime.UTC).isoformat(timespec="seconds"),
        "people": [person["person"] for person in kept.setup["people"]],
        "practice": room.setup.protocol or room.setup.practice,
        "minutes": round(seconds / 60, 1),
        "simulated": room.setup.simulated,
        "kept": any(store.agreed(name, person, "keep") for person in room.seats),
    }
