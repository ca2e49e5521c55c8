"""The store: nothing without consent, nothing lost at a kill, nothing left after an erasure, nothing of a newer version touched."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from coregulation.errors import DataError, UsageError
from coregulation.store import KEEP, TAKE_PART, ConsentRecord, DiskFullError, Note, RawPiece, Store, Writer
from coregulation.store.database import transaction
from coregulation.store.schema import MIGRATIONS

SETUP = {"people": [{"person": "ada"}, {"person": "ben"}]}


@pytest.fixture
def store(tmp_path):
    one = Store(tmp_path / "store")
    one.begin("visit", 1000.0, SETUP)
    yield one
    one.close()


def agree(store, *people, purpose=TAKE_PART):
    store.agree("visit", [ConsentRecord(who, purpose, "1", 1001.0) for who in people])


def body(who, k):
    return f"{who} said something only {who} could say, number {k:06d}".encode()


def filled(store, count=50):
    agree(store, "ada", "ben")
    streams = {who: store.open_stream("visit", f"hr-{who}", who, "hr", {}, 0.0) for who in ("ada", "ben")}
    for who, stream in streams.items():
        store.keep([RawPiece(stream.id, k, body(who, k)) for k in range(count)])
        store.note("visit", [Note(1.0, "event", who, b"the private words of " + who.encode())])
    return streams


def test_what_is_kept_comes_back_in_order(store):
    streams = filled(store)
    assert [piece.body for piece in store.pieces(streams["ada"].id)] == [body("ada", k) for k in range(50)]
    assert store.last_seq(streams["ben"].id) == 49
    assert [one.name for one in store.streams("visit")] == ["hr-ada", "hr-ben"]


def test_nothing_is_recorded_without_consent(store):
    with pytest.raises(UsageError, match="agreed"):
        store.open_stream("visit", "hr-ada", "ada", "hr", {}, 0.0)
    agree(store, "ada")
    store.open_stream("visit", "hr-ada", "ada", "hr", {}, 0.0)
    store.withdraw("visit", "ada", TAKE_PART, 1002.0)
    with pytest.raises(UsageError, match="agreed"):
        store.open_stream("visit", "hr-2", "ada", "hr", {}, 0.0)
    assert [(one.active, one.withdrawn) for one in store.consents("visit")] == [(False, 1002.0)]


def test_consent_survives_the_process(tmp_path):
    one = Store(tmp_path)
    one.begin("visit", 0.0, SETUP)
    agree(one, "ada", purpose="keep")
    one.close()
    again = Store(tmp_path)
    assert again.agreed("visit", "ada", "keep")
    assert not again.agreed("visit", "ben", "keep")
    again.close()


def test_a_stream_is_opened_once_and_stays_its_persons(store):
    agree(store, "ada", "ben")
    first = store.open_stream("visit", "s", "ada", "hr", {"device": "x"}, 0.0)
    assert store.open_stream("visit", "s", "ada", "hr", {}, 5.0) == first
    with pytest.raises(UsageError, match="taken"):
        store.open_stream("visit", "s", "ben", "hr", {}, 5.0)


def test_a_piece_that_comes_twice_stays_as_it_was(store):
    streams = filled(store, 1)
    store.keep([RawPiece(streams["ada"].id, 0, b"something else")])
    assert [piece.body for piece in store.pieces(streams["ada"].id)] == [body("ada", 0)]


def test_a_piece_of_nobody_is_passed_over(store):
    store.keep([RawPiece(99, 0, b"x")])
    assert list(store.pieces(99)) == []


def test_erasing_one_person_leaves_nothing_of_them_and_all_of_the_other(store):
    streams = filled(store)
    done = store.erase("visit", "ada", [Note(0.0, "room", None, b"what remains")])
    assert (done.pieces, done.left) == (52, 0)
    raw = store.path.read_bytes() + store.path.with_name("sessions.sqlite-wal").read_bytes()
    assert b"only ada" not in raw
    assert b"words of ada" not in raw
    assert [piece.body for piece in store.pieces(streams["ben"].id)] == [body("ben", k) for k in range(50)]
    assert store.session("visit").setup["people"] == [{"person": "ben"}]
    assert [note.body for note in store.notes("visit")] == [b"what remains"]
    assert not store.agreed("visit", "ada")
    assert store.agreed("visit", "ben")


def test_erasing_all_leaves_no_session(store):
    filled(store)
    assert store.erase("visit").left == 0
    with pytest.raises(UsageError, match="erased"):
        store.session("visit")


@pytest.mark.parametrize(("session", "person"), [("visit", "eve"), ("never", "ada"), ("never", None)])
def test_an_erasure_of_nobody_says_so(store, session, person):
    filled(store)
    with pytest.raises(UsageError, match="nobody"):
        store.erase(session, person)


def test_the_scan_finds_what_was_not_erased(tmp_path):
    from coregulation.store.erasing import BLOCK, count_left

    traces = [body("ada", k).ljust(64, b".")[:64] for k in range(20)]
    file = tmp_path / "file"
    for before in (0, 3, BLOCK - 30, BLOCK - 5):
        file.write_bytes(bytes(before) + b"x".join(traces[:7]) + bytes(100))
        assert count_left(file, traces) == 7
        assert count_left(file, traces[7:]) == 0


def test_what_an_older_version_stored_plain_is_read_and_searched_for_when_it_is_erased(store):
    streams = filled(store, 0)
    with transaction(store._connection) as db:
        db.execute("INSERT INTO chunk VALUES (?, 0, ?)", (streams["ada"].id, body("ada", 0).ljust(64, b".")))
    assert [piece.body for piece in store.pieces(streams["ada"].id)] == [body("ada", 0).ljust(64, b".")]
    assert store.erase("visit", "ada").left == 0


def test_a_newer_store_is_refused_and_not_changed(tmp_path):
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "sessions.sqlite") as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    before = (tmp_path / "sessions.sqlite").read_bytes()
    with pytest.raises(DataError, match="newer coregulation"):
        Store(tmp_path)
    assert (tmp_path / "sessions.sqlite").read_bytes() == before


def test_another_programs_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "sessions.sqlite") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(DataError, match="another program"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "sessions.sqlite").write_bytes(b"not a database at all" * 500)
    with pytest.raises(DataError, match="not a store"):
        Store(tmp_path)


def test_a_damaged_store_is_refused(tmp_path):
    one = Store(tmp_path)
    one.begin("visit", 1000.0, SETUP)
    filled(one, 2000)
    one.close()
    path = tmp_path / "sessions.sqlite"
    raw = bytearray(path.read_bytes())
    raw[5 * 4096 : 20 * 4096] = b"\xff" * (15 * 4096)
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"damaged|cannot be used"):
        Store(tmp_path)


def test_two_processes_do_not_share_a_store(store):
    with pytest.raises(UsageError, match="in use"):
        Store(store.folder)


def test_an_older_store_is_brought_forward(tmp_path, monkeypatch):
    one = Store(tmp_path)
    one.begin("visit", 1.0, SETUP)
    one.close()
    monkeypatch.setattr("coregulation.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE more (x)"))
    again = Store(tmp_path)
    assert [kept.name for kept in again.sessions()] == ["visit"]
    assert again._rows("PRAGMA user_version") == [(len(MIGRATIONS) + 1,)]
    again.close()


def test_a_copy_is_whole_while_the_store_is_written(store, tmp_path):
    streams = filled(store)
    going = threading.Event()

    def write():
        k = 100
        while not going.is_set():
            store.keep([RawPiece(streams["ada"].id, k, body("ada", k))])
            k += 1

    thread = threading.Thread(target=write)
    thread.start()
    time.sleep(0.05)
    path = store.backup(tmp_path / "copies" / "one.sqlite", 1.8e9)
    going.set()
    thread.join()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM chunk").fetchone()[0] >= 100
    db.close()
    with pytest.raises(UsageError, match="another name"):
        store.backup(path, 1.8e9)
    assert store.damage() is None


def test_events_are_chained_and_name_nobody(store):
    store.record(1.0, "opened", "visit")
    store.record(2.0, "exported", "visit", "ada")
    (_, (_, what, _, who)) = store.recorded()
    assert what == "exported"
    assert who == store.alias("visit", "ada") != "ada"
    with transaction(store._connection) as db:
        db.execute("UPDATE audit SET what = 'looked' WHERE id = 1")
    with pytest.raises(DataError, match="changed"):
        store.recorded()


def test_settings_and_devices_come_back(store):
    store.set({"theme": "dark", "people": ["ada"]})
    store.let_in("hash", {"id": "x"})
    assert store.settings() == {"theme": "dark", "people": ["ada"]}
    assert store.devices() == {"hash": {"id": "x"}}


def test_a_full_disk_loses_nothing_and_says_what_to_do(store):
    streams = filled(store)
    (pages,) = store._rows("PRAGMA page_count")[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    writer = Writer(store)
    futures = [writer.keep(RawPiece(streams["ada"].id, 100 + k, bytes(3000))) for k in range(50)]
    results = [future.exception() for future in futures]
    assert any(isinstance(one, DiskFullError) for one in results)
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert writer.keep(RawPiece(streams["ada"].id, 999, b"again")).result() is None
    kept = {piece.seq for piece in store.pieces(streams["ada"].id)}
    assert {100 + k for k, one in enumerate(results) if one is None} <= kept
    writer.close()


def test_a_writer_writes_together_what_waits_and_ends_in_order(store):
    streams = filled(store, 0)
    writer = Writer(store)
    futures = [writer.keep(RawPiece(streams["ada"].id, k, body("ada", k))) for k in range(500)]
    writer.keep(("visit", Note(0.0, "event", None, b"x")))
    assert writer.flush().result() is None
    writer.close()
    assert all(future.done() for future in futures)
    assert store.last_seq(streams["ada"].id) == 499


def test_who_no_longer_waits_is_told_nothing_and_nothing_is_lost(store):
    streams = filled(store, 0)
    writer = Writer(store)
    with store._guard:  # the disk is busy: what comes now waits
        futures = [writer.keep(RawPiece(streams["ada"].id, k, body("ada", k))) for k in range(5)]
        gone = [future.cancel() for future in futures[1:4]]
    assert writer.flush().result() is None
    writer.close()
    assert any(gone)
    assert store.last_seq(streams["ada"].id) == 4


def test_what_cannot_be_written_is_told_and_stops_neither_the_writer_nor_others(store):
    streams = filled(store, 0)
    writer = Writer(store)
    with store._guard:  # they wait, and are written together
        futures = [writer.keep(RawPiece(streams["ada"].id, seq, b"beat")) for seq in (0, 2**70, 1)]
    assert futures[0].result(10) is None
    assert isinstance(futures[1].exception(10), DataError)
    assert futures[2].result(10) is None
    assert writer.keep(RawPiece(streams["ada"].id, 2, b"beat")).result(10) is None
    writer.close()
    assert [piece.seq for piece in store.pieces(streams["ada"].id)] == [0, 1, 2]


def test_a_room_writes_while_an_erasure_reads_what_it_concerns(store, monkeypatch):
    from coregulation.store import repository

    streams, waits = filled(store), []

    def slow(*_):
        writer = Writer(store)
        waits.append(writer.keep(RawPiece(streams["ben"].id, 1000, b"beat")).result(10))
        writer.close()
        return []

    monkeypatch.setattr(repository, "plain_traces", slow)
    store.erase("visit", "ada")
    assert waits == [None]


WRITES = """
    import sys
    from pathlib import Path
    from coregulation.store import *
    store = Store(Path(sys.argv[1]))
    store.begin("visit", 0.0, {"people": [{"person": "ada"}]})
    store.agree("visit", [ConsentRecord("ada", one, "1", 0.0) for one in (TAKE_PART, KEEP)])
    stream = store.open_stream("visit", "s", "ada", "hr", {}, 0.0)
    writer = Writer(store)
    k = 0
    while True:
        futures = [(n, writer.keep(RawPiece(stream.id, n, b"%08d" % n * 40))) for n in range(k, k + 7)]
        for n, future in futures:
            future.result()
            sys.stdout.write(f"{n}\\n")
            sys.stdout.flush()
        k += 7
