"""Requests about rooms: coming in, opening one, inviting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from coregulation._version import __version__
from coregulation.errors import UsageError
from coregulation.live.room import consent, wire
from coregulation.live.room.access import EXPIRES, SeatGrant
from coregulation.live.room.described import described_protocols
from coregulation.live.room.policy import Right
from coregulation.live.room.practice import practice, practices, protocol
from coregulation.live.room.reasons import RoomError, RoomReason
from coregulation.live.server.requests import (
    Enter,
    FreeSeat,
    HttpError,
    Invite,
    Join,
    NewRoom,
    address_of,
    cookie_name,
    device_of,
    is_local,
    json_response,
    read_body,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.room.practice import Protocol
    from coregulation.live.server.room_registry import RoomRegistry
    from coregulation.live.server.room_task import RoomTask
    from coregulation.store import KeptSession


def _registry(request: Request) -> RoomRegistry:
    registry: RoomRegistry = request.app.state.registry
    return registry


async def enter(request: Request) -> Response:
    """Let the browser of the start in."""
    registry = _registry(request)
    cookie = registry.access.enter(
        (await read_body(request, Enter)).token,
        request.cookies.get(cookie_name(registry)),
        address_of(request),
        is_local(request),
    )
    if cookie is None:
        raise HttpError(401, "not-admitted", RoomReason.TOKEN_USED)
    registry.record("let in")
    return _let_in(registry, cookie, Response(status_code=204))


async def join(request: Request) -> Response:
    """Let a guest in."""
    registry = _registry(request)
    joined = registry.access.join(
        (await read_body(request, Join)).code, request.cookies.get(cookie_name(registry)), address_of(request)
    )
    if joined is None:
        raise HttpError(401, "not-admitted", RoomReason.INVITATION_USED)
    cookie, invitation = joined
    registry.record("joined", invitation.room)
    seats = {"room": invitation.room, "role": invitation.seats.role, "people": list(invitation.seats.people)}
    return _let_in(registry, cookie, json_response(seats))


def _let_in(registry: RoomRegistry, cookie: str, response: Response) -> Response:
    response.set_cookie(
        cookie_name(registry),
        cookie,
        max_age=30 * 86400,
        httponly=True,
        samesite="strict",
        secure=registry.secure,
        path="/",
    )
    return response


async def about(request: Request) -> Response:
    """Tell what this server can do."""
    registry = _registry(request)
    known = device_of(registry, request)
    from importlib.util import find_spec

    sources = ["straps", "simulated", "replay"]
    sources += [name for name, module in (("agent", "bleak"), ("lsl", "pylsl")) if find_spec(module)]
    return json_response({
        "version": __version__, "protocol": wire.VERSION, "device": "host" if known.host else "guest", "away": registry.away,
        "sources": sources, "text_version": consent.TEXT_VERSION,
        "encrypted": registry.store.encrypted, "speed": registry.speed,
        "people": sorted({person["person"] for kept in registry.store.sessions() for person in kept.setup.get("people", ())}) if known.host else [],
    })  # fmt: skip


async def all_practices(_request: Request) -> Response:
    """Tell every practice."""
    return json_response(list(practices().values()))


async def all_protocols(_request: Request) -> Response:
    """Tell every crossover design."""
    return json_response(described_protocols())


async def new_room(request: Request) -> Response:
    """Open a room."""
    registry = _registry(request)
    wanted = await read_body(request, NewRoom)
    from coregulation.live.room.state import Setup

    _check(wanted)
    replay = wanted.source.removeprefix("replay:") if wanted.source.startswith("replay:") else None
    if replay is not None:
        _check_replay(registry, device_of(registry, request), replay)
    people = {guest.person for guest in wanted.people}
    setup = Setup(
        wanted.people, wanted.screens, wanted.facilitator, wanted.source == "simulated" or _was_simulated(registry, replay),
        wanted.practice, wanted.anchor, wanted.feedback, wanted.minutes, wanted.protocol, wanted.stressor, _helper(registry, wanted),
        visit=_visits(registry.store.sessions(), people), baseline=wanted.baseline, settle=wanted.settle,
        linked=wanted.scenario != "independent", seed=wanted.seed, source=wanted.source.split(":")[0],
        speed=wanted.speed if wanted.source == "simulated" else 1.0,
    )  # fmt: skip
    return json_response({"room": await registry.begin(setup, replay)}, 201)


def _check_replay(registry: RoomRegistry, known: AccessDevice, name: str) -> None:
    """Raise `HttpError` unless a browser may have the raw recording of everybody whose hearts would beat again."""
    rights = registry.rights(known, registry.store.session(name))
    if not all(rights.may(Right.HALF, who) or rights.may(Right.RAW, who) for who in rights.people):
        raise HttpError(403, "no-consent", RoomReason.NOT_SHARED)


def _check(wanted: NewRoom) -> None:
    """Raise `UsageError` if what is asked for does not exist or does not fit."""
    names = [guest.person for guest in wanted.people]
    if len(set(names)) < len(names):
        raise UsageError("Two people have one name; each needs a name of their own.")
    if wanted.helper is not None and wanted.helper not in names:
        raise UsageError("The helper is one of the people.")
    if wanted.protocol is not None:
        _check_comparison(wanted, protocol(wanted.protocol))
    if wanted.practice is not None:
        chosen = practice(wanted.practice)
        chosen.chosen(wanted.anchor)
        if not chosen.children and any(guest.child for guest in wanted.people):
            raise RoomError(RoomReason.NOT_FOR_CHILDREN, practice=chosen.title)
        if wanted.feedback not in chosen.feedback:
            raise RoomError(RoomReason.FEEDBACK, practice=chosen.title, choices=tuple(chosen.feedback))


def _check_comparison(wanted: NewRoom, design: Protocol) -> None:
    """Raise `RoomError` for people who may not have tasks that stir, or who are not two."""
    if design.stirs and any(guest.child for guest in wanted.people):
        raise RoomError(RoomReason.NOT_FOR_CHILDREN, practice=design.title)
    if len(wanted.people) != 2:
        raise RoomError(RoomReason.COMPARISON_FOR_TWO)


def _helper(registry: RoomRegistry, wanted: NewRoom) -> str | None:
    """Return who supports; where one is asked and nobody said who, people take turns from visit to visit."""
    if wanted.helper is not None or wanted.protocol is None or not protocol(wanted.protocol).one_tasked:
        return wanted.helper
    names = [guest.person for guest in wanted.people]
    earlier = [kept for kept in registry.store.sessions() if kept.setup.get("protocol") == wanted.protocol]
    return names[1 - _visits(earlier, {*names}) % 2]


def _was_simulated(registry: RoomRegistry, replay: str | None) -> bool:
    return replay is not None and bool(registry.store.session(replay).setup.get("simulated"))


def _visits(sessions: Iterable[KeptSession], people: set[str]) -> int:
    """Return how many of some sessions these people had; the pacer fades with them."""
    kept = [{person["person"] for person in session.setup.get("people", ())} for session in sessions]
    return sum(people <= before for before in kept)


async def open_rooms(request: Request) -> Response:
    """Tell the rooms that are on and that this browser may be in."""
    registry = _registry(request)
    known = device_of(registry, request)
    return json_response([
        {
            "room": name, "phase": room.live.room.phase, "people": _names(registry, known, room),
            "role": known.rooms[name].role if name in known.rooms else "facilitator" if room.live.room.setup.facilitator else "participant",
            "simulated": room.live.room.setup.simulated, "since": room.live.room.since,
            "facilitator": room.live.room.setup.facilitator, "screens": room.live.room.setup.screens,
            "mine": _mine(known, room),
        }
        for name, room in registry.rooms.items()
        if (known.host or name in known.rooms) and room.live.room.phase != "ended"
    ])  # fmt: skip


def _names(registry: RoomRegistry, known: AccessDevice, room: RoomTask) -> list[str]:
    """Return the names that a browser may know of a room: before it is admitted those of its own invitation."""
    rights = registry.rights(known, registry.store.session(room.live.name))
    return list(rights.people_for(Right.NAME)) or _mine(known, room)


def _mine(known: AccessDevice, room: RoomTask) -> list[str]:
    """Return whom a browser speaks for in a room: the seats it has, else those it was invited to or opened."""
    state = room.live.room
    seated = [person for person, seat in state.seats.items() if seat.device == known.id]
    if seated or room.live.name in known.rooms:
        return seated or list(known.rooms[room.live.name].people)
    return list(state.seats) if state.setup.screens == "one" and not state.setup.facilitator else []


async def invite(request: Request) -> Response:
    """Make an invitation; the host may, and whoever guides the room."""
    registry = _registry(request)
    name = request.path_params["room"]
    room = registry.open_room(name)
    if room is None:
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_ROOM)
    invitation = await read_body(request, Invite)
    unknown = [person for person in invitation.people if person not in room.live.room.seats]
    if unknown or (invitation.role == "participant") != bool(invitation.people):
        raise RoomError(RoomReason.INVITE_SEAT)
    code = registry.access.invite(name, SeatGrant(invitation.role, invitation.people))
    url = f"{registry.origin}/#invite={code}"
    return json_response({"code": code, "url": url, "qr": _qr(url), "expires": EXPIRES}, 201)


async def free(request: Request) -> Response:
    """Free a seat whose device is away, so that its person can come in with another; the host may, and whoever guides."""
    from coregulation.live.room.state import Freed

    registry = _registry(request)
    name = request.path_params["room"]
    room = registry.open_room(name)
    if room is None:
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_ROOM)
    seat = room.live.room.seats.get((await read_body(request, FreeSeat)).person)
    if seat is None:
        raise HttpError(404, "unknown", RoomReason.NOBODY_OF_THAT_NAME)
    if seat.client is not None:
        raise HttpError(409, "not-now", RoomReason.SEAT_IN_USE)
    if seat.device not in (None, seat.owner):  # whose person agreed there keeps the right to what was recorded
        registry.access.dismiss(str(seat.device), name)
    room.take(Freed(seat.guest.person))
    return json_response({"freed": True})


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
