"""At the door and at a place that another device agreed from: who waits there keeps nothing open, and who comes later gets nothing old."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.live.room import wire
from coregulation.live.room.consent import PURPOSES
from coregulation.live.room.policy import Place, Relation, Right, allowed
from coregulation.live.room.seats import SEAT_HELD
from coregulation.live.room.state import Freed, Gone, Joined
from tests.live.rooms import Played
from tests.live.served import Browser, running

WORDS = "written for nobody else"


@pytest.fixture
def room(tmp_path):
    one = Played(tmp_path, screens="own")
    one.join("a", ("ada",))
    one.join("b", ("ben",))
    for client, who in (("a", "ada"), ("b", "ben")):
        one.say(wire.Ready(who), client)
    yield one
    one.close()


@pytest.mark.parametrize("waits", [("participant", ("ben",), False), ("viewer", (), False), ("viewer", (), True)])
def test_a_guest_who_never_leaves_the_door_and_one_who_looks_on_keep_no_session_open(room, waits):
    role, people, host = waits
    for client, who in (("a", "ada"), ("b", "ben")):
        room.say(wire.Consent(who, [], "1"), client)
    room.take(Gone("b"))
    if role == "participant":
        room.take(Freed("ben"))
    room.take(Joined("guest", "device-guest", role, people, host=host))
    assert "guest" in room.live.room.clients
    room.take(Gone("a"))
    room.clock.t += SEAT_HELD + 1
    room.tick()
    assert room.phase == "ended"


def test_somebody_who_guides_keeps_a_session_open(room):
    for client, who in (("a", "ada"), ("b", "ben")):
        room.say(wire.Consent(who, [], "1"), client)
    room.take(Joined("guide", "device-guide", "facilitator", (), host=True))
    for client in ("a", "b"):
        room.take(Gone(client))
    room.clock.t += SEAT_HELD + 1
    room.tick()
    assert room.phase == "consent"


def agreed_and_left(room):
    room.say(wire.Consent("ada", ["keep"], "1"), "a")
    room.take(Gone("a"))
    room.take(Freed("ada"))
    room.take(Joined("new", "device-new", "participant", ("ada",), host=True))
    assert room.live.room.seats["ada"].client == "new"


def test_another_device_at_a_place_can_agree_to_less_and_never_to_more(room):
    agreed_and_left(room)
    (refused,) = room.say(wire.Consent("ada", ["keep", "show-partner"], "1"), "new")
    assert refused.reason.code == "room.other-device-agreed"
    assert room.live.room.seats["ada"].purposes == ("keep",)
    room.say(wire.Consent("ada", [], "1"), "new")
    assert room.live.room.seats["ada"].purposes == ()
    (refused,) = room.say(wire.Consent("ada", ["keep"], "1"), "new")
    assert refused.reason.code == "room.other-device-agreed"


def test_the_device_from_which_a_person_agreed_stays_theirs(room):
    agreed_and_left(room)
    room.take(Gone("new"))
    room.take(Freed("ada"))
    room.join("a", ("ada",))
    room.say(wire.Consent("ada", ["keep", "show-partner"], "1"), "a")
    assert room.live.room.seats["ada"].purposes == ("keep", "show-partner")


def test_the_keys_of_a_person_are_given_to_no_later_device(room):
    room.say(wire.Consent("ada", [], "1"), "a")
    assert set(room.live.loose_keys(room.live.room.clients["a"])) == {"", "ada"}
    room.take(Gone("a"))
    room.take(Freed("ada"))
    room.join("new", ("ada",))
    assert set(room.live.loose_keys(room.live.room.clients["new"])) == {""}


@given(st.sampled_from(Right), st.sets(st.sampled_from(PURPOSES)))
def test_a_later_device_may_what_the_partner_may_and_no_more(right, purposes):
    relation = Place(("ada",), "participant", successor=("ada",)).relation("ada")
    assert relation is Relation.SUCCESSOR
    assert allowed(right, relation, purposes) == allowed(right, Relation.PARTNER, purposes)


def test_a_partner_who_runs_the_computer_gets_nothing_by_sitting_down_at_the_others_place(tmp_path):
    """Ben frees Ada's place while her line is away, takes it himself and asks for her half, her words and her keys."""
    with running(tmp_path / "store") as served:
        ben = served.host()
        room = ben.room(screens="own", baseline=20.0)
        seat = ben.enter(room, "ben")
        code = ben.post(f"/api/rooms/{room}/invitations", {"role": "participant", "people": ["ada"]}).json()["code"]
        ada = Browser(served.base)
        assert ada.post("/api/join", {"code": code}).status_code == 200
        hers = ada.enter(room, "ada")
        seat.say(wire.Admit(seat.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket))
        for one in (seat, hers):
            one.phase("arrive")
            one.ready()
        for one in (seat, hers):
            one.phase("consent")
            one.consent()
            one.ready()
        for one in (seat, hers):
            one.phase("sensors")
        hers.open("ada")
        for _ in range(3):
            hers.beat("ada")
        hers.of(wire.Ack, seq=2)
        seat.ready(), hers.ready()
        for phase in ("baseline", "practice", "settle"):
            seat.phase(phase)
            while served.registry.rooms[room].live.room.phase == phase:
                seat.say(wire.Skip())
                time.sleep(0.1)
        hers.phase("words")
        hers.say(wire.WordsMessage("ada", WORDS, {"felt-safe": 1.0}, share=False))
        hers.until(lambda m: isinstance(m, wire.RoomMessage) and m.seats[0].ready)
        hers.close()
        seat.until(lambda m: isinstance(m, wire.RoomMessage) and not m.seats[0].here)
        assert ben.post(f"/api/rooms/{room}/free", {"person": "ada"}).status_code == 200
        as_ada = ben.enter(room, "ada")
        as_ada.of(wire.Welcome)
        as_ada.say(wire.Consent("ada", ["show-partner", "keep", "research"], "1"))
        as_ada.say(wire.WordsMessage("ada", "mine", {}, share=True))
        as_ada.say(wire.WordsMessage("ben", "mine", {}, share=True))
        time.sleep(0.5)
        seat.say(wire.WordsMessage("ben", "mine", {}, share=True))
        time.sleep(0.5)
        for path in ("", "/export", "/export?person=ada", "/report", "/result"):
            answer = ben.get(f"/api/sessions/{room}{path}")
            body = answer.content
            if body[:2] == b"PK":
                with zipfile.ZipFile(BytesIO(body)) as archive:
                    body = b"".join(archive.read(name) for name in archive.namelist())
            assert WORDS.encode() not in body
            assert b"felt-safe" not in body
            assert path not in ("/export", "/export?person=ada") or answer.status_code == 403, path
        as_ada.say(wire.Ping(0.0))
        as_ada.of(wire.Pong)
        assert not any("ada" in m.keys for m in as_ada.heard if isinstance(m, wire.Keys))
        assert not any(WORDS in str(m) for m in (*as_ada.heard, *seat.heard))
        assert served.registry.store.agreed(room, "ada", "show-partner") is False
        half = ada.get(f"/api/sessions/{room}/export?person=ada")
        assert half.status_code == 200, "her own device keeps her half"
