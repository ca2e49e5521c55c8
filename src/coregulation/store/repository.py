"""The repository: sessions, consents, streams, raw pieces and notes, by name."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.store.backups import copy_database, describe, remove_copy
from coregulation.store.consent import KEEP, TAKE_PART, ConsentRecord
from coregulation.store.database import Connection, DiskFullError, explained_failures
from coregulation.store.erasing import (
    Erasure,
    check_there,
    count_left,
    count_pieces,
    delete_some,
    forget_person,
    plain_traces,
)
from coregulation.store.records import KeptSession, Note, RawPiece, StreamRecord
from coregulation.store.sealed_notes import open_note, seal_note
from coregulation.store.session_keys import SHARED
from coregulation.store.store_file import StoreFile

BREATH = 0.002  # s between two steps of an erasure


class Store(StoreFile):
    """All that is kept, in one folder; safe to use from several threads.

    Raises
    ------
    DataError
        If the folder holds a store that cannot be used.
    UsageError
        If another process uses it.
    """

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        super().__init__(folder, passphrase)
        self._agreed = self._all_agreed()
        self._owners: dict[int, tuple[str, str]] = {}  # session and person of each stream
        self._adopt_older()

    def _adopt_older(self) -> None:
        """Give sessions of an older version keys, for what is added to them; what lies there plain stays readable."""
        for (name,) in self._rows("SELECT name FROM session WHERE checks IS NULL"):
            setup = self.session(name).setup
            people = [guest["person"] for guest in setup.get("people", ())]
            for person in (SHARED, *people):
                self.keys.make(name, person)
            kept = [person for person in people if setup.get("imported") or self.agreed(name, person, KEEP)]
            self.keys.keep({(name, person): True for person in (*kept, *((SHARED,) if kept == people else ()))})
            checks = {person: self.keys.check(name, person) for person in (SHARED, *people)}
            with self._writing() as db:
                db.execute("UPDATE session SET checks = ? WHERE name = ?", (msgspec.json.encode(checks), name))

    # Sessions -------------------------------------------------------------------------------------------------------

    def begin(self, name: str, opened_at: float, setup: Mapping[str, Any]) -> None:
        """Open a session."""
        owners = (SHARED, *(guest["person"] for guest in setup.get("people", ())))
        for person in owners:
            self.keys.make(name, person)
        checks = {person: self.keys.check(name, person) for person in owners}
        row = (name, opened_at, msgspec.json.encode(setup), secrets.token_bytes(16), msgspec.json.encode(checks))
        with self._writing() as db:
            db.execute("INSERT INTO session (name, opened, setup, salt, checks) VALUES (?, ?, ?, ?, ?)", row)
        if setup.get("imported"):
            self.keys.keep({(name, person): True for person in owners})

    def came_apart(self, name: str, people: Collection[str], apart: bool) -> None:
        """Remember who came with a device of their own, however long that device stays known; or sat down at this computer after all."""
        with self._writing() as db:
            for (stored,) in db.execute("SELECT setup FROM session WHERE name = ?", (name,)).fetchall():
                setup = msgspec.json.decode(stored)
                before = {*setup.get("apart", ())}
                after = before | {*people} if apart else before - {*people}
                if after != before:
                    row = (msgspec.json.encode({**setup, "apart": sorted(after)}), name)
                    db.execute("UPDATE session SET setup = ? WHERE name = ?", row)

    def end(self, name: str, closed: float) -> None:
        """Close a session: nothing more is taken."""
        with self._writing() as db:
            db.execute("UPDATE session SET closed = ? WHERE name = ? AND closed IS NULL", (closed, name))

    def locked(self, name: str) -> tuple[str, ...]:
        """Return whose keys of a session are not here (SHARED: the shared one); nothing of those can be read."""
        return tuple(person for person in self._checks(name) if not self.keys.has(name, person))

    def unlock(self, name: str, keys: Mapping[str, bytes]) -> tuple[str, ...]:
        """Take keys that a browser brought back, as far as they are right; return whose are still missing."""
        checks = self._checks(name)
        for person, key in keys.items():
            if person in checks and not self.keys.has(name, person):
                self.keys.give(name, person, key, checks[person])
        return self.locked(name)

    def _checks(self, name: str) -> dict[str, bytes]:
        rows = self._rows("SELECT checks FROM session WHERE name = ?", name)
        return msgspec.json.decode(rows[0][0], type=dict[str, bytes]) if rows and rows[0][0] else {}

    def sessions(self) -> list[KeptSession]:
        """Return all, the oldest first."""
        rows = self._rows("SELECT name, opened, closed, setup FROM session ORDER BY opened, name")
        return [KeptSession(name, at, closed, msgspec.json.decode(setup)) for name, at, closed, setup in rows]

    def session(self, name: str) -> KeptSession:
        """Return one.

        Raises
        ------
        UsageError
            If there is none of that name (it may have been erased).
        """
        sessions = [session for session in self.sessions() if session.name == name]
        if not sessions:
            raise UsageError("There is no such session here; it may have been erased.")
        return sessions[0]

    # Consent --------------------------------------------------------------------------------------------------------

    def agree(self, session: str, records: Sequence[ConsentRecord]) -> None:
        """Keep what somebody agreed to; an older yes to the same purpose is closed."""
        with self._writing() as db:
            for record in records:
                self._close_consent(db, session, record.person, record.purpose, record.given)
                db.execute(
                    "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    (session, record.person, record.purpose, record.text_version, record.guardian, record.given),
                )
        self._agreed |= {(session, record.person, record.purpose) for record in records}
        if any(record.purpose == KEEP for record in records):
            self._keep_keys(session, records)

    def _keep_keys(self, session: str, records: Sequence[ConsentRecord]) -> None:
        """Write the keys of whoever agreed to keep, and the shared one once everybody did; if that fails nobody agreed."""
        wanted = {(session, record.person): True for record in records if record.purpose == KEEP}
        people = [guest["person"] for guest in self.session(session).setup.get("people", ())]
        if all(self.agreed(session, person, KEEP) for person in people):
            wanted[session, SHARED] = True
        try:
            self.keys.keep(wanted)
        except DataError as error:
            for record in records:
                self.withdraw(session, record.person, record.purpose, record.given)
            raise DiskFullError("The disk is full. The consent could not be saved.") from error

    def withdraw(self, session: str, person: str, purpose: str, at: float) -> None:
        """Close a consent; what it allowed is refused from now on."""
        self._agreed.discard((session, person, purpose))  # at once, whatever the disk does
        if purpose == KEEP:
            self.keys.keep({(session, person): False, (session, SHARED): False})
        with self._writing() as db:
            self._close_consent(db, session, person, purpose, at)

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
            ConsentRecord(who, purpose, version, since, withdrawn, bool(guardian))
            for who, purpose, version, since, withdrawn, guardian in rows
        ]

    def agreed(self, session: str, person: str, purpose: str = TAKE_PART) -> bool:
        """Whether a person's yes to a purpose holds."""
        return (session, person, purpose) in self._agreed

    def _all_agreed(self) -> set[tuple[str, str, str]]:
        return set(self._rows("SELECT session, person, purpose FROM consent WHERE withdrawn IS NULL"))

    def _need(self, session: str, person: str) -> None:
        if not self.agreed(session, person):
            raise UsageError("Nothing is recorded of a person who has not agreed to take part.")

    # Streams and pieces ---------------------------------------------------------------------------------------------

    def open_stream(
        self, session: str, name: str, person: str, kind: str, about: Mapping[str, Any], at: float
    ) -> StreamRecord:
        """Return a stream, opened now or before under the same name.

        Raises
        ------
        UsageError
            Without the person's consent, or if the name is another sensor's.
        """
        self._need(session, person)
        row = (session, name, person, kind, msgspec.json.encode(about), at)
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO stream (session, name, person, kind, about, opened) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        record = next(stream for stream in self.streams(session) if stream.name == name)
        if (record.person, record.kind) != (person, kind):
            raise UsageError("This stream's name is taken by another sensor; give it another.")
        return record

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

        Raises
        ------
        DiskFullError
            If there is no room.
        """
        sealed_notes = [
            (session, seal_note(self.keys, session, note)) for session, note in notes if self.keys.has(session)
        ]
        sealed_pieces = [piece for piece in map(self._sealed_piece, pieces) if piece is not None]
        with self._writing() as db:
            db.executemany(
                "INSERT INTO note (session, at, kind, person, body) SELECT name, ?, ?, ?, ? FROM session WHERE name = ?",
                [(note.at, note.kind, note.person, note.body, session) for session, note in sealed_notes],
            )
            db.executemany(  # what comes for somebody who was just erased is left out
                "INSERT OR IGNORE INTO chunk SELECT id, ?, ? FROM stream WHERE id = ?",
                [(piece.seq, piece.body, piece.stream) for piece in sealed_pieces],
            )

    def _sealed_piece(self, piece: RawPiece) -> RawPiece | None:
        owner = self._owner(piece.stream)
        if owner is None or not self.keys.has(*owner):
            return None  # of somebody who was just erased
        return RawPiece(piece.stream, piece.seq, self.keys.seal(piece.body, *owner))

    def _owner(self, stream: int) -> tuple[str, str] | None:
        if stream not in self._owners:
            rows = self._rows("SELECT session, person FROM stream WHERE id = ?", stream)
            if not rows:
                return None
            self._owners[stream] = rows[0][0], rows[0][1]
        return self._owners[stream]

    def pieces(self, stream: int) -> Iterator[RawPiece]:
        """Yield what is kept of a stream, in order."""
        owner = self._owner(stream)
        for seq, body in self._rows("SELECT seq, body FROM chunk WHERE stream = ? ORDER BY seq", stream):
            yield RawPiece(stream, seq, self.keys.open(body, *owner) if owner else body)

    def last_piece(self, stream: int) -> RawPiece | None:
        """Return the last piece kept of a stream; None before the first."""
        rows = self._rows("SELECT seq, body FROM chunk WHERE stream = ? ORDER BY seq DESC LIMIT 1", stream)
        owner = self._owner(stream)
        return RawPiece(stream, rows[0][0], self.keys.open(rows[0][1], *owner)) if rows and owner else None

    def last_seq(self, stream: int) -> int:
        """Return the last number kept of a stream; −1 before the first."""
        ((last,),) = self._rows("SELECT coalesce(max(seq), -1) FROM chunk WHERE stream = ?", stream)
        return int(last)

    # Notes ----------------------------------------------------------------------------------------------------------

    def note(self, session: str, notes: Sequence[Note]) -> None:
        """Add to what happened in a session."""
        self.keep((), [(session, note) for note in notes])

    def notes(self, session: str, kind: str | None = None) -> list[Note]:
        """Return what happened, in order."""
        rows = self._rows("SELECT at, kind, person, body FROM note WHERE session = ? ORDER BY id", session)
        stored = [Note(*row) for row in rows if kind in (None, row[1])]
        return [note for note in (open_note(self.keys, session, note) for note in stored) if note is not None]

    def has_note(self, session: str, kind: str) -> bool:
        """Whether there is a note of a kind, without reading it."""
        return bool(self._rows("SELECT 1 FROM note WHERE session = ? AND kind = ? LIMIT 1", session, kind))

    def note_kinds(self, session: str) -> set[str]:
        """Return the kinds of notes that a session has."""
        return {row[0] for row in self._rows("SELECT DISTINCT kind FROM note WHERE session = ?", session)}

    def drop_notes(self, session: str, kinds: Sequence[str]) -> None:
        """Erase all notes of some kinds; their pages are overwritten."""
        if kinds:
            with self._writing() as db:
                db.executemany("DELETE FROM note WHERE session = ? AND kind = ?", [(session, kind) for kind in kinds])

    # Copies and erasures --------------------------------------------------------------------------------------------

    def backup(self, path: Path, at: float, with_keys: bool = False) -> Path:
        """Write a copy of the store while it is used; nobody waits for it.

        Parameters
        ----------
        path
            Where to; beside it a file says what the copy holds and until when it is kept.
        at
            Now, s since 1970.
        with_keys
            Whether to copy the kept keys as well. Without them the copy cannot be read, and erasing reaches it; a copy of the
            keys is out of the reach of erasing.

        Returns
        -------
        Path
            The same path.

        Raises
        ------
        UsageError
            If something exists already.
        DiskFullError
            If there is no room; nothing is left behind.
        """
        if path.exists():
            raise UsageError("{path} exists already; a copy needs another name.", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy_database(self.path, path, self._passphrase)
        try:
            with explained_failures(path):
                keys = self.keys.export(path.with_suffix(".keys")) if with_keys else None
                describe(path, [session.name for session in self.sessions()], at, keys)
        except CoregulationError:
            remove_copy(path)
            raise
        return path

    def erase(self, session: str, person: str | None = None, left: Sequence[Note] = ()) -> Erasure:
        """Erase a person from a session, or all of it.

        The key goes first, so that nothing can be read from then on; then the pieces, a few at a time. What happened in the
        session goes with the person; `left` is what may stand in its place.

        Raises
        ------
        UsageError
            If there is no such session or person.
        """
        with self._reading() as reader:  # on a connection of its own, so that nobody waits for it
            check_there(reader, session, person)
            pieces = count_pieces(reader, session, person)
            traces = [] if self.encrypted else plain_traces(reader, session, person)
            sealed = bool(self._checks(session))
        self.keys.forget(session, person)
        self._delete(session, person)
        if person is not None:
            if sealed:
                self._renew_shared(session)
            self.note(session, left)
        self._empty_log()
        with self._guard:
            self._agreed = self._all_agreed()
        return Erasure(pieces, None if self.encrypted else count_left(self.path, traces))

    def _delete(self, session: str, person: str | None) -> None:
        more = True
        while more:
            with self._writing() as db:
                more = delete_some(db, session, person)
            self._move_log()
            time.sleep(BREATH)  # whoever waits for the disk comes first
        with self._writing() as db:
            if person is None:
                db.execute("DELETE FROM session WHERE name = ?", (session,))
            else:
                forget_person(db, session, person)
        self._owners.clear()

    def _renew_shared(self, session: str) -> None:
        """Give those who are left a new shared key; it is kept if all of them agreed to keep."""
        self.keys.forget(session, SHARED)
        self.keys.make(session)
        checks = {**self._checks(session), SHARED: self.keys.check(session)}
        with self._writing() as db:
            db.execute("UPDATE session SET checks = ? WHERE name = ?", (msgspec.json.encode(checks), session))
        setup = self.session(session).setup
        people = [guest["person"] for guest in setup.get("people", ())]
        if setup.get("imported") or all((session, person, KEEP) in self._agreed for person in people):
            self.keys.keep({(session, SHARED): True})
