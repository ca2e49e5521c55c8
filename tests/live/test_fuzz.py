"""Whatever is sent, to whatever address: typed refusals, no 500, no crash, and nobody sees another room."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from websockets.exceptions import ConnectionClosed

from coregulation.live.room import wire
from coregulation.live.room.reasons import RoomReason
from tests.live import junk
from tests.live.room.test_wire import JUNK
from tests.live.served import Browser, running

FEW, MANY = 150, 20_000


def quiet(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


SECRET = "secret-of-another-room"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with running(tmp_path_factory.mktemp("fuzz") / "store") as one:
        yield set_up(one)


def set_up(served):
    """Open two rooms of a host, with a guest in one of them and a stranger in none."""
    served.known = served.host()
    served.other = served.known.room(people=(SECRET, "dan"))
    served.guest, served.stranger = Browser(served.base), Browser(served.base)
    served.room = invited(served)
    return served


def invited(served):
    """Return a new room, to which the guest is invited and in which somebody else sits already."""
    served.registry.access._tries._buckets.clear()  # how often somebody may try to come in is another test's
    room = served.known.room()
    seats = {"role": "participant", "people": ["ada"]}
    code = served.known.post(f"/api/rooms/{room}/invitations", seats).json()["code"]
    assert served.guest.post("/api/join", {"code": code}).status_code < 300
    served.ben = served.known.enter(room, "ben")
    served.ben.of(wire.Welcome)
    return room


PATHS = [
    "/api/enter", "/api/join", "/api/about", "/api/practices", "/api/protocols", "/api/rooms", "/api/rooms/{}/invitations",
    "/api/sessions", "/api/sessions/{}", "/api/sessions/{}/export", "/api/sessions/{}/erase", "/api/sessions/{}/report",
    "/api/sessions/{}/result", "/api/import", "/api/import/look", "/api/import/preview", "/api/journey", "/api/events", "/api/settings", "/{}",
]  # fmt: skip
BODIES = st.one_of(
    JUNK.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["people", "person", "source", "practice", "token", "code", "role", "feedback", "minutes", "seed"]),
        st.one_of(JUNK, st.just([{"person": "x"}]), st.sampled_from(["silent-sitting", "replay:none", "both", "simulated"])),
        max_size=5,
    ).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip


CHOICES = {
    "who": ["guest", "stranger"],
    "method": ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"],
    "path": PATHS,
    "name": ["ROOM", "OTHER", "none", "..", "%00", "a" * 300, "ä"],
    "kind": ["application/json", "text/plain", ""],
}
ASKED = {key: st.sampled_from(of) for key, of in CHOICES.items()} | {"body": BODIES}


@quiet(FEW)
@given(asked=st.fixed_dictionaries(ASKED))
def test_any_request_is_answered_or_refused_in_words(served, asked):
    answered(served, **asked)


@pytest.mark.nightly
def test_twenty_thousand_requests_are_answered(served):
    rng = random.Random(7)
    for _ in range(MANY):
        asked = {key: rng.choice(of) for key, of in CHOICES.items()}
        answered(served, **asked, body=junk.body(rng))


def answered(served, who, method, path, name, body, kind):
    browser = served.guest if who == "guest" else served.stranger
    known = {"ROOM": served.room, "OTHER": served.other}
    answer = browser.http.request(
        method, path.format(known.get(name, name)), content=body, headers={"content-type": kind} if kind else {}
    )
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and method != "HEAD":
        told = answer.json()
        assert told["code"]
        assert told["reason"] in set(RoomReason)
    assert SECRET not in answer.text
    assert served.other not in answer.text


HOST_PATHS = [path for path in PATHS if path not in ("/api/sessions/{}/erase", "/api/settings")]


@quiet(FEW)
@given(method=st.sampled_from(["GET", "POST"]), path=st.sampled_from(HOST_PATHS), name=ASKED["name"], body=BODIES)
def test_not_even_the_host_can_break_it(served, method, path, name, body):
    known = {"ROOM": served.room, "OTHER": served.other}
    answer = served.known.http.request(
        method, path.format(known.get(name, name)), content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("storms", [8, pytest.param(400, marks=pytest.mark.nightly)])
def test_a_room_stands_any_messages(served, storms):
    refused, phases = stormed_room(served, storms, 8)
    assert {"not-now", "not-yours", "malformed", "out-of-order", "ended"} <= set(refused), refused
    assert {"arrive", "consent", "sensors"} <= set(phases), phases


def stormed_room(served, storms, seed):
    """Storm a room; each storm is 250 messages on a socket of its own. Somebody in another room goes on undisturbed and hears of none."""
    rng = random.Random(seed)
    beside = served.known.enter(served.other, SECRET, "dan")
    beside.of(wire.Welcome)
    refused, phases = Counter(), Counter()
    for _ in range(storms):
        served.ben.consent("keep", "show-partner")
        served.ben.ready()
        phases[drained(served.ben)] += 1
        seat = stormed(served, [junk.message(rng) for _ in range(250)])
        told = [one for one in seat.heard if isinstance(one, wire.Refused)]
        refused.update(one.code for one in told)
        assert {one.reason for one in told} <= set(RoomReason)
        assert SECRET not in str(seat.heard)
        if drained(served.ben) == "ended":
            served.room = invited(served)
    drained(beside)
    assert "ada" not in str(beside.heard)
    beside.close()
    assert refused["malformed"] > 50 * storms
    assert served.known.get("/api/about").status_code == 200
    return refused, phases


def stormed(served, messages):
    """Send a storm and return what was heard."""
    seat = served.guest.enter(served.room, "ada", take_over=True)
    seat.of(wire.Welcome)
    drained(served.ben)
    for one in next(one for one in reversed(served.ben.heard) if isinstance(one, wire.RoomMessage)).waiting:
        served.ben.say(wire.Admit(one.ticket))
    drained(served.ben)
    with contextlib.suppress(ConnectionClosed):  # a goodbye was among them
        for message in messages:
            seat.raw(message)
        drained(seat)
    seat.close()
    return seat


def drained(seat):
    """Hear everything that was said so far, and return the phase that the room is in."""
    seat.say(wire.Ping(1.0))
    seat.until(lambda one: isinstance(one, wire.Bye) or (isinstance(one, wire.Pong) and one.sent == 1.0))
    return next((one.phase for one in reversed(seat.heard) if isinstance(one, wire.RoomMessage)), None)
