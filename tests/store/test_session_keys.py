"""Keys: never on the disk before somebody agreed to keep, gone at once when they are to be erased, and told apart when they are foreign."""

from __future__ import annotations

import os
import stat
import threading

import pytest

from coregulation.errors import DataError
from coregulation.store import KEEP, SHARED, TAKE_PART, ConsentRecord, Note, RawPiece, SealedError, SessionKeys, Store
from coregulation.store.database import transaction

SETUP = {"people": [{"person": "ada"}, {"person": "ben"}], "helper": "ben", "apart": ["ben"]}


def opened(folder, *keeping, passphrase=None):
    store = Store(folder, passphrase)
    store.begin("visit", 1000.0, SETUP)
    for who in ("ada", "ben"):
        purposes = (TAKE_PART, KEEP) if who in keeping else (TAKE_PART,)
        store.agree("visit", [ConsentRecord(who, one, "1", 1.0) for one in purposes])
        stream = store.open_stream("visit", f"hr-{who}", who, "hr", {}, 0.0)
        store.keep([RawPiece(stream.id, 0, b"heartbeats of " + who.encode())])
        store.note("visit", [Note(1.0, "event", who, b"private words of " + who.encode(), private=True)])
    store.note("visit", [Note(1.0, "event", None, b"what happened to both")])
    return store


def on_disk(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def bodies(store):
    return {one.person: [piece.body for piece in store.pieces(one.id)] for one in store.streams("visit")}


def test_what_nobody_agreed_to_keep_cannot_be_read_once_the_program_is_gone(tmp_path):
    store = opened(tmp_path)
    keys = store.keys.of("visit")
    assert {*keys} == {SHARED, "ada", "ben"}
    store.close()
    disk = on_disk(tmp_path)
    for text in (b"heartbeats", b"private words", b"what happened", *keys.values()):
        assert text not in disk
    again = Store(tmp_path)
    assert set(again.locked("visit")) == {SHARED, "ada", "ben"}
    with pytest.raises(SealedError):
        bodies(again)
    assert again.unlock("visit", {who: bytes(32) for who in keys}) == again.locked("visit"), "foreign keys open nothing"
    assert again.unlock("visit", keys) == ()
    assert bodies(again)["ada"] == [b"heartbeats of ada"]
    assert [note.body for note in again.notes("visit")][-1] == b"what happened to both"
    again.close()


def test_what_both_agreed_to_keep_is_there_again_and_a_key_file_belongs_to_its_owner(tmp_path):
    opened(tmp_path, "ada", "ben").close()
    assert stat.S_IMODE((tmp_path / "session-keys").stat().st_mode) == 0o600
    again = Store(tmp_path)
    assert again.locked("visit") == ()
    assert bodies(again) == {who: [f"heartbeats of {who}".encode()] for who in ("ada", "ben")}
    again.close()
    (tmp_path / "session-keys").rename(tmp_path.parent / "elsewhere")
    without = Store(tmp_path)
    assert len(without.locked("visit")) == 3
    without.close()


def test_one_half_is_kept_without_the_other(tmp_path):
    store = opened(tmp_path, "ada")
    assert store.keys.is_kept("visit", "ada")
    assert not store.keys.is_kept("visit", "ben")
    assert not store.keys.is_kept("visit")
    store.erase("visit", "ben", [Note(0.0, "room", None, b"what remains")])
    assert store.keys.is_kept("visit"), "of those who are left everybody agreed"
    store.close()
    again = Store(tmp_path)
    assert bodies(again) == {"ada": [b"heartbeats of ada"]}
    assert [note.body for note in again.notes("visit")] == [b"what remains"]
    again.close()


def test_taking_keep_back_takes_the_key_off_the_disk(tmp_path):
    store = opened(tmp_path, "ada", "ben")
    keys = store.keys.of("visit")
    store.withdraw("visit", "ben", KEEP, 2.0)
    file = (tmp_path / "session-keys").read_text()
    assert '"person": "ada"' in file
    assert '"person": "ben"' not in file
    assert '"person": ""' not in file
    assert bodies(store)["ben"], "until the end it can be read"
    store.close()
    again = Store(tmp_path)
    assert set(again.locked("visit")) == {SHARED, "ben"}
    assert keys["ben"] not in on_disk(tmp_path)
    again.close()


def test_an_erasure_reaches_a_backup_unless_its_keys_were_copied_on_purpose(tmp_path):
    store = opened(tmp_path / "store", "ada", "ben")
    plain = store.backup(tmp_path / "one" / "sessions.sqlite", 1.8e9)
    opened_one = store.backup(tmp_path / "two" / "sessions.sqlite", 1.8e9, with_keys=True)
    store.erase("visit", "ben")
    store.erase("visit")
    store.close()
    (tmp_path / "two" / "sessions.keys").rename(tmp_path / "two" / "session-keys")
    beside = tmp_path / "one" / "session-keys"
    beside.write_bytes((tmp_path / "store" / "session-keys").read_bytes())
    restored = Store(plain.parent)
    assert len(restored.locked("visit")) == 3, "the keys of the store open nothing that was erased"
    restored.close()
    restored = Store(opened_one.parent)
    assert bodies(restored)["ben"] == [b"heartbeats of ben"]
    restored.close()
    assert "removed_after" in plain.with_suffix(".json").read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in plain.parent.iterdir()} == {0o600}


