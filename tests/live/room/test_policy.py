"""The table of rights: who may do what with whose data, relation by relation."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coregulation.live.room.consent import PURPOSES
from coregulation.live.room.policy import POLICY, Place, Relation, Right, SessionRights, allowed

PEOPLE = ("ada", "ben", "cy")
SUBSETS = [frozenset(some) for n in range(len(PURPOSES) + 1) for some in itertools.combinations(PURPOSES, n)]


def rights(place, agreed):
    return SessionRights(place, PEOPLE, lambda person: agreed.get(person, frozenset()))


def test_who_only_holds_an_invitation_may_nothing():
    for right, purposes in itertools.product(Right, SUBSETS):
        assert not allowed(right, Relation.NONE, purposes)
    everything = dict.fromkeys(PEOPLE, frozenset(PURPOSES))
    assert not any(rights(Place(("ada",)), everything).people_for(right) for right in Right)


@pytest.mark.parametrize(
    ("place", "agreed", "readable"),
    [
        (Place(("ada",), "participant"), {}, ("ada",)),
        (Place(("ada",), "participant"), {"ben": {"show-partner"}}, ("ada", "ben")),
        (Place(("ada",), "participant"), {"ada": {"show-partner"}}, ("ada",)),
        (Place(("ada",), "participant"), {"ben": {"keep", "show-facilitator", "research"}}, ("ada",)),
        (Place(("ada", "ben"), "participant"), {}, ()),
        (Place(("ada", "ben"), "participant"), {"ada": {"show-partner"}}, ("ada",)),
        (Place(("ada", "ben"), "participant"), dict.fromkeys(PEOPLE, frozenset({"show-partner"})), PEOPLE),
        (Place((), "facilitator"), {"ada": {"show-facilitator"}, "ben": {"show-partner", "keep"}}, ("ada",)),
        (Place((), "viewer"), dict.fromkeys(PEOPLE, frozenset(PURPOSES)), ()),
        (Place((), None), dict.fromkeys(PEOPLE, frozenset(PURPOSES)), ()),
        (Place((), None, host=True), {"ada": {"keep"}, "ben": {"show-partner"}, "cy": {"keep", "show-partner"}}, ("cy",)),
        (Place((), None, host=True, imported=True), {}, PEOPLE),
    ],
)  # fmt: skip
def test_a_report_is_of_those_whose_consents_cover_its_reader(place, agreed, readable):
    one = rights(place, {who: frozenset(some) for who, some in agreed.items()})
    assert one.people_for(Right.ANSWERS) == readable


def test_private_words_and_ratings_are_in_nobodys_hands_but_their_owners():
    """No consent whatever gives somebody else the half in which private words and ratings are."""
    assert {*POLICY[Right.HALF]} == {Relation.OWN, Relation.SHARED}
    for relation, purposes in itertools.product(Relation, SUBSETS):
        assert allowed(Right.HALF, relation, purposes) == (relation in (Relation.OWN, Relation.SHARED))


@given(st.sampled_from(Right), st.sampled_from(Relation), st.sampled_from(SUBSETS), st.sampled_from(PURPOSES))
def test_agreeing_to_less_never_allows_more(right, relation, purposes, purpose):
    if allowed(right, relation, purposes - {purpose}):
        assert allowed(right, relation, purposes)


def test_a_shared_screen_is_a_relation_of_its_own():
    place = Place(("ada", "ben"), "participant")
    assert (place.relation("ada"), place.relation("cy")) == (Relation.SHARED, Relation.PARTNER)
    assert Place(("ada",), "participant").relation("ada") is Relation.OWN
