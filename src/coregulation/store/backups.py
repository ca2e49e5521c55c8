"""Copies of a store: made without stopping anybody, described beside them, and removed when their time is over."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from coregulation.store.database import connect, explained_failures

BACKUPS = "backups"
KEPT_FOR = 90 * 86400.0  # s after which a copy in the store's own folder is removed


def copy_database(source: Path, target: Path, passphrase: str | None) -> None:
    """Copy a database from a connection of its own: what is written meanwhile waits for nothing.

    Raises
    ------
    DiskFullError
        If there is no room; nothing is left behind.
    DataError
        If the copy cannot be made.
    """
    with explained_failures(target):
        connection = connect(source, passphrase)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
            target.chmod(0o600)
        finally:
            connection.close()


def describe(path: Path, sessions: Sequence[str], at: float, keys: Path | None) -> None:
    """Write beside a copy what it holds, until when it is kept, and what opens it."""
    contents = {
        "format": "coregulation.backup/1",
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
        "removed_after": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at + KEPT_FOR)),
        "sessions": list(sessions),
        "keys": None if keys is None else keys.name,
        "note": "Kept sessions are encrypted. Without the key file of the store, or a copy of it, they cannot be read. "
        "What was erased since cannot be read either, unless a copy of its key was made.",
    }
    text = json.dumps(contents, indent=1).encode()
    descriptor = os.open(path.with_suffix(".json"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)


def remove_expired(folder: Path) -> None:
    """Remove copies whose time is over."""
    if not folder.is_dir():
        return
    for description in folder.glob("*.json"):
        if time.time() - description.stat().st_mtime > KEPT_FOR:
            remove_copy(description)


def remove_copy(path: Path) -> None:
    """Remove a copy with its keys and its description."""
    for ending in (".sqlite", ".keys", ".json"):
        path.with_suffix(ending).unlink(missing_ok=True)
