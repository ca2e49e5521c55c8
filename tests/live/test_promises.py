"""What people are promised about erasing holds when the program stops, is killed, or never starts again."""

from __future__ import annotations

import time

import pytest

from coregulation.live.room import wire
from coregulation.live.server import room_registry
from coregulation.store import DiskFullError, Store, scratch
from coregulation.store.scratch import Scratch
from tests.live.served import Browser, Running, running

WORDS = "words that nobody else reads"


def until(wanted, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def on_disk(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def at_report(served, *purposes, keeping=("ada", "ben"), people=("ada", "ben")):
    """A room on one screen, at its report; who is not `keeping` agrees to take part and to nothing else."""
    host = served.host()
    room = host.room(people=people)
    seat = host.enter(room, *people)
    seat.phase("arrive")
    seat.ready()
    seat.phase("consent")
    for who in people:
        seat.say(wire.Consent(who, list(purposes) if who in keeping else [], "1"))
    seat.ready()
    seat.phase("sensors")
    for who in people:
        seat.open(who)
        for _ in range(3):
            seat.beat(who)
            seat.of(wire.Ack)
    seat.ready()
    for phase in ("baseline", "practice", "settle"):
        seat.phase(phase)
        while seat.heard[-1].phase == phase if isinstance(seat.heard[-1], wire.RoomMessage) else True:
            seat.say(wire.Skip())
            seat.of(wire.RoomMessage)
    for who in people:
        seat.say(wire.WordsMessage(who, WORDS, {"calm": 3.0}))
    seat.phase("report")
    return host, room, seat


def test_a_stop_with_the_report_on_the_screen_erases_what_was_not_to_be_kept(tmp_path):
    served = Running(tmp_path / "store")
    # three letters would stand in random bytes by chance
    at_report(served, keeping=(), people=("ada-q7x9zk2m", "ben-w4v8jp6t"))
    served.stop()
    store = Store(tmp_path / "store")
    assert store.sessions() == []
    store.close()
    disk = on_disk(tmp_path)
    assert b"ada-q7x9zk2m" not in disk, "neither in the devices"
    assert b"ben-w4v8jp6t" not in disk


def test_a_stop_on_a_full_disk_ends_and_leaves_nothing_that_can_be_read(tmp_path, monkeypatch):
    served = Running(tmp_path / "store")
    _, room, _ = at_report(served, keeping=())

    def full(*_):
        raise DiskFullError("The disk is full. Free some space.")

    monkeypatch.setattr(served.registry.store, "end", full)
    served.stop()
    store = Store(tmp_path / "store")  # the folder was let go
    assert set(store.locked(room)) == {"", "ada", "ben"}
    store.close()
    monkeypatch.setattr(room_registry, "SEAT_HELD", 0.5)
    with running(tmp_path / "store") as again:
        until(lambda: again.registry.store.sessions() == [])


def test_who_may_read_of_nobody_is_told_so_and_does_not_wait(tmp_path):
    with running(tmp_path / "store") as served:
        _, _, seat = at_report(served)
        (report,) = [m for m in seat.heard if isinstance(m, wire.Report)]
        assert (report.state, report.reason) == ("none", "report.no-consent")


def test_a_program_that_never_starts_again_leaves_nothing_that_can_be_read(tmp_path):
    served = Running(tmp_path / "store")
    _, room, seat = at_report(served)
    keys = next(m.keys for m in seat.heard if isinstance(m, wire.Keys))
    assert {*keys} == {"", "ada", "ben"}
    served.registry.writer.flush().result()
    disk = on_disk(tmp_path)
    for secret in (WORDS.encode(), b'"calm"', *keys.values()):
        assert secret not in disk
    assert room.encode() in disk
    served.stop()


@pytest.fixture
def interrupted(tmp_path):
    """A session that nobody agreed to keep, in whose middle the program was killed; its page and the store's folder."""
    served = Running(tmp_path / "store")
    host = served.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    seat.phase("arrive")
    seat.ready()
    seat.phase("consent")
    seat.consent()
    seat.ready()
    seat.phase("sensors")
    seat.open("ada")
    for _ in range(4):
        seat.beat("ada")
        seat.of(wire.Ack)
    keys = next(m.keys for m in seat.heard if isinstance(m, wire.Keys))
    cookies = dict(host.http.cookies)
    served.stop()
    again = Running(tmp_path / "store", port=served.port)
    host = Browser(again.base)
    host.http.cookies.update(cookies)
    yield again, host, room, keys
    again.stop()


def test_a_page_brings_an_interrupted_session_back(interrupted):
    served, host, room, keys = interrupted
    assert room in served.registry.locked
    assert host.get("/api/sessions").json() == []
    assert host.get(f"/api/sessions/{room}").status_code == 404
    wrong = host.enter(room, "ada", "ben", keys={"": bytes(32), "ada": bytes(32), "ben": bytes(32)})
    assert wrong.of(wire.Refused).reason == "room.locked"
    assert room in served.registry.locked
    host.enter(room, "ada", "ben", keys=keys)
    until(lambda: room in served.registry.rooms)
    seat = host.enter(room, "ada", "ben")
    assert seat.of(wire.Welcome).streams == {"hr-ada": 3}
    assert seat.phase("sensors").seats[0].consented


def test_if_nobody_comes_back_it_is_erased(interrupted):
    served, _, room, _ = interrupted
    served.registry.locked[room] = served.registry.steady()
    until(lambda: not served.registry.store.sessions())
    assert not served.registry.rooms


def test_what_a_killed_program_left_in_its_folders_is_gone_at_the_next_start(tmp_path):
    store = Store(tmp_path)
    for private in (False, True):
        with store.scratch.folder(private) as folder:
            assert folder.stat().st_mode & 0o077 == 0
            left = folder.with_name(f"{folder.name}left")  # as a kill would leave it
            left.mkdir()
            (left / "1-beats.csv").write_text("1.0")
    assert len(store.scratch.left_behind()) == 2
    again = Scratch(tmp_path, encrypted=False)
    assert again.left_behind() == []
    store.close()


def test_a_folder_that_another_user_prepared_is_neither_used_nor_removed(tmp_path, monkeypatch):
    """Everybody may write into the file system in memory; a link or a folder under our name must lead nowhere."""
    memory, trap = tmp_path / "memory", tmp_path / "trap"
    memory.mkdir(), trap.mkdir()
    (trap / "theirs").write_text("keep me")
    monkeypatch.setattr(scratch, "MEMORY", memory)
    store = tmp_path / "store"
    store.mkdir()
    first = Scratch(store, encrypted=True)
    for ending in ("", "link", "-tmp"):
        (memory / f"{first._prefix}{ending}").symlink_to(trap, target_is_directory=True)
    (memory / first._prefix.rstrip("-")).symlink_to(trap, target_is_directory=True)
    one = Scratch(store, encrypted=True)
    with one.folder() as folder:
        assert folder.resolve().parent == memory
        assert folder.stat().st_mode & 0o077 == 0
    one.remove()
    assert [path.name for path in trap.iterdir()] == ["theirs"]


def test_an_erased_person_is_in_nobodys_device(tmp_path):
    with running(tmp_path / "store") as served:
        host, room, seat = at_report(served, "keep", "show-partner")
        seat.say(wire.Stop())
        seat.phase("ended")
        until(lambda: room not in served.registry.rooms or served.registry.store.session(room).closed)
        until(lambda: not served.registry._reports)
        assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).json() == {"erased": True, "left": 0}
        grants = [one.rooms[room].people for one in served.registry.access.devices()]
        assert grants == [("ben",)]
        host.post(f"/api/sessions/{room}/erase", {"person": "ben"})
        assert [one.rooms for one in served.registry.access.devices()] == [{}]
        assert b'"ada"' not in str(served.registry.store.devices()).encode()


def test_withdrawing_what_was_shown_takes_away_the_answers_about_both(tmp_path):
    with running(tmp_path / "store") as served:
        _, room, seat = at_report(served, "keep", "show-partner")
        from coregulation.store import Note

        until(lambda: not served.registry._reports)
        for kind in ("report:ada+ben", "report:ada"):
            served.registry.store.note(room, [Note(0.0, kind, None, b"page")])
        seat.say(wire.Withdraw("ben", "show-partner"))
        until(lambda: "report:ada+ben" not in served.registry.store.note_kinds(room))
        assert "report:ada" in served.registry.store.note_kinds(room)
