"""A small file that says which sessions have a protective change that the disk did not take.

Its space is taken when the store is opened, so writing into it needs none. After a crash such a session comes back paused, and
everybody is asked again what they agree to. If the file cannot be read, every session counts as such.
"""

from __future__ import annotations

import json
import os
from collections.abc import Container
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
        before = self._read()
        self._is_damaged = before is None
        self.before: Container[str] = _Everything() if before is None else before
        self._now: set[str] = set(before or ())
        if not self._path.exists() or self._path.stat().st_size != BYTES:
            self._path.write_bytes(b" " * BYTES)
            self._path.chmod(0o600)

    def mark(self, session: str) -> None:
        """Say, on the disk, that a session has something unsaved."""
        self._now.add(session)
        self._write()

    def clear(self, session: str) -> None:
        """Say that everything of a session is saved."""
        if session in self._now or self._is_damaged:
            self._is_damaged = False
            self._now.discard(session)
            self._write()

    def _read(self) -> frozenset[str] | None:
        """Return what stands there; None if it cannot be read, or if there were more sessions than it has space for."""
        try:
            body = self._path.read_bytes().strip()
            return frozenset(json.loads(body)) if body else frozenset()
        except FileNotFoundError:
            return frozenset()
        except (OSError, ValueError, TypeError):
            return None

    def _write(self) -> None:
        body = json.dumps(sorted(self._now)).encode()[:BYTES].ljust(BYTES)
        with self._path.open("r+b") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())


class _Everything:
    """Contains every session."""

    def __contains__(self, _session: object) -> bool:
        return True
