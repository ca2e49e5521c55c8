"""Ways out: which browsers were let in, ending one or all others, going out; and a seat that is freed for another device."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus

from coregulation.live.room import wire
from coregulation.live.room.access import IDLE, LONGEST, Access, SeatGrant
from coregulation.store import Store
from tests.live.served import Browser, running


@pytest.fixture
def served(tmp_path):
    with running(tmp_path / "store") as one:
        yield one


def guest_of(served, host, room, person):
    asked = {"role": "participant", "people": [person]}
    code = host.post(f"/api/rooms/{room}/invitations", asked).json()["code"]
    guest = Browser(served.base)
    assert guest.post("/api/join", {"code": code}).status_code == 200
    return guest


def test_the_list_of_devices_and_the_end_of_one(served):
    host = served.host()
    room = host.room(screens="own")
    guest = guest_of(served, host, room, "ben")
    other = guest_of(served, host, room, "ada")
    listed = host.get("/api/devices").json()
    assert [(one["own"], one["host"]) for one in sorted(listed, key=lambda one: one["host"])] == [
        (False, False)
    ] * 2 + [(True, True)]
    assert [one["own"] for one in guest.get("/api/devices").json()] == [True], "a guest learns of no other"
    wanted = guest.get("/api/devices").json()[0]["device"]
    assert guest.post(f"/api/devices/{wanted}/end", {}).status_code == 403
    assert host.post(f"/api/devices/{wanted}/end", {}).json() == {"ended": 1}
    assert host.post(f"/api/devices/{wanted}/end", {}).status_code == 404
    assert guest.get("/api/about").status_code == 401
    assert host.post("/api/devices/others/end", {}).json() == {"ended": 1}
    assert other.get("/api/about").status_code == 401
    assert host.get("/api/about").status_code == 200


def test_who_goes_out_is_out_at_once_also_of_the_room(served):
    host = served.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    seat.of(wire.Welcome)
    answer = host.post("/api/leave", {})
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert seat.of(wire.Bye).code == "closed"
    assert host.get("/api/about").status_code == 401


@pytest.mark.parametrize(("idle", "known"), [(IDLE - 1, True), (IDLE + 1, False)])
def test_a_cookie_ends_without_use(tmp_path, idle, known):
    now = [1.8e9]
    store = Store(tmp_path)
    access = Access(store, lambda: now[0] - 1.8e9, lambda: now[0])
    cookie = access.enter(access.new_token())
    now[0] += idle
    assert (access._known(cookie) is not None) is known
    assert bool(store.devices()) is known
    store.close()


def test_a_cookie_ends_in_any_case(tmp_path):
    now = [1.8e9]
    store = Store(tmp_path)
    access = Access(store, lambda: now[0] - 1.8e9, lambda: now[0])
    cookie = access.enter(access.new_token())
    for _ in range(int(LONGEST // (IDLE / 2))):
        assert access._known(cookie) is not None
        now[0] += IDLE / 2
    now[0] += 1
    assert access._known(cookie) is None
    store.close()


def test_a_host_frees_a_seat_whose_device_is_away(served):
    host = served.host()
    room = host.room(screens="own")
    ada = host.enter(room, "ada")
    ada.phase("arrive")
    guest = guest_of(served, host, room, "ben")
    ben = guest.enter(room, "ben")
    ticket = ada.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket
    ada.say(wire.Admit(ticket))
    ben.until(lambda m: isinstance(m, wire.RoomMessage) and "ready" in m.may)
    assert host.post(f"/api/rooms/{room}/free", {"person": "ben"}).status_code == 409, "somebody is there"
    assert host.post(f"/api/rooms/{room}/free", {"person": "eve"}).status_code == 404
    assert guest.post(f"/api/rooms/{room}/free", {"person": "ada"}).status_code == 404
    ben.close()
    ada.until(lambda m: isinstance(m, wire.RoomMessage) and not m.seats[1].here)
    assert host.post(f"/api/rooms/{room}/free", {"person": "ben"}).status_code == 200
    with pytest.raises(InvalidStatus):
        guest.enter(room, "ben")
    second = guest_of(served, host, room, "ben").enter(room, "ben")
    ticket = ada.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket
    ada.say(wire.Admit(ticket))
    second.until(lambda m: isinstance(m, wire.RoomMessage) and "ready" in m.may)


def test_an_invitation_alone_is_no_admission(tmp_path):
    store = Store(tmp_path)
    access = Access(store, lambda: 0.0)
    cookie, _ = access.join(access.invite("room", SeatGrant("facilitator")), None)
    assert access.device(cookie).admitted_to("room") is None
    access.admit(access.device(cookie).id, "room", "facilitator", ())
    assert access.device(cookie).admitted_to("room").role == "facilitator"
    access.dismiss(access.device(cookie).id, "room")
    assert access.device(cookie).rooms == {}
    store.close()
