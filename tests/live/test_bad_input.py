"""Bad input of the live room: what comes twice, from elsewhere, damaged, too long, or under a name that a system keeps for itself."""

from __future__ import annotations

import ast
import io
import re
import shutil
import threading
import zipfile

import pytest

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io import open_session
from coregulation.live.room import wire
from coregulation.live.room.access import Access
from coregulation.live.server import archives
from coregulation.live.server.archives import DEEPEST, LONGEST, unpack_archive
from coregulation.live.server.session_import import safe_name
from coregulation.store import KEEP, TAKE_PART, ConsentRecord, Note, RawPiece, Store
from coregulation.store.session_keys import NONCE_BYTES, SEALED, SealedError, SessionKeys
from tests.live.served import Browser, Running, running
from tests.paths import ROOT

WORDS = b"words of a kept session"


def kept_store(folder):
    """Return the folder of a store with one session that everybody agreed to keep."""
    store = Store(folder)
    store.begin("kept", 1.0, {"people": [{"person": "ada"}]})
    store.agree("kept", [ConsentRecord("ada", one, "1", 1.0) for one in (TAKE_PART, KEEP)])
    store.note("kept", [Note(0.0, "words", "ada", WORDS, True)])
    store.close()
    return folder


def words(store):
    return [note.body for note in store.notes("kept", "words")]


# Coming in ----------------------------------------------------------------------------------------------------------------


def test_an_invitation_used_twice_at_once_lets_one_in(tmp_path):
    with running(tmp_path / "store") as served:
        host = served.host()
        room = host.room(screens="own")
        for _ in range(3):
            asked = {"role": "participant", "people": ["ben"]}
            code = host.post(f"/api/rooms/{room}/invitations", asked).json()["code"]
            guests, answers, begin = [Browser(served.base) for _ in range(6)], [], threading.Barrier(6)

            def join(guest, code=code, answers=answers, begin=begin):
                begin.wait()
                answers.append(guest.post("/api/join", {"code": code}).status_code)

            threads = [threading.Thread(target=join, args=(guest,)) for guest in guests]
            [one.start() for one in threads]
            [one.join() for one in threads]
            served.registry.access._tries._buckets.clear()
            assert sorted(answers) == [200] + [401] * 5


def test_two_hosts_see_one_room_and_hold_each_seat_once(tmp_path):
    with running(tmp_path / "store") as served:
        first, second = served.host(), served.host()
        assert [one["host"] for one in first.get("/api/devices").json()] == [True, True]
        room = first.room()
        seat = first.enter(room, "ada", "ben")
        seat.of(wire.Welcome)
        other = second.enter(room, "ada", "ben")
        assert other.of(wire.Refused).reason == "room.seat-elsewhere"
        forced = second.enter(room, "ada", "ben", take_over=True)
        assert forced.of(wire.Refused).reason == "room.seat-elsewhere", "what one holds the other cannot take"
        seat.ready()
        seat.phase("consent")


def test_a_second_browser_of_the_computer_reads_no_half_of_somebody_with_a_device_of_their_own(tmp_path):
    """At one screen any browser of the computer stands for those who sat there, and for nobody who came with another device."""
    with running(tmp_path / "store") as served:
        first, second = served.host(), served.host()
        room = first.room()
        seat = first.enter(room, "ada")
        code = first.post(f"/api/rooms/{room}/invitations", {"role": "participant", "people": ["ben"]}).json()["code"]
        guest = Browser(served.base)
        guest.post("/api/join", {"code": code})
        other = guest.enter(room, "ben")
        seat.say(wire.Admit(seat.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket))
        for one in (seat, other):
            one.phase("arrive")
            one.ready()
        for one in (seat, other):
            one.phase("consent")
            one.consent("keep", "show-partner")
            one.ready()
        for one, who in ((seat, "ada"), (other, "ben")):
            one.phase("sensors")
            one.open(who)
            for _ in range(3):
                one.beat(who)
            one.of(wire.Ack, seq=2)
        half = f"/api/sessions/{room}/export?person="
        assert [one.get(f"{half}ada").status_code for one in (first, second, guest)] == [200, 200, 403]
        assert [one.get(f"{half}ben").status_code for one in (first, second, guest)] == [403, 403, 200]


