"""The room: by Hypothesis no event leads to an illegal state; and the rules that people rely on, one by one."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from coregulation.live.room import permissions, wire
from coregulation.live.room.reasons import RoomReason
from coregulation.live.room.seats import SEAT_HELD
from coregulation.live.room.state import (
    BroadcastRoom,
    BroadcastStep,
    Close,
    Dismissed,
    Entered,
    Gone,
    Guest,
    Joined,
    Received,
    Refuse,
    RestKnown,
    Reveal,
    Setup,
    Tick,
    Withdrawn,
    open_room,
)
from coregulation.live.room.transitions import step
from coregulation.live.room.view import room_message, step_message
from coregulation.live.server.room_session import StoredEvent

PEOPLE = ("ada", "ben")
SETUP = Setup(tuple(Guest(who) for who in PEOPLE), screens="own", practice="silent-sitting")
CLIENTS = ("a", "b", "c", "")
PERSON = st.sampled_from((*PEOPLE, "eve"))

MESSAGES = st.one_of(
    st.builds(wire.Ready, PERSON),
    st.builds(wire.Consent, PERSON, st.lists(st.sampled_from(["show-partner", "keep", "research"])), st.sampled_from(["1", "0"])),
    st.builds(wire.Withdraw, PERSON, st.sampled_from(["show-partner", "keep"])),
    st.builds(wire.Choose, st.sampled_from(["silent-sitting", "breathe-together", "none-such"])),
    st.builds(wire.Skip, st.none() | PERSON),
    st.builds(wire.Pick, PERSON, st.sampled_from(["arrive", "x"]), st.just("other-anchor")),
    st.builds(wire.Pause),
    st.builds(wire.Resume),
    st.builds(wire.MarkMessage, st.just("here"), st.none() | PERSON),
    st.builds(wire.WordsMessage, PERSON, share=st.booleans()),
    st.builds(wire.Admit, st.sampled_from(CLIENTS[:3]), st.booleans()),
    st.builds(wire.Leave),
)  # fmt: skip


class AnyRoom(RuleBasedStateMachine):
    """Whatever anyone does, in whatever order, however late."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.room = open_room(SETUP)
        self.events = []

    def take(self, event):
        before, actions = self.room, ()
        self.room, actions = step(before, event, self.now)
        if self.room is not before:
            self.events.append((self.now, event))
            self.check_transition(before)
        elif isinstance(event, Received):
            assert not any(type(action).__name__ in ("Tell", "Entered") for action in actions)
        for action in actions:
            if isinstance(action, Refuse):
                assert action.reason.code in set(RoomReason)
                assert action.code in (
                    "not-yours",
                    "not-now",
                    "no-consent",
                    "seat-taken",
                    "not-admitted",
                    "unknown",
                    "ended",
                )

    def check_transition(self, before):
        old, new = before.phase, self.room.phase
        if old != new:
            legal = {to for (at, _), to in permissions.NEXT.items() if at == old}
            assert new in legal | ({before.paused} if old == "paused" else set()) | {"ended"}

    @rule(client=st.sampled_from(CLIENTS[:3]), people=st.sampled_from([("ada",), ("ben",), PEOPLE, ()]),
          role=st.sampled_from(["participant", "facilitator", "viewer"]), take_over=st.booleans())  # fmt: skip
    def join(self, client, people, role, take_over):
        self.take(Joined(client, f"device-{client}", role, people, host=client == "a", take_over=take_over))

    @rule(client=st.sampled_from(CLIENTS[:3]))
    def go(self, client):
        self.take(Gone(client))

    @rule(client=st.sampled_from(CLIENTS), message=MESSAGES)
    def say(self, client, message):
        self.take(Received(client, message))

    @rule(
        message=st.sampled_from(
            [wire.Ready(who) for who in PEOPLE] + [wire.Consent(who, ["keep"], "1") for who in PEOPLE]
        )
    )
    def say_what_leads_on(self, message):
        for client in CLIENTS[:3]:
            self.take(Received(client, message))

    @rule(seconds=st.sampled_from([0.2, 10.0, 200.0, SEAT_HELD]))
    def wait(self, seconds):
        self.now += seconds
        self.take(Tick())

    @precondition(lambda self: self.now > 500)
    @rule(client=st.sampled_from(CLIENTS))
    def stop(self, client):
        self.take(Received(client, wire.Stop()))

    @invariant()
    def one_seat_has_one_client_that_is_there(self):
        held = [seat.client for seat in self.room.seats.values() if seat.client is not None]
        for person, seat in self.room.seats.items():
            if seat.client is not None:
                one = self.room.clients[seat.client]
                assert one.admitted
                assert person in one.people
                assert seat.device == one.device
        assert set(held) <= set(self.room.clients)

    @invariant()
    def blocks_follow_each_other(self):
        blocks = self.room.blocks
        assert all(b.end is not None and b.end > b.start for b in blocks[:-1])
        assert all(a.end <= b.start for a, b in itertools.pairwise(blocks))
        if self.room.phase in ("ended", "paused", "words", "report"):
            assert all(b.end is not None for b in blocks)

    @invariant()
    def nothing_is_practised_without_consent(self):
        if self.room.phase not in ("arrive", "consent", "ended"):
            assert all(seat.consented for seat in self.room.seats.values())

    @invariant()
    def every_client_can_be_told(self):
        for client in self.room.clients:
            told = room_message(self.room, client, {})
            assert wire.from_server(wire.encode(told)) == told
        step_message(self.room)

    def teardown(self):
        again = open_room(SETUP)
        for now, event in self.events:
            kept = msgspec.json.decode(msgspec.json.encode(StoredEvent(event)), type=StoredEvent)
            again, _ = step(again, kept.event, now)
        assert again == self.room, "a room is the fold of its events"


