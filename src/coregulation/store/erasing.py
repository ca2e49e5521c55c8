"""Erasure: what belongs to a person is deleted in small steps, so that nobody who is in a room waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import UsageError
from coregulation.store.database import Connection
from coregulation.store.session_keys import SEALED

NEEDLE = 64  # bytes of each plain piece that are looked for
SHORT = 16  # a piece shorter than this could be found by chance
ROWS = 2000  # pieces that are deleted in one step, at most
STEP_BYTES = 1 << 18  # of the pieces of one step: whoever waits for the disk meanwhile waits for so much
WINDOW = 8  # bytes by which a place is first recognised
BLOCK = 8 * 1024 * 1024  # bytes of the file that are searched at once


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased.

    Parameters
    ----------
    pieces
        How many pieces there were.
    left
        How many of them can still be found; None where the file is encrypted as a whole and cannot be searched.
    """

    pieces: int
    left: int | None


def check_there(connection: Connection, session: str, person: str | None) -> None:
    """Raise `UsageError` if there is no such session, or nobody of that name in it."""
    row = connection.execute("SELECT setup FROM session WHERE name = ?", (session,)).fetchone()
    known = [guest["person"] for guest in msgspec.json.decode(row[0]).get("people", ())] if row else []
    if row is None or (person is not None and person not in known):
        raise UsageError("There is nobody of that name in this session; perhaps they were erased before.")


def count_pieces(connection: Connection, session: str, person: str | None) -> int:
    """Return how many pieces and notes an erasure concerns."""
    (chunks,) = connection.execute(
        "SELECT count(*) FROM chunk JOIN stream ON stream.id = chunk.stream WHERE session = ? AND (? IS NULL OR person = ?)",
        (session, person, person),
    ).fetchone()
    (notes,) = connection.execute("SELECT count(*) FROM note WHERE session = ?", (session,)).fetchone()
    return int(chunks + notes)


def plain_traces(connection: Connection, session: str, person: str | None) -> list[bytes]:
    """Return the beginnings of pieces that an older version stored plain; of what is sealed the key is forgotten."""
    chunks = connection.execute(
        "SELECT substr(body, 1, ?) FROM chunk JOIN stream ON stream.id = chunk.stream "
        "WHERE session = ? AND (? IS NULL OR person = ?)",
        (NEEDLE, session, person, person),
    )
    notes = connection.execute("SELECT substr(body, 1, ?) FROM note WHERE session = ?", (NEEDLE, session))
    pieces = [bytes(row[0]) for rows in (chunks, notes) for row in rows.fetchall()]
    return [piece for piece in pieces if len(piece) >= SHORT and SEALED not in piece[: 2 * len(SEALED)]]


def delete_some(connection: Connection, session: str, person: str | None) -> bool:
    """Delete a few pieces; return whether there may be more."""
    row = connection.execute(
        "SELECT stream, seq FROM chunk JOIN stream ON stream.id = chunk.stream "
        "WHERE session = ? AND (? IS NULL OR person = ?) LIMIT 1",
        (session, person, person),
    ).fetchone()
    if row is None:
        return False
    (last,) = connection.execute(
        "SELECT max(seq) FROM (SELECT seq, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before FROM "
        "(SELECT seq, body FROM chunk WHERE stream = ? ORDER BY seq LIMIT ?)) WHERE before < ?",
        (row[0], ROWS, STEP_BYTES),
    ).fetchone()
    connection.execute("DELETE FROM chunk WHERE stream = ? AND seq <= ?", (row[0], last))
    return True


def forget_person(connection: Connection, session: str, person: str) -> None:
    """Take a person out of a session: streams, consents, the name; what happened to all or was computed goes as well."""
    for statement in (
        "DELETE FROM stream WHERE session = ? AND person = ?",
        "DELETE FROM consent WHERE session = ? AND person = ?",
    ):
        connection.execute(statement, (session, person))
    connection.execute("DELETE FROM note WHERE session = ?", (session,))
    setup, checks = connection.execute("SELECT setup, checks FROM session WHERE name = ?", (session,)).fetchone()
    left = msgspec.json.decode(setup)
    left["people"] = [guest for guest in left["people"] if guest["person"] != person]
    left["apart"] = [who for who in left.get("apart", ()) if who != person]
    left["erased"] = left.get("erased", 0) + 1
    left_checks = msgspec.json.decode(checks) if checks else {}
    left_checks.pop(person, None)
    connection.execute(
        "UPDATE session SET setup = ?, checks = ? WHERE name = ?",
        (msgspec.json.encode(left), msgspec.json.encode(left_checks), session),
    )


def count_left(path: Path, traces: list[bytes]) -> int:
    """Return how many traces the files of a database still hold; each file is read once, whatever the number of traces."""
    wanted = set(traces)
    if not wanted:
        return 0
    files = [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
    return len(set().union(*(_traces_in(file, wanted) for file in files)))


def _traces_in(path: Path, wanted: set[bytes]) -> set[bytes]:
    import numpy as np

    heads = np.unique(np.array([int.from_bytes(trace[:WINDOW], "little") for trace in wanted], dtype="<u8"))
    lengths = sorted({len(trace) for trace in wanted})
    traces: set[bytes] = set()
    with path.open("rb") as file:
        before = b""
        while block := file.read(BLOCK):
            text = before + block
            for place in _places(text, heads):
                traces |= {text[place : place + n] for n in lengths} & wanted
            before = text[-NEEDLE:]
    return traces


def _places(text: bytes, heads: Any) -> list[int]:
    """Return where one of the heads begins, at any alignment."""
    import numpy as np

    places: list[int] = []
    for shift in range(WINDOW):
        count = (len(text) - shift) // WINDOW
        words = np.frombuffer(text, "<u8", count, shift)
        near = np.clip(np.searchsorted(heads, words), 0, len(heads) - 1)
        places += (np.flatnonzero(heads[near] == words) * WINDOW + shift).tolist()
    return places
