"""Every request that the server answers: who may make it, and which rights decide what it gives or does.

A request that is not in the table is not answered. `Audience` is checked here, before a handler runs; the rights of a row are those
that its handler asks `coregulation.live.room.policy` for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from coregulation.live.room.policy import Right
from coregulation.live.room.reasons import RoomReason
from coregulation.live.server import (
    beat_routes,
    device_routes,
    example_routes,
    import_routes,
    room_routes,
    session_routes,
)
from coregulation.live.server.requests import HttpError, device_of, require_host

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from coregulation.live.server.room_registry import RoomRegistry

Handler = Callable[["Request"], Awaitable["Response"]]


class Audience(StrEnum):
    """Which browsers may make a request."""

    ANYBODY = "anybody"  # the pages' files, and coming in
    DEVICE = "device"  # let in: the rights of the row decide what it gets
    GUIDE = "guide"  # the computer's own, or the one that was admitted to guide the room
    HOST = "host"  # the computer's own


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One request.

    Parameters
    ----------
    method
        Of HTTP.
    path
        With its parameters in braces.
    handler
        What answers.
    audience
        Which browsers may make it.
    rights
        What it is decided by, for each person of a session.
    """

    method: str
    path: str
    handler: Handler
    audience: Audience
    rights: tuple[Right, ...] = ()

    async def answer(self, request: Request) -> Response:
        """Answer a request of a browser that may make it.

        Raises
        ------
        HttpError
            If it may not.
        """
        check_audience(self.audience, request)
        return await self.handler(request)


def check_audience(audience: Audience, request: Request) -> None:
    """Raise `HttpError` if a browser is not in an audience."""
    registry: RoomRegistry = request.app.state.registry
    if audience is Audience.HOST:
        require_host(registry, request)
    elif audience is not Audience.ANYBODY:
        known = device_of(registry, request)
        if audience is Audience.GUIDE and not known.host:
            grant = known.admitted_to(request.path_params["room"])
            if grant is None or grant.role != "facilitator":
                raise HttpError(404, "unknown", RoomReason.NO_SUCH_ROOM)


_b, _d, _e, _i, _r, _s = beat_routes, device_routes, example_routes, import_routes, room_routes, session_routes
_SESSION = "/api/sessions/{session}"
_ANYBODY, _DEVICE, _GUIDE, _HOST = Audience.ANYBODY, Audience.DEVICE, Audience.GUIDE, Audience.HOST

ROUTES: tuple[RouteRule, ...] = (
    RouteRule("POST", "/api/enter", _r.enter, _ANYBODY),
    RouteRule("POST", "/api/join", _r.join, _ANYBODY),
    RouteRule("GET", "/api/about", _r.about, _DEVICE, (Right.NAME,)),
    RouteRule("GET", "/api/me", _r.about, _DEVICE, (Right.NAME,)),
    RouteRule("GET", "/api/devices", _d.devices, _DEVICE),
    RouteRule("POST", "/api/devices/{device}/end", _d.end, _HOST),
    RouteRule("POST", "/api/leave", _d.leave, _DEVICE),
    RouteRule("GET", "/api/practices", _r.all_practices, _DEVICE),
    RouteRule("GET", "/api/protocols", _r.all_protocols, _DEVICE),
    RouteRule("GET", "/api/example/minutes", _e.minutes, _DEVICE),
    RouteRule("GET", "/api/example/report", _e.report, _DEVICE),
    RouteRule("GET", "/api/example/result", _e.result, _DEVICE),
    RouteRule("GET", "/api/rooms", _r.open_rooms, _DEVICE, (Right.NAME,)),
    RouteRule("POST", "/api/rooms", _r.new_room, _HOST),
    RouteRule("POST", "/api/rooms/{room}/invitations", _r.invite, _GUIDE),
    RouteRule("POST", "/api/rooms/{room}/free", _r.free, _GUIDE),
    RouteRule("GET", "/api/sessions", _s.sessions, _DEVICE, (Right.CONSENTS,)),
    RouteRule("GET", _SESSION, _s.session, _DEVICE, (Right.CONSENTS,)),
    RouteRule("GET", f"{_SESSION}/minutes", _s.minutes, _DEVICE, (Right.ANSWERS, Right.HALF, Right.WORDS, Right.COIN)),
    RouteRule("GET", f"{_SESSION}/export", _s.export, _DEVICE, (Right.HALF, Right.RAW, Right.COIN)),
    RouteRule("POST", f"{_SESSION}/erase", _s.erase, _DEVICE, (Right.ERASE,)),
    RouteRule("POST", f"{_SESSION}/report", _s.make_report, _DEVICE, (Right.ANSWERS,)),
    RouteRule("GET", f"{_SESSION}/report", _s.report, _DEVICE, (Right.ANSWERS,)),
    RouteRule("GET", f"{_SESSION}/result", _s.result, _DEVICE, (Right.ANSWERS,)),
    RouteRule("GET", f"{_SESSION}/result.json", _s.result, _DEVICE, (Right.ANSWERS,)),
    RouteRule("GET", f"{_SESSION}/beats", _b.beats, _DEVICE, (Right.HALF, Right.RAW)),
    RouteRule("PUT", f"{_SESSION}/corrections", _b.correct, _DEVICE, (Right.HALF, Right.RAW)),
    RouteRule("POST", "/api/import", _i.bring_in, _HOST),
    RouteRule("POST", "/api/import/look", _i.look, _HOST),
    RouteRule("POST", "/api/import/preview", _i.preview, _HOST),
    RouteRule("GET", "/api/journey", _s.journey, _DEVICE, (Right.CONSENTS, Right.ANSWERS)),
    RouteRule("GET", "/api/events", _s.events, _DEVICE, (Right.CONSENTS,)),
    RouteRule("GET", "/api/settings", _s.settings, _HOST),
    RouteRule("PUT", "/api/settings", _s.replace_settings, _HOST),
    RouteRule("POST", "/api/backup", _s.backup, _HOST),
)
