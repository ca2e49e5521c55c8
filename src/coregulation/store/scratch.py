"""Temporary folders of a store: inside it, for its owner alone, and gone at the next start whatever happened."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # a file system in memory, where the system has one
FOLDER = "tmp"


class Scratch:
    """Where a store puts what an analysis reads or writes.

    Parameters
    ----------
    folder
        Of the store.
    encrypted
        Whether nothing of the store may lie plain on a disk: then a file system in memory is used, if there is one.
    """

    def __init__(self, folder: Path, encrypted: bool) -> None:
        self._inside = folder / FOLDER
        name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._memory = MEMORY / f"coregulation-{name}" if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
        self._encrypted = encrypted
        self.remove()

    @contextmanager
    def folder(self, private: bool = False) -> Iterator[Path]:
        """Make a folder that is removed at the end; `private`: nobody agreed to keep what will lie in it."""
        in_memory = self._memory if private or self._encrypted else None
        base = self._inside if in_memory is None else in_memory
        base.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=base) as made:
            yield Path(made)

    def remove(self) -> None:
        """Remove everything, also of a program that was killed."""
        for base in (self._inside, self._memory):
            if base is not None and base.exists() and not base.is_symlink():
                shutil.rmtree(base)


def make_private(folder: Path) -> None:
    """Let only their owner read a store's files; the folder stays as somebody else may have made it."""
    for path in folder.iterdir():
        if (
            path.is_file()
            and not path.is_symlink()
            and path.name.startswith(("sessions.sqlite", "in-use", "session-keys"))
        ):
            path.chmod(0o600)
