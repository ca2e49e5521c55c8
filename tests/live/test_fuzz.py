"""Whatever is sent, to whatever address: typed refusals, no 500, no crash, and nobody sees another room."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from coregulation.live import wire

from .server import Browser, running
from .test_wire import JUNK, NEARLY

FEW, MANY = 150, 20_000
REQUESTS = {
    "who": st.sampled_from(["guest", "stranger"]),
    "method": st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]),
}


def quiet(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


SECRET = "secret-of-another-room"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with running(tmp_path_factory.mktemp("fuzz") / "store") as one:
        one.known = one.host()
        one.other = one.known.room(people=(SECRET, "dan"))
        room = one.known.room()
        code = one.known.post(f"/api/rooms/{room}/invitations", {"role": "participant", "people": ["ada"]}).json()[
            "code"
        ]
        one.guest = Browser(one.base)
        one.guest.post("/api/join", {"code": code})
        one.room = room
        yield one


PATHS = [
    "/api/enter", "/api/join", "/api/about", "/api/practices", "/api/protocols", "/api/rooms", "/api/rooms/{}/invitations",
    "/api/sessions", "/api/sessions/{}", "/api/sessions/{}/export", "/api/sessions/{}/erase", "/api/sessions/{}/report",
    "/api/sessions/{}/result", "/api/import", "/api/journey", "/api/events", "/api/settings", "/{}",
]  # fmt: skip
NAMES = st.sampled_from(["ROOM", "OTHER", "none", "..", "%00", "a" * 300, "ä"])
BODIES = st.one_of(
    JUNK.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["people", "person", "source", "practice", "token", "code", "role", "feedback", "minutes", "seed"]),
        st.one_of(JUNK, st.just([{"person": "x"}]), st.sampled_from(["silent-sitting", "replay:none", "both", "simulated"])),
        max_size=5,
    ).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip


ASKED = REQUESTS | {
    "path": st.sampled_from(PATHS),
    "name": NAMES,
    "body": BODIES,
    "kind": st.sampled_from(["application/json", "text/plain", ""]),
}


@quiet(FEW)
@given(asked=st.fixed_dictionaries(ASKED))
def test_any_request_is_answered_or_refused_in_words(served, asked):
    answered(served, **asked)


@pytest.mark.nightly
@quiet(MANY)
@given(asked=st.fixed_dictionaries(ASKED))
def test_twenty_thousand_requests_are_answered(served, asked):
    answered(served, **asked)


def answered(served, who, method, path, name, body, kind):
    browser = served.guest if who == "guest" else Browser(served.base)
    known = {"ROOM": served.room, "OTHER": served.other}
    answer = browser.http.request(
        method, path.format(known.get(name, name)), content=body, headers={"content-type": kind} if kind else {}
    )
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and method != "HEAD":
        told = answer.json()
        assert told["code"]
        assert told["why"]
    assert SECRET not in answer.text
    assert served.other not in answer.text


HOST_PATHS = [path for path in PATHS if path not in ("/api/sessions/{}/erase", "/api/settings")]


@quiet(FEW)
@given(method=st.sampled_from(["GET", "POST"]), path=st.sampled_from(HOST_PATHS), name=NAMES, body=BODIES)
def test_not_even_the_host_can_break_it(served, method, path, name, body):
    known = {"ROOM": served.room, "OTHER": served.other}
    answer = served.known.http.request(
        method, path.format(known.get(name, name)), content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("storms", [5, pytest.param(3500, marks=pytest.mark.nightly)])  # of 30 messages at most each
def test_a_room_stands_any_messages(served, storms):
    sent = 0

    @quiet(storms)
    @given(
        st.lists(
            st.one_of(NEARLY.map(json.dumps), JUNK.map(json.dumps), st.binary(max_size=50)), min_size=1, max_size=30
        )
    )
    def storm(messages):
        nonlocal sent
        seat = served.guest.enter(served.room, "ada", take_over=True)
        seat.of(wire.Welcome)
        for message in messages:
            seat.raw(message)
            sent += 1
        try:
            seat.say(wire.Ping(1.0))
            seat.until(lambda m: isinstance(m, (wire.Pong, wire.Bye)))
        finally:
            seat.close()
        assert SECRET not in str(seat.heard)

    storm()
    assert sent
    assert served.known.get("/api/about").status_code == 200
