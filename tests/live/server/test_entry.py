"""Coming in: what lets a browser in holds shortly and is remembered as a hash; what happens at the door is on record."""

from __future__ import annotations

import asyncio
import resource
import sys

import httpx
import pytest

from coregulation.live.room.access import EXPIRES, STAYS, TOKEN_AGAIN, Access, SeatGrant
from coregulation.live.server import ServerOptions, application, serving
from coregulation.live.server.room_registry import RoomRegistry
from coregulation.live.server.session_directory import REFUSAL_AGAIN
from coregulation.store import DiskFullError, Store
from tests.live.served import Browser, running


class Door:
    """Access with a clock that a test turns."""

    def __init__(self, folder):
        self.now = 100.0
        self.store = Store(folder)
        self.access = Access(self.store, lambda: self.now, lambda: 1.8e9 + self.now)


@pytest.fixture
def door(tmp_path):
    one = Door(tmp_path)
    yield one
    one.store.close()


@pytest.mark.parametrize(("after", "holds"), [(EXPIRES - 1, True), (EXPIRES, True), (EXPIRES + 1, False)])
def test_an_address_that_nobody_opened_and_an_invitation_hold_ten_minutes(door, after, holds):
    token, code = door.access.new_token(), door.access.invite("room", SeatGrant("viewer"))
    door.now += after
    assert (door.access.enter(token) is not None) is holds
    assert (door.access.join(code, None) is not None) is (after < EXPIRES)


@pytest.mark.parametrize(
    ("after", "local", "holds"), [(TOKEN_AGAIN, True, True), (TOKEN_AGAIN + 1, True, False), (1, False, False)]
)
def test_a_used_address_works_again_shortly_and_here_alone(door, after, local, holds):
    token = door.access.new_token()
    assert door.access.enter(token) is not None
    door.now += after
    assert (door.access.enter(token, None, "address", local) is not None) is holds


def test_the_right_address_too_late_asks_for_a_new_one_and_a_wrong_one_never(door):
    asked = []
    door.access.late = lambda: asked.append(1)
    token = door.access.new_token()
    door.now += EXPIRES + 1
    assert door.access.enter("wrong", None, "a", local=True) is None
    assert door.access.enter(token, None, "b", local=False) is None
    assert asked == []
    assert door.access.enter(token, None, "a", local=True) is None
    assert asked == [1]
    assert door.access.enter(door.access.new_token()) is not None


def test_neither_a_token_nor_a_code_nor_a_cookie_is_remembered_as_it_is(door):
    token, code = door.access.new_token(), door.access.invite("room", SeatGrant("viewer"))
    cookie = door.access.enter(token)
    known = str({key: vars(value) if hasattr(value, "__dict__") else value for key, value in vars(door.access).items()})
    assert not any(one in known for one in (token, code, cookie))
    assert cookie not in str(door.store.devices())


def test_a_code_is_taken_however_it_was_typed(door):
    code = door.access.invite("room", SeatGrant("viewer"))
    assert door.access.join(f" {code.upper()} ", None) is not None


@pytest.mark.parametrize(("after", "known"), [(STAYS - 1, True), (STAYS, True), (STAYS + 1, False)])
def test_a_browser_has_to_come_in_again_after_half_a_day_and_stays_what_it_was(door, after, known):
    cookie = door.access.enter(door.access.new_token())
    device = door.access.device(cookie).id
    door.now += after
    assert (door.access.device(cookie) is not None) is known
    fresh, _ = door.access.join(door.access.invite("room", SeatGrant("viewer")), cookie)
    assert door.access.device(fresh).id == device
    assert door.access.device(fresh).host
    assert door.access.device(cookie) is None, "the old cookie ended"
    assert len(door.store.devices()) == 1


def test_who_comes_in_and_who_is_refused_is_on_record_without_what_they_said(tmp_path):
    with running(tmp_path / "store") as served:
        host = served.host()
        room = host.room(screens="own")
        code = host.post(f"/api/rooms/{room}/invitations", {"role": "viewer", "people": []}).json()["code"]
        guest = Browser(served.base)
        guest.post("/api/join", {"code": code})
        guest.post("/api/join", {"code": code})
        for _ in range(5):
            guest.post("/api/backup", {})
        guest.http.get("/api/rooms", headers={"host": "evil.example"})
        events = host.get("/api/events").json()
        said = [one["what"] for one in events]
        assert said.count("let in") == said.count("joined") == 1
        assert said.count("refused: not-admitted") == said.count("refused: not-yours") == 1
        assert "refused: request.wrong-address" in said
        assert code not in str(events)
        assert {one["what"] for one in guest.get("/api/events").json()} == set(), "who looks on reads no list"


def test_refusals_fill_no_disk_and_a_full_disk_lets_people_in(tmp_path, monkeypatch):
    now = [0.0]
    store = Store(tmp_path)
    registry = RoomRegistry(store, ServerOptions(), lambda: now[0])
    for _ in range(100):
        registry.record_refusal("not-yours")
    assert len(store.recorded()) == 1
    now[0] += REFUSAL_AGAIN
    registry.record_refusal("not-yours")
    assert len(store.recorded()) == 2

    def full(*_):
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(store, "record", full)
    registry.record("let in")
    registry.writer.close()
    store.close()


def test_no_browser_shows_an_answer_as_a_page(tmp_path):
    with running(tmp_path / "store") as served:
        host = served.host()
        for path in ("/api/about", "/api/sessions", "/api/sessions/none", "/api/events"):
            assert host.get(path).headers["content-disposition"].startswith("attachment"), path


def asked_with_tls(tmp_path, method, path, **how):
    """Return what a server that serves with TLS answers, asked without a socket."""
    store = Store(tmp_path)
    options = ServerOptions(8765, "room.test", secure=True)
    app, registry = application(store, options)
    origin = options.origins[0]

    async def ask():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"origin": origin}) as http:
            how_now = {key: value(registry) for key, value in how.items()}
            return await http.request(method, path, **how_now)

    answer = asyncio.run(ask())
    registry.writer.close()
    store.close()
    return answer


def test_a_cookie_is_sent_with_tls_alone_and_to_this_host_alone(tmp_path):
    answer = asked_with_tls(
        tmp_path, "POST", "/api/enter", json=lambda registry: {"token": registry.access.new_token()}
    )
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-coregulation-")
    assert {"secure", "httponly", "path=/", "samesite=strict"} <= {one.strip().lower() for one in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_with_tls_a_browser_does_not_come_back_without_it(tmp_path):
    for path in ("/", "/api/about", "/none"):
        answer = asked_with_tls(tmp_path / path.replace("/", "-"), "GET", path)
        assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) >= 180 * 86400, path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows writes no core file")
def test_a_crash_writes_no_memory_to_a_file(monkeypatch):
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda *how: asked.append(how))
    serving.forbid_core_dumps()
    assert asked == [(resource.RLIMIT_CORE, (0, 0))]
