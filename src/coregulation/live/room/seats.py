"""Who sits where: coming, going, coming again, and a seat that waits for its person."""

from __future__ import annotations

from coregulation.live.room.phases import ended
from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.room.state import (
    Admitted,
    BroadcastRoom,
    Client,
    Close,
    Gone,
    Joined,
    Outcome,
    Refuse,
    RoomState,
    replace,
)

SEAT_HELD = 300.0  # s that a seat waits for its person


def join_room(room: RoomState, event: Joined) -> Outcome:
    """Let a client sit down, wait at the door, or be sent away."""
    wrong = _not_seated(room, event)
    if wrong is not None:
        return room, (wrong, Close(event.client, "closed"))
    admitted = event.host or event.device in room.admitted
    client = Client(event.device, event.role, event.people, event.host, admitted)
    before = {
        c
        for c, present in room.clients.items()
        if present.device == event.device and set(present.people) & set(event.people)
    }
    clients = {c: present for c, present in room.clients.items() if c not in before} | {event.client: client}
    room = replace(room, clients=clients)
    closing = tuple(Close(earlier, "taken-over") for earlier in sorted(before))
    if not admitted:
        return room, (*closing, BroadcastRoom())
    return seats_of(room, event.client), (*closing, admission(room, client), BroadcastRoom())


def admission(room: RoomState, client: Client) -> Admitted:
    """Return the action that puts an admission on record."""
    return Admitted(client.device, client.role, client.people, successions(room, client))


def successions(room: RoomState, client: Client) -> tuple[str, ...]:
    """Return for whom a client speaks though that person agreed from another device."""
    return tuple(person for person in client.people if room.seats[person].owner not in (None, client.device))


def _not_seated(room: RoomState, event: Joined) -> Refuse | None:
    if room.phase == "ended":
        return Refuse(event.client, "ended", room_reason(RoomReason.ENDED), "hello")
    if event.client in room.clients:
        return Refuse(event.client, "not-now", room_reason(RoomReason.HELLO_TWICE), "hello")
    unknown = [person for person in event.people if person not in room.seats]
    if unknown or (event.role == "participant") != bool(event.people):
        return Refuse(event.client, "not-yours", room_reason(RoomReason.NO_SUCH_SEAT), "hello")
    if event.role == "participant" and room.setup.coin is not None and _shares_screen(room, event):
        return Refuse(event.client, "not-yours", room_reason(RoomReason.COIN_NEEDS_SCREENS), "hello")
    if event.role == "facilitator" and any(
        client.role == "facilitator" and client.device != event.device for client in room.clients.values()
    ):
        return Refuse(event.client, "seat-taken", room_reason(RoomReason.GUIDED_ALREADY), "hello")
    for person in event.people:
        seat = room.seats[person]
        other = seat.device not in (None, event.device)
        if other or (seat.client is not None and not event.take_over):
            return Refuse(
                event.client,
                "seat-taken",
                room_reason(RoomReason.SEAT_ELSEWHERE),
                "hello",
            )
    return None


def _shares_screen(room: RoomState, event: Joined) -> bool:
    """Whether a device would hold both seats of a session with a coin: then the receiver could see the cue."""
    elsewhere = {seat.device for person, seat in room.seats.items() if person not in event.people}
    return len(event.people) > 1 or event.device in elsewhere


def seats_of(room: RoomState, client: str) -> RoomState:
    """Give a client its seats."""
    seated = room.clients[client]
    seats = dict(room.seats)
    for person in seated.people:
        seats[person] = replace(seats[person], device=seated.device, client=client, gone=None)
    clients = {**room.clients, client: replace(seated, admitted=True)}
    return replace(room, seats=seats, clients=clients, admitted=room.admitted | {seated.device})


def leave_room(room: RoomState, event: Gone, now: float) -> Outcome:
    """Keep the seats of a client whose socket closed."""
    if event.client not in room.clients:
        return room, ()
    seats = {
        person: replace(seat, client=None, gone=now, ready=False) if seat.client == event.client else seat
        for person, seat in room.seats.items()
    }
    clients = {client: other for client, other in room.clients.items() if client != event.client}
    return replace(room, seats=seats, clients=clients), (BroadcastRoom(),)


def free_seat(room: RoomState, person: str) -> Outcome:
    """Give one seat free whose client is away, so that its person can come in with another device."""
    seat = room.seats.get(person)
    if seat is None or seat.client is not None or seat.device is None:
        return room, ()
    seats = {**room.seats, person: replace(seat, device=None, gone=None)}
    return replace(room, seats=seats, admitted=room.admitted - {seat.device}), (BroadcastRoom(),)


def wait_again(room: RoomState, now: float) -> RoomState:
    """After a restart, let every seat wait for its person as long as after a lost connection, however long the program was away."""
    away = {person: seat for person, seat in room.seats.items() if seat.gone is not None and seat.device is not None}
    return replace(room, seats=room.seats | {person: replace(seat, gone=now) for person, seat in away.items()})


def free_seats(room: RoomState, now: float) -> RoomState:
    """Give seats free whose people have been away for too long; a session that nobody is in any more ends.

    Whoever waits at the door or only looks on does not keep a session open.
    """
    late = [
        p for p, seat in room.seats.items() if seat.gone is not None and now - seat.gone >= SEAT_HELD and seat.device
    ]
    if not late:
        return room
    seats = {p: replace(seat, device=None) if p in late else seat for p, seat in room.seats.items()}
    room = replace(room, seats=seats)
    if (
        room.phase not in ("ended", "arrive")
        and not any(client.admitted and client.role != "viewer" for client in room.clients.values())
        and all(seat.device is None for seat in seats.values())
    ):
        return ended(room, "finished" if room.phase == "report" else "left", now)
    return room