AnyRoom.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyRoom = AnyRoom.TestCase


def run(*events, room=None, start=0.0, every=1.0):
    room = open_room(SETUP) if room is None else room
    actions = []
    for k, event in enumerate(events):
        room, done = step(room, event, start + k * every)
        actions += done
    return room, actions


def joined(screens="own"):
    if screens == "one":
        return [Joined("a", "da", "participant", PEOPLE, host=True)]
    return [
        Joined("a", "da", "participant", ("ada",), host=True),
        Joined("b", "db", "participant", ("ben",)),
        Received("a", wire.Admit("b")),
    ]


def both(message):
    return [Received("a", message("ada")), Received("b", message("ben"))]


def practising(purposes=("show-partner", "keep")):
    consents = both(lambda who: wire.Consent(who, list(purposes), "1"))
    return [*joined(), *both(wire.Ready), *consents, *both(wire.Ready), *both(wire.Ready), Received("a", wire.Skip())]


def test_the_way_from_the_door_to_the_report():
    room, _ = run(*practising())
    assert room.phase == "practice"
    for _ in room.parts:
        room, _ = step(room, Received("b", wire.Skip()), 100.0)
    assert room.phase == "settle"
    room, _ = step(room, Tick(), room.until)
    assert room.phase == "words"
    room, done = run(*both(lambda who: wire.WordsMessage(who, "x", share=True)), room=room, start=400.0)
    assert room.phase == "report"
    assert [one for one in done if isinstance(one, Reveal)]
    assert [b.kind for b in room.blocks] == ["alone-rest", room.parts[0].block, "settle"]


def test_words_are_shown_only_if_both_say_so():
    room, _ = run(*practising())
    for _ in room.parts:
        room, _ = step(room, Received("b", wire.Skip()), 100.0)
    room, _ = step(room, Received("a", wire.Skip()), 150.0)
    room, done = run(
        Received("a", wire.WordsMessage("ada", "x", share=True)),
        Received("b", wire.WordsMessage("ben", "y")),
        room=room,
        start=200.0,
    )
    assert room.phase == "report"
    assert not [one for one in done if isinstance(one, Reveal)]


@pytest.mark.parametrize("who", ["a", "b"])
def test_a_stop_ends_for_both_and_says_not_who(who):
    room, _ = run(*practising())
    room, _ = step(room, Received(who, wire.Stop()), 50.0)
    assert room.ended == "stopped"
    views = [msgspec.to_builtins(room_message(room, client, {})) for client in ("a", "b")]
    for view in views:
        view.pop("may")
    assert views[0] == views[1]


