"""A protective change holds at once, whatever the disk does; what it allows holds only once it is saved; a crash falls to the safe side."""

from __future__ import annotations

import contextlib

import pytest

from coregulation.live.room import wire
from coregulation.live.room.view import room_message
from coregulation.live.server.kept_rooms import rebuilt_room
from coregulation.store import DiskFullError, Store, Writer
from coregulation.store.unsaved import UnsavedMarker
from tests.live.rooms import PAIR, Played


@pytest.fixture
def room(tmp_path):
    one = Played(tmp_path)
    one.to_sensors(("show-partner", "keep"))
    one.ready()
    one.flushed()
    assert one.phase == "baseline"
    yield one
    one.close()


@pytest.fixture
def full(room, monkeypatch):
    """Fill the disk; what is returned frees it."""

    def refuse(*_args, **_how):
        raise DiskFullError("The disk is full.")

    patch = pytest.MonkeyPatch()
    patch.setattr(room.store, "_writing", refuse)
    yield patch.undo
    patch.undo()


def refused(room):
    """Wait until the disk refused what was handed over."""
    with contextlib.suppress(DiskFullError):
        room.flushed()


def saved_again(room):
    room.flushed()
    room.clock.t += 2.0
    room.tick()


def test_a_withdrawal_holds_at_once_on_a_full_disk_and_is_saved_later(room, full):
    room.say(wire.Withdraw("ada", "keep"))
    room.say(wire.Pause())
    refused(room)
    assert room.live.room.seats["ada"].purposes == ("show-partner",)
    assert room.phase == "paused"
    assert not room.store.agreed("visit", "ada", "keep")
    assert not room.store.keys.is_kept("visit", "ada")
    assert room.live.unsaved
    assert room_message(room.live.room, "screen", {}, room.live.unsaved).unsaved
    full()
    saved_again(room)
    assert not room.live.unsaved
    assert [c.purpose for c in room.store.consents("visit") if c.withdrawn is not None] == ["keep"]
    assert room.again().room.phase == "paused"


def test_a_consent_does_not_hold_before_it_is_saved_but_what_it_takes_back_does(room, full):
    with pytest.raises(DiskFullError):
        room.say(wire.Consent("ada", ["keep", "research"], "1"))
    assert room.live.room.seats["ada"].purposes == ("keep",), "showing was taken back, research not allowed"
    assert not room.store.agreed("visit", "ada", "research")
    assert not room.store.agreed("visit", "ada", "show-partner")


def test_after_a_crash_with_something_unsaved_everybody_is_asked_again(room, full):
    room.say(wire.Withdraw("ada", "show-partner"))
    refused(room)
    full()
    keys = room.store.keys.of("visit")
    room.store._connection.close()  # a kill: nothing more is written
    room.store._lock.close()
    store = Store(room.store.folder)
    store.unlock("visit", keys)
    from coregulation.live.server.kept_rooms import rebuilt_room

    room.writer.close()
    room.writer = Writer(store)
    again = rebuilt_room("visit", store, room.writer, room.clock, room.wall)
    assert again.room.phase == "paused"
    assert all(not seat.consented and seat.purposes == () for seat in again.room.seats.values())
    assert not any(store.agreed("visit", who, one) for who in PAIR for one in ("show-partner", "keep"))
    room.store = store  # closed by the fixture


def test_a_room_that_asks_again_goes_on_only_when_everybody_agreed(room):
    from coregulation.live.room.state import Interrupted, Refuse

    room.take(Interrupted())
    (refused,) = [one for one in room.say(wire.Resume()) if isinstance(one, Refuse)]
    assert refused.reason.code == "room.no-consent-yet"
    for who in PAIR:
        room.say(wire.Consent(who, [], "1"))
    room.say(wire.Resume())
    assert room.phase == "baseline"


def test_events_that_were_saved_late_stand_in_their_place(room, full):
    room.say(wire.Pause())
    refused(room)
    full()
    room.clock.t += 0.5
    room.say(wire.Resume())
    saved_again(room)
    assert room.again().room.phase == room.phase == "baseline"


@pytest.mark.parametrize("body", [b'["visit', b"\x00" * 4096, b"7"])
def test_a_mark_that_cannot_be_read_counts_for_every_session(tmp_path, body):
    """Torn by a crash, or more sessions than it has space for: everybody is asked again."""
    room = Played(tmp_path)
    room.to_sensors(("show-partner", "keep"))
    room.ready()
    room.close()
    (tmp_path / "unsaved").write_bytes(body)
    store = Store(tmp_path)
    writer = Writer(store)
    again = rebuilt_room("visit", store, writer, room.clock, room.wall)
    assert again.room.phase == "paused"
    assert not any(seat.consented for seat in again.room.seats.values())
    writer.close()
    store.close()
    assert UnsavedMarker(tmp_path).before == frozenset()


def test_beats_that_come_before_the_kernels_are_compiled_are_kept_at_once_and_computed_later(room):
    room.live.is_warm = lambda: False
    room.open_straps()
    for _ in range(5):
        room.clock.t += 0.8
        room.keep("ada", room.clock.t, b"\x10\x48\x33\x03")
    stream = room.live.streams["hr-ada"].record.id
    assert room.store.last_seq(stream) == 4
    assert room.live.engine.card("ada", room.clock.t).signal in ("none", "found")
    room.live.is_warm = lambda: True
    room.tick()
    assert room.live.engine.card("ada", room.clock.t).signal not in ("none", "found")


def test_a_sensor_that_is_put_down_before_the_kernels_are_compiled_stays_so(room):
    room.live.is_warm = lambda: False
    room.open_straps()
    for _ in range(3):
        room.clock.t += 0.8
        room.keep("ada", room.clock.t, b"\x10\x48\x33\x03")
    room.live.end_stream("screen", wire.EndStream("hr-ada", "battery"))
    room.live.is_warm = lambda: True
    room.tick()
    card = room.live.engine.card("ada", room.clock.t)
    assert card.signal == "lost"
    assert any("battery" in remark for remark in card.remarks)