def test_a_person_who_is_erased_is_in_no_table_and_no_file(tmp_path):
    store = opened(tmp_path, "ada", "ben")
    store.let_in("device", {"id": "x"})
    done = store.erase("visit", "ben", [Note(0.0, "room", None, b"rest")])
    assert done.left == 0
    assert not store.keys.has("visit", "ben")
    store.close()
    assert b"ben" not in on_disk(tmp_path)


def test_keys_of_an_encrypted_store_are_wrapped_by_its_passphrase(tmp_path):
    keys = SessionKeys(tmp_path, "long words")
    keys.make("visit", "ada")
    key = keys.of("visit")["ada"]
    keys.keep({("visit", "ada"): True})
    assert SessionKeys(tmp_path, "long words").of("visit") == {"ada": key}
    for wrong in ("other words", None):
        with pytest.raises(DataError, match="passphrase"):
            SessionKeys(tmp_path, wrong)


@pytest.mark.parametrize("body", [b"", b"{", b'{"salt": 3}', b"\xff\xfe", b'{"salt": "", "keys": [{"session": 1}]}'])
def test_a_damaged_key_file_is_told_and_left_as_it_is(tmp_path, body):
    (tmp_path / "session-keys").write_bytes(body)
    with pytest.raises(DataError, match="damaged"):
        SessionKeys(tmp_path)
    assert (tmp_path / "session-keys").read_bytes() == body


def test_a_key_goes_also_where_the_disk_is_full(tmp_path, monkeypatch):
    keys = SessionKeys(tmp_path)
    keys.make("visit", "ada")
    keys.make("visit", "ben")
    keys.keep({("visit", "ada"): True, ("visit", "ben"): True})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    keys.forget("visit", "ben")
    monkeypatch.undo()
    assert {*SessionKeys(tmp_path).of("visit")} == {"ada"}


def test_a_session_of_an_older_version_can_be_added_to(tmp_path):
    """Such a session has no keys and lies plain; a report that is made of it now is there at the next start."""
    store = opened(tmp_path, "ada", "ben")
    stream = store.streams("visit")[0]
    with transaction(store._connection) as db:
        db.execute("UPDATE session SET checks = NULL")
        db.execute("UPDATE chunk SET body = ? WHERE stream = ?", (b"plain heartbeats", stream.id))
        db.execute("DELETE FROM note")
    store.close()
    (tmp_path / "session-keys").unlink()
    again = Store(tmp_path)
    assert again.locked("visit") == ()
    assert next(again.pieces(stream.id)).body == b"plain heartbeats"
    again.keep([RawPiece(stream.id, 1, b"new")], [("visit", Note(0.0, "report:ada+ben", None, b"page"))])
    again.close()
    third = Store(tmp_path)
    assert [piece.body for piece in third.pieces(stream.id)] == [b"plain heartbeats", b"new"]
    assert [note.body for note in third.notes("visit")] == [b"page"]
    third.close()


def test_keys_that_two_threads_keep_and_forget_at_once_are_all_in_the_file(tmp_path):
    """A room's consent beside an erasure of another room: neither undoes what the other wrote."""
    keys = SessionKeys(tmp_path)
    names = {part: [f"{part}-{k}" for k in range(25)] for part in ("kept", "gone")}
    for name in names["gone"]:
        keys.make(name)
    keys.keep({(name, SHARED): True for name in names["gone"]})

    def keep():
        for name in names["kept"]:
            keys.make(name)
            keys.keep({(name, SHARED): True})

    threads = [
        threading.Thread(target=keep),
        threading.Thread(target=lambda: [keys.forget(one) for one in names["gone"]]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = SessionKeys(tmp_path)
    assert [name for name in names["kept"] if not again.is_kept(name)] == []
    assert [name for name in names["gone"] if again.is_kept(name)] == []
