"""What may be asked over HTTP: bodies as typed structures, and refusals as typed answers."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from coregulation.errors import CoregulationError
from coregulation.live.room import wire
from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.room.state import Guest
from coregulation.reasons import Reason
from coregulation.settings import MIN_BASELINE_REST

if TYPE_CHECKING:
    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.server.room_registry import RoomRegistry

SMALL = 256 * 1024  # bytes of a body that is JSON
API_HEADERS = {
    "content-disposition": 'attachment; filename="api.json"'
}  # no browser shows it as a page (OWASP ASVS 14.4.2)
BODY_WITHIN = 10.0  # s in which a body must come, and
SLOWEST = 512 * 1024  # bytes per second that are allowed for beyond


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body: a key that is not known is refused."""


class Enter(_Body, frozen=True):
    """The token of the start."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class Join(_Body, frozen=True):
    """An invitation's code."""

    code: Annotated[str, msgspec.Meta(max_length=40)]


class NewRoom(_Body, frozen=True):
    """A room to be opened."""

    people: Annotated[tuple[Guest, ...], msgspec.Meta(min_length=1, max_length=8)]
    source: Annotated[str, msgspec.Meta(pattern=r"^(straps|simulated|agent|lsl|replay:[\w-]{1,64})$")] = "straps"
    screens: Literal["one", "own"] = "one"
    facilitator: bool = False
    practice: wire.Name | None = None
    anchor: wire.Name | None = None
    feedback: wire.Feedback = "own"
    minutes: Annotated[float, msgspec.Meta(ge=1, le=60)] | None = None
    protocol: wire.Name | None = None
    stressor: wire.Stressor = "arithmetic"
    helper: wire.Name | None = None
    coin: wire.Name | None = None  # who may be cued
    scenario: Literal["coupled", "independent"] | None = None
    speed: Annotated[float, msgspec.Meta(ge=1, le=20)] = 1.0  # only of a simulated session
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 1
    baseline: Annotated[float, msgspec.Meta(ge=10, le=1800)] = MIN_BASELINE_REST
    settle: Annotated[float, msgspec.Meta(ge=10, le=600)] = 90.0


class Invite(_Body, frozen=True):
    """Whom an invitation is for."""

    role: wire.Role = "participant"
    people: Annotated[tuple[wire.Name, ...], msgspec.Meta(max_length=8)] = ()


class Erase(_Body, frozen=True):
    """Whose half is to be erased."""

    person: wire.Name


class FreeSeat(_Body, frozen=True):
    """Whose seat is to be freed."""

    person: wire.Name


class Backup(_Body, frozen=True):
    """Whether a copy comes with its keys: then it can be read without the store, and erasing does not reach it."""

    keys: bool = False


class HttpError(CoregulationError):
    """A request that is refused, with its status."""

    def __init__(self, status: int, code: str, reason: RoomReason, /, **facts: Any) -> None:
        super().__init__(str(reason))
        self.status, self.code, self.reason = status, code, room_reason(reason, **facts)


def json_response(content: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(msgspec.json.encode(content), status, API_HEADERS, media_type="application/json")


def error_response(status: int, code: str, reason: Reason) -> Response:
    """Return a JSON refusal: its class, its reason and the facts of the reason."""
    plain = reason.as_plain()
    return json_response({"code": code, "reason": plain["code"], "facts": plain["facts"]}, status)


Body = TypeVar("Body", bound=msgspec.Struct)


async def read_body(request: Request, kind: type[Body]) -> Body:
    """Read a request's body.

    Raises:
        AnswerError: if it is too large, no JSON, or holds what is not known.
    """
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise HttpError(400, "malformed", RoomReason.JSON_EXPECTED)
    raw = await read_limited(request, SMALL)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HttpError(400, "malformed", RoomReason.MALFORMED, text=str(error)) from error


async def read_limited(request: Request, most: int) -> bytes:
    """Read a body of at most so many bytes."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_WITHIN + most / SLOWEST):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise HttpError(413, "too-much", RoomReason.TOO_LARGE, kilobytes=most // 1024)
                parts.append(part)
    except (TimeoutError, ClientDisconnect) as error:  # whoever is gone reads no answer; the refusal ends the request
        raise HttpError(408, "malformed", RoomReason.TOO_SLOW) from error
    return b"".join(parts)


def cookie_name(registry: RoomRegistry) -> str:
    """Return the cookie's name: its own for each port, since browsers keep cookies by host alone."""
    prefix = "__Host-" if registry.secure else ""  # such a cookie is of this host alone, and never sent without TLS
    return f"{prefix}coregulation-{registry.port}"


def address_of(request: Request) -> str:
    """Return the address that a request comes from; empty where it is not known."""
    return request.client.host if request.client is not None else ""


def is_local(request: Request) -> bool:
    """Whether a request comes from this computer."""
    try:
        return ipaddress.ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


def device_of(registry: RoomRegistry, request: Request) -> AccessDevice:
    """Return the browser behind a request.

    Raises:
        AnswerError: if it was not let in.
    """
    device = registry.access.device(request.cookies.get(cookie_name(registry)))
    if device is None:
        raise HttpError(401, "not-admitted", RoomReason.NOT_ENTERED)
    return device


def require_host(registry: RoomRegistry, request: Request) -> AccessDevice:
    """Return the browser behind a request, if it is the one on this computer.

    Raises:
        AnswerError: if it is not.
    """
    device = device_of(registry, request)
    if not device.host:
        raise HttpError(403, "not-yours", RoomReason.HOST_ONLY)
    return device
