"""A place for compiled kernels where there is none: a read-only installation of a user without a home directory."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def ensure_kernel_cache(package: Path = Path(__file__).parent) -> None:
    """Give numba a private temporary folder if it could cache kernels neither beside the package nor in the user's cache.

    Without any place numba refuses to compile what is marked to be cached. A folder for this process alone is made, since a
    cache that others can write into would let them run code here.

    Parameters
    ----------
    package
        Folder of the installed package.
    """
    if os.environ.get(VARIABLE) or _is_writable(package) or _is_writable(user_cache()):
        return
    folder = tempfile.mkdtemp(prefix="coregulation-kernels-")
    os.environ[VARIABLE] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def user_cache() -> Path:
    """Return where this user's programs keep what they can make again."""
    configured = os.environ.get("XDG_CACHE_HOME")
    return Path(configured) if configured else Path(os.path.expanduser("~")) / ".cache"


def _is_writable(folder: Path) -> bool:
    """Whether a folder, or the nearest one above it that exists, can be written into."""
    nearest = next((parent for parent in (folder, *folder.parents) if parent.exists()), None)
    return nearest is not None and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
