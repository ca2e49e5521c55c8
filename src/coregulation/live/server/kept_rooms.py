"""Rooms that begin, and rooms that come back from the store: the fold of what was kept, and what may remain of it after an erasure."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from coregulation.live.room.state import Gone, Interrupted, Restarted, RoomState, Setup, open_room
from coregulation.live.room.transitions import step
from coregulation.live.server.room_session import EVENT, OpenedStream, RoomSession, StoredEvent
from coregulation.live.signals.beat_streams import SWITCH_NOTE, SourceSwitch
from coregulation.live.signals.engine import rest_of
from coregulation.live.signals.packets import from_body
from coregulation.live.signals.stream_kinds import brings_beats
from coregulation.store import TAKE_PART, Note, Store, Writer

SNAPSHOT = "room"


def begin_room(
    name: str, setup: Setup, store: Store, writer: Writer, clock: Callable[[], float], wall: Callable[[], float]
) -> RoomSession:
    """Open a room."""
    store.begin(name, wall(), msgspec.to_builtins(setup))
    return RoomSession(name, open_room(setup), store, writer, clock, wall)


def fold_events(store: Store, name: str) -> RoomState:
    """Return a room as its kept events left it."""
    room = open_room(msgspec.convert(without_extras(store.session(name).setup), Setup))
    for note in sorted(store.notes(name), key=lambda note: note.at):  # what was saved late stands in its place
        if note.kind == SNAPSHOT:
            room = msgspec.json.decode(note.body, type=RoomState)
        elif note.kind == EVENT:
            room, _ = step(room, msgspec.json.decode(note.body, type=StoredEvent).event, note.at)
    return room


def reached(store: Store, name: str) -> float:
    """Return how far a session's clock had come, as far as is kept: it never goes back, whatever the computer's clock did."""
    notes = max((note.at for note in store.notes(name)), default=0.0)
    last = [store.last_piece(stream.id) for stream in store.streams(name)]
    return max(notes, *(max(from_body(piece.body).at) for piece in last if piece is not None), 0.0)


def kept_turns(store: Store, name: str) -> dict[str, list[SourceSwitch]]:
    """Return which stream each person's heart was taken from, and from when on."""
    turns: dict[str, list[SourceSwitch]] = {}
    for note in store.notes(name, SWITCH_NOTE):
        turns.setdefault(note.person or "", []).append(msgspec.json.decode(note.body, type=SourceSwitch))
    return turns


def without(room: RoomState, person: str) -> Note:
    """Return what may remain of a session's course when a person is erased from it."""
    others = tuple(guest for guest in room.setup.people if guest.person != person)
    replace = msgspec.structs.replace
    blocks = tuple(
        replace(
            block,
            present=tuple(who for who in block.present if who != person),
            perturbed=tuple(who for who in block.perturbed if who != person),
        )
        for block in room.blocks
    )
    left = replace(
        room,
        setup=replace(room.setup, people=others, helper=None),
        seats={who: seat for who, seat in room.seats.items() if who != person},
        clients={},
        blocks=blocks,
        marks=tuple(mark for mark in room.marks if mark[2] in (None, *(guest.person for guest in others))),
        parts=(),
    )
    return Note(room.since, SNAPSHOT, None, msgspec.json.encode(left))


def without_extras(setup: object) -> object:
    """Return a setup without what was added to it when a person came with a device of their own, or was erased."""
    extras = ("apart", "erased")
    return {key: value for key, value in setup.items() if key not in extras} if isinstance(setup, dict) else setup


def rebuilt_room(
    name: str, store: Store, writer: Writer, clock: Callable[[], float], wall: Callable[[], float]
) -> RoomSession:
    """Return a room that was on when its server ended: the fold of its events, the engine fed again from the store."""
    live = RoomSession(name, fold_events(store, name), store, writer, clock, wall)
    for record in store.streams(name):
        live.streams[record.name] = OpenedStream(record, store.last_seq(record.id))
    turns = kept_turns(store, name)
    for person in live.engine.people:
        mine = [stream for stream in store.streams(name) if stream.person == person and brings_beats(stream.kind)]
        kept = {
            stream.id: (stream.kind, [from_body(piece.body) for piece in store.pieces(stream.id)]) for stream in mine
        }
        live.engine.again(person, kept, turns.get(person, []))
    window = rest_of(live.room.blocks)
    if window is not None:
        live.engine.rest(window)
    for client in tuple(live.room.clients):
        live.take(Gone(client))
    live.take(Restarted(reached(store, name)))
    if name in store.unsaved.before:  # something protective may be missing: everybody is asked again
        for consent in store.consents(name):
            if consent.active and consent.purpose != TAKE_PART:
                store.withdraw(name, consent.person, consent.purpose, wall())
        live.take(Interrupted())
        store.unsaved.clear(name)
    return live
