"""Requests to look through the beats of a kept session and to correct them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from coregulation.live.room.policy import Right
from coregulation.live.room.reasons import RoomReason
from coregulation.live.server.beat_corrections import (
    BeatCorrection,
    BeatCorrections,
    keep_corrections,
    kept_corrections,
)
from coregulation.live.server.requests import HttpError, json_response, read_body
from coregulation.live.server.session_routes import SessionRequest, session_asked_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def beats(request: Request) -> Response:
    """Give one person's beats, what is doubtful about them, the waveform, and what was corrected."""
    wanted, person = _own(request)
    kept = kept_corrections(wanted.registry.store, wanted.session.name, [person]).get(person, ())
    seen = await asyncio.to_thread(_look, wanted, person, kept)
    return json_response({**seen, "person": person, "corrections": [_plain(correction) for correction in kept]})


async def correct(request: Request) -> Response:
    """Keep one person's corrections and make the reports anew that their beats are in; beats that do not fit are refused."""
    wanted, person = _own(request)
    corrections = (await read_body(request, BeatCorrections)).corrections
    seen = await asyncio.to_thread(_look, wanted, person, corrections)
    registry, name = wanted.registry, wanted.session.name
    keep_corrections(registry.store, name, person, corrections)
    registry.outdate_reports(name, person)
    registry.store.record(registry.wall(), "beats corrected", name, person)
    return json_response({**seen, "person": person, "corrections": [_plain(correction) for correction in corrections]})


def _own(request: Request) -> tuple[SessionRequest, str]:
    """Return the session and the person whose beats this browser may look through: those whose own half it may take."""
    wanted, person = session_asked_for(request), request.query_params.get("person", "")
    if person not in wanted.rights.people:
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_SESSION)
    wanted.require(Right.RAW if wanted.session.setup.get("imported") else Right.HALF, person)
    return wanted, person


def _look(wanted: SessionRequest, person: str, corrections: Sequence[BeatCorrection]) -> dict[str, Any]:
    from coregulation.live.server.beat_corrections import look_at_beats
    from coregulation.live.server.reporting import session_folder
    from coregulation.live.server.worker import IMPORT_LIMITS, run_limited

    store, name = wanted.registry.store, wanted.session.name
    room = wanted.registry.room_of(name)
    with store.scratch.folder(private=not store.keys.is_kept(name)) as scratch:
        manifest = session_folder(store, name, room, [person], scratch)
        seen: dict[str, Any] = run_limited(
            look_at_beats, manifest, person, tuple(corrections), limits=IMPORT_LIMITS, stopping=wanted.registry.stopping
        )
    return seen


def _plain(correction: BeatCorrection) -> dict[str, Any]:
    return {"kind": correction.kind, "time": correction.time, "to": correction.to, "why": correction.why}
