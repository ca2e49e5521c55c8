"""Requests about kept sessions: to see, download, erase, analyse; and the settings."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from coregulation.errors import DataError
from coregulation.live.room.policy import Right, SessionRights
from coregulation.live.room.reasons import RoomReason
from coregulation.live.server.middleware import REPORT_POLICY
from coregulation.live.server.requests import (
    SMALL,
    Backup,
    Erase,
    HttpError,
    device_of,
    json_response,
    read_body,
    read_limited,
)
from coregulation.live.server.session_directory import people_of
from coregulation.store import KeptSession

if TYPE_CHECKING:
    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.server.room_registry import RoomRegistry


def _registry(request: Request) -> RoomRegistry:
    registry: RoomRegistry = request.app.state.registry
    return registry


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A request about one session, by a device that may know of it."""

    registry: RoomRegistry
    session: KeptSession
    rights: SessionRights

    @property
    def readable(self) -> tuple[str, ...]:
        """Of whom the device may read a report."""
        return self.rights.people_for(Right.ANSWERS)

    def require(self, right: Right, person: str) -> None:
        """Raise `HttpError` unless the device has a right to what concerns a person."""
        if not self.rights.may(right, person):
            raise HttpError(403, "not-yours", RoomReason.OWN_HALF_ONLY)


def session_asked_for(request: Request) -> SessionRequest:
    """Return the session that is asked for; one that is another's is as unknown as one that is not there."""
    registry = _registry(request)
    known = device_of(registry, request)
    name = request.path_params["session"]
    kept = next((listed for listed in registry.store.sessions() if listed.name == name), None)
    rights = None if kept is None else registry.rights(known, kept)
    if kept is None or rights is None or not _lists(rights) or registry.store.locked(name):
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_SESSION)
    return SessionRequest(registry, kept, rights)


def _lists(rights: SessionRights) -> bool:
    """Whether a session is among those that a device knows of; who only looks on sees the room and no more."""
    return bool(rights.people_for(Right.CONSENTS))


def _own_sessions(registry: RoomRegistry, known: AccessDevice) -> list[tuple[KeptSession, SessionRights]]:
    """Return the sessions that are over (or at their report) and that a device knows of, with its rights."""
    every = [(kept, registry.rights(known, kept)) for kept in registry.store.sessions() if _is_over(registry, kept)]
    return [(kept, rights) for kept, rights in every if _lists(rights) and not registry.store.locked(kept.name)]


async def sessions(request: Request) -> Response:
    """Tell all kept sessions that this browser may see."""
    registry = _registry(request)
    listed = _own_sessions(registry, device_of(registry, request))
    return json_response([await asyncio.to_thread(_described, registry, kept, rights) for kept, rights in listed])


def _is_over(registry: RoomRegistry, kept: KeptSession) -> bool:
    room = registry.open_room(kept.name)
    return kept.closed is not None or (room is not None and room.live.room.phase == "report")


def _described(registry: RoomRegistry, kept: KeptSession, rights: SessionRights) -> dict[str, Any]:
    """Describe a session for one device: what it is, and of whom this device may read a report."""
    from coregulation.live.server.session_export import about

    room = registry.room_of(kept.name)
    readable = rights.people_for(Right.ANSWERS)
    report = registry.report_state(kept.name, readable).state == "ready"
    own = {"readable": list(readable), "halves": list(rights.people_for(Right.HALF)), "report": report}
    if room is not None:
        return {**about(registry.store, kept.name, room), **own}
    return {
        "session": kept.name,
        "date": _iso(kept.opened),
        "people": list(rights.people),
        "practice": None,
        "minutes": kept.setup.get("minutes"),
        "simulated": bool(kept.setup.get("simulated")),
        "kept": True,
        "imported": True,
        **own,
    }


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))


async def session(request: Request) -> Response:
    """Tell one session."""
    wanted = session_asked_for(request)
    registry, name = wanted.registry, wanted.session.name
    description = await asyncio.to_thread(_described, registry, wanted.session, wanted.rights)
    room = registry.room_of(name)
    consents = [
        {"person": c.person, "purpose": c.purpose, "given": c.given, "withdrawn": c.withdrawn}
        for c in registry.store.consents(name)
        if wanted.rights.may(Right.CONSENTS, c.person)
    ]
    blocks = [] if room is None else [msgspec.to_builtins(block) for block in room.blocks]
    state = registry.report_state(name, wanted.readable)
    why = None if state.reason is None else {"reason": state.reason, "facts": state.facts}
    return json_response({**description, "consents": consents, "blocks": blocks, "why_no_report": why})


