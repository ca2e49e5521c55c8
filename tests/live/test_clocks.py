"""A computer's clock that is set, or was never set, ends no session: at a restart, in mid-session, and with the year 1970."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from coregulation.live.room import wire
from coregulation.live.room.seats import SEAT_HELD
from coregulation.live.room.state import Restarted
from coregulation.live.server import ServerOptions, application
from coregulation.live.server.kept_rooms import rebuilt_room
from coregulation.live.server.serving import listen, server
from coregulation.store import Store
from tests.live.rooms import PAIR, Played
from tests.live.served import Browser, Running, to_sensors

JUMPS = [3 * 3600.0, -3 * 3600.0, 400 * 86400.0, -400 * 86400.0]  # s


class SetClock(Running):
    """A server whose computer's clock can be set."""

    def __init__(self, folder, port=0, ahead=0.0, since=None):
        self.ahead = ahead
        self._socket = listen("127.0.0.1", port)
        self.port = self._socket.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        began = time.time()
        wall = lambda: (began if since is None else since) + time.time() - began + self.ahead  # noqa: E731
        self.app, self.registry = application(Store(folder), ServerOptions(self.port), wall=wall)
        self._server = server(self.app)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._socket])))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)


def in_baseline(served, host):
    room = host.room(baseline=600.0)
    seat = host.enter(room, "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    for _ in range(5):
        seat.beat("ada")
    seat.of(wire.Ack, seq=4)
    seat.ready()
    seat.phase("baseline")
    return room, seat


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_between_two_starts_ends_no_session(tmp_path, jump):
    """Everybody's page was gone before the program ended: the seats still wait, and the phase goes on where it was."""
    served = SetClock(tmp_path)
    host = served.host()
    room, seat = in_baseline(served, host)
    cookies = dict(host.http.cookies)
    seat.close()
    port = served.port
    served.stop()
    again = SetClock(tmp_path, port, ahead=jump)
    try:
        token = again.registry.access.new_token()
        host = Browser(again.base)
        for name, value in cookies.items():
            host.http.cookies.set(name, value, domain="127.0.0.1", path="/")
        assert host.post("/api/enter", {"token": token}).status_code == 204
        deadline = time.monotonic() + 30
        while room not in again.registry.rooms:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(0.5)  # some ticks
        live = again.registry.rooms[room].live
        assert live.room.phase == ("paused" if jump > 0 else "baseline")
        seat = host.enter(room, "ada", "ben")
        if (
            jump > 86400
        ):  # a cookie that old has ended, as far as the program can know: the seat is freed for the new one
            assert seat.of(wire.Refused).reason == "room.seat-elsewhere"
            for who in PAIR:
                assert host.post(f"/api/rooms/{room}/free", {"person": who}).status_code == 200
            seat = host.enter(room, "ada", "ben")
            seat.of(wire.Welcome)
            seat.say(wire.Resume())
            seat.phase("baseline")
            return
        assert seat.of(wire.Welcome).streams == {"hr-ada": 4}
        if jump > 0:
            seat.say(wire.Resume())
            left = seat.phase("baseline")
            assert left.until - left.since == pytest.approx(600, abs=15), "what was left of the phase is left"
    finally:
        again.stop()


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_in_mid_session_is_not_noticed(tmp_path, jump):
    served = SetClock(tmp_path)
    try:
        host = served.host()
        room, seat = in_baseline(served, host)
        served.ahead = jump
        assert host.get("/api/rooms").json()[0]["phase"] == "baseline"
        before = served.registry.rooms[room].live.clock()
        seat.beat("ada")
        assert seat.of(wire.Ack).seq == 5
        assert served.registry.rooms[room].live.clock() - before < 60
        seat.close()
        seat = host.enter(room, "ada", "ben")
        assert seat.of(wire.Welcome).streams == {"hr-ada": 5}
        seat.say(wire.Stop())
        seat.phase("ended")
        assert host.get("/api/sessions").status_code == 200
    finally:
        served.stop()


def test_a_computer_that_thinks_it_is_1970_keeps_a_session_and_its_cookies_when_the_network_sets_its_clock(tmp_path):
    served = SetClock(tmp_path, since=0.0)
    try:
        host = served.host()
        room, seat = in_baseline(served, host)
        assert room.startswith("1970-01-01-")
        served.ahead = 1.79e9
        assert host.get("/api/rooms").json()[0]["room"] == room
        seat.say(wire.Stop())
        seat.phase("ended")
        deadline = time.monotonic() + 30
        while not (listed := host.get("/api/sessions").json()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert [one["date"][:4] for one in listed] == ["1970"]
        assert host.get(f"/api/sessions/{room}/export?person=ada").status_code == 200
        assert host.post("/api/backup", {}).status_code == 201
    finally:
        served.stop()


@pytest.mark.parametrize(
    ("away", "phase"), [(SEAT_HELD - 1, "baseline"), (SEAT_HELD, "baseline"), (SEAT_HELD + 1, "paused")]
)
def test_a_phase_waits_after_a_restart_that_took_longer_than_a_seat_is_held(tmp_path, away, phase):
    room = Played(tmp_path)
    room.to_sensors()
    room.say(wire.Skip())
    assert room.phase == "baseline"
    begun = room.clock.t
    room.clock.t += away
    room.take(Restarted(room.clock.t - away))
    assert room.phase == phase
    if phase == "paused":
        room.say(wire.Resume())
        assert room.live.room.until == pytest.approx(room.clock.t + 180), "nothing of the phase is lost"
        assert all(one.end is None or one.end <= begun for one in room.live.room.blocks[:-1])
    room.close()


def test_every_seat_waits_anew_after_a_restart(tmp_path):
    room = Played(tmp_path)
    room.to_sensors()
    room.take(_gone())
    room.flushed()
    room.clock.t += 10 * SEAT_HELD
    again = rebuilt_room("visit", room.store, room.writer, room.clock, room.wall)
    again.tick()
    assert again.room.phase == "sensors"
    room.clock.t += SEAT_HELD - 1
    again.tick()
    assert all(again.room.seats[who].device is not None for who in PAIR)
    room.clock.t += 1
    again.tick()
    assert again.room.phase == "ended"
    room.close()


def _gone():
    from coregulation.live.room.state import Gone
    from tests.live.rooms import BOTH

    return Gone(BOTH)
