""" "Your minutes": the hearts by parts and the words, of the other only what the reader's rights give."""

from __future__ import annotations

import pytest

from coregulation.live.room import wire
from coregulation.live.room.policy import Place, SessionRights
from coregulation.live.server.own_minutes import own_minutes
from coregulation.live.server.session_export import write_words
from tests.live.rooms import PAIR, Played

PLACES = {
    "own": Place(("ada",), "participant"),
    "shared": Place(PAIR, "participant"),
    "successor": Place(("ada",), "participant", successor=("ada",)),
    "facilitator": Place((), "facilitator"),
    "keeper": Place((), None, host=True),
    "viewer": Place((), "viewer"),
}


def agreeing(*purposes):
    return lambda _person: purposes


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    one = Played(tmp_path_factory.mktemp("played"))
    one.to_sensors()
    one.open_straps()
    one.go(20)
    one.ready()
    one.go(60)
    one.say(wire.Skip())
    one.go(40)
    one.say(wire.MarkMessage("laughter", "ben"))
    one.go(60)
    while one.phase != "words":
        one.say(wire.Skip())
        one.go(25)
    one.say(wire.WordsMessage("ada", "warm hands", {"felt-safe": 8.0}, ["warmth"]))
    one.say(wire.WordsMessage("ben", "a secret", {}, [], share=True))
    one.flushed()
    yield one
    one.close()


def seen_by(played, place, *purposes):
    rights = SessionRights(PLACES[place], PAIR, agreeing(*purposes))
    found = own_minutes(played.store, played.live.name, played.live.room, rights)
    return {person["person"]: person for person in found["people"]}, found


def test_each_part_has_its_mean_and_the_curve_is_that_of_the_strap(played):
    people, found = seen_by(played, "shared", "show-partner", "keep")
    assert {"apart", "together", "settle"} <= {*people["ada"]["means"]}
    assert [part["part"] for part in found["parts"]] == ["apart", "together", "settle"]
    for person, resting in zip(PAIR, (72.0, 66.0), strict=True):
        assert people[person]["means"]["apart"] == pytest.approx(resting, abs=6)
        values = [value for _, value in people[person]["curve"] if value is not None]
        assert min(values) > 45
        assert max(values) < 100
    assert found["marks"] == [{"at": found["marks"][0]["at"], "label": "laughter", "person": "ben"}]


@pytest.mark.parametrize(
    ("place", "purposes", "curves", "words"),
    [
        ("own", (), {"ada"}, {"ada"}),
        ("own", ("show-partner",), {"ada", "ben"}, {"ada"}),
        ("shared", (), set(), {"ada", "ben"}),
        ("shared", ("show-partner",), {"ada", "ben"}, {"ada", "ben"}),
        ("successor", (), set(), set()),
        ("facilitator", (), set(), set()),
        ("facilitator", ("show-facilitator",), {"ada", "ben"}, set()),
        ("keeper", ("keep",), set(), set()),
        ("keeper", ("keep", "show-partner"), {"ada", "ben"}, set()),
        ("viewer", ("keep", "show-partner"), set(), set()),
    ],
)
def test_of_another_there_is_only_what_the_table_of_rights_gives(played, place, purposes, curves, words):
    """Ben shared his words and Ada did not, so they stay private."""
    people, _ = seen_by(played, place, *purposes)
    assert {who for who, person in people.items() if person["curve"]} == curves
    assert {who for who, person in people.items() if person["words"]} == words


def test_words_that_both_reveal_are_for_both_and_not_for_who_guides(played):
    room = played.live.room
    for person in PAIR:
        seat = room.seats[person]
        both = {**room.seats, person: seat.__class__(**{**{name: getattr(seat, name) for name in seat.__struct_fields__}, "words": wire.WordsMessage(person, f"of {person}", share=True)})}  # fmt: skip
        room = room.__class__(**{**{name: getattr(room, name) for name in room.__struct_fields__}, "seats": both})
    for place, expected in (("own", {"ada", "ben"}), ("facilitator", set())):
        rights = SessionRights(PLACES[place], PAIR, agreeing("show-partner"))
        people = own_minutes(played.store, played.live.name, room, rights)["people"]
        assert {person["person"] for person in people if person["words"]} == expected


def test_without_sensors_there_are_still_words_and_a_way_on(tmp_path):
    one = Played(tmp_path, practice="silent-sitting")
    one.to_sensors(())
    one.ready()
    for _ in range(3):
        one.say(wire.Skip())
    one.say(wire.WordsMessage("ada", "warm hands"))
    one.say(wire.Skip("ben"))
    assert one.phase == "report"
    one.flushed()
    people, found = seen_by(one, "own")
    assert people["ada"]["words"] == "warm hands"
    assert people["ada"]["curve"] == []
    assert found["kept"] == []
    assert found["next"] == {"what": "quarter-hour", "helper": None, "people": ["ada", "ben"], "why": "compare"}
    assert write_words(one.live.room, "ada", tmp_path / "half")
    assert (tmp_path / "half" / "words.txt").read_text(encoding="utf-8") == "warm hands\n"
    assert not write_words(one.live.room, "ben", tmp_path / "none")
    one.close()


def test_after_a_comparison_the_two_change_places(tmp_path):
    one = Played(tmp_path, practice=None, protocol="quarter-hour", helper="ben")
    rights = SessionRights(PLACES["own"], PAIR, agreeing())
    offered = own_minutes(one.store, one.live.name, one.live.room, rights)["next"]
    assert (offered["what"], offered["helper"], offered["why"]) == ("quarter-hour", "ada", "places")
    one.close()
