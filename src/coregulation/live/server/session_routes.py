"""Requests about kept sessions: to see, take along, erase, analyse, bring in; and the settings."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from coregulation.errors import DataError, UsageError
from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.live.server.middleware import MAX_BODY, REPORT_POLICY
from coregulation.live.server.requests import (
    SMALL,
    Erase,
    HttpError,
    device_of,
    error_response,
    json_response,
    read_body,
    read_limited,
    require_host,
)
from coregulation.store import KeptSession, Note

if TYPE_CHECKING:
    from starlette.requests import Request

    from coregulation.live.room.access import AccessDevice
    from coregulation.live.server.room_registry import RoomRegistry


def _registry(request: Request) -> RoomRegistry:
    registry: RoomRegistry = request.app.state.registry
    return registry


def _may_see(known: AccessDevice, session: KeptSession) -> bool:
    return known.host or session.name in known.rooms


def _session(request: Request) -> tuple[RoomRegistry, AccessDevice, KeptSession]:
    """Return the session that is asked for; one that is another's is as unknown as one that is not there."""
    registry = _registry(request)
    known = device_of(registry, request)
    found = [one for one in registry.store.sessions() if one.name == request.path_params["session"]]
    if not found or not _may_see(known, found[0]):
        raise HttpError(404, "unknown", RoomReason.NO_SUCH_SESSION)
    return registry, known, found[0]


async def sessions(request: Request) -> Response:
    """Tell all kept sessions that this browser may see."""
    registry = _registry(request)
    known = device_of(registry, request)
    mine = [one for one in registry.store.sessions() if _may_see(known, one) and _is_over(registry, one)]
    return json_response([await asyncio.to_thread(_told, registry, one) for one in mine])


def _is_over(registry: RoomRegistry, one: KeptSession) -> bool:
    room = registry.open_room(one.name)
    return one.closed is not None or (room is not None and room.live.room.phase == "report")


def _told(registry: RoomRegistry, one: KeptSession) -> dict[str, Any]:
    from coregulation.live.server.reporting import REPORT, find_report
    from coregulation.live.server.session_export import about

    room = registry.room_of(one.name)
    report = find_report(registry.store, one.name, REPORT) is not None
    if room is None:
        date = _iso(one.opened)
        people = [who["person"] for who in one.setup.get("people", ())]
        plain = {
            "session": one.name,
            "date": date,
            "people": people,
            "practice": None,
            "minutes": one.setup.get("minutes"),
        }
        return {
            **plain,
            "simulated": bool(one.setup.get("simulated")),
            "kept": True,
            "report": report,
            "imported": True,
        }
    return {**about(registry.store, one.name, room), "report": report}


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))


async def session(request: Request) -> Response:
    """Tell one session."""
    registry, _, one = _session(request)
    told = await asyncio.to_thread(_told, registry, one)
    room = registry.room_of(one.name)
    consents = [
        {"person": c.person, "purpose": c.purpose, "given": c.given, "withdrawn": c.withdrawn}
        for c in registry.store.consents(one.name)
    ]
    blocks = [] if room is None else [msgspec.to_builtins(block) for block in room.blocks]
    return json_response(
        {
            **told,
            "consents": consents,
            "blocks": blocks,
            "why_no_report": reason.as_plain() if (reason := registry.unreported.get(one.name)) else None,
        }
    )