def test_a_cookie_of_another_store_lets_nobody_in(tmp_path):
    one, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    here, there = Access(one, lambda: 0.0), Access(other, lambda: 0.0)
    cookie = there.enter(there.new_token())
    assert there.device(cookie) is not None
    assert here.device(cookie) is None
    fresh = here.enter(here.new_token(), cookie)
    assert fresh != cookie
    assert len(here.devices()) == 1
    one.close(), other.close()


# Key files and backups ------------------------------------------------------------------------------------------------------


def test_without_its_key_file_a_store_opens_and_kept_sessions_are_told_as_unreadable(tmp_path):
    folder = kept_store(tmp_path / "store")
    (folder / "session-keys").unlink()
    store = Store(folder)
    assert store.locked("kept") == ("", "ada")
    assert words(store) == [], "nobody reads what is private without its key"
    store.close()
    served = Running(folder)
    host = served.host()
    assert host.get("/api/sessions").json() == []
    assert host.get("/api/sessions/kept/export?person=ada").status_code == 404
    served.stop()


def test_the_key_file_of_another_store_opens_nothing(tmp_path):
    folder, other = kept_store(tmp_path / "store"), kept_store(tmp_path / "other")
    shutil.copy(other / "session-keys", folder / "session-keys")
    store = Store(folder)
    with pytest.raises(SealedError, match="its key is another one"):
        words(store)
    store.close()


def test_a_backup_beside_its_store_is_read_with_the_stores_keys_and_not_after_an_erasure(tmp_path):
    folder = kept_store(tmp_path / "store")
    store = Store(folder)
    copy = store.backup(folder / "backups" / "copy.sqlite", 1.0)
    store.note("kept", [Note(1.0, "words", "ada", b"later", True)])
    assert words(store) == [WORDS, b"later"]
    store.close()
    shutil.copy(copy, folder / "sessions.sqlite")  # put back beside the keys that are there
    store = Store(folder)
    assert words(store) == [WORDS]
    assert store.damage() is None
    store.erase("kept")
    store.close()
    shutil.copy(copy, folder / "sessions.sqlite")
    store = Store(folder)
    assert store.locked("kept") == ("", "ada"), "what was erased does not come back with a backup"
    assert words(store) == []
    store.close()


def test_a_sealed_piece_that_was_changed_or_moved_is_refused(tmp_path):
    keys = SessionKeys(tmp_path)
    for who in ("ada", "ben"):
        keys.make("one", who)
    keys.make("two", "ada")
    sealed = keys.seal(b"a beat", "one", "ada")
    for at in (len(SEALED), len(SEALED) + NONCE_BYTES, len(sealed) - 1):
        changed = bytes((*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]))
        with pytest.raises(SealedError):
            keys.open(changed, "one", "ada")
    keys._keys["one", "ben"] = keys._keys["two", "ada"] = keys._keys["one", "ada"]
    for owner in (("one", "ben"), ("two", "ada")):
        with pytest.raises(SealedError):
            keys.open(sealed, *owner)
    assert keys.open(sealed, "one", "ada") == b"a beat"


def test_no_nonce_is_used_twice(tmp_path):
    keys = SessionKeys(tmp_path)
    keys.make("one", "ada")
    sealed = [keys.seal(b"the same", "one", "ada") for _ in range(2000)]
    assert len({one[len(SEALED) : len(SEALED) + NONCE_BYTES] for one in sealed}) == 2000
    assert len(set(sealed)) == 2000


# Files of others ------------------------------------------------------------------------------------------------------------


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, body in files.items():
            parcel.writestr(name, body)
    return out.getvalue()


RESERVED = [
    "con",
    "CON.csv",
    "aux.csv",
    "folder/nul",
    "com1.txt",
    "LPT9.csv",
    "prn.tar.gz",
    "a./b.csv",
    "a /b.csv",
    "b.csv.",
]


