"""The report of a kept session: the same analysis as of any recording, over the folder that an export would give."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from coregulation.live.kept import write_kept
from coregulation.live.room import Room
from coregulation.store import Note, Store

REPORT, RESULT, RECORDING = "report", "result", "recording"


@dataclass(frozen=True, slots=True)
class Made:
    """A report's page and its result, as they lie in the store."""

    page: bytes
    result: bytes


def made(store: Store, name: str, room: Room | None) -> Made:
    """Analyse a session and keep its report; a recording that was brought in is analysed as it came.

    Raises:
        DataError: if there is too little to say anything, with what would be needed.
    """
    with tempfile.TemporaryDirectory(prefix="coregulation-") as scratch:
        manifest = _unpacked(store, name, Path(scratch)) if room is None else write_kept(store, name, room, Path(scratch) / "session")  # fmt: skip
        one = analysed(manifest, Path(scratch) / "report")
    store.note(name, [Note(0.0, REPORT, None, one.page), Note(0.0, RESULT, None, one.result)])
    return one


def analysed(manifest: Path, directory: Path) -> Made:
    """Analyse a session in a folder, as `coregulation analyze` does."""
    from coregulation.analysis import Analysis
    from coregulation.files import open_session
    from coregulation.report import save

    page = save(Analysis(jobs=1)(open_session(manifest)), directory)
    return Made(page.read_bytes(), (directory / "result.json").read_bytes())


def found(store: Store, name: str, kind: str) -> bytes | None:
    """Return the last report (or result) that was made of a session; None if there is none."""
    notes = store.notes(name, kind)
    return notes[-1].body if notes else None


def _unpacked(store: Store, name: str, scratch: Path) -> Path:
    from coregulation.live.parcels import unpack

    body = found(store, name, RECORDING)
    return unpack(body or b"", scratch / "session") / "session.toml"