def test_which_of_the_two_stopped_cannot_be_read_from_the_state():
    ends = [step(run(*practising())[0], Received(who, wire.Stop()), 50.0)[0] for who in ("a", "b")]
    assert ends[0] == ends[1]


def test_a_guest_waits_until_let_in_and_says_nothing_before():
    room, _ = run(*joined()[:2])
    assert room.seats["ben"].client is None
    _, (refused,) = step(room, Received("b", wire.Ready("ben")), 3.0)
    assert refused.code == "not-admitted"
    room, done = step(room, Received("a", wire.Admit("b", yes=False)), 4.0)
    assert Close("b", "not-admitted") in done
    assert "b" not in room.clients


def test_only_who_guides_lets_people_in():
    guided = msgspec.structs.replace(SETUP, facilitator=True)
    room, _ = run(Joined("a", "da", "participant", ("ada",), host=True), Joined("b", "db", "participant", ("ben",)), room=open_room(guided))  # fmt: skip
    _, (refused,) = step(room, Received("a", wire.Admit("b")), 4.0)
    assert refused.code == "not-yours"


def test_a_second_tab_is_refused_unless_it_takes_over():
    room, _ = run(*joined())
    _, done = step(room, Joined("a2", "da", "participant", ("ada",), host=True), 5.0)
    assert done[0].code == "seat-taken"
    room, done = step(room, Joined("a2", "da", "participant", ("ada",), host=True, take_over=True), 5.0)
    assert Close("a", "taken-over") in done
    assert room.seats["ada"].client == "a2"
    _, done = step(room, Joined("x", "dx", "participant", ("ada",), take_over=True), 6.0)
    assert done[0].code == "seat-taken", "another device never takes over"


def test_a_seat_waits_five_minutes():
    room, _ = run(*joined())
    room, _ = step(room, Gone("b"), 10.0)
    room, _ = step(room, Tick(), 9.0 + SEAT_HELD)
    _, done = step(room, Joined("c", "dc", "participant", ("ben",), host=True), 9.5 + SEAT_HELD)
    assert isinstance(done[0], Refuse)
    back, _ = step(room, Joined("b2", "db", "participant", ("ben",)), 9.5 + SEAT_HELD)
    assert back.seats["ben"].client == "b2", "who was let in once need not wait again"
    room, _ = step(room, Tick(), 10.0 + SEAT_HELD)
    assert room.seats["ben"].device is None


def test_a_session_that_everybody_left_ends():
    room, _ = run(*practising())
    room, _ = run(Gone("a"), Gone("b"), room=room, start=50.0)
    room, _ = step(room, Tick(), 50.0 + 2 * SEAT_HELD)
    assert (room.phase, room.ended) == ("ended", "left")


def test_a_pause_keeps_the_time_that_is_left_and_cuts_the_block():
    room, _ = run(*practising())
    left = room.part_until - 40.0
    room, _ = step(room, Received("b", wire.Pause()), 40.0)
    assert (room.phase, room.paused) == ("paused", "practice")
    room, _ = step(room, Tick(), 10_000.0)
    assert room.phase == "paused"
    room, _ = step(room, Received("a", wire.Resume()), 100.0)
    assert room.part_until == pytest.approx(100.0 + left)
    assert [(b.end, c.start) for b, c in itertools.pairwise(room.blocks)][-1] == (40.0, 100.0)


def test_a_withdrawal_closes_the_consent_and_what_hangs_on_it():
    room, _ = run(*practising(("show-partner", "keep", "research")))
    room, done = step(room, Received("b", wire.Withdraw("ben", "keep")), 30.0)
    assert {one.purpose for one in done if isinstance(one, Withdrawn)} == {"keep", "research"}
    assert room.seats["ben"].purposes == ("show-partner",)


