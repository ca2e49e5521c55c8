"""Requests about browsers: which were let in and when they were last here, ending one or all others, and going out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from coregulation.live.room.reasons import RoomReason
from coregulation.live.server.requests import HttpError, cookie_name, device_of, json_response

if TYPE_CHECKING:
    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.server.room_registry import RoomRegistry


def _registry(request: Request) -> RoomRegistry:
    registry: RoomRegistry = request.app.state.registry
    return registry


async def devices(request: Request) -> Response:
    """Tell which browsers were let in; a guest is told of its own alone."""
    registry = _registry(request)
    known = device_of(registry, request)
    shown = registry.access.devices() if known.host else [known]
    return json_response([_described(device, known) for device in sorted(shown, key=lambda device: -device.used)])


def _described(device: AccessDevice, own: AccessDevice) -> dict[str, Any]:
    return {
        "device": device.id,
        "own": device.id == own.id,
        "host": device.host,
        "since": _day(device.since),
        "used": _day(device.used),
        "rooms": len(device.rooms),
    }


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))


async def end(request: Request) -> Response:
    """End one browser's cookie, or those of all others."""
    registry = _registry(request)
    known = device_of(registry, request)
    wanted = request.path_params["device"]
    ids = [device.id for device in registry.access.devices()]
    ending = (
        [device for device in ids if device != known.id]
        if wanted == "others"
        else [device for device in ids if device == wanted]
    )
    if wanted != "others" and not ending:
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_DEVICE)
    for device in ending:
        registry.end_device(device)
    return json_response({"ended": len(ending)})


async def leave(request: Request) -> Response:
    """Let the asking browser go: its cookie ends here and there."""
    registry = _registry(request)
    registry.end_device(device_of(registry, request).id)
    response = Response(status_code=204)
    response.delete_cookie(cookie_name(registry), path="/", secure=registry.secure, httponly=True, samesite="strict")
    return response
