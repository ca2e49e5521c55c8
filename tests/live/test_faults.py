"""What goes wrong around a session: a full disk, an empty battery, a clock that steps, everybody gone, and who was erased."""

from __future__ import annotations

import logging
import time

import pytest

from coregulation.live.room import wire
from coregulation.live.server import ServerOptions, application
from coregulation.live.server.kept_rooms import reached
from coregulation.store import DiskFullError, Store
from tests.live.rooms import Played
from tests.live.served import running, to_sensors


@pytest.fixture
def served(tmp_path):
    with running(tmp_path / "store") as one:
        yield one


def seated(served, *purposes):
    host = served.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    to_sensors(seat, *purposes)
    return host, room, seat


def until(holds, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_full_disk_is_said_and_the_same_message_is_taken_later(served, monkeypatch):
    _, _, seat = seated(served)
    seat.open("ada")
    seat.beat("ada")
    assert seat.of(wire.Ack).seq == 0
    keep = served.registry.store.keep

    def full(*_):
        raise DiskFullError("The disk is full. Free some space.")

    monkeypatch.setattr(served.registry.store, "keep", full)
    seat.beat("ada", seq=1)
    told = seat.of(wire.Refused)
    assert (told.code, told.about) == ("disk-full", "samples")
    assert told.reason == "request.disk-full"
    seat.beat("ada", seq=2)
    assert seat.of(wire.Refused).expected == 1
    monkeypatch.setattr(served.registry.store, "keep", keep)
    seat.beat("ada", seq=1)
    assert seat.of(wire.Ack).seq == 1


def test_a_yes_that_cannot_be_put_on_record_is_none(served, monkeypatch):
    host = served.host()
    seat = host.enter(host.room(), "ada", "ben")
    seat.phase("arrive")
    seat.ready()
    seat.phase("consent")

    def full(*_):
        raise DiskFullError("The disk is full.")

    with monkeypatch.context() as now:
        now.setattr(served.registry.store, "agree", full)
        seat.consent("keep")
        assert seat.of(wire.Refused).code == "disk-full"
        seat.say(wire.Ready("ada"))
        assert not seat.of(wire.RoomMessage).seats[0].consented
    seat.consent("keep")
    seat.ready()
    assert seat.phase("sensors").seats[0].consented


def test_an_empty_battery_is_said_on_the_card_until_the_sensor_sends_again(served):
    _, _, seat = seated(served)
    seat.open("ada")
    for _ in range(3):
        seat.beat("ada")
    seat.of(wire.Ack, seq=2)
    seat.say(wire.EndStream("hr-ada", "battery"))
    card = seat.until(lambda one: isinstance(one, wire.Card) and one.person == "ada" and one.signal == "lost")
    assert any("battery" in remark for remark in card.remarks)
    seat.beat("ada")
    card = seat.until(lambda one: isinstance(one, wire.Card) and one.person == "ada" and one.signal != "lost")
    assert not any("battery" in remark for remark in card.remarks)


def test_two_withdrawals_after_the_end_leave_nothing_and_no_error(served, caplog):
    host, room, seat = seated(served, "keep")
    for who in ("ada", "ben"):
        seat.open(who)
        seat.beat(who)
        seat.of(wire.Ack)
    seat.say(wire.Stop())
    seat.phase("ended")
    with caplog.at_level(logging.ERROR):
        seat.say(wire.Withdraw("ada", "keep"))
        seat.say(wire.Withdraw("ben", "keep"))
        until(lambda: not served.registry.store.sessions())
        time.sleep(0.3)
    assert not caplog.records
    assert served.registry.store.damage() is None
    for path in ("", "/report", "/result.json", "/export", "/export?person=ada"):
        answer = host.get(f"/api/sessions/{room}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
        assert answer.json()["reason"] == "rights.no-such-session"
    assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).status_code == 404


def test_an_erased_person_asked_for_is_refused_in_words_and_the_other_is_told(served):
    host, room, seat = seated(served, "keep")
    seat.open("ben")
    seat.beat("ben")
    seat.of(wire.Ack)
    seat.say(wire.Stop())
    seat.phase("ended")
    seat.close()
    until(lambda: served.registry.store.session(room).closed is not None)
    assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).json() == {"erased": True, "left": 0}
    again = host.post(f"/api/sessions/{room}/erase", {"person": "ada"})
    assert (again.status_code, again.json()["code"]) == (404, "unknown")
    assert host.get(f"/api/sessions/{room}/export?person=ada").status_code == 403
    assert host.get(f"/api/sessions/{room}").json()["people"] == ["ben"]
    assert host.get(f"/api/sessions/{room}/export?person=ben").status_code == 200


def test_when_everybody_is_gone_the_room_waits_and_then_ends(tmp_path):
    with running(tmp_path / "store", speed=50.0) as served:
        host, room, seat = seated(served)
        seat.close()
        assert host.get("/api/rooms").json()[0]["room"] == room
        until(lambda: not host.get("/api/rooms").json())
        until(lambda: served.registry.store.session(room).closed is not None)


@pytest.mark.parametrize("step", [-7200.0, 3600.0])
def test_a_computers_clock_that_steps_takes_no_session_back(tmp_path, step):
    before = Played(tmp_path, minutes=10.0)
    before.to_sensors()
    before.open_straps()
    before.go(60)
    before.flushed()
    far, wall = before.clock.t, before.wall()
    before.close()
    store = Store(tmp_path)
    assert far - 3 < reached(store, "visit") <= far
    _, registry = application(store, ServerOptions(), steady=lambda: 5.0, wall=lambda: wall + step)
    clock = registry._clock(store.session("visit").opened, reached(store, "visit"))
    assert clock() >= far - 3
    registry.writer.close()
    store.close()


def test_nothing_is_reached_where_nothing_is_kept(tmp_path):
    store = Store(tmp_path)
    store.begin("empty", 0.0, {"people": []})
    assert reached(store, "empty") == 0.0
    store.close()
