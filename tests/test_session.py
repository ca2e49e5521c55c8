"""A session: who, what, on which clock; checked at the door."""

import copy
import pickle

import pytest
from hypothesis import given, settings

from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.reasons import because
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Beats, Signal, Unit, Window
from tests import strategies

ADA, BEN, CLEO = (Recording(Person(name)) for name in ("ada", "ben", "cleo"))


def test_a_person_needs_a_name():
    with pytest.raises(UsageError, match="pseudonym"):
        Person("  ")


def test_a_recording_knows_its_channels_and_clocks():
    heart = Signal([60.0, 61.0], 1.0, 0.0, Unit.PER_MINUTE)
    strap = Clock(0.5, 0.1, name="strap")
    recording = Recording(Person("ada"), {"heart_rate": heart}, Beats([0.0, 1.0]), {"heart_rate": strap})
    assert recording.channels == ("heart_rate", "beats")
    assert recording.clock("heart_rate") is strap
    assert recording.clock("beats") == Clock()
    assert ADA.channels == ()


def test_what_a_recording_holds_cannot_be_changed():
    source = {}
    recording = Recording(Person("ada"), source)
    source["resp"] = Signal([0.0], 1.0, 0.0, Unit.ARBITRARY)
    assert recording.channels == ()
    with pytest.raises(TypeError, match="item assignment"):
        recording.signals["resp"] = source["resp"]


def test_nobody_comes_twice():
    with pytest.raises(DataError, match="ada came more than once"):
        Session("x", (ADA, BEN, ADA))


@pytest.mark.parametrize(
    "named",
    [
        {"marks": (Mark(0.0, "rupture", "dan"),)},
        {"exclusions": (Exclusion(0.0, 1.0, "cough", "dan"),)},
        {"ratings": (Rating(0.0, "dan", "felt safe", 6),)},
        {"blocks": (Block("perturb-alone", 0.0, 1.0, perturbed=("dan",)),)},
        {"blocks": (Block("talk", 0.0, 1.0, present=("ada", "dan")),)},
    ],
)
def test_only_who_is_here_is_named(named):
    with pytest.raises(DataError, match="names 'dan'; the people here are ada, ben"):
        Session("x", (ADA, BEN), **named)


def test_blocks_of_one_kind_do_not_overlap_in_any_order():
    for order in (1, -1):
        blocks = (Block("talk", 0.0, 10.0), Block("talk", 9.0, 12.0))[::order]
        with pytest.raises(DataError, match="overlap"):
            Session("x", (ADA, BEN), blocks=blocks)


def test_blocks_of_one_kind_may_touch_and_others_may_nest():
    blocks = (Block("talk", 0.0, 10.0), Block("talk", 10.0, 12.0), Block("practice", 2.0, 11.0))
    assert Session("x", (ADA, BEN), blocks=blocks).blocks == blocks


def test_everybody_is_found_by_name():
    session = Session("x", (ADA, BEN, CLEO))
    assert [person.id for person in session.people] == ["ada", "ben", "cleo"]
    assert session.of("ben") is BEN
    with pytest.raises(UsageError, match=r"no person 'dan' here\. Did you mean ada"):
        session.of("dan")


def test_every_pair_comes_once_in_order():
    assert list(Session("x", (ADA, BEN, CLEO)).pairs()) == [(ADA, BEN), (ADA, CLEO), (BEN, CLEO)]


def test_an_exclusion_counts_for_one_or_for_all():
    session = Session("x", (ADA, BEN), exclusions=(Exclusion(0.0, 1.0, "cough", "ada"), Exclusion(5.0, 6.0, "door")))
    assert session.excluded("ada") == (Window(0, 1), Window(5, 6))
    assert session.excluded("ben") == (Window(5, 6),)


def test_remarks_are_added_not_replaced():
    first, second = Remark("ada", "rr", because("read.beat-gaps"), 3), Remark("ben", "rr", because("x"))
    session = Session("x", (ADA, BEN), remarks=(first,))
    assert session.with_remarks(second).remarks == (first, second)
    assert session.remarks == (first,)


@settings(max_examples=30)
@given(strategies.sessions())
def test_a_session_survives_bytes_and_copies(session):
    for other in (pickle.loads(pickle.dumps(session)), copy.deepcopy(session)):
        assert other.people == session.people
        assert other.blocks == session.blocks
        assert other.exclusions == session.exclusions
        for here, there in zip(session.recordings, other.recordings, strict=True):
            assert there.channels == here.channels
            assert dict(there.clocks) == dict(here.clocks)
            for name, signal in there.signals.items():
                assert signal.values.tobytes() == here.signals[name].values.tobytes()
                assert not signal.values.flags.writeable
            if there.beats is not None:
                assert there.beats.times.tobytes() == here.beats.times.tobytes()
                assert not there.beats.times.flags.writeable


@settings(max_examples=30)
@given(strategies.sessions())
def test_pairs_and_exclusions_are_counted(session):
    n = len(session.people)
    assert len(list(session.pairs())) == n * (n - 1) // 2
    spans = [span for person in session.people for span in session.excluded(person.id)]
    assert len(spans) == sum(n if item.person is None else 1 for item in session.exclusions)
