"""The folder and the file of a store: opened and held by one process, written whole or not at all; with the tables that belong to no session."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import UsageError
from coregulation.store.backups import BACKUPS, remove_expired
from coregulation.store.database import (
    Connection,
    connect,
    damage,
    hold_folder,
    open_database,
    transaction,
    unless_full,
)
from coregulation.store.event_chain import Event, add_event, alias_of, checked_events
from coregulation.store.scratch import Scratch, make_private
from coregulation.store.session_keys import SessionKeys
from coregulation.store.unsaved import UnsavedMarker

FILE, LOCK = "sessions.sqlite", "in-use"
VACUUM_UP_TO = 512 * 1024 * 1024  # bytes of a file that is rewritten when the program ends


class StoreFile:
    """What lies in a store's folder, for one process at a time.

    Parameters
    ----------
    folder
        Made if it is not there.
    passphrase
        Of a store that is encrypted as a whole; None where it is not.

    Raises
    ------
    DataError
        If the folder holds a store that cannot be used.
    UsageError
        If another process uses it.
    """

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(
                "{folder}: no store can be made here ({reason}). Give another --store.",
                folder=str(folder),
                reason=error.strerror,
            ) from error
        self.folder = folder
        self.path = folder / FILE
        self.encrypted = passphrase is not None
        self._passphrase = passphrase
        self._guard = threading.RLock()
        self._lock = hold_folder(folder / LOCK)
        try:
            self.keys = SessionKeys(folder, passphrase)
            self._connection: Connection = open_database(self.path, passphrase)
        except BaseException:  # whatever it was, others may have the folder
            self._lock.close()
            raise
        make_private(folder)
        self.scratch = Scratch(folder, self.encrypted)
        self.unsaved = UnsavedMarker(folder)
        remove_expired(folder / BACKUPS)

    def close(self) -> None:
        """Put everything into the one file and let others have it."""
        with self._guard:
            with unless_full():
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if self._is_loose():
                    self._connection.execute("VACUUM")
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()
            self._lock.close()
        self.scratch.remove()

    def _is_loose(self) -> bool:
        """Whether a third of a file that is not very large is free; then it is rewritten, while no room is on."""
        pages, free, size = (
            self._rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count", "page_size")
        )
        return bool(3 * free > pages and pages * size < VACUUM_UP_TO)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._guard, transaction(self._connection) as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Another connection to the file, which holds up nobody."""
        connection = connect(self.path, self._passphrase)
        try:
            yield connection
        finally:
            connection.close()

    def _move_log(self) -> None:
        """Move what the log holds into the file; who writes meanwhile goes on."""
        with self._reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _empty_log(self) -> None:
        """Move what the log holds into the file, and overwrite the log; only the last, short part holds up who writes."""
        self._move_log()
        with self._guard:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._guard:
            rows: list[tuple[Any, ...]] = self._connection.execute(query, values).fetchall()
            return rows

    # Events, browsers, settings -------------------------------------------------------------------------------------

    def record(self, at: float, what: str, session: str | None = None, person: str | None = None) -> None:
        """Add to the list of who opened, exported or erased what; each line holds the hash of the one before.

        A person stands there as a salted hash, which nobody can read once the session is gone.
        """
        who = None if person is None or session is None else self.alias(session, person)
        with self._writing() as db:
            add_event(db, at, what, session, who)

    def recorded(self) -> list[Event]:
        """Return those lines.

        Raises
        ------
        DataError
            If one was changed afterwards.
        """
        return checked_events(self._rows("SELECT at, what, session, person, chain FROM audit ORDER BY id"))

    def alias(self, session: str, person: str) -> str | None:
        """Return what stands for a person in the list of events; None once the session is gone."""
        rows = self._rows("SELECT salt FROM session WHERE name = ?", session)
        return alias_of(rows[0][0], person) if rows else None

    def devices(self) -> dict[str, Any]:
        """Return the browsers that were let in, by the hash of their cookie."""
        return {key: msgspec.json.decode(about) for key, about in self._rows("SELECT hash, about FROM device")}

    def let_in(self, device: str, about: Any) -> None:
        """Remember a browser."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO device VALUES (?, ?)", (device, msgspec.json.encode(about)))

    def let_out(self, device: str) -> None:
        """Forget a browser."""
        with self._writing() as db:
            db.execute("DELETE FROM device WHERE hash = ?", (device,))

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
