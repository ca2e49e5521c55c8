"""Requests about rooms: coming in, opening one, inviting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from coregulation._version import __version__
from coregulation.errors import UsageError
from coregulation.live.room import consent, wire
from coregulation.live.room.access import EXPIRES, SeatGrant
from coregulation.live.room.practice import practice, practices, protocol, protocols
from coregulation.live.server.requests import (
    Enter,
    HttpError,
    Invite,
    Join,
    NewRoom,
    cookie_name,
    device_of,
    json_response,
    read_body,
    require_host,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.server.room_registry import RoomRegistry
    from coregulation.live.server.room_task import RoomTask


def _house(request: Request) -> RoomRegistry:
    house: RoomRegistry = request.app.state.house
    return house


async def enter(request: Request) -> Response:
    """Let the browser of the start in."""
    house = _house(request)
    cookie = house.access.enter((await read_body(request, Enter)).token)
    if cookie is None:
        raise HttpError(
            401, "not-admitted", "This address was used already. Start `coregulation live` again for a new one."
        )
    return _let_in(house, cookie, Response(status_code=204))


async def join(request: Request) -> Response:
    """Let a guest in."""
    house = _house(request)
    found = house.access.join((await read_body(request, Join)).code, request.cookies.get(cookie_name(house)))
    if found is None:
        raise HttpError(401, "not-admitted", "This invitation does not hold any more. Ask for another one.")
    cookie, one = found
    told = {"room": one.room, "role": one.seats.role, "people": list(one.seats.people)}
    return _let_in(house, cookie, json_response(told))


def _let_in(house: RoomRegistry, cookie: str, response: Response) -> Response:
    response.set_cookie(
        cookie_name(house), cookie, max_age=30 * 86400, httponly=True, samesite="strict", secure=house.secure, path="/"
    )
    return response


async def about(request: Request) -> Response:
    """Tell what this server can do."""
    house = _house(request)
    known = device_of(house, request)
    from importlib.util import find_spec

    sources = ["straps", "simulated", "replay"]
    sources += [name for name, module in (("agent", "bleak"), ("lsl", "pylsl")) if find_spec(module)]
    return json_response({
        "version": __version__, "protocol": wire.VERSION, "device": "host" if known.host else "guest", "away": house.away,
        "sources": sources, "text_version": consent.TEXT_VERSION, "consent": consent.WORDS,
        "encrypted": house.store.encrypted, "speed": house.speed,
        "people": sorted({one["person"] for kept in house.store.sessions() for one in kept.setup.get("people", ())}) if known.host else [],
    })  # fmt: skip


async def all_practices(request: Request) -> Response:
    """Tell every practice."""
    device_of(_house(request), request)
    return json_response(list(practices().values()))


async def all_protocols(request: Request) -> Response:
    """Tell every crossover design."""
    device_of(_house(request), request)
    return json_response(list(protocols().values()))


async def new_room(request: Request) -> Response:
    """Open a room."""
    house = _house(request)
    require_host(house, request)
    asked = await read_body(request, NewRoom)
    from coregulation.live.room.state import Setup

    _check(asked)
    replay = asked.source.removeprefix("replay:") if asked.source.startswith("replay:") else None
    if replay is not None:
        house.store.session(replay)
    people = {guest.person for guest in asked.people}
    setup = Setup(
        asked.people, asked.screens, asked.facilitator, asked.source == "simulated" or _was_simulated(house, replay),
        asked.practice, asked.anchor, asked.feedback, asked.minutes, asked.protocol, asked.helper,
        visit=_visits(house, people), baseline=asked.baseline, settle=asked.settle,
        linked=asked.scenario != "independent", seed=asked.seed, source=asked.source.split(":")[0],
    )  # fmt: skip
    return json_response({"room": await house.begin(setup, replay)}, 201)


def _check(asked: NewRoom) -> None:
    """Raise `UsageError` if what is asked for does not exist or does not fit."""
    names = [guest.person for guest in asked.people]
    if len(set(names)) < len(names):
        raise UsageError("Two people have one name; each needs a name of their own.")
    if asked.helper is not None and asked.helper not in names:
        raise UsageError("The helper is one of the people.")
    if asked.protocol is not None:
        protocol(asked.protocol)
    if asked.practice is not None:
        one = practice(asked.practice)
        one.chosen(asked.anchor)
        if not one.children and any(guest.child for guest in asked.people):
            raise UsageError(f"{one.title} is not for children; choose another.")
        if asked.feedback not in one.feedback:
            raise UsageError(f"{one.title} can show: {', '.join(one.feedback)}.")


def _was_simulated(house: RoomRegistry, replay: str | None) -> bool:
    return replay is not None and bool(house.store.session(replay).setup.get("simulated"))


def _visits(house: RoomRegistry, people: set[str]) -> int:
    """Return how many sessions these people had before; the pacer fades with them."""
    kept = [{one["person"] for one in session.setup.get("people", ())} for session in house.store.sessions()]
    return sum(people <= before for before in kept)


async def open_rooms(request: Request) -> Response:
    """Tell the rooms that are on and that this browser may be in."""
    house = _house(request)
    known = device_of(house, request)
    return json_response([
        {
            "room": name, "phase": room.live.room.phase, "people": list(room.live.room.seats),
            "role": known.rooms[name].role if name in known.rooms else "facilitator" if room.live.room.setup.facilitator else "participant",
            "simulated": room.live.room.setup.simulated, "since": room.live.room.since,
            "facilitator": room.live.room.setup.facilitator, "screens": room.live.room.setup.screens,
            "mine": _mine(known, room),
        }
        for name, room in house.rooms.items()
        if (known.host or name in known.rooms) and room.live.room.phase != "ended"
    ])  # fmt: skip


def _mine(known: AccessDevice, room: RoomTask) -> list[str]:
    """Return whom a browser speaks for in a room: the seats it has, else those it was invited to or opened."""
    state = room.live.room
    held = [person for person, seat in state.seats.items() if seat.device == known.id]
    if held or room.live.name in known.rooms:
        return held or list(known.rooms[room.live.name].people)
    return list(state.seats) if state.setup.screens == "one" and not state.setup.facilitator else []


async def invite(request: Request) -> Response:
    """Make an invitation; the host may, and whoever guides the room."""
    house = _house(request)
    known, name = device_of(house, request), request.path_params["room"]
    room = house.open_room(name)
    guides = name in known.rooms and known.rooms[name].role == "facilitator"
    if room is None or not (known.host or guides):
        raise HttpError(404, "unknown", "There is no such room that you could invite to.")
    asked = await read_body(request, Invite)
    unknown = [one for one in asked.people if one not in room.live.room.seats]
    if unknown or (asked.role == "participant") != bool(asked.people):
        raise UsageError("A participant is invited to a seat of this room, anybody else to none.")
    code = house.access.invite(name, SeatGrant(asked.role, asked.people))
    url = f"{house.origin}/#invite={code}"
    return json_response({"code": code, "url": url, "qr": _qr(url), "expires": EXPIRES}, 201)


def _qr(url: str) -> str | None:
    """Return a code to scan as SVG text; None where segno is not installed."""
    try:
        import segno
    except ImportError:
        return None
    import io

    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=5, border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def plain(value: Any) -> Any:
    """Return something as plain values."""
    return msgspec.to_builtins(value)
