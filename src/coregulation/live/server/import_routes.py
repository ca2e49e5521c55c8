"""Requests that bring in a recording: to look at what came, to see it as it was said to be, and to keep it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from coregulation.live.server.middleware import MAX_BODY
from coregulation.live.server.requests import json_response, read_limited
from coregulation.live.server.session_directory import people_of
from coregulation.store import Note

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from coregulation.live.server.room_registry import RoomRegistry


async def look(request: Request) -> Response:
    """Tell the first rows of what was dropped on the page, and what each column may be; nothing is kept."""
    from coregulation.live.server.import_preview import look_into

    return await _answered(request, look_into)


async def preview(request: Request) -> Response:
    """Return the curves of what was dropped on the page, as its manifest says what it is; nothing is kept."""
    from coregulation.live.server.import_preview import preview as read_preview

    return await _answered(request, read_preview)


async def bring_in(request: Request) -> Response:
    """Take a recording that was dropped on the page: one file, or a zip of several."""
    registry, name, raw = await _dropped(request)
    option_names = {"channel": "signal", "unit": "unit"}
    options = {option_names[key]: value for key, value in request.query_params.items() if key in option_names}
    imported = await asyncio.to_thread(_import, registry, name, raw, options)
    registry.begin_report(imported, people_of(registry.store.session(imported)))
    return json_response({"session": imported}, 201)


async def _answered(request: Request, work: Callable[..., Any]) -> Response:
    registry, name, raw = await _dropped(request)
    return json_response(await asyncio.to_thread(_away, registry, work, raw, name))


async def _dropped(request: Request) -> tuple[RoomRegistry, str, bytes]:
    registry: RoomRegistry = request.app.state.registry
    name = PurePosixPath(request.query_params.get("name", "recording.zip").replace("\\", "/")).name
    return registry, name, await read_limited(request, MAX_BODY)


def _away(registry: RoomRegistry, work: Callable[..., Any], raw: bytes, *arguments: Any) -> Any:
    """Do something with what came, in a process of its own that has limits."""
    from coregulation.live.server.worker import IMPORT_LIMITS, run_limited

    with registry.store.scratch.folder() as folder:
        (folder / "raw").write_bytes(raw)
        return run_limited(work, folder, *arguments, limits=IMPORT_LIMITS, stopping=registry.stopping)


def _import(registry: RoomRegistry, name: str, raw: bytes, options: dict[str, str]) -> str:
    """Read a recording, keep it, and return the name of its session."""
    from coregulation.live.server.reporting import RECORDING
    from coregulation.live.server.session_import import read_recording

    archive, about = _away(registry, read_recording, raw, name, options)
    session = f"{time.strftime('%Y-%m-%d', time.gmtime(registry.wall()))}-{secrets.token_hex(5)}"
    registry.store.begin(session, registry.wall(), about)
    registry.store.note(session, [Note(0.0, RECORDING, None, archive)])
    registry.store.end(session, registry.wall())
    registry.store.record(registry.wall(), "brought in", session)
    return session