async def minutes(request: Request) -> Response:
    """Give what a session was for its people, before any analysis; of others only what the rights give."""
    from coregulation.live.server.own_minutes import own_minutes

    wanted = session_asked_for(request)
    room = wanted.registry.room_of(wanted.session.name)
    if room is None:
        raise HttpError(404, "unknown", RoomReason.NO_REPORT_YET)
    return json_response(
        await asyncio.to_thread(own_minutes, wanted.registry.store, wanted.session.name, room, wanted.rights)
    )


async def export(request: Request) -> Response:
    """Give a person's half, or everybody's raw recording where the table of rights has it, as a zip that `analyze` opens."""
    wanted = session_asked_for(request)
    registry, name = wanted.registry, wanted.session.name
    from coregulation.live.server.coin_outcome import may_have_log

    person = request.query_params.get("person")
    if person is not None:
        wanted.require(Right.HALF if not wanted.session.setup.get("imported") else Right.RAW, person)
    elif not wanted.rights.has_all(Right.RAW):
        raise HttpError(403, "no-consent", RoomReason.NOT_SHARED)
    archive = await asyncio.to_thread(_packed, registry, wanted.session, person, may_have_log(wanted.rights))
    registry.store.record(registry.wall(), "exported", name, person)
    ending = "" if person is None else f"-{wanted.rights.people.index(person) + 1}"
    return Response(
        archive,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}{ending}.zip"'},
    )


def _packed(registry: RoomRegistry, kept: KeptSession, person: str | None, coin: bool) -> bytes:
    from coregulation.live.server.archives import pack_archive
    from coregulation.live.server.coin_outcome import write_coin
    from coregulation.live.server.session_export import write_exported_session, write_words

    room = registry.room_of(kept.name)
    if room is None:
        return _packed_import(registry, kept)
    own = person is not None
    with registry.store.scratch.folder(private=not registry.store.keys.is_kept(kept.name)) as folder:
        people = [person] if person is not None else None
        written = write_words(room, person, folder / kept.name) if own else False
        try:
            write_exported_session(registry.store, kept.name, room, folder / kept.name, people, own, corrected=True)
        except DataError:  # no sensor was worn; what the person wrote is theirs all the same
            if not written:
                raise
        if coin:
            write_coin(registry.store, kept.name, room, folder / kept.name)
        return pack_archive(folder)


def _packed_import(registry: RoomRegistry, kept: KeptSession) -> bytes:
    """Return a recording that was brought in, with what was corrected since."""
    from coregulation.live.server.beat_corrections import kept_corrections, pack_corrected
    from coregulation.live.server.reporting import find_recording, session_folder
    from coregulation.live.server.worker import IMPORT_LIMITS, run_limited

    people = people_of(kept)
    corrections = kept_corrections(registry.store, kept.name, people)
    if not corrections:
        return find_recording(registry.store, kept.name) or b""
    with registry.store.scratch.folder(private=not registry.store.keys.is_kept(kept.name)) as folder:
        manifest = session_folder(registry.store, kept.name, None, people, folder)
        archive: bytes = run_limited(
            pack_corrected, manifest, corrections, limits=IMPORT_LIMITS, stopping=registry.stopping
        )
    return archive


async def erase(request: Request) -> Response:
    """Erase a person's half, and search the file for what is left of it."""
    wanted = session_asked_for(request)
    registry, name = wanted.registry, wanted.session.name
    person = (await read_body(request, Erase)).person
    if person not in wanted.rights.people:
        raise HttpError(404, "unknown", RoomReason.NOT_ERASED_YET)
    wanted.require(Right.ERASE, person)
    room = registry.open_room(name)
    if room is not None and room.live.room.phase != "ended":
        raise HttpError(409, "not-now", RoomReason.STILL_ON)
    left = await registry.erase(name, person)
    return json_response({"erased": True, "left": left})


async def make_report(request: Request) -> Response:
    """Make the report that this browser may read (again)."""
    wanted = session_asked_for(request)
    if not wanted.readable:
        raise HttpError(403, "no-consent", RoomReason.NO_CONSENT_FOR_REPORT)
    wanted.registry.begin_report(wanted.session.name, wanted.readable)
    return json_response({"state": "working"}, 202)


async def report(request: Request) -> Response:
    """Give a report's page; it may run nothing but what is in it, and reach nobody."""
    from coregulation.live.server.reporting import REPORT

    wanted = session_asked_for(request)
    page = await _find(wanted, REPORT)
    if page is None:
        return _no_report(wanted)
    wanted.registry.store.record(wanted.registry.wall(), "report opened", wanted.session.name)
    headers = {"content-security-policy": REPORT_POLICY, "x-frame-options": "SAMEORIGIN"}
    return Response(page, media_type="text/html", headers=headers)


