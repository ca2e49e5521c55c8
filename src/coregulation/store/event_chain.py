"""The list of who opened, exported or erased what: each line holds the hash of the one before, so that none changes unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from coregulation.errors import DataError
from coregulation.store.database import Connection

Event = tuple[float, str, str | None, str | None]  # s since 1970, what, session, alias of a person


def add_event(connection: Connection, at: float, what: str, session: str | None, alias: str | None) -> None:
    """Add a line, inside a transaction."""
    last = connection.execute("SELECT chain FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    chain = _link((at, what, session, alias), last[0] if last else "")
    connection.execute(
        "INSERT INTO audit (at, what, session, person, chain) VALUES (?, ?, ?, ?, ?)", (at, what, session, alias, chain)
    )


def checked_events(rows: Iterable[tuple[Any, ...]]) -> list[Event]:
    """Return the lines of the list, in order.

    Raises
    ------
    DataError
        If one was changed afterwards.
    """
    before, events = "", []
    for *event, chain in rows:
        before = _link(tuple(event), before)
        if before != chain:
            raise DataError("The list of events was changed by something else than coregulation.")
        events.append((event[0], event[1], event[2], event[3]))
    return events


def alias_of(salt: bytes, person: str) -> str:
    """Return what stands for a person: without the session's salt nobody can tell whom it means."""
    return hashlib.sha256(salt + person.encode()).hexdigest()[:16]


def _link(event: tuple[Any, ...], before: str) -> str:
    return hashlib.sha256(repr((*event, before)).encode()).hexdigest()
