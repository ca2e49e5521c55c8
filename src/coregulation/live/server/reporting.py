"""The report of a kept session: the same analysis as of any recording, over the folder that an export would give."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from coregulation.live.room.state import RoomState
from coregulation.live.server.session_export import write_exported_session
from coregulation.store import Note, Store

REPORT, RESULT, RECORDING = "report", "result", "recording"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A report's page and its result, as they lie in the store."""

    page: bytes
    result: bytes


def make_report(store: Store, name: str, room: RoomState | None) -> ReportFiles:
    """Analyse a session and keep its report; a recording that was brought in is analysed as it came.

    Raises:
        DataError: if there is too little to say anything, with what would be needed.
    """
    with tempfile.TemporaryDirectory(prefix="coregulation-") as scratch:
        manifest = _unpacked(store, name, Path(scratch)) if room is None else write_exported_session(store, name, room, Path(scratch) / "session")  # fmt: skip
        one = analyse_export(manifest, Path(scratch) / "report")
    store.note(name, [Note(0.0, REPORT, None, one.page), Note(0.0, RESULT, None, one.result)])
    return one


def analyse_export(manifest: Path, directory: Path) -> ReportFiles:
    """Analyse a session in a folder, as `coregulation analyze` does."""
    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import open_session
    from coregulation.report import save

    page = save(Analysis(jobs=1)(open_session(manifest)), directory)
    return ReportFiles(page.read_bytes(), (directory / "result.json").read_bytes())


def find_report(store: Store, name: str, kind: str) -> bytes | None:
    """Return the last report (or result) that was made of a session; None if there is none."""
    notes = store.notes(name, kind)
    return notes[-1].body if notes else None


def _unpacked(store: Store, name: str, scratch: Path) -> Path:
    from coregulation.live.server.archives import unpack_archive

    body = find_report(store, name, RECORDING)
    return unpack_archive(body or b"", scratch / "session") / "session.toml"
