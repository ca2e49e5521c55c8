"""Data that come with the package, read here and nowhere else.

claims, practices, scenarios, power plans and a recording are files, not code. Whoever needs one asks for its text or, for a
recording, for its folder.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


def data_text(*parts: str) -> str:
    """Read one text file of the package.

    Parameters
    ----------
    *parts
        Folders and file name below `coregulation/data`, such as `("scenarios", "pet.toml")`.

    Returns
    -------
    str
        Its content, decoded as UTF-8.
    """
    return _below(parts).read_text(encoding="utf-8")


def data_names(*parts: str) -> tuple[str, ...]:
    """List the TOML files of a folder by name, without the ending, sorted.

    Parameters
    ----------
    *parts
        Folders below `coregulation/data`.

    Returns
    -------
    tuple of str
        Names such as `"pet"`; empty where there is no such folder.
    """
    folder = _below(parts)
    names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def data_folder(*parts: str) -> AbstractContextManager[Path]:
    """Give a folder as a real path for as long as the context lasts.

    Parameters
    ----------
    *parts
        Folders below `coregulation/data`.

    Returns
    -------
    context manager of pathlib.Path
        The folder; a temporary copy where the package is not a folder on disk.
    """
    return resources.as_file(_below(parts))


def _below(parts: tuple[str, ...]) -> Traversable:
    return resources.files(__name__).joinpath(*parts)