async def export(request: Request) -> Response:
    """Give a person's half, or all if all agreed to keep, as a zip that `analyze` opens."""
    registry, known, one = _session(request)
    person = request.query_params.get("person")
    people = [who["person"] for who in one.setup.get("people", ())]
    if person is not None and (person not in people or not _is_theirs(known, one, person)):
        raise HttpError(403, "not-yours", RoomReason.OWN_HALF_ONLY)
    imported = bool(one.setup.get("imported"))
    if person is None and not imported and not all(registry.store.agreed(one.name, who, "keep") for who in people):
        raise HttpError(403, "no-consent", RoomReason.NOT_SHARED)
    parcel = await asyncio.to_thread(_parcel, registry, one, person)
    registry.store.record(registry.wall(), "exported", one.name, person)
    name = f"{one.name}{'' if person is None else '-' + person}.zip"
    return Response(
        parcel, media_type="application/zip", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _is_theirs(known: AccessDevice, one: KeptSession, person: str) -> bool:
    return known.host or person in known.rooms[one.name].people


def _parcel(registry: RoomRegistry, one: KeptSession, person: str | None) -> bytes:
    from coregulation.live.server.archives import pack_archive
    from coregulation.live.server.reporting import RECORDING, find_report
    from coregulation.live.server.session_export import write_exported_session

    room = registry.room_of(one.name)
    if room is None:
        return find_report(registry.store, one.name, RECORDING) or b""
    with tempfile.TemporaryDirectory(prefix="coregulation-") as folder:
        write_exported_session(
            registry.store, one.name, room, Path(folder) / one.name, None if person is None else [person]
        )
        return pack_archive(Path(folder))


async def erase(request: Request) -> Response:
    """Erase a person's half, and search the file for what is left of it."""
    registry, known, one = _session(request)
    asked = await read_body(request, Erase)
    if asked.person not in [who["person"] for who in one.setup.get("people", ())]:
        raise HttpError(404, "unknown", RoomReason.NOT_ERASED_YET)
    if not _is_theirs(known, one, asked.person):
        raise HttpError(403, "not-yours", RoomReason.OWN_HALF_ONLY)
    room = registry.open_room(one.name)
    if room is not None and room.live.room.phase != "ended":
        raise HttpError(409, "not-now", RoomReason.STILL_ON)
    left = await registry.erase(one.name, asked.person)
    return json_response({"erased": True, "left": left})


async def make_report(request: Request) -> Response:
    """Make a report (again)."""
    registry, _, one = _session(request)
    registry.begin_report(one.name)
    return json_response({"state": "working"}, 202)


async def report(request: Request) -> Response:
    """Give a report's page; it may run nothing but what is in it, and reach nobody."""
    from coregulation.live.server.reporting import REPORT, find_report

    registry, _, one = _session(request)
    page = await asyncio.to_thread(find_report, registry.store, one.name, REPORT)
    if page is None:
        return _no_report(registry, one.name)
    registry.store.record(registry.wall(), "report opened", one.name)
    headers = {"content-security-policy": REPORT_POLICY, "x-frame-options": "SAMEORIGIN"}
    return Response(page, media_type="text/html", headers=headers)


async def result(request: Request) -> Response:
    """Give the result of a report, for programs."""
    from coregulation.live.server.reporting import RESULT, find_report

    registry, _, one = _session(request)
    told = await asyncio.to_thread(find_report, registry.store, one.name, RESULT)
    return _no_report(registry, one.name) if told is None else Response(told, media_type="application/json")


def _no_report(registry: RoomRegistry, name: str) -> Response:
    if registry.is_reporting(name):
        return json_response({"state": "working"}, 202)
    reason = registry.unreported.get(name, room_reason(RoomReason.NO_REPORT_YET))
    return error_response(404, "unknown", reason)


async def bring_in(request: Request) -> Response:
    """Take a recording that was dropped on the page: one file, or a zip of several."""
    registry = _registry(request)
    require_host(registry, request)
    name = PurePosixPath(request.query_params.get("name", "recording.zip").replace("\\", "/")).name
    raw = await read_limited(request, MAX_BODY)
    said = {"channel": "signal", "unit": "unit"}
    given = {said[key]: value for key, value in request.query_params.items() if key in said}
    one = await asyncio.to_thread(_brought_in, registry, name, raw, given)
    registry.begin_report(one)
    return json_response({"session": one}, 201)


def _brought_in(registry: RoomRegistry, name: str, raw: bytes, given: dict[str, str]) -> str:
    from coregulation.io import ReadOptions, open_session, write_session
    from coregulation.live.server.archives import pack_archive, unpack_archive
    from coregulation.live.server.reporting import RECORDING
    from coregulation.live.server.session_export import span

    with tempfile.TemporaryDirectory(prefix="coregulation-") as folder:
        source = Path(folder) / "given" / (name or "recording")
        source.parent.mkdir()
        if name.endswith(".zip"):
            inside = unpack_archive(raw, source.parent)
            found = inside / "session.toml"
            source = found if found.exists() else _only(inside)
        else:
            source.write_bytes(raw)
        try:
            options = ReadOptions(signal=given.get("signal"), unit=given.get("unit"))
            opened = open_session(source, options=None if source.name == "session.toml" else options)
        except DataError as error:
            raise DataError(str(error).replace(str(source.parent) + "/", "")) from error
        written = Path(folder) / "written"
        write_session(opened, written)
        parcel = pack_archive(written)
    session = f"{time.strftime('%Y-%m-%d', time.gmtime(registry.wall()))}-{secrets.token_hex(5)}"
    people = [{"person": person.id} for person in opened.people]
    about = {
        "imported": True,
        "people": people,
        "minutes": round(span(opened).length / 60, 1),
        "simulated": opened.simulated,
    }
    registry.store.begin(session, registry.wall(), about)
    registry.store.note(session, [Note(0.0, RECORDING, None, parcel)])
    registry.store.end(session, registry.wall())
    registry.store.record(registry.wall(), "brought in", session)
    return session


def _only(folder: Path) -> Path:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if len(files) != 1:
        raise UsageError(f"A zip holds one file, or a folder with a session.toml; {len(files)} files came.")
    return files[0]


async def journey(request: Request) -> Response:
    """Tell the sessions of the same people over time."""
    registry = _registry(request)
    known = device_of(registry, request)
    mine = [one for one in registry.store.sessions() if _may_see(known, one) and _is_over(registry, one)]
    return json_response(await asyncio.to_thread(_journeys, registry, mine))


def _journeys(registry: RoomRegistry, mine: list[KeptSession]) -> list[dict[str, Any]]:
    from coregulation.live.room.script import pacer_help
    from coregulation.live.server.reporting import RESULT, find_report

    out: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    results: dict[tuple[str, ...], list[bytes]] = {}
    for one in mine:
        told = _told(registry, one)
        people = tuple(sorted(told["people"]))
        result = find_report(registry.store, one.name, RESULT)
        printed = msgspec.json.decode(result or b"{}")
        results.setdefault(people, []).extend([result] if result else [])
        out.setdefault(people, []).append({
            **told, "help": pacer_help(one.setup.get("visit", 0)), "verdicts": printed.get("verdicts", []),
            "pacer_off": _half_lives(printed),
        })  # fmt: skip
    return [{"people": list(p), "sessions": visits, "said": said_of(results[p])} for p, visits in out.items() if p]


def said_of(results: list[bytes]) -> dict[str, list[str]]:
    """Return what several visits say of each person, in plain words; nothing of a single one."""
    from coregulation.report.journeys import make_journeys, read_visit, said

    told = make_journeys([read_visit(result) for result in results])
    return {who: said(who, one) for pair in told for who, one in pair.each.items() if len(one.visits) > 1}


def _half_lives(printed: dict[str, Any]) -> dict[str, Any]:
    """Return each person's half-lives as a report printed them: alone, and with the other."""
    compared = (printed.get("regulation") or {}).get("comparisons", [])
    return {one["person"]: {"half_life_alone": one["alone"], "half_life_with": one["together"]} for one in compared}


async def events(request: Request) -> Response:
    """Tell who opened, exported or erased what."""
    registry = _registry(request)
    known = device_of(registry, request)
    rows = [row for row in registry.store.recorded() if known.host or row[2] in known.rooms]
    return json_response([{"at": _iso(at), "what": what, "session": one, "person": who} for at, what, one, who in rows])


async def settings(request: Request) -> Response:
    """Give the settings, or replace them."""
    registry = _registry(request)
    device_of(registry, request)
    if request.method == "PUT":
        require_host(registry, request)
        raw = await read_limited(request, SMALL)
        try:
            registry.store.set(msgspec.json.decode(raw, type=dict[str, Any]))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HttpError(400, "malformed", RoomReason.MALFORMED, text=str(error)) from error
    return json_response(registry.store.settings())


async def backup(request: Request) -> Response:
    """Copy the store while it is used."""
    registry = _registry(request)
    require_host(registry, request)
    name = time.strftime("sessions-%Y%m%d-%H%M%S", time.gmtime(registry.wall()))
    path = registry.store.folder / "backups" / f"{name}-{secrets.token_hex(2)}.sqlite"
    await asyncio.to_thread(registry.store.backup, path)
    registry.store.record(registry.wall(), "copied")
    return json_response({"path": str(path)}, 201)
