"""The repository: sessions, consents, streams, raw pieces and notes, by name."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import DataError, UsageError
from coregulation.store.consent import TAKE_PART, ConsentRecord
from coregulation.store.database import Connection, damage, held, open_database, transaction
from coregulation.store.erasing import Erasure, erase_session

FILE, LOCK = "sessions.sqlite", "in-use"


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session: its name, when it was opened and closed (s since 1970), and what was set up."""

    name: str
    opened: float
    closed: float | None
    setup: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A sensor of one person: `about` holds what the page said of it."""

    id: int
    session: str
    name: str
    person: str
    kind: str
    about: Mapping[str, Any]
    opened: float


@dataclass(frozen=True, slots=True)
class RawPiece:
    """What one message brought: packets with their arrival on the session clock, as bytes."""

    stream: int
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened in a session, at a time of its clock."""

    at: float
    kind: str
    person: str | None
    body: bytes


class Store:
    """All that is kept, in one folder; safe to use from several threads.

    Raises:
        DataError: if the folder holds a store that cannot be used.
        UsageError: if another process uses it.
    """

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        except OSError as error:
            raise UsageError(
                f"{folder}: no store can be made here ({error.strerror}). Give another --store."
            ) from error
        self.folder = folder
        self.path = folder / FILE
        self.encrypted = passphrase is not None
        self._guard = threading.RLock()
        self._lock = held(folder / LOCK)
        try:
            self._connection: Connection = open_database(self.path, passphrase)
        except BaseException:
            self._lock.close()
            raise
        self._agreed = self._all_agreed()

    def close(self) -> None:
        """Put everything into the one file and let others have it."""
        with self._guard:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()
            self._lock.close()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._guard, transaction(self._connection) as connection:
            yield connection

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._guard:
            rows: list[tuple[Any, ...]] = self._connection.execute(query, values).fetchall()
            return rows

    # Sessions -------------------------------------------------------------------------------------------------------

    def begin(self, name: str, opened_at: float, setup: Mapping[str, Any]) -> None:
        """Open a session."""
        row = (name, opened_at, msgspec.json.encode(setup), secrets.token_bytes(16))
        with self._writing() as db:
            db.execute("INSERT INTO session (name, opened, setup, salt) VALUES (?, ?, ?, ?)", row)

    def end(self, name: str, closed: float) -> None:
        """Close a session: nothing more is taken."""
        with self._writing() as db:
            db.execute("UPDATE session SET closed = ? WHERE name = ? AND closed IS NULL", (closed, name))

    def sessions(self) -> list[KeptSession]:
        """Return all, the oldest first."""
        rows = self._rows("SELECT name, opened, closed, setup FROM session ORDER BY opened, name")
        return [KeptSession(name, at, closed, msgspec.json.decode(setup)) for name, at, closed, setup in rows]

    def session(self, name: str) -> KeptSession:
        """Return one.

        Raises:
            UsageError: if there is none of that name (it may have been erased).
        """
        found = [one for one in self.sessions() if one.name == name]
        if not found:
            raise UsageError("There is no such session here; it may have been erased.")
        return found[0]

    # Consent --------------------------------------------------------------------------------------------------------

    def agree(self, session: str, records: Sequence[ConsentRecord]) -> None:
        """Keep what somebody agreed to; an older yes to the same purpose is closed."""
        with self._writing() as db:
            for one in records:
                self._close_consent(db, session, one.person, one.purpose, one.given)
                db.execute(
                    "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    (session, one.person, one.purpose, one.text_version, one.guardian, one.given),
                )
        self._agreed |= {(session, one.person, one.purpose) for one in records}

    def withdraw(self, session: str, person: str, purpose: str, at: float) -> None:
        """Close a consent; what it allowed is refused from now on."""
        with self._writing() as db:
            self._close_consent(db, session, person, purpose, at)
        self._agreed.discard((session, person, purpose))

    def _close_consent(self, db: Connection, session: str, person: str, purpose: str, at: float) -> None:
        db.execute(
            "UPDATE consent SET withdrawn = ? WHERE session = ? AND person = ? AND purpose = ? AND withdrawn IS NULL",
            (at, session, person, purpose),
        )

    def consents(self, session: str) -> list[ConsentRecord]:
        """Return every yes of a session, with those taken back."""
        rows = self._rows(
            "SELECT person, purpose, text_version, given, withdrawn, guardian FROM consent WHERE session = ? ORDER BY rowid",
            session,
        )
        return [
            ConsentRecord(who, purpose, version, given, withdrawn, bool(guardian))
            for who, purpose, version, given, withdrawn, guardian in rows
        ]

    def agreed(self, session: str, person: str, purpose: str = TAKE_PART) -> bool:
        """Whether a person's yes to a purpose holds."""
        return (session, person, purpose) in self._agreed

    def _all_agreed(self) -> set[tuple[str, str, str]]:
        return set(self._rows("SELECT session, person, purpose FROM consent WHERE withdrawn IS NULL"))

    def _need(self, session: str, person: str) -> None:
        if not self.agreed(session, person):
            raise UsageError("Nothing is recorded of somebody who has not agreed to take part.")

    # Streams and pieces ---------------------------------------------------------------------------------------------

    def open_stream(
        self, session: str, name: str, person: str, kind: str, about: Mapping[str, Any], at: float
    ) -> StreamRecord:
        """Return a stream, opened now or before under the same name.

        Raises:
            UsageError: without the person's consent, or if the name is another sensor's.
        """
        self._need(session, person)
        row = (session, name, person, kind, msgspec.json.encode(about), at)
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO stream (session, name, person, kind, about, opened) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        found = next(one for one in self.streams(session) if one.name == name)
        if (found.person, found.kind) != (person, kind):
            raise UsageError("This stream's name is taken by another sensor; give it another.")
        return found

    def streams(self, session: str) -> list[StreamRecord]:
        """Return the streams of a session, in the order in which they were opened."""
        rows = self._rows(
            "SELECT id, session, name, person, kind, about, opened FROM stream WHERE session = ? ORDER BY id", session
        )
        return [
            StreamRecord(number, of, name, person, kind, msgspec.json.decode(about), at)
            for number, of, name, person, kind, about, at in rows
        ]

    def keep(self, pieces: Sequence[RawPiece], notes: Sequence[tuple[str, Note]] = ()) -> None:
        """Put raw pieces and notes (each with its session) on the disk, all or none; a piece that is there stays as it is.

        Raises:
            DiskFullError: if there is no room.
        """
        with self._writing() as db:
            db.executemany(
                "INSERT INTO note (session, at, kind, person, body) SELECT name, ?, ?, ?, ? FROM session WHERE name = ?",
                [(one.at, one.kind, one.person, one.body, session) for session, one in notes],
            )
            db.executemany(  # what comes for somebody who was just erased is left out
                "INSERT OR IGNORE INTO chunk SELECT id, ?, ? FROM stream WHERE id = ?",
                [(one.seq, one.body, one.stream) for one in pieces],
            )

    def pieces(self, stream: int) -> Iterator[RawPiece]:
        """Yield what is kept of a stream, in order."""
        for seq, body in self._rows("SELECT seq, body FROM chunk WHERE stream = ? ORDER BY seq", stream):
            yield RawPiece(stream, seq, body)

    def last_piece(self, stream: int) -> RawPiece | None:
        """Return the last piece kept of a stream; None before the first."""
        rows = self._rows("SELECT seq, body FROM chunk WHERE stream = ? ORDER BY seq DESC LIMIT 1", stream)
        return RawPiece(stream, *rows[0]) if rows else None

    def last_seq(self, stream: int) -> int:
        """Return the last number kept of a stream; −1 before the first."""
        ((last,),) = self._rows("SELECT coalesce(max(seq), -1) FROM chunk WHERE stream = ?", stream)
        return int(last)

    # Notes ----------------------------------------------------------------------------------------------------------

    def note(self, session: str, notes: Sequence[Note]) -> None:
        """Add to what happened in a session."""
        self.keep((), [(session, one) for one in notes])

    def notes(self, session: str, kind: str | None = None) -> list[Note]:
        """Return what happened, in order."""
        rows = self._rows("SELECT at, kind, person, body FROM note WHERE session = ? ORDER BY id", session)
        return [Note(*row) for row in rows if kind in (None, row[1])]

    # Events, settings, care -----------------------------------------------------------------------------------------

    def record(self, at: float, what: str, session: str | None = None, person: str | None = None) -> None:
        """Add to the list of who opened, exported or erased what; each line holds the hash of the one before.

        A person stands there as a salted hash, which nobody can read once the session is gone.
        """
        who = None if person is None or session is None else self.alias(session, person)
        with self._writing() as db:
            last = db.execute("SELECT chain FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            line = repr((at, what, session, who, last[0] if last else ""))
            chain = hashlib.sha256(line.encode()).hexdigest()
            db.execute("INSERT INTO audit (at, what, session, person, chain) VALUES (?, ?, ?, ?, ?)", (at, what, session, who, chain))  # fmt: skip

    def recorded(self) -> list[tuple[float, str, str | None, str | None]]:
        """Return those lines.

        Raises:
            DataError: if one was changed afterwards.
        """
        before = ""
        out = []
        for at, what, session, who, chain in self._rows(
            "SELECT at, what, session, person, chain FROM audit ORDER BY id"
        ):
            before = hashlib.sha256(repr((at, what, session, who, before)).encode()).hexdigest()
            if before != chain:
                raise DataError("The list of events was changed by something else than coregulation.")
            out.append((at, what, session, who))
        return out

    def alias(self, session: str, person: str) -> str | None:
        """Return what stands for a person in the list of events; None once the session is gone."""
        rows = self._rows("SELECT salt FROM session WHERE name = ?", session)
        return hashlib.sha256(rows[0][0] + person.encode()).hexdigest()[:16] if rows else None

    def devices(self) -> dict[str, Any]:
        """Return the browsers that were let in, by the hash of their cookie."""
        return {key: msgspec.json.decode(about) for key, about in self._rows("SELECT hash, about FROM device")}

    def let_in(self, device: str, about: Any) -> None:
        """Remember a browser."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO device VALUES (?, ?)", (device, msgspec.json.encode(about)))

    def settings(self) -> dict[str, Any]:
        """Return the settings."""
        return {key: msgspec.json.decode(value) for key, value in self._rows("SELECT key, value FROM setting")}

    def set(self, settings: Mapping[str, Any]) -> None:
        """Replace the settings."""
        with self._writing() as db:
            db.execute("DELETE FROM setting")
            db.executemany(
                "INSERT INTO setting VALUES (?, ?)", [(k, msgspec.json.encode(v)) for k, v in settings.items()]
            )

    def damage(self) -> str | None:
        """Return what is wrong with the file; None if nothing."""
        with self._guard:
            return damage(self._connection)

    def backup(self, path: Path) -> Path:
        """Write a copy of the store, while it is used; an encrypted one stays encrypted."""
        if path.exists():
            raise UsageError(f"{path} is there already; a copy needs another name.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard:
            self._connection.execute("VACUUM INTO ?", (str(path),))
        return path

    def erase(self, session: str, person: str | None = None, left: Sequence[Note] = ()) -> Erasure:
        """Erase a person from a session, or all of it, and look through the file for what should be gone.

        What happened in the session goes with the person; `left` is what may stand in its place.

        Raises:
            UsageError: if there is no such session or person.
        """
        with self._guard:
            done = erase_session(self._connection, self.path, session, person, readable=not self.encrypted)
            if person is not None and left:
                self.note(session, left)
            self._agreed = self._all_agreed()
        return done
