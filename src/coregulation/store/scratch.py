"""Temporary folders of a store: for its owner alone, under names that nobody can prepare, and gone at the next start whatever happened."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # a file system in memory, where the system has one; everybody may write there
PREFIX = ".coregulation-"


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
        self._folder = folder
        name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._prefix = f"{PREFIX}{name}-"
        self._memory = MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
        self._encrypted = encrypted
        self.remove()

    @contextmanager
    def folder(self, private: bool = False) -> Iterator[Path]:
        """Make a folder that is removed at the end; `private`: nobody agreed to keep what will lie in it."""
        base = (self._memory if private or self._encrypted else None) or self._folder
        with tempfile.TemporaryDirectory(prefix=self._prefix, dir=base) as folder:
            yield Path(folder)

    def left_behind(self) -> list[Path]:
        """Return the folders of this store that are there: of now, or of a program that was killed."""
        bases = [self._folder, *((self._memory,) if self._memory is not None else ())]
        every = [path for base in bases for path in base.glob(f"{self._prefix}*")]
        return [path for path in every if path.is_dir() and not path.is_symlink() and _is_own(path)]

    def remove(self) -> None:
        """Remove everything, also of a program that was killed."""
        for path in self.left_behind():
            shutil.rmtree(path)


def _is_own(path: Path) -> bool:
    """Whether a folder belongs to this user: what another one put there under such a name is not touched."""
    return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()


def make_private(folder: Path) -> None:
    """Let only their owner read a store's files; the folder stays as somebody else may have made it."""
    for path in folder.iterdir():
        if (
            path.is_file()
            and not path.is_symlink()
            and path.name.startswith(("sessions.sqlite", "in-use", "session-keys"))
        ):
            path.chmod(0o600)