async def result(request: Request) -> Response:
    """Give the result of a report, for programs."""
    from coregulation.live.server.reporting import RESULT

    wanted = session_asked_for(request)
    content = await _find(wanted, RESULT)
    return _no_report(wanted) if content is None else Response(content, media_type="application/json")


async def _find(wanted: SessionRequest, kind: str) -> bytes | None:
    from coregulation.live.server.reporting import find_report

    if not wanted.readable:
        return None
    return await asyncio.to_thread(find_report, wanted.registry.store, wanted.session.name, kind, wanted.readable)


def _no_report(wanted: SessionRequest) -> Response:
    """Answer that there is no report (yet); one that nobody asked for before is begun."""
    registry, key = wanted.registry, (wanted.session.name, wanted.readable)
    state = registry.report_state(*key)
    if state.state == "none" and wanted.readable and key not in registry.unreported:
        registry.begin_report(*key)
        state = registry.report_state(*key)
    if state.state == "working":
        return json_response({"state": "working"}, 202)
    return json_response({"code": "unknown", "reason": state.reason, "facts": state.facts}, 404)


async def journey(request: Request) -> Response:
    """Tell the sessions of the same people over time."""
    registry = _registry(request)
    listed = _own_sessions(registry, device_of(registry, request))
    return json_response(await asyncio.to_thread(_journeys, registry, listed))


def _journeys(registry: RoomRegistry, listed: list[tuple[KeptSession, SessionRights]]) -> list[dict[str, Any]]:
    from coregulation.live.room.script import pacer_help
    from coregulation.live.server.reporting import RESULT, find_report

    out: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    results: dict[tuple[str, ...], list[bytes]] = {}
    for kept, rights in listed:
        readable = rights.people_for(Right.ANSWERS)
        people = tuple(sorted(readable))
        result = find_report(registry.store, kept.name, RESULT, readable) if readable else None
        printed = msgspec.json.decode(result or b"{}")
        results.setdefault(people, []).extend([result] if result else [])
        out.setdefault(people, []).append({
            **_described(registry, kept, rights), "help": pacer_help(kept.setup.get("visit", 0)),
            "verdicts": printed.get("verdicts", []), "pacer_off": _half_lives(printed),
        })  # fmt: skip
    return [
        {"people": list(p), "sessions": visits, "sentences": sentences_of(results[p])} for p, visits in out.items() if p
    ]


def sentences_of(results: list[bytes]) -> dict[str, list[str]]:
    """Return what several visits say of each person, in plain words; nothing of a single one."""
    from coregulation.report.journeys import journey_sentences, make_journeys, read_visit

    journeys = make_journeys([read_visit(result) for result in results])
    each = [item for pair in journeys for item in pair.each.items() if len(item[1].visits) > 1]
    return {who: journey_sentences(who, journey) for who, journey in each}


def _half_lives(printed: dict[str, Any]) -> dict[str, Any]:
    """Return each person's half-lives as a report printed them: alone, and with the other."""
    compared = (printed.get("regulation") or {}).get("comparisons", [])
    return {row["person"]: {"half_life_alone": row["alone"], "half_life_with": row["together"]} for row in compared}


async def events(request: Request) -> Response:
    """Tell who opened, exported or erased what."""
    registry = _registry(request)
    known = device_of(registry, request)
    known_of = {kept.name for kept in registry.store.sessions() if _lists(registry.rights(known, kept))}
    rows = [row for row in registry.store.recorded() if known.host or row[2] in known_of]
    return json_response(
        [{"at": _iso(at), "what": what, "session": name, "person": who} for at, what, name, who in rows]
    )


async def settings(request: Request) -> Response:
    """Give the settings."""
    return json_response(_registry(request).store.settings())


async def replace_settings(request: Request) -> Response:
    """Replace the settings."""
    registry = _registry(request)
    raw = await read_limited(request, SMALL)
    try:
        registry.store.set(msgspec.json.decode(raw, type=dict[str, Any]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HttpError(400, "malformed", RoomReason.MALFORMED, text=str(error)) from error
    return json_response(registry.store.settings())


async def backup(request: Request) -> Response:
    """Copy the store while it is used."""
    registry = _registry(request)
    name = time.strftime("sessions-%Y%m%d-%H%M%S", time.gmtime(registry.wall()))
    path = registry.store.folder / "backups" / f"{name}-{secrets.token_hex(2)}.sqlite"
    with_keys = (await read_body(request, Backup)).keys
    await asyncio.to_thread(registry.store.backup, path, registry.wall(), with_keys)
    registry.store.record(registry.wall(), "copied with keys" if with_keys else "copied")
    return json_response({"path": str(path), "keys": with_keys}, 201)
