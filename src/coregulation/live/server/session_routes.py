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
from coregulation.live.server.middleware import MAX_BODY, REPORT_POLICY
from coregulation.live.server.requests import (
    SMALL,
    Erase,
    HttpError,
    device_of,
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


def _house(request: Request) -> RoomRegistry:
    house: RoomRegistry = request.app.state.house
    return house


def _may_see(known: AccessDevice, session: KeptSession) -> bool:
    return known.host or session.name in known.rooms


def _session(request: Request) -> tuple[RoomRegistry, AccessDevice, KeptSession]:
    """Return the session that is asked for; one that is another's is as unknown as one that is not there."""
    house = _house(request)
    known = device_of(house, request)
    found = [one for one in house.store.sessions() if one.name == request.path_params["session"]]
    if not found or not _may_see(known, found[0]):
        raise HttpError(404, "unknown", "There is no such session here; it may have been erased.")
    return house, known, found[0]


async def sessions(request: Request) -> Response:
    """Tell all kept sessions that this browser may see."""
    house = _house(request)
    known = device_of(house, request)
    mine = [one for one in house.store.sessions() if _may_see(known, one) and _is_over(house, one)]
    return json_response([await asyncio.to_thread(_told, house, one) for one in mine])


def _is_over(house: RoomRegistry, one: KeptSession) -> bool:
    room = house.open_room(one.name)
    return one.closed is not None or (room is not None and room.live.room.phase == "report")


def _told(house: RoomRegistry, one: KeptSession) -> dict[str, Any]:
    from coregulation.live.server.reporting import REPORT, find_report
    from coregulation.live.server.session_export import about

    room = house.room_of(one.name)
    report = find_report(house.store, one.name, REPORT) is not None
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
    return {**about(house.store, one.name, room), "report": report}


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))


async def session(request: Request) -> Response:
    """Tell one session."""
    house, _, one = _session(request)
    told = await asyncio.to_thread(_told, house, one)
    room = house.room_of(one.name)
    consents = [
        {"person": c.person, "purpose": c.purpose, "given": c.given, "withdrawn": c.withdrawn}
        for c in house.store.consents(one.name)
    ]
    blocks = [] if room is None else [msgspec.to_builtins(block) for block in room.blocks]
    return json_response(
        {**told, "consents": consents, "blocks": blocks, "why_no_report": house.unreported.get(one.name)}
    )


