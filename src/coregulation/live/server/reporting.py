"""The report of a kept session: the same analysis as of any recording, over the folder that an export would give."""

from __future__ import annotations

import asyncio
import errno
import sys
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coregulation.errors import CoregulationError
from coregulation.live.room.reasons import RoomReason, reason_of, room_reason
from coregulation.live.room.state import RoomState
from coregulation.live.server.beat_corrections import (
    Corrections,
    kept_corrections,
    with_corrections,
    without_words,
)
from coregulation.live.server.session_export import write_exported_session
from coregulation.live.server.worker import place_of
from coregulation.reasons import Reason
from coregulation.store import Note, Store

if TYPE_CHECKING:
    from coregulation.live.server.room_registry import RoomRegistry

REPORT, RESULT, RECORDING = "report", "result", "recording"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A report's page and its result, as they lie in the store."""

    page: bytes
    result: bytes


async def make_fresh_report(registry: RoomRegistry, name: str, room: RoomState | None, people: Sequence[str]) -> None:
    """Analyse a session and keep its report, unless the server stops; a recording that was brought in is analysed as it came.

    A report that nobody may read any more when it is made, since somebody was erased or took a consent back meanwhile, is
    not kept; one whose beats were corrected meanwhile is made anew.

    Raises:
        DataError: if there is too little to say anything, with what would be needed.
    """
    store, readers = registry.store, tuple(people)
    fresh = False
    while not fresh and registry.is_read(name, readers):
        corrections = kept_corrections(store, name, people)
        report = await asyncio.to_thread(_make_report, registry, name, room, people, corrections)
        async with registry.erasing:
            if registry.is_read(name, readers):
                await asyncio.to_thread(_keep_report, store, name, people, report)
            fresh = corrections == kept_corrections(store, name, people)
            if not (fresh and registry.is_read(name, readers)):
                store.drop_notes(name, [report_kind(kind, people) for kind in (REPORT, RESULT)])


def _make_report(
    registry: RoomRegistry, name: str, room: RoomState | None, people: Sequence[str], corrections: Corrections
) -> ReportFiles:
    from coregulation.live.server.worker import REPORT_LIMITS, run_limited

    store = registry.store
    shown = corrections if room is None else without_words(corrections)
    with store.scratch.folder(private=not store.keys.is_kept(name)) as scratch:
        manifest = session_folder(store, name, room, people, scratch)
        return ReportFiles(
            *run_limited(analyse_export, manifest, shown, limits=REPORT_LIMITS, stopping=registry.stopping)
        )


def _keep_report(store: Store, name: str, people: Sequence[str], report: ReportFiles) -> None:
    kinds = (report_kind(REPORT, people), report_kind(RESULT, people))
    store.note(name, [Note(0.0, kinds[0], None, report.page), Note(0.0, kinds[1], None, report.result)])


def session_folder(store: Store, name: str, room: RoomState | None, people: Sequence[str], scratch: Path) -> Path:
    """Write some people of a kept session into a folder, or what was brought in as it came, and return its manifest's path.

    Raises:
        DataError: if nothing was recorded, or the folder cannot be written.
    """
    if room is None:
        return _unpacked(store, name, scratch)
    return write_exported_session(store, name, room, scratch / "session", people)


def analyse_export(manifest: Path, corrections: Corrections | None = None) -> tuple[bytes, bytes]:
    """Analyse a session in a folder, as `coregulation analyze` does, with what was corrected; nothing is written.

    Returns page and result.
    """
    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import open_session
    from coregulation.report.page import render_page
    from coregulation.report.result import result_of, to_json

    finding = Analysis(jobs=1)(with_corrections(open_session(manifest), corrections or {}))
    return render_page(finding).encode(), to_json(result_of(finding))


def why_it_failed(error: Exception) -> Reason:
    """Return why there is no report, whatever went wrong; what nobody expected is written to the log, without its text."""
    if isinstance(error, CoregulationError):
        return reason_of(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return room_reason(RoomReason.DISK_FULL)
    sys.stderr.write(f"{place_of(error)}\n")
    return room_reason(RoomReason.REPORT_CRASHED)


def report_kind(kind: str, people: Sequence[str]) -> str:
    """Return the kind of note in which the report (or result) of exactly these people is stored."""
    return f"{kind}:{'+'.join(who.replace('%', '%25').replace('+', '%2B') for who in people)}"


def drop_shared_reports(store: Store, name: str, person: str) -> None:
    """Erase every report that is about a person and others as well."""
    store.drop_notes(name, [kind for kind, who in _about(store, name).items() if person in who and len(who) > 1])


def drop_reports(store: Store, name: str, person: str) -> None:
    """Erase every report that is about a person, alone or with others."""
    store.drop_notes(name, [kind for kind, who in _about(store, name).items() if person in who])


def _about(store: Store, name: str) -> dict[str, list[str]]:
    """Return whom each report and result of a session is about, by its kind of note."""
    kinds = [kind for kind in store.note_kinds(name) if kind.startswith((f"{REPORT}:", f"{RESULT}:"))]
    return {kind: [urllib.parse.unquote(who) for who in kind.partition(":")[2].split("+")] for kind in kinds}


def find_report(store: Store, name: str, kind: str, people: Sequence[str]) -> bytes | None:
    """Return the last report (or result) of exactly these people of a session; None if there is none."""
    notes = store.notes(name, report_kind(kind, people))
    return notes[-1].body if notes else None


def find_recording(store: Store, name: str) -> bytes | None:
    """Return the zip of a recording that was brought in; None if there is none."""
    notes = store.notes(name, RECORDING)
    return notes[-1].body if notes else None


def _unpacked(store: Store, name: str, scratch: Path) -> Path:
    from coregulation.live.server.archives import unpack_archive

    body = find_recording(store, name)
    return unpack_archive(body or b"", scratch / "session") / "session.toml"