"""


def killed_once(folder, seed):
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITES), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    process.kill()
    acknowledged = [first, *process.stdout.read().splitlines(keepends=True)]
    process.wait()
    process.stdout.close()
    last = int([line for line in acknowledged if line.endswith("\n")][-1])
    store = Store(folder)
    kept = {piece.seq: piece.body for piece in store.pieces(1)}
    assert store.damage() is None
    store.close()
    assert set(range(last + 1)) <= set(kept), "an acknowledged piece was lost"
    assert all(one == b"%08d" % seq * 40 for seq, one in kept.items())
    return last


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_loses_no_acknowledged_piece(tmp_path, seed):
    assert killed_once(tmp_path, seed) >= 0


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(3, 50))
def test_fifty_kills_lose_no_acknowledged_piece(tmp_path, seed):
    assert killed_once(tmp_path, seed) >= 0


def test_an_encrypted_store_shows_nothing_and_needs_its_passphrase(tmp_path):
    pytest.importorskip("sqlcipher3", reason="the extra 'crypto' is not installed")
    one = Store(tmp_path, "it's long")
    one.begin("visit", 1000.0, SETUP)
    streams = filled(one)
    agree(one, "ben", purpose=KEEP)
    assert one.erase("visit", "ada").left is None
    one.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"only ben" not in raw
    for wrong in ("other", None):
        with pytest.raises(DataError, match="passphrase"):
            Store(tmp_path, wrong)
    again = Store(tmp_path, "it's long")
    assert again.last_seq(streams["ben"].id) == 49
    again.close()


def test_a_passphrase_without_the_extra_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(UsageError, match=r"coregulation\[crypto\]"):
        Store(tmp_path, "x")


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="--store"):
        Store(tmp_path / "file" / "store")