async def export(request: Request) -> Response:
    """Give a person's half, or all if all agreed to keep, as a zip that `analyze` opens."""
    house, known, one = _session(request)
    person = request.query_params.get("person")
    people = [who["person"] for who in one.setup.get("people", ())]
    if person is not None and (person not in people or not _is_theirs(known, one, person)):
        raise HttpError(403, "not-yours", "Everybody takes their own half along.")
    imported = bool(one.setup.get("imported"))
    if person is None and not imported and not all(house.store.agreed(one.name, who, "keep") for who in people):
        raise HttpError(403, "no-consent", "Not everybody agreed to keep this session; each may take their own half.")
    parcel = await asyncio.to_thread(_parcel, house, one, person)
    house.store.record(house.wall(), "exported", one.name, person)
    name = f"{one.name}{'' if person is None else '-' + person}.zip"
    return Response(
        parcel, media_type="application/zip", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _is_theirs(known: AccessDevice, one: KeptSession, person: str) -> bool:
    return known.host or person in known.rooms[one.name].people


def _parcel(house: RoomRegistry, one: KeptSession, person: str | None) -> bytes:
    from coregulation.live.server.archives import pack_archive
    from coregulation.live.server.reporting import RECORDING, find_report
    from coregulation.live.server.session_export import write_exported_session

    room = house.room_of(one.name)
    if room is None:
        return find_report(house.store, one.name, RECORDING) or b""
    with tempfile.TemporaryDirectory(prefix="coregulation-") as folder:
        write_exported_session(
            house.store, one.name, room, Path(folder) / one.name, None if person is None else [person]
        )
        return pack_archive(Path(folder))


async def erase(request: Request) -> Response:
    """Erase a person's half, and search the file for what is left of it."""
    house, known, one = _session(request)
    asked = await read_body(request, Erase)
    if asked.person not in [who["person"] for who in one.setup.get("people", ())]:
        raise HttpError(
            404, "unknown", "There is nobody of that name in this session; perhaps they were erased before."
        )
    if not _is_theirs(known, one, asked.person):
        raise HttpError(403, "not-yours", "Everybody erases their own half.")
    room = house.open_room(one.name)
    if room is not None and room.live.room.phase != "ended":
        raise HttpError(409, "not-now", "This session is still on. Stop it first; then erase.")
    left = await house.erase(one.name, asked.person)
    return json_response({"erased": True, "left": left})


async def make_report(request: Request) -> Response:
    """Make a report (again)."""
    house, _, one = _session(request)
    house.begin_report(one.name)
    return json_response({"state": "working"}, 202)


async def report(request: Request) -> Response:
    """Give a report's page; it may run nothing but what is in it, and reach nobody."""
    from coregulation.live.server.reporting import REPORT, find_report

    house, _, one = _session(request)
    page = await asyncio.to_thread(find_report, house.store, one.name, REPORT)
    if page is None:
        return _no_report(house, one.name)
    house.store.record(house.wall(), "report opened", one.name)
    headers = {"content-security-policy": REPORT_POLICY, "x-frame-options": "SAMEORIGIN"}
    return Response(page, media_type="text/html", headers=headers)


async def result(request: Request) -> Response:
    """Give the result of a report, for programs."""
    from coregulation.live.server.reporting import RESULT, find_report

    house, _, one = _session(request)
    told = await asyncio.to_thread(find_report, house.store, one.name, RESULT)
    return _no_report(house, one.name) if told is None else Response(told, media_type="application/json")


def _no_report(house: RoomRegistry, name: str) -> Response:
    if house.is_reporting(name):
        return json_response({"state": "working"}, 202)
    why = house.unreported.get(name, "No report was made of this session yet.")
    return json_response({"code": "unknown", "why": why}, 404)


async def bring_in(request: Request) -> Response:
    """Take a recording that was dropped on the page: one file, or a zip of several."""
    house = _house(request)
    require_host(house, request)
    name = PurePosixPath(request.query_params.get("name", "recording.zip").replace("\\", "/")).name
    raw = await read_limited(request, MAX_BODY)
    said = {"channel": "signal", "unit": "unit"}
    given = {said[key]: value for key, value in request.query_params.items() if key in said}
    one = await asyncio.to_thread(_brought_in, house, name, raw, given)
    house.begin_report(one)
    return json_response({"session": one}, 201)


def _brought_in(house: RoomRegistry, name: str, raw: bytes, given: dict[str, str]) -> str:
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
    session = f"{time.strftime('%Y-%m-%d', time.gmtime(house.wall()))}-{secrets.token_hex(5)}"
    people = [{"person": person.id} for person in opened.people]
    about = {
        "imported": True,
        "people": people,
        "minutes": round(span(opened).length / 60, 1),
        "simulated": opened.simulated,
    }
    house.store.begin(session, house.wall(), about)
    house.store.note(session, [Note(0.0, RECORDING, None, parcel)])
    house.store.end(session, house.wall())
    house.store.record(house.wall(), "brought in", session)
    return session


def _only(folder: Path) -> Path:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if len(files) != 1:
        raise UsageError(f"A zip holds one file, or a folder with a session.toml; {len(files)} files came.")
    return files[0]


async def journey(request: Request) -> Response:
    """Tell the sessions of the same people over time."""
    house = _house(request)
    known = device_of(house, request)
    mine = [one for one in house.store.sessions() if _may_see(known, one) and _is_over(house, one)]
    return json_response(await asyncio.to_thread(_journeys, house, mine))


def _journeys(house: RoomRegistry, mine: list[KeptSession]) -> list[dict[str, Any]]:
    from coregulation.live.room.script import pacer_help
    from coregulation.live.server.reporting import RESULT, find_report

    out: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    results: dict[tuple[str, ...], list[bytes]] = {}
    for one in mine:
        told = _told(house, one)
        people = tuple(sorted(told["people"]))
        result = find_report(house.store, one.name, RESULT)
        printed = msgspec.json.decode(result or b"{}")
        results.setdefault(people, []).extend([result] if result else [])
        out.setdefault(people, []).append({
            **told, "help": pacer_help(one.setup.get("visit", 0)), "verdicts": printed.get("verdicts", []),
            "pacer_off": _half_lives(printed),
        })  # fmt: skip
    return [{"people": list(p), "sessions": visits, "said": said_of(results[p])} for p, visits in out.items() if p]


def said_of(results: list[bytes]) -> dict[str, list[str]]:
    """Return what several visits say of each person, in plain words; nothing of a single one."""
    from coregulation.regulation.journey_words import said
    from coregulation.report.journeys import make_journeys, read_visit

    told = make_journeys([read_visit(result) for result in results])
    return {who: list(said(who, one)) for pair in told for who, one in pair.each.items() if len(one.visits) > 1}


def _half_lives(printed: dict[str, Any]) -> dict[str, Any]:
    """Return each person's half-lives as a report printed them: alone, and with the other."""
    compared = (printed.get("regulation") or {}).get("comparisons", [])
    return {one["person"]: {"half_life_alone": one["alone"], "half_life_with": one["together"]} for one in compared}


async def events(request: Request) -> Response:
    """Tell who opened, exported or erased what."""
    house = _house(request)
    known = device_of(house, request)
    rows = [row for row in house.store.recorded() if known.host or row[2] in known.rooms]
    return json_response([{"at": _iso(at), "what": what, "session": one, "person": who} for at, what, one, who in rows])


async def settings(request: Request) -> Response:
    """Give the settings, or replace them."""
    house = _house(request)
    device_of(house, request)
    if request.method == "PUT":
        require_host(house, request)
        raw = await read_limited(request, SMALL)
        try:
            house.store.set(msgspec.json.decode(raw, type=dict[str, Any]))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HttpError(400, "malformed", f"{error}.") from error
    return json_response(house.store.settings())


async def backup(request: Request) -> Response:
    """Copy the store while it is used."""
    house = _house(request)
    require_host(house, request)
    name = time.strftime("sessions-%Y%m%d-%H%M%S", time.gmtime(house.wall()))
    path = house.store.folder / "backups" / f"{name}-{secrets.token_hex(2)}.sqlite"
    await asyncio.to_thread(house.store.backup, path)
    house.store.record(house.wall(), "copied")
    return json_response({"path": str(path)}, 201)
