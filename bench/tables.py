"""Where a measured table goes: docs/generated, each with the command that makes it and what it was made with."""

from __future__ import annotations

import os
import pathlib
import platform
import sys
from collections.abc import Iterable
from importlib import metadata

FOLDER = pathlib.Path(__file__).parents[1] / "docs" / "generated"
LIBRARIES = ("numpy", "scipy", "numba")


def written(name: str, command: str, lines: Iterable[str], *facts: str) -> None:
    """Print a table as it becomes known, and keep it once it is whole, without a date so that it changes only if it does."""
    kept = []
    for line in lines:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        kept.append(line)
    about = ", ".join(facts)
    text = "\n".join(kept) + f"\n\nMade by `{command}`{'; ' + about if about else ''}.\n"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")


def machine() -> str:
    """Return what a time needs beside it to mean anything."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {versions}"
