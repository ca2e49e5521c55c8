"""The report of a kept session: the same analysis as of any recording, over the folder that an export would give."""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coregulation.errors import CoregulationError
from coregulation.live.room.reasons import RoomReason, reason_of, room_reason
from coregulation.live.room.state import RoomState
from coregulation.live.server.beat_corrections import BeatCorrection, kept_corrections, with_corrections
from coregulation.live.server.session_export import write_exported_session
from coregulation.live.server.worker import place_of
from coregulation.reasons import Reason
from coregulation.store import Note, Store

REPORT, RESULT, RECORDING = "report", "result", "recording"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A report's page and its result, as they lie in the store."""

    page: bytes
    result: bytes


def make_report(
    store: Store, name: str, room: RoomState | None, people: Sequence[str], stopping: threading.Event
) -> ReportFiles:
    """Analyse a session and keep its report, unless the server stops; a recording that was brought in is analysed as it came.

    Raises:
        DataError: if there is too little to say anything, with what would be needed.
    """
    from coregulation.live.server.worker import REPORT_LIMITS, run_limited

    with store.scratch.folder(private=not store.keys.is_kept(name)) as scratch:
        manifest = session_folder(store, name, room, people, scratch)
        corrections = kept_corrections(store, name, people)
        report = ReportFiles(
            *run_limited(analyse_export, manifest, corrections, limits=REPORT_LIMITS, stopping=stopping)
        )
    kinds = (report_kind(REPORT, people), report_kind(RESULT, people))
    store.note(name, [Note(0.0, kinds[0], None, report.page), Note(0.0, kinds[1], None, report.result)])
    return report


def session_folder(store: Store, name: str, room: RoomState | None, people: Sequence[str], scratch: Path) -> Path:
    """Write some people of a kept session into a folder, or what was brought in as it came, and return its manifest's path.

    Raises:
        DataError: if nothing was recorded, or the folder cannot be written.
    """
    if room is None:
        return _unpacked(store, name, scratch)
    return write_exported_session(store, name, room, scratch / "session", people)


def analyse_export(
    manifest: Path, corrections: dict[str, tuple[BeatCorrection, ...]] | None = None
) -> tuple[bytes, bytes]:
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
    return f"{kind}:{'+'.join(people)}"


def drop_shared_reports(store: Store, name: str, person: str) -> None:
    """Erase every report that is about a person and others as well."""
    store.drop_notes(name, [kind for kind, who in _about(store, name).items() if person in who and len(who) > 1])


def drop_reports(store: Store, name: str, person: str) -> None:
    """Erase every report that is about a person, alone or with others."""
    store.drop_notes(name, [kind for kind, who in _about(store, name).items() if person in who])


def _about(store: Store, name: str) -> dict[str, list[str]]:
    """Return whom each report and result of a session is about, by its kind of note."""
    kinds = [kind for kind in store.note_kinds(name) if kind.startswith((f"{REPORT}:", f"{RESULT}:"))]
    return {kind: kind.partition(":")[2].split("+") for kind in kinds}


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
