"""The room as one client sees it: the messages that are made of a state."""

from __future__ import annotations

from collections.abc import Mapping

from coregulation.live.room import wire
from coregulation.live.room.coin import coin_view
from coregulation.live.room.feedback import BodyNow, LiveLinkage, sees_together, shown_to, who_sees_what
from coregulation.live.room.permissions import allowed_messages, lets_in
from coregulation.live.room.phases import whom_it_tasks
from coregulation.live.room.state import Client, RoomState, replace

NOBODY = BodyNow()


def room_message(
    room: RoomState, client: str, bodies: Mapping[str, BodyNow], unsaved: bool = False
) -> wire.RoomMessage:
    """Return the room for one client."""
    viewing = room.clients.get(client)
    if viewing is None or not viewing.admitted:
        return _door_message(room, viewing)
    waiting = lets_in(room, client)
    return wire.RoomMessage(
        number=room.number,
        phase=room.phase,
        since=room.since,
        until=room.part_until if room.phase == "practice" else room.until,
        paused=room.paused,
        seats=[
            _seat(room, person, bodies.get(person, NOBODY), consents=viewing.role != "viewer") for person in room.seats
        ],
        facilitator=any(each.role == "facilitator" for each in room.clients.values()),
        practice=room.setup.practice,
        anchor=room.setup.anchor,
        feedback=room.setup.feedback,
        simulated=room.setup.simulated,
        protocol=room.setup.protocol,
        tasked=list(whom_it_tasks(room)),
        stressor=None if room.setup.protocol is None else room.setup.stressor,
        sees=who_sees_what(room),
        waiting=_waiting(room) if waiting else [],
        may=allowed_messages(room, client),
        ended=room.ended,
        unsaved=unsaved,
        coin=None if viewing.role == "viewer" else coin_view(room),
    )


def _door_message(room: RoomState, viewing: Client | None) -> wire.RoomMessage:
    """Return what somebody learns who is not admitted: that they wait, and the names that the invitation told them."""
    own = () if viewing is None else viewing.people
    return wire.RoomMessage(
        number=room.number,
        phase="ended" if room.phase == "ended" else "arrive",
        since=room.since,
        seats=[wire.SeatView(person) for person in own if person in room.seats],
        simulated=room.setup.simulated,
        may=["leave"],
        ended=room.ended,
    )


def _seat(room: RoomState, person: str, body: BodyNow, consents: bool) -> wire.SeatView:
    seat = room.seats[person]
    return wire.SeatView(
        person=person,
        role=seat.guest.role,
        child=seat.guest.child,
        here=seat.client is not None,
        consents=list(seat.purposes) if consents else [],
        consented=seat.consented,
        ready=seat.ready or seat.done,
        signal=body.signal,
    )


def _waiting(room: RoomState) -> list[wire.Waiting]:
    return [
        wire.Waiting(name, client.role, list(client.people))
        for name, client in room.clients.items()
        if not client.admitted
    ]


def step_message(room: RoomState) -> wire.Step | None:
    """Return what is to be done now; None where nothing is."""
    part = room.now_doing
    if part is None:
        return None
    name = room.setup.protocol or room.setup.practice or ""
    pace = None if part.pace is None else replace(part.pace, phase0=room.part_since)
    return wire.Step(
        practice=name, step=part.step, number=room.part + 1, of=len(room.parts), say=part.say, since=room.part_since,
        until=room.part_until, for_people=list(part.people), choices=list(part.choices), pace=pace,
        sound=None if part.sound == "none" else part.sound, eyes=part.eyes, role=part.role, setting=part.setting, again=part.again,
        tasked=list(part.tasked), stays=part.stays, stressor=None if part.role == "practice" else room.setup.stressor, moment=part.moment,
    )  # fmt: skip


def state_message(
    room: RoomState, client: str, t: float, bodies: Mapping[str, BodyNow], linked: LiveLinkage | None
) -> wire.StateMessage:
    """Return the picture of now for one client."""
    viewing = room.clients[client]
    shown = linked if linked is not None and sees_together(room, viewing) else None
    return wire.StateMessage(
        t=t,
        people=shown_to(room, viewing, bodies),
        together=None if shown is None else shown.answer,
        together_at=None if shown is None else shown.at,
    )