@pytest.mark.parametrize("name", RESERVED)
def test_a_zip_with_a_name_that_windows_reserves_is_refused_in_words(tmp_path, name):
    with pytest.raises(DataError, match=r"Windows keeps|leads out"):
        unpack_archive(zipped(**{name: b"1"}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["console.csv", "auxiliary/nullary.csv", "com10.csv", "a.con.csv", "張三.csv"])
def test_names_that_only_look_like_those_are_taken(tmp_path, name):
    assert (unpack_archive(zipped(**{name: b"1"}), tmp_path / "out") / name).read_bytes() == b"1"


@pytest.mark.parametrize(
    ("length", "taken"), [(LONGEST - 1, True), (LONGEST, True), (LONGEST + 1, False), (300, False), (5000, False)]
)
def test_paths_that_windows_could_not_take_are_refused(tmp_path, length, taken):
    name = (
        "/".join(["a" * 49] * (length // 50) + ["b" * (length % 50)])
        if length % 50
        else "/".join(["a" * 49] * (length // 50 - 1) + ["b" * 50])
    )
    assert len(name) == length
    if taken:
        unpack_archive(zipped(**{name: b"1"}), tmp_path / "out")
    else:
        with pytest.raises(DataError, match="shorter names"):
            unpack_archive(zipped(**{name: b"1"}), tmp_path / "out")


@pytest.mark.parametrize(("depth", "taken"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_folders_in_folders_have_a_bound(tmp_path, depth, taken):
    body = zipped(**{"/".join(["a"] * depth): b"1"})
    if taken:
        unpack_archive(body, tmp_path / "out")
    else:
        with pytest.raises(DataError, match="fewer folders"):
            unpack_archive(body, tmp_path / "out")


@pytest.mark.parametrize(("size", "taken"), [(99, True), (100, True), (101, False)])
def test_a_zip_with_too_much_in_it_is_refused(tmp_path, monkeypatch, size, taken):
    monkeypatch.setattr(archives, "MAX_BYTES", 100)
    monkeypatch.setattr(archives, "FILES", 3)
    body = zipped(a=b"x" * (size - 2), b=b"x", c=b"x")
    if taken:
        unpack_archive(body, tmp_path / "out")
    else:
        with pytest.raises(DataError, match="At most 3 files"):
            unpack_archive(body, tmp_path / "out")
    with pytest.raises(DataError, match="At most 3 files"):
        unpack_archive(zipped(**dict.fromkeys("abcd", b"x")), tmp_path / "more")


@pytest.mark.parametrize("name", ["con", "CON.csv", "aux.tar.gz", "x" * 400 + ".csv", "a. ", "nul."])
def test_a_dropped_file_gets_a_name_that_every_system_takes(name):
    safe = safe_name(name)
    assert len(safe) < 255
    assert not archives.is_reserved(safe)
    assert safe == safe.rstrip(" .")


def test_a_workbook_with_entities_is_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for k in range(20):
        book.active.append([k, 800])
    book.save(tmp_path / "good.xlsx")
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for name in good.namelist():
            body = good.read(name)
            if name.endswith("sheet1.xml"):
                begin = body.find(b"<worksheet")
                row = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
                body = laughs + body[begin:].replace(b"<sheetData>", row, 1)
            bad.writestr(name, body)
    with pytest.raises(CoregulationError) as raised:
        open_session(tmp_path / "bad.xlsx")
    assert "root:" not in str(raised.value)


# What the code itself may not do ----------------------------------------------------------------------------------------------


def trees():
    for path in sorted((ROOT / "src" / "coregulation").rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_nothing_that_comes_from_others_is_evaluated():
    """No `eval`, `exec`, pickle or shell in the package; the pages put no text in as markup."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "__import__"), path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) not in {("os", "system"), ("os", "popen")}, path
            if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "shell"):
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
            names = (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            programs = (
                set() if path.name == "slurm.py" else {"subprocess"}
            )  # it calls sbatch by a list of words, no shell
            assert not ({"pickle", "marshal", "shelve", "yaml"} | programs) & set(names), path
    for path in (ROOT / "src" / "coregulation" / "live" / "static").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not any(
            one in text
            for one in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
        )


def test_no_query_is_put_together_from_what_came():
    """Every query of the store is one text without places that are filled in; pragmas and names of tables apart, which nobody sends."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("execute", "executemany", "_rows")
            ):
                text = node.args[0] if node.args else None
                if isinstance(text, ast.JoinedStr):
                    assert ast.unparse(text).lstrip("f'\"").startswith("PRAGMA"), (path, ast.unparse(text))
                assert not isinstance(text, (ast.BinOp, ast.Call)), (path, ast.unparse(text))
            if isinstance(node, ast.JoinedStr) and path.parent.name == "store":
                words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
                assert not re.search(r"\b(SELECT|INSERT|UPDATE|DELETE)\b.*\b(FROM|INTO|SET)\b", words), (path, words)


def test_a_piece_that_comes_for_nobody_changes_nothing(tmp_path):
    store = Store(tmp_path)
    store.keep([RawPiece(7, 0, b"x")], [("nobody", Note(0.0, "event", None, b"x"))])
    with pytest.raises(UsageError):
        store.session("nobody")
    store.close()
