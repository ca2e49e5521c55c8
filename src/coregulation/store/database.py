"""One SQLite file: opened with full synchronisation, brought to this version, checked, and held by one process."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.store.schema import APPLICATION, MIGRATIONS

Connection = Any  # sqlite3's, or sqlcipher3's, which has the same face


class DiskFullError(CoregulationError):
    """The disk is full: nothing was written, and what was acknowledged before is safe."""


class DiskFailedError(DiskFullError):
    """The disk reports an error: nothing was written now, and what was written before may be at risk."""


def open_database(path: Path, passphrase: str | None) -> Connection:
    """Return a connection to a database of this version, made or migrated if need be.

    Raises
    ------
    DataError
        If it is another program's, from a newer version, damaged, or its passphrase is another.
    UsageError
        If a passphrase is given and sqlcipher is not installed.
    """
    connection = _connected(path, passphrase)
    try:
        _check_ours(connection, path)
        _prepare(connection)
        _migrate(connection, path)
    except _failures() as error:
        connection.close()
        raise _explained(error, path) from error
    except DataError:
        connection.close()
        raise
    return connection


def hold_folder(path: Path) -> Connection:
    """Keep a folder for this process alone, until the connection that is returned is closed or the process ends.

    Raises
    ------
    UsageError
        If another process has it.
    """
    lock = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("PRAGMA journal_mode = DELETE")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        lock.close()
        if _code(error) == sqlite3.SQLITE_NOTADB:  # nothing is kept in it, so one that is damaged is made anew
            path.unlink()
            return hold_folder(path)
        if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UsageError(
                "{folder} is in use by another `coregulation live`. Use the one that runs, or give another --store.",
                folder=str(path.parent),
            ) from error
        raise _explained(error, path) from error
    return lock


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """Everything inside is on the disk when this ends, or nothing is.

    Raises
    ------
    DiskFullError
        If there is no room.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if _is_failing(error):
            raise DiskFailedError("The disk reports an error. Copy the store to another disk.") from error
        if _is_full(error):
            raise DiskFullError(
                "The disk is full. Free some space; what was sent and not kept is sent again."
            ) from error
        if isinstance(error, _failures()):
            raise DataError("The store could not be written ({error}).", error=error) from error
        raise


@contextmanager
def unless_full() -> Iterator[None]:
    """Leave out what a full or failing disk does not allow: tidying up that the next start does as well."""
    try:
        yield
    except _failures() as error:
        if not (_is_full(error) or _is_failing(error)):
            raise


@contextmanager
def explained_failures(target: Path) -> Iterator[None]:
    """Turn a database's failures into errors that say what to do; a half-written target is removed."""
    kinds: tuple[type[Exception], ...] = (*_failures(), OSError)
    try:
        yield
    except kinds as error:
        target.unlink(missing_ok=True)
        raise _explained(error, target) from error


def connect(path: Path, passphrase: str | None) -> Connection:
    """Return another connection to a database that is open already."""
    return _connected(path, passphrase)


def damage(connection: Connection) -> str | None:
    """Return what an integrity check finds wrong with the file; None if nothing."""
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    broken = [f"row {row[1]} of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    return "; ".join([problem for problem in problems if problem != "ok"] + broken) or None


def _connected(path: Path, passphrase: str | None) -> Connection:
    connect = sqlite3.connect if passphrase is None else _cipher().connect
    try:
        connection = connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    except _failures() as error:
        raise DataError(
            "{path}: the store cannot be opened here ({error}). Give another folder with --store.",
            path=path,
            error=error,
        ) from error
    if passphrase is not None:
        connection.execute(f"PRAGMA key = '{passphrase.replace(chr(39), 2 * chr(39))}'")
    return connection


def _cipher() -> Any:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise UsageError(
            'A store with a passphrase needs the extra: pip install "coregulation[crypto]". Without it, use a disk that is '
            "encrypted as a whole."
        ) from error
    return dbapi2


def _failures() -> tuple[type[Exception], ...]:
    """Return what either library raises."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, loaded.Error) if loaded else (sqlite3.Error,)


def _check_ours(connection: Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION:
        raise DataError(
            "{path} is another program's database; nothing was changed. Give another folder with --store.", path=path
        )
    if version > len(MIGRATIONS):
        raise DataError(
            "{path} was written by a newer coregulation (its tables have version {version}, this one knows {count}); nothing was changed. Update: pip install --upgrade coregulation.",
            path=path,
            version=version,
            count=len(MIGRATIONS),
        )


def _prepare(connection: Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")


def _migrate(connection: Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if wrong := damage(connection):
        raise DataError(
            "{path} is damaged ({wrong}). Put back a copy from the folder 'backups', or move it away.",
            path=path,
            wrong=wrong,
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        with transaction(connection):
            for statement in script.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _code(error: BaseException) -> int | None:
    """Return SQLite's primary result code; the extended ones say more in the higher bits."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _is_full(error: BaseException) -> bool:
    return _code(error) == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == errno.ENOSPC


def _is_failing(error: BaseException) -> bool:
    return _code(error) == sqlite3.SQLITE_IOERR or getattr(error, "errno", None) == errno.EIO


def _explained(error: Exception, path: Path) -> CoregulationError:
    if _code(error) == sqlite3.SQLITE_NOTADB:
        return DataError(
            "{path} is not a store, or it has another passphrase. Check the passphrase, or give another --store.",
            path=str(path),
        )
    if _is_failing(error):
        return DiskFailedError("{path}: the disk reports an error. Copy the store to another disk.", path=str(path))
    if _is_full(error):
        return DiskFullError(
            "{path}: the disk is full. Free some space and start again; nothing is lost.", path=str(path)
        )
    return DataError(
        "{path}: the store cannot be used ({error}). Put back a copy from 'backups', or give another --store.",
        path=str(path),
        error=error,
    )
