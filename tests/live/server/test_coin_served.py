"""A whole session with a coin over real sockets: what each device receives, and what it finds afterwards."""

from __future__ import annotations

import pytest

from coregulation.coin_flips import CoinSeed
from coregulation.live.room import wire
from tests.live.served import Browser, running

COIN = {"practice": "as-it-is", "feedback": "own", "coin": "ada"}
SECRETS = (b"coin-cue", b"not-now", b'"possible"', b'"skipped"')


@pytest.fixture
def quick(tmp_path):
    """A server a hundred times as fast as a clock."""
    with running(tmp_path / "store", speed=100.0) as one:
        yield one


@pytest.mark.parametrize(
    "asked",
    [
        {"screens": "one"},
        {"screens": "own", "people": ("ada",)},
        {"screens": "own", "people": ("ada", "ben", "cy")},
        {"screens": "own", "coin": "cy"},
        {"screens": "own", "practice": "silent-sitting"},
    ],
)
def test_a_coin_is_refused_where_not_each_of_two_has_a_screen_in_ordinary_time(quick, asked):
    wanted = COIN | asked
    people = [{"person": who} for who in wanted.pop("people", ("ada", "ben"))]
    answer = quick.host().post("/api/rooms", {"people": people, **wanted})
    assert answer.status_code >= 400
    assert answer.json()["reason"] == "room.coin-needs-screens"


def guest(served, host, room, person=None):
    role = "participant" if person else "viewer"
    asked = {"role": role, "people": [person] if person else []}
    code = host.post(f"/api/rooms/{room}/invitations", asked).json()["code"]
    browser = Browser(served.base)
    browser.post("/api/join", {"code": code})
    return browser, browser.enter(room, *asked["people"], role=role)


def to_practice(served):
    """Ada at the computer, Ben and somebody who looks on with devices of their own, in ordinary time with a coin."""
    host = served.host()
    room = host.room(screens="own", **COIN)
    ada = host.enter(room, "ada")
    devices = [guest(served, host, room, "ben"), guest(served, host, room)]
    for _ in devices:
        waiting = ada.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting
        for one in waiting:
            ada.say(wire.Admit(one.ticket))
    (phone, ben), (_, looker) = devices
    ben.until(lambda m: isinstance(m, wire.RoomMessage) and "ready" in m.may)
    for phase in ("arrive", "consent", "sensors"):
        for one in (ada, ben):
            if phase != "arrive":
                one.phase(phase)
            if phase == "consent":
                one.consent("coin", "keep", "show-partner")
            one.ready()
    ada.phase("baseline")
    ada.say(wire.Skip())
    ada.phase("practice")
    return host, phone, room, ada, ben, looker


def drained(one):
    """Return everything that a device was sent until the session had ended."""
    one.until(lambda m: isinstance(m, wire.RoomMessage) and m.phase == "ended")
    return b"\n".join(wire.encode(message) for message in one.heard)


def test_a_cue_reaches_the_givers_device_and_no_byte_of_it_any_other(quick):
    host, phone, room, ada, ben, looker = to_practice(quick)
    live = quick.registry.rooms[room].live
    live.engine.level_now = lambda person, t: 1.0 if person == "ada" else 2.0 * (t % 160 >= 80)
    for _ in range(2):
        assert ada.of(wire.CoinCue).person == "ada"
    ada.say(wire.NotNow("ada"))
    ada.say(wire.Ping(0.0))
    ada.of(wire.Pong)
    assert host.get(f"/api/sessions/{room}/minutes").json()["coin"] is None
    ada.say(wire.Stop())
    for one in (ben, looker):
        received = drained(one)
        assert not [secret for secret in SECRETS if secret in received]
    looked = b"".join(wire.encode(m) for m in looker.heard)
    assert b"commitment" not in looked
    outcomes = [browser.get(f"/api/sessions/{room}/minutes").json()["coin"] for browser in (host, phone)]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["shown"] >= 2
    assert CoinSeed(bytes.fromhex(outcomes[0]["seed"])).commitment == outcomes[0]["commitment"]
