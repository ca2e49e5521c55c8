"""A small file that says which sessions have a protective change that the disk did not take.

Its space is taken when the store is opened, so writing into it needs none. After a crash such a session comes back paused, and
everybody is asked again what they agree to.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE, BYTES = "unsaved", 4096


class UnsavedMarker:
    """The sessions that have something unsaved.

    Parameters
    ----------
    folder
        Of the store.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.before: frozenset[str] = self._read()
        self._now: set[str] = set(self.before)
        if not self._path.exists() or self._path.stat().st_size != BYTES:
            self._path.write_bytes(b" " * BYTES)
            self._path.chmod(0o600)

    def mark(self, session: str) -> None:
        """Say, on the disk, that a session has something unsaved."""
        self._now.add(session)
        self._write()

    def clear(self, session: str) -> None:
        """Say that everything of a session is saved."""
        if session in self._now:
            self._now.discard(session)
            self._write()

    def _read(self) -> frozenset[str]:
        try:
            return frozenset(json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return frozenset()

    def _write(self) -> None:
        body = json.dumps(sorted(self._now)).encode()[:BYTES].ljust(BYTES)
        with self._path.open("r+b") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