def test_a_child_needs_a_grown_up_as_well():
    setup = Setup((Guest("mum"), Guest("kid", child=True)), practice="silent-sitting")
    room, _ = run(Joined("a", "da", "participant", ("mum", "kid"), host=True), Received("a", wire.Ready("mum")), Received("a", wire.Ready("kid")), room=open_room(setup))  # fmt: skip
    _, (refused,) = step(room, Received("a", wire.Consent("kid", [], "1")), 5.0)
    assert refused.code == "no-consent"
    room, _ = step(room, Received("a", wire.Consent("kid", [], "1", guardian=True)), 5.0)
    assert room.seats["kid"].consented


@given(st.sampled_from(sorted(permissions.MAY)), st.sampled_from(["participant", "facilitator", "viewer"]))
def test_a_viewer_only_looks(kind, role):
    roles, _ = permissions.MAY[kind]
    assert ("viewer" in roles) == (kind == "leave")
    assert role in roles or role != "participant" or kind == "leave"


def practising_this(practice, **setup):
    room = open_room(msgspec.structs.replace(SETUP, practice=practice, **setup))
    room, _ = run(*practising(), room=room)
    assert room.phase == "practice"
    return room


def refused(outcome, room):
    after, (one, *_) = outcome
    assert isinstance(one, Refuse)
    assert after is room, "what is refused changes nothing"
    return one


def test_a_choice_is_marked_and_may_lead_back_to_a_step():
    room = practising_this("conflict-pause")
    assert room.now_doing.step == "apart"
    moved, done = step(room, Received("a", wire.Pick("ada", "apart", "move")), 30.0)
    assert moved.marks[-1] == (30.0, "picked move", "ada")
    assert (moved.part, done) == (room.part, ())
    longer, done = step(moved, Received("b", wire.Pick("ben", "apart", "longer")), 40.0)
    assert longer.part_until == 40.0 + room.now_doing.seconds
    assert BroadcastStep() in done
    on, _ = step(longer, Tick(), longer.part_until)
    assert on.now_doing.step == "slower"
    assert refused(step(on, Received("a", wire.Pick("ada", "apart", "longer")), 200.0), on).code == "unknown"


def test_a_step_without_a_time_waits_until_both_are_ready():
    room = practising_this("silent-sitting")
    endless = msgspec.structs.replace(
        room, parts=(msgspec.structs.replace(room.parts[0], seconds=None), *room.parts), part_until=None
    )
    waits, _ = step(endless, Received("a", wire.Ready("ada")), 50.0)
    assert waits.part == endless.part
    goes, _ = step(waits, Received("b", wire.Ready("ben")), 51.0)
    assert goes.part == endless.part + 1
    assert not any(seat.ready for seat in goes.seats.values())
    timed, _ = run(*both(wire.Ready), room=room, start=50.0)
    assert timed.part == room.part, "a step with a time is not hurried by being ready"


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        (wire.Choose("none-such"), "none-such"),
        (wire.Choose("silent-sitting", anchor="nowhere"), "has no anchor"),
        (wire.Choose("beside-you", feedback="both"), "choices"),
    ],
)
def test_a_practice_that_cannot_be_is_not_chosen(asked, fact):
    room, _ = run(*joined())
    one = refused(step(room, Received("a", asked), 5.0), room)
    assert one.code == "unknown"
    assert fact in str(dict(one.reason.facts))


def test_what_is_not_for_children_is_not_chosen_with_one():
    setup = Setup((Guest("mum"), Guest("kid", child=True)), practice="silent-sitting")
    room, _ = run(Joined("a", "da", "participant", ("mum", "kid"), host=True), room=open_room(setup))
    one = refused(step(room, Received("a", wire.Choose("body-check-in")), 5.0), room)
    assert one.reason.code == RoomReason.NOT_FOR_CHILDREN


def test_the_practice_that_was_chosen_is_the_one_that_is_practised():
    room, _ = run(*joined())
    room, done = step(
        room, Received("b", wire.Choose("conflict-pause", anchor="hands", feedback="none", minutes=4.0)), 5.0
    )
    assert BroadcastRoom() in done
    assert (room.setup.practice, room.setup.anchor, room.setup.feedback, room.setup.minutes) == ("conflict-pause", "hands", "none", 4.0)  # fmt: skip


