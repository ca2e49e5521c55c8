"""Right diagnoses: a full disk is a full disk, a failing one is another thing, and a lock file holds nothing that could be damaged."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import stat
import time

import pytest

from coregulation.errors import UsageError
from coregulation.store import DiskFailedError, DiskFullError, Store, backups, repository
from coregulation.store.database import connect, hold_folder, transaction


def failure(code):
    """SQLite's error with this code and a text in a language that nobody reads."""
    error = sqlite3.OperationalError("⟦…⟧")
    error.sqlite_errorcode = code
    return error


class Failing:
    """A connection whose writes fail."""

    in_transaction = False

    def __init__(self, code):
        self._code = code

    def execute(self, _statement):
        raise failure(self._code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, DiskFullError),
        (sqlite3.SQLITE_IOERR, DiskFailedError),
        (sqlite3.SQLITE_IOERR_WRITE, DiskFailedError),  # an extended code of the same
    ],
)
def test_a_full_disk_and_a_failing_one_are_told_apart(code, kind):
    with pytest.raises(DiskFullError) as caught, transaction(Failing(code)):
        pass
    assert type(caught.value) is kind


def test_a_full_disk_at_the_start_is_not_called_another_server(tmp_path, monkeypatch):
    class Lock(Failing):
        def close(self):
            pass

    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: Lock(sqlite3.SQLITE_FULL))
    with pytest.raises(DiskFullError, match="disk is full"):
        hold_folder(tmp_path / "in-use")
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: Lock(sqlite3.SQLITE_BUSY))
    with pytest.raises(UsageError, match="in use"):
        hold_folder(tmp_path / "in-use")


def test_garbage_in_the_lock_file_harms_nobody(tmp_path):
    (tmp_path / "in-use").write_bytes(b"garbage" * 999)
    Store(tmp_path).close()


def test_an_existing_folder_keeps_its_mode_and_the_files_are_private(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2775)
    (shared / "colleague.txt").write_text("x")
    (shared / "colleague.txt").chmod(0o664)
    store = Store(shared)
    store.begin("visit", 1.0, {"people": [{"person": "ada"}]})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in shared.iterdir() if path.is_file()}
    store.close()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o2775
    assert modes.pop("colleague.txt") == 0o664
    assert {*modes.values()} == {0o600}, modes
    own = tmp_path / "own"
    Store(own).close()
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


def test_a_copy_on_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    class Full:
        def execute(self, _statement, _values):
            (tmp_path / "copies" / "one.sqlite").write_bytes(b"")
            raise failure(sqlite3.SQLITE_FULL)

        def close(self):
            pass

    store = Store(tmp_path / "store")
    monkeypatch.setattr(backups, "connect", lambda *_: Full())
    with pytest.raises(DiskFullError):
        store.backup(tmp_path / "copies" / "one.sqlite", 1.8e9)
    assert not list((tmp_path / "copies").iterdir())
    monkeypatch.setattr(backups, "connect", connect)
    assert store.backup(tmp_path / "copies" / "one.sqlite", 1.8e9).exists()
    store.close()


@pytest.mark.parametrize("step", ["describe", "export"])
def test_a_copy_whose_description_or_keys_find_no_room_is_removed(tmp_path, monkeypatch, step):
    store = Store(tmp_path / "store")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "describe":
        monkeypatch.setattr(repository, "describe", full)
    else:
        monkeypatch.setattr(store.keys, "export", full)
    with pytest.raises(DiskFullError):
        store.backup(tmp_path / "copies" / "one.sqlite", 1.8e9, with_keys=True)
    assert not list((tmp_path / "copies").iterdir())
    store.close()


@pytest.mark.parametrize(("age", "is_there"), [(-60.0, True), (60.0, False)])
def test_a_copy_says_what_it_holds_and_goes_when_its_time_is_over(tmp_path, age, is_there):
    store = Store(tmp_path)
    store.begin("one", 1.0, {})
    copy = store.backup(tmp_path / "backups" / "one.sqlite", 1.8e9, with_keys=True)
    description = copy.with_suffix(".json")
    contents = json.loads(description.read_text(encoding="utf-8"))
    assert (contents["sessions"], contents["keys"]) == (["one"], "one.keys")
    assert contents["removed_after"] == "2027-04-15T08:00:00Z"
    assert "without the key file" in contents["note"].lower()
    store.close()
    made = time.time() - backups.KEPT_FOR - age
    os.utime(description, (made, made))
    Store(tmp_path).close()
    assert [path.exists() for path in (copy, copy.with_suffix(".keys"), description)] == [is_there] * 3


class Tidying:
    """A connection on a disk that has no room for tidying up."""

    def __init__(self, connection, code):
        self._connection, self._code, self.closed = connection, code, False

    def execute(self, query, *values):
        if query.startswith(("PRAGMA wal_checkpoint", "VACUUM")):
            raise failure(self._code)
        return self._connection.execute(query, *values)

    def close(self):
        self.closed = True
        self._connection.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_a_store_is_closed_on_a_full_disk_and_opens_again(tmp_path, code):
    store = Store(tmp_path)
    store.begin("one", 1.0, {})
    store._connection = tidying = Tidying(store._connection, code)
    store.close()
    assert tidying.closed
    again = Store(tmp_path)
    assert [session.name for session in again.sessions()] == ["one"]
    again.close()


def test_what_else_goes_wrong_at_the_end_is_not_hidden(tmp_path):
    store = Store(tmp_path)
    whole = store._connection
    store._connection = Tidying(whole, sqlite3.SQLITE_CORRUPT)
    with pytest.raises(sqlite3.Error):
        store.close()
    store._connection = whole
    store.close()
