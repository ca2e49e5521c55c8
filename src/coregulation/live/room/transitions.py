"""One event taken: from what a client said to the next state of the room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coregulation.errors import CoregulationError
from coregulation.live.room import consent, wire
from coregulation.live.room.permissions import lets_in, refusal_of
from coregulation.live.room.phases import at_part, block_closed, block_opened, ended, in_time, next_part, onward
from coregulation.live.room.practice import practice
from coregulation.live.room.seats import free_seats, join_room, leave_room, seats_of
from coregulation.live.room.state import (
    Action,
    Agreed,
    BroadcastRoom,
    BroadcastStep,
    Close,
    Entered,
    Event,
    Gone,
    Joined,
    Outcome,
    Received,
    Refuse,
    RestKnown,
    Reveal,
    RoomState,
    Tick,
    Withdrawn,
    replace,
    unready,
    with_seat,
)


def step(room: RoomState, event: Event, now: float) -> Outcome:
    """Return the room after an event, and what is to be done; an event that is not legal changes nothing."""
    if isinstance(event, Joined):
        after, actions = join_room(room, event)
    elif isinstance(event, Gone):
        after, actions = leave_room(room, event, now)
    elif isinstance(event, RestKnown):
        after, actions = replace(room, resting=event.resting), ()
    elif isinstance(event, Tick):
        after, actions = _ticked(room, now)
    else:
        after, actions = _said(room, event, now)
    if after is room:
        return room, actions
    return replace(after, number=room.number + 1), actions


def _ticked(room: RoomState, now: float) -> Outcome:
    waited = free_seats(room, now)
    if waited.phase == "ended" != room.phase:
        return waited, (BroadcastRoom(), Entered("ended"))
    return in_time(waited, now)


def _said(room: RoomState, event: Received, now: float) -> Outcome:
    kind = str(event.message.__struct_config__.tag)
    refused = refusal_of(room, event.client, event.message)
    if refused is not None:
        return room, (refused,)
    try:
        return _SPOKEN[kind](room, event.client, event.message, now)
    except CoregulationError as error:
        return room, (Refuse(event.client, "unknown", str(error), kind),)


def _ready(room: RoomState, _client: str, said: wire.Ready, now: float) -> Outcome:
    room = with_seat(room, said.person, ready=True)
    everybody = all(seat.ready and seat.client is not None for seat in room.seats.values())
    agreed = room.phase != "consent" or all(seat.consented for seat in room.seats.values())
    if not (everybody and agreed):
        return room, (BroadcastRoom(),)
    if room.phase == "practice":
        doing = room.now_doing
        return (
            next_part(unready(room), now) if doing is not None and doing.seconds is None else (room, (BroadcastRoom(),))
        )
    return onward(room, "ready", now)


def _consent(room: RoomState, client: str, said: wire.Consent, _now: float) -> Outcome:
    child = room.seats[said.person].guest.child
    why = consent.refused(said.purposes, said.text_version, child, said.guardian)
    if why is not None:
        return room, (Refuse(client, "no-consent", why, "consent"),)
    purposes = tuple(dict.fromkeys(said.purposes))
    dropped = [one for one in room.seats[said.person].purposes if one not in purposes]
    room = with_seat(room, said.person, consented=True, purposes=purposes)
    done: tuple[Action, ...] = (
        Agreed(said.person, purposes, said.text_version, said.guardian),
        *(Withdrawn(said.person, one) for one in dropped),
    )
    return room, (*done, BroadcastRoom())


def _withdraw(room: RoomState, _client: str, said: wire.Withdraw, _now: float) -> Outcome:
    seat = room.seats[said.person]
    gone = {said.purpose, "research"} if said.purpose == "keep" else {said.purpose}
    taken = [one for one in seat.purposes if one in gone]
    if not taken:
        return room, ()
    kept = tuple(one for one in seat.purposes if one not in gone)
    return with_seat(room, said.person, purposes=kept), (
        *(Withdrawn(said.person, one) for one in taken),
        BroadcastRoom(),
    )


def _choose(room: RoomState, client: str, said: wire.Choose, _now: float) -> Outcome:
    one = practice(said.practice)
    one.chosen(said.anchor)
    children = any(seat.guest.child for seat in room.seats.values())
    if children and not one.children:
        return room, (Refuse(client, "unknown", f"{one.title} is not for children; choose another.", "choose"),)
    if said.feedback not in one.feedback:
        return room, (Refuse(client, "unknown", f"{one.title} can show: {', '.join(one.feedback)}.", "choose"),)
    setup = replace(
        room.setup,
        practice=said.practice,
        anchor=said.anchor,
        feedback=said.feedback,
        minutes=said.minutes,
        protocol=None,
    )
    return replace(room, setup=setup), (BroadcastRoom(),)


def _skip(room: RoomState, client: str, said: wire.Skip, now: float) -> Outcome:
    if room.phase == "practice":
        return next_part(room, now)
    if room.phase != "words":
        return onward(room, "skip", now)
    people = (said.person,) if said.person else room.clients[client].people
    return _words_done(room, people, now)


def _pick(room: RoomState, client: str, said: wire.Pick, now: float) -> Outcome:
    doing = room.now_doing
    if doing is None or doing.step != said.step or said.choice not in {one.id for one in doing.choices}:
        return room, (Refuse(client, "unknown", "This choice is not open any more.", "pick"),)
    room = replace(room, marks=(*room.marks, (now, f"picked {said.choice}", said.person)))
    to = next((n for n, part in enumerate(room.parts) if part.step == doing.leads.get(said.choice)), None)
    return (room, ()) if to is None else at_part(room, to, now)


def _pause(room: RoomState, _client: str, _said: wire.Pause, now: float) -> Outcome:
    left = room.part_until if room.phase == "practice" else room.until
    room = replace(block_closed(room, now), paused=room.phase, paused_left=None if left is None else left - now)
    return replace(room, phase="paused", since=now, until=None), (BroadcastRoom(),)


def _resume(room: RoomState, _client: str, _said: wire.Resume, now: float) -> Outcome:
    assert room.paused is not None
    phase, left = room.paused, room.paused_left
    room = replace(room, phase=phase, since=now, paused=None, paused_left=None)
    until = None if left is None else now + max(0.0, left)
    if phase == "practice":
        room = replace(room, part_since=now, part_until=until)
        return block_opened(room, now), (BroadcastRoom(), BroadcastStep())
    return block_opened(replace(room, until=until), now), (BroadcastRoom(),)


def _stop(room: RoomState, _client: str, _said: wire.Stop, now: float) -> Outcome:
    return ended(room, "finished" if room.phase == "report" else "stopped", now), (BroadcastRoom(), Entered("ended"))


def _mark(room: RoomState, _client: str, said: wire.MarkMessage, now: float) -> Outcome:
    return replace(room, marks=(*room.marks, (now, said.label, said.person))), ()


def _words(room: RoomState, _client: str, said: wire.WordsMessage, now: float) -> Outcome:
    return _words_done(with_seat(room, said.person, words=said), (said.person,), now)


def _words_done(room: RoomState, people: tuple[str, ...], now: float) -> Outcome:
    for person in people:
        room = with_seat(room, person, done=True)
    if not all(seat.done for seat in room.seats.values()):
        return room, (BroadcastRoom(),)
    said = tuple(seat.words for seat in room.seats.values() if seat.words is not None)
    shared = (Reveal(said),) if len(said) == len(room.seats) and all(one.share for one in said) else ()
    room, actions = onward(room, "words", now)
    return room, (*shared, *actions)


def _admit(room: RoomState, client: str, said: wire.Admit, _now: float) -> Outcome:
    if not lets_in(room, client):
        return room, (Refuse(client, "not-yours", "Whoever guides the room lets people in.", "admit"),)
    one = room.clients.get(said.ticket)
    if one is None or one.admitted:
        return room, (Refuse(client, "unknown", "Nobody waits with this ticket.", "admit"),)
    taken = [person for person in one.people if room.seats[person].client is not None]
    if not said.yes or taken:
        clients = {client: each for client, each in room.clients.items() if client != said.ticket}
        return replace(room, clients=clients), (Close(said.ticket, "not-admitted"), BroadcastRoom())
    return seats_of(room, said.ticket), (BroadcastRoom(), BroadcastStep())


def _leave(room: RoomState, client: str, _said: wire.Leave, now: float) -> Outcome:
    people = room.clients[client].people
    room, _ = leave_room(room, Gone(client), now)
    for person in people:
        room = with_seat(room, person, device=None, gone=None)
    over = room.phase == "report" and not room.clients
    if over:
        return ended(room, "finished", now), (Close(client, "left"), Entered("ended"))
    return room, (Close(client, "left"), BroadcastRoom())


_SPOKEN: Mapping[str, Callable[[RoomState, str, Any, float], Outcome]] = {
    "ready": _ready, "consent": _consent, "withdraw": _withdraw, "choose": _choose, "skip": _skip, "pick": _pick,
    "pause": _pause, "resume": _resume, "stop": _stop, "mark": _mark, "words": _words, "admit": _admit, "leave": _leave,
}  # fmt: skip