def test_words_may_be_left_out_by_one_or_by_both_on_one_screen():
    def at_words(room):
        for _ in room.parts:
            room, _ = step(room, Received("a", wire.Skip()), 100.0)
        return step(room, Received("a", wire.Skip()), 150.0)[0]

    room = at_words(run(*practising())[0])
    room, _ = step(room, Received("a", wire.Skip("ada")), 160.0)
    assert room.phase == "words"
    room, done = step(room, Received("b", wire.WordsMessage("ben", "x", share=True)), 170.0)
    assert room.phase == "report"
    assert not [one for one in done if isinstance(one, Reveal)], "what one shares alone is shown to nobody"
    one, _ = run(*joined("one"), *[Received("a", wire.Ready(who)) for who in PEOPLE])
    one = msgspec.structs.replace(one, phase="words")
    assert step(one, Received("a", wire.Skip()), 10.0)[0].phase == "report"


def test_a_mark_is_kept_with_whom_it_is_of():
    room, _ = run(*practising())
    room, done = run(
        Received("a", wire.MarkMessage("cough", "ada")), Received("b", wire.MarkMessage("door")), room=room, start=60.0
    )
    assert room.marks[-2:] == ((60.0, "cough", "ada"), (61.0, "door", None))
    assert done == []


def test_who_is_gone_or_in_already_is_not_let_in():
    room, _ = run(*joined())
    for ticket in ("nobody", "b"):
        one = refused(step(room, Received("a", wire.Admit(ticket)), 9.0), room)
        assert one.reason.code == RoomReason.NO_TICKET
    waiting, _ = step(room, Joined("c", "dc", "viewer", ()), 10.0)
    seen, done = step(waiting, Received("a", wire.Admit("c")), 11.0)
    assert seen.clients["c"].admitted
    assert BroadcastStep() in done


@pytest.mark.parametrize("role", ["viewer", "facilitator"])
def test_who_looked_on_or_guided_and_left_waits_at_the_door_again(role):
    room, _ = run(*practising())
    room, _ = step(room, Joined("c", "dc", role, ()), 10.0)
    room, _ = step(room, Received("a", wire.Admit("c")), 11.0)
    room, done = step(room, Received("c", wire.Leave()), 12.0)
    assert Dismissed("dc") in done
    back, _ = step(room, Joined("c2", "dc", role, ()), 13.0)
    assert not back.clients["c2"].admitted


def test_who_lost_the_connection_is_still_let_in():
    room, _ = run(*practising())
    room, _ = step(room, Joined("c", "dc", "viewer", ()), 10.0)
    room, _ = step(room, Received("a", wire.Admit("c")), 11.0)
    room, _ = step(room, Gone("c"), 12.0)
    back, _ = step(room, Joined("c2", "dc", "viewer", ()), 13.0)
    assert back.clients["c2"].admitted


def test_who_leaves_frees_the_seat_and_the_last_one_ends_a_report():
    room, _ = run(*practising())
    left, done = step(room, Received("b", wire.Leave()), 50.0)
    assert Close("b", "left") in done
    assert (left.seats["ben"].device, left.seats["ben"].client) == (None, None)
    report = msgspec.structs.replace(room, phase="report", until=None)
    report, _ = step(report, Received("a", wire.Leave()), 60.0)
    assert report.phase == "report"
    over, done = step(report, Received("b", wire.Leave()), 61.0)
    assert (over.phase, over.ended) == ("ended", "finished")
    assert Entered("ended") in done


def test_a_resting_rate_and_a_withdrawal_of_nothing():
    room, _ = run(*joined())
    known, done = step(room, RestKnown(13.5), 5.0)
    assert (known.resting, done) == (13.5, ())
    same, done = step(known, Received("a", wire.Withdraw("ada", "keep")), 6.0)
    assert (same, done) == (known, ())


def test_a_yes_given_again_without_a_purpose_takes_it_back():
    room, _ = run(*practising(("show-partner", "keep")))
    room, done = step(room, Received("a", wire.Consent("ada", ["keep"], "1")), 40.0)
    assert [one for one in done if isinstance(one, Withdrawn)] == [Withdrawn("ada", "show-partner")]
    assert room.seats["ada"].purposes == ("keep",)
