"""Erasure that is checked: rows are overwritten, the file is rewritten, and then it is searched for what was erased."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from coregulation.errors import UsageError
from coregulation.store.database import Connection, transaction

NEEDLE = 64  # bytes of each piece that are looked for
SHORT = 16  # a piece shorter than this could be found by chance


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, and how many of its pieces the file still holds (None: it is encrypted and cannot be read)."""

    pieces: int
    left: int | None


def erase_session(connection: Connection, path: Path, session: str, person: str | None, readable: bool) -> Erasure:
    """Erase one person of a session (or everybody: the whole session) and search the file."""
    _check_there(connection, session, person)
    traces = _traces(connection, session, person)
    with transaction(connection):
        if person is None:
            connection.execute("DELETE FROM session WHERE name = ?", (session,))
        else:
            _forget(connection, session, person)
    for step in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        connection.execute(step).fetchall()
    return Erasure(len(traces), _left(path, traces) if readable else None)


def _check_there(connection: Connection, session: str, person: str | None) -> None:
    row = connection.execute("SELECT setup FROM session WHERE name = ?", (session,)).fetchone()
    known = [one["person"] for one in msgspec.json.decode(row[0]).get("people", ())] if row else []
    if row is None or (person is not None and person not in known):
        raise UsageError("There is nobody of that name in this session; perhaps they were erased before.")


def _traces(connection: Connection, session: str, person: str | None) -> list[bytes]:
    """Return the bytes that must not be found afterwards."""
    chunks = connection.execute(
        "SELECT body FROM chunk JOIN stream ON stream.id = chunk.stream WHERE session = ? AND (? IS NULL OR person = ?)",
        (session, person, person),
    )
    notes = connection.execute("SELECT body FROM note WHERE session = ?", (session,))
    found = [row[0][:NEEDLE] for rows in (chunks, notes) for row in rows.fetchall()]
    return [piece for piece in found if len(piece) >= SHORT]


def _forget(connection: Connection, session: str, person: str) -> None:
    """Take a person out of a session: pieces, words, consents and the name; what was computed of both goes as well."""
    for statement in (
        "DELETE FROM stream WHERE session = ? AND person = ?",
        "DELETE FROM consent WHERE session = ? AND person = ?",
    ):
        connection.execute(statement, (session, person))
    connection.execute("DELETE FROM note WHERE session = ?", (session,))  # what was computed or happened is of both
    (setup,) = connection.execute("SELECT setup FROM session WHERE name = ?", (session,)).fetchone()
    told = msgspec.json.decode(setup)
    told["people"] = [one for one in told["people"] if one["person"] != person]
    told["erased"] = told.get("erased", 0) + 1
    connection.execute("UPDATE session SET setup = ? WHERE name = ?", (msgspec.json.encode(told), session))


def _left(path: Path, traces: list[bytes]) -> int:
    files = [one for one in (path, path.with_name(path.name + "-wal")) if one.exists()]
    held = [one.read_bytes() for one in files]
    return sum(any(trace in content for content in held) for trace in set(traces))
