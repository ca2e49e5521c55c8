"""The application: routes, errors as typed answers, and the life of the registry."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Route, WebSocketRoute

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.live.room.reasons import RoomError, RoomReason, reason_of, room_reason
from coregulation.live.server import room_socket
from coregulation.live.server.middleware import SecurityMiddleware
from coregulation.live.server.options import ServerOptions
from coregulation.live.server.requests import HttpError, cookie_name, error_response
from coregulation.live.server.room_registry import RoomRegistry
from coregulation.live.server.route_table import ROUTES
from coregulation.live.server.static_files import WORKER, pages, worker
from coregulation.reasons import Reason
from coregulation.store import DiskFullError, Store

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.websockets import WebSocket

TYPES = {
    ".webmanifest": "application/manifest+json",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".css": "text/css",
}


def application(
    store: Store,
    options: ServerOptions,
    steady: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
) -> tuple[SecurityMiddleware, RoomRegistry]:
    """Return the application and the registry behind it."""
    registry = RoomRegistry(store, options, steady, wall)
    app = Starlette(
        routes=_routes(),
        exception_handlers={
            HTTPException: _http,
            HttpError: _refused,
            RoomError: _denied,
            UsageError: _wrong,
            DataError: _bad,
            DiskFullError: _full,
            CoregulationError: _wrong,
        },
        lifespan=_lifespan,
    )
    app.state.registry = registry
    return SecurityMiddleware(app, options.origins, registry.record_refusal), registry


def _routes() -> list[Route | WebSocketRoute]:
    return [
        *(Route(rule.path, rule.answer, methods=[rule.method]) for rule in ROUTES),
        WebSocketRoute("/api/rooms/{room}/socket", _socket),
        Route("/{path:path}", _static, methods=["GET"]),
    ]


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    registry: RoomRegistry = app.state.registry
    await registry.open()
    yield
    await registry.close()


async def _socket(websocket: WebSocket) -> None:
    registry: RoomRegistry = websocket.app.state.registry
    known = registry.access.device(websocket.cookies.get(cookie_name(registry)))
    name = websocket.path_params["room"]
    allowed = known is not None and (known.host or name in known.rooms)
    await room_socket.serve(registry, registry.open_room(name), name, known if allowed else None, websocket)


async def _static(request: Request) -> Response:
    """Give a page's file; what is not there is the first page's business only at the root."""
    name = request.path_params["path"] or "index.html"
    path = pages().get(name)
    if path is None:
        raise HTTPException(404)
    headers = {"cache-control": "no-cache"}
    if name == WORKER:
        return Response(worker(), media_type=TYPES[".js"], headers=headers)
    return FileResponse(path, media_type=TYPES.get(path.suffix), headers=headers)


def _reason(error: Exception) -> Reason:
    assert isinstance(error, CoregulationError)
    return reason_of(error)


Handler = Callable[["Request", Exception], Awaitable[Response]]


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_response(error.status_code, "unknown", room_reason(RoomReason.NO_SUCH_PAGE))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpError)
    request.app.state.registry.record_refusal(error.code)
    return error_response(error.status, error.code, error.reason)


async def _denied(request: Request, error: Exception) -> Response:
    """Answer what the room refuses; whoever tries too often is told when to come again."""
    reason = _reason(error)
    if reason.code not in (RoomReason.TOO_MANY_TRIES, RoomReason.BUSY):
        return error_response(400, "malformed", reason)
    request.app.state.registry.record_refusal("too-fast")
    response = error_response(429, "too-fast", reason)
    response.headers["retry-after"] = str(reason.facts.get("seconds", 60))
    return response


async def _wrong(_request: Request, error: Exception) -> Response:
    return error_response(400, "malformed", _reason(error))


async def _bad(_request: Request, error: Exception) -> Response:
    return error_response(422, "malformed", _reason(error))


async def _full(_request: Request, error: Exception) -> Response:
    return error_response(507, "disk-full", _reason(error))
