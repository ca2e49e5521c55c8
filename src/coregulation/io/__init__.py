"""What people really have, as sessions: tables, RR exports, workbooks, BIDS, and `session.toml` manifests.

Units and rates are stated or carried by a format, never guessed; what contradicts them is an error that says which
word to add. Nothing that stands inside a file or a path becomes the name of a person unless the caller chose it.
"""

from __future__ import annotations

from pathlib import Path as _Path
from typing import Any

from coregulation.errors import UsageError, nearest_names
from coregulation.io.manifest import json_schema
from coregulation.io.manifest_template import new_manifest
from coregulation.io.options import Path, ReadOptions
from coregulation.io.reading import OpenedSessions, open_paths
from coregulation.io.tables.contents import ColumnContents, Contents, inspect_file
from coregulation.io.tables.long_tables import list_names
from coregulation.io.writers.session import write_session
from coregulation.session import Session

__all__ = [
    "ColumnContents",
    "Contents",
    "OpenedSessions",
    "ReadOptions",
    "inspect_file",
    "json_schema",
    "new_manifest",
    "open_session",
    "open_sessions",
    "write_session",
]


def open_session(*paths: Path, options: ReadOptions | None = None, **stated: Any) -> Session:
    """Open one session: `open_session("ada.txt", "ben.txt", signal="rr", unit="ms")`.

    Parameters
    ----------
    *paths
        One table with a column for each person, one file for each person, a `session.toml` or its folder.
    options
        How to read them; or give its fields as keywords.
    **stated
        The fields of `ReadOptions`.

    Returns
    -------
    Session
        On one clock, with people in the order in which they were named.

    Raises
    ------
    UsageError
        If the call is wrong, or there are several sessions and `only` does not choose one.
    DataError
        If the session's data cannot be used.
    """
    opened = open_sessions(*paths, options=options, **stated)
    if len(opened) + len(opened.refused) > 1 and len(opened) != 1:
        names = [session.id for session in opened]
        raise UsageError(
            "There are {sessions:n session|sessions}; choose one with --only (only=…): {known}.",
            sessions=len(names),
            known=list_names(names),
        )
    return opened[0]


def open_sessions(*paths: Path, options: ReadOptions | None = None, **stated: Any) -> OpenedSessions:
    """Open every session in the paths, in order; `.refused` says why others cannot be used.

    Parameters
    ----------
    *paths
        Tables, files of devices, manifests, folders of manifests, or one BIDS data set.
    options
        How to read them; None where the fields come as keywords or the files say everything.
    **stated
        The fields of `ReadOptions`, instead of `options`.

    Returns
    -------
    OpenedSessions
        The sessions that can be used, and why each other one is refused.

    Raises
    ------
    UsageError
        If the call is wrong.
    DataError
        If not one session can be used.
    """
    if options is not None and stated:
        raise UsageError("Give either options or keywords, not both.")
    unknown = sorted(set(stated) - set(ReadOptions.__dataclass_fields__))
    if unknown:
        raise UsageError(
            "There is no option {option!r}. Did you mean {near:or}?",
            option=unknown[0],
            near=nearest_names(unknown[0], ReadOptions.__dataclass_fields__),
        )
    return open_paths([_Path(path) for path in paths], ReadOptions(**stated) if options is None else options)
