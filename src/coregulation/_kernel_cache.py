"""Where compiled kernels are kept: under a hash of the sources that they come from, in a place that can be written into.

A read-only installation of a user without a home directory has no such place, and gets a temporary one.
"""

from __future__ import annotations

import ast
import atexit
import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

VARIABLE = "NUMBA_CACHE_DIR"
_PACKAGE = "coregulation"
_Loop = TypeVar("_Loop", bound=Callable[..., Any])


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


def njit(**options: Any) -> Callable[[_Loop], _Loop]:
    """Compile a loop as `numba.njit` does, with a cache that also sees changes in the modules that the loop calls.

    numba itself compares the source of the loop's own module alone. Here the folder of its cache is named by a hash of
    that module and of every module of the package that it imports, so compiled code of other sources is never read.

    Parameters
    ----------
    options
        What `numba.njit` takes.

    Returns
    -------
    callable
        The decorator.
    """
    import numba

    config: Any = numba.config

    def decorate(function: _Loop) -> _Loop:
        path = Path(function.__code__.co_filename)
        configured = config.CACHE_DIR
        config.CACHE_DIR = str(_cache_folder(path, configured))
        try:
            compiled: _Loop = numba.njit(**options)(function)
            return compiled
        finally:
            config.CACHE_DIR = configured

    return decorate


def sources_hash(path: Path) -> str:
    """Return a hash of a module's source and of the sources of the package that it imports, however indirectly.

    Parameters
    ----------
    path
        File of the module, inside the package or beside what it imports from.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    digest = hashlib.sha256()
    for text in sorted(source.read_bytes() for source in _reached(path)):
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()[:12]


def _cache_folder(path: Path, configured: str) -> Path:
    """Return where a module's compiled loops are; what earlier sources left beside the module is removed."""
    name = f"{path.stem}-{sources_hash(path)}"
    if configured:
        return Path(configured) / name
    beside = path.parent / "__pycache__"
    if not _is_writable(beside):
        return user_cache() / "coregulation" / name
    for other in beside.glob(f"{path.stem}-{'[0-9a-f]' * 12}"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return beside / name


def _reached(path: Path) -> set[Path]:
    """Return a module's file and those of the package that it imports where it is loaded, of each of these again."""
    reached, waiting = set(), [path]
    while waiting:
        source = waiting.pop()
        if source not in reached:
            reached.add(source)
            waiting += _imported(source)
    return reached


@functools.cache
def _imported(path: Path) -> tuple[Path, ...]:
    root = next((folder for folder in path.parents if folder.name == _PACKAGE), None)
    if root is None:
        return ()
    names: list[str] = []
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    parts = [name.split(".") for name in names]
    places = [root.joinpath(*part[1:]) for part in parts if part[0] == _PACKAGE and len(part) > 1]
    files = (file for place in places for file in (place.with_suffix(".py"), place / "__init__.py"))
    return tuple(file for file in files if file.is_file())


def user_cache() -> Path:
    """Return where this user's programs keep what they can make again."""
    configured = os.environ.get("XDG_CACHE_HOME")
    return Path(configured) if configured else Path(os.path.expanduser("~")) / ".cache"


def _is_writable(folder: Path) -> bool:
    """Whether a folder, or the nearest one above it that exists, can be written into."""
    nearest = next((parent for parent in (folder, *folder.parents) if parent.exists()), None)
    return nearest is not None and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
