"""What is recorded ends with the last part: a report and a later export are of the same beats."""

from __future__ import annotations

import asyncio
import types

import pytest

from coregulation.live.room import wire
from coregulation.live.server import room_registry
from coregulation.live.server.session_export import export_session, recorded_until
from coregulation.live.signals.heart_packets import HeartPacket, encode_heart_packet
from tests.live.rooms import PAIR, Played

BEAT = encode_heart_packet(HeartPacket(60, (1024,), contact=True))


@pytest.fixture
def over(tmp_path):
    """A session that waits for words after two minutes of practice."""
    room = Played(tmp_path, minutes=2.0)
    room.to_sensors()
    room.open_straps()
    room.go(10)
    room.ready()
    room.say(wire.Skip())
    while room.phase in ("practice", "settle"):
        room.go(5)
    assert room.phase == "words"
    yield room
    room.close()


def ends(room):
    session = export_session(room.store, "visit", room.live.room)
    return [recording.beats.times[-1] for recording in session.recordings]


def test_what_a_strap_says_after_the_last_part_is_not_in_the_session(over):
    over.flushed()
    before = ends(over)
    end = recorded_until(over.live.room)
    for later in range(1, 30):
        for who in PAIR:
            over.keep(who, end + later, BEAT)
    over.flushed()
    assert ends(over) == before
    assert max(before) <= end + 0.01


def test_what_was_measured_in_the_last_part_is_in_the_session_however_late_it_comes(over):
    before = ends(over)
    end = recorded_until(over.live.room)
    for who in PAIR:
        over.keep(who, end, BEAT)
    over.flushed()
    assert min(b - a for a, b in zip(before, ends(over), strict=True)) > 0


def test_a_session_without_a_part_is_kept_as_it_is(tmp_path):
    room = Played(tmp_path)
    room.to_sensors()
    assert recorded_until(room.live.room) == float("inf")
    room.close()


@pytest.mark.parametrize(("waited", "due"), [(0.0, True), (1.9, True), (2.0, False)])
def test_a_report_waits_for_what_is_on_its_way(waited, due, monkeypatch):
    now = 100.0

    room = types.SimpleNamespace(connections={"screen": None}, silent_since=now - waited)

    class Registry:
        slept = 0

        def steady(self):
            return now + 10 * self.slept

    async def sleep(_):
        Registry.slept += 1

    monkeypatch.setattr(room_registry.asyncio, "sleep", sleep)
    asyncio.run(room_registry.RoomRegistry._backlog(Registry(), room))
    assert bool(Registry.slept) is due


@pytest.mark.parametrize(("phase", "silent"), [("settle", False), ("words", True), ("report", True), ("ended", True)])
def test_it_is_known_since_when_nothing_is_recorded(phase, silent):
    class Registry:
        def steady(self):
            return 7.0

        def begin_report(self, *_):
            pass

        def _spawn(self, work):
            work.close()

        async def _finish(self, _):
            pass

    room = types.SimpleNamespace(
        silent_since=float("inf"), readers=dict, tell_no_report=lambda: None, live=types.SimpleNamespace(name="r")
    )
    room_registry.RoomRegistry.entered(Registry(), room, phase)
    assert room.silent_since == (7.0 if silent else float("inf"))
    room.silent_since = 3.0
    room_registry.RoomRegistry.entered(Registry(), room, phase)
    assert room.silent_since == 3.0, "the first moment counts"
