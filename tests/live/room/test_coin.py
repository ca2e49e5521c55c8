"""The coin of a room: who may have one, what a flip changes, and that nobody but the giver can tell that there was one."""

from __future__ import annotations

import pytest

from coregulation.live.room import wire
from coregulation.live.room.coin_record import CUE_SHOWN, CoinFlipped, CoinSetup, CoinStopped, ShowCue
from coregulation.live.room.reasons import RoomReason
from coregulation.live.room.state import Guest, Interrupted, Joined, Received, Refuse, Setup, open_room
from coregulation.live.room.transitions import step
from coregulation.live.room.view import room_message, step_message

GIVER, RECEIVER = PEOPLE = ("ada", "ben")
AGREED = ("coin", "keep")
COIN = CoinSetup(0, "c" * 64)


class Room:
    """A room that events are given to, at times."""

    def __init__(self, coin: CoinSetup | None = COIN, **more: object) -> None:
        guests = tuple(Guest(who) for who in PEOPLE)
        self.room = open_room(Setup(guests, screens="own", practice="as-it-is", coin=coin, **more))  # type: ignore[arg-type]
        self.now = 0.0

    def take(self, event: object):
        self.room, actions = step(self.room, event, self.now)  # type: ignore[arg-type]
        return actions

    def say(self, who: str, message: wire.Message):
        return self.take(Received(who, message))  # type: ignore[arg-type]

    def join(self, who: str, device: str | None = None, people: tuple[str, ...] | None = None):
        return self.take(Joined(who, device or f"phone-{who}", "participant", people or (who,), host=True))

    def begun(self, purposes: tuple[str, ...] = AGREED) -> Room:
        """At the ordinary time, with a viewer."""
        for who in PEOPLE:
            self.join(who)
        self.take(Joined("looker", "tablet", "viewer", (), host=True))
        for phase in ("arrive", "consent", "sensors"):
            for who in PEOPLE:
                if phase == "consent":
                    self.say(who, wire.Consent(who, list(purposes), "1"))
                self.say(who, wire.Ready(who))
        self.say(GIVER, wire.Skip())
        assert self.room.phase == "practice"
        self.now = 400.0
        return self

    def bytes_of(self, client: str) -> bytes:
        return wire.encode(room_message(self.room, client, {})) + wire.encode(step_message(self.room))  # type: ignore[arg-type]


def refusals(actions):
    return [action.reason.code for action in actions if isinstance(action, Refuse)]


def test_a_flip_that_asks_and_can_be_shown_shows_a_cue_to_the_giver_alone():
    one = Room().begun()
    (shown,) = one.take(CoinFlipped(True, True))
    assert shown == ShowCue(GIVER, GIVER, 400.0 + CUE_SHOWN)
    assert [flip.delivered for flip in one.room.coin.flips] == [True]


@pytest.mark.parametrize(("cue", "possible"), [(False, True), (True, False), (False, False)])
def test_any_other_flip_counts_and_shows_nothing(cue, possible):
    one = Room().begun()
    assert one.take(CoinFlipped(cue, possible)) == ()
    assert len(one.room.coin.flips) == 1


@pytest.mark.parametrize("who", [RECEIVER, "looker", GIVER])
def test_no_byte_of_a_rooms_messages_changes_with_a_flip_or_a_skip(who):
    one = Room().begun()
    before = one.bytes_of(who)
    one.take(CoinFlipped(True, True))
    assert one.bytes_of(who) == before
    one.say(GIVER, wire.NotNow(GIVER))
    assert one.room.coin.flips[0].skipped
    assert one.bytes_of(who) == before


def test_a_viewer_does_not_even_know_that_there_is_a_coin():
    one = Room().begun()
    assert room_message(one.room, "looker", {}).coin is None
    assert room_message(one.room, RECEIVER, {}).coin == wire.CoinView(GIVER, RECEIVER, "c" * 64, True)


def test_only_the_giver_may_let_a_cue_pass():
    one = Room().begun()
    one.take(CoinFlipped(True, True))
    assert "not-now" in room_message(one.room, GIVER, {}).may
    assert "not-now" not in room_message(one.room, RECEIVER, {}).may
    assert refusals(one.say(RECEIVER, wire.NotNow(RECEIVER))) == [RoomReason.NO_COIN]
    assert not one.room.coin.flips[0].skipped


@pytest.mark.parametrize(("later", "skipped"), [(CUE_SHOWN - 0.1, True), (CUE_SHOWN, True), (CUE_SHOWN + 0.1, False)])
def test_a_cue_can_be_let_pass_as_long_as_it_is_shown(later, skipped):
    one = Room().begun()
    one.take(CoinFlipped(True, True))
    one.now += later
    one.say(GIVER, wire.NotNow(GIVER))
    assert one.room.coin.flips[0].skipped is skipped


@pytest.mark.parametrize("who", PEOPLE)
def test_either_ends_the_coin_at_once_and_for_good_by_taking_back_what_they_agreed_to(who):
    one = Room().begun()
    one.take(CoinFlipped(True, True))
    one.say(who, wire.Withdraw(who, "coin"))
    assert not room_message(one.room, GIVER, {}).coin.on
    one.say(who, wire.Consent(who, list(AGREED), "1"))
    assert one.take(CoinFlipped(True, True)) == ()
    assert (len(one.room.coin.flips), one.room.coin.over) == (1, "withdrawn")


def test_agreeing_anew_without_the_coin_ends_it_as_well():
    one = Room().begun()
    one.say(RECEIVER, wire.Consent(RECEIVER, ["keep"], "1"))
    assert one.room.coin.over == "withdrawn"


def test_without_a_consent_of_both_there_is_ordinary_time_and_no_flip():
    one = Room().begun(("keep",))
    assert one.take(CoinFlipped(True, True)) == ()
    assert one.room.coin.flips == ()


def test_nothing_is_flipped_while_the_room_is_paused():
    one = Room().begun()
    one.say(RECEIVER, wire.Pause())
    assert one.take(CoinFlipped(True, True)) == ()


def test_after_an_interruption_the_coin_waits_until_both_agree_again():
    one = Room().begun()
    one.take(Interrupted())
    assert (one.room.coin.over, room_message(one.room, GIVER, {}).coin.on) == (None, False)


def test_a_coin_without_its_seed_is_over():
    one = Room().begun()
    one.take(CoinStopped("no-seed"))
    assert one.take(CoinFlipped(True, True)) == ()
    assert one.room.coin.over == "no-seed"


def test_nobody_holds_both_seats():
    one = Room()
    assert refusals(one.join("both", people=PEOPLE)) == [RoomReason.COIN_NEEDS_SCREENS]
    one.join(GIVER, device="laptop")
    assert refusals(one.join(RECEIVER, device="laptop")) == [RoomReason.COIN_NEEDS_SCREENS]
    assert refusals(one.join(RECEIVER)) == []
    assert refusals(one.join("again", device=f"phone-{RECEIVER}")) == [RoomReason.NO_SUCH_SEAT]


def test_where_there_is_no_coin_nobody_can_agree_to_it():
    one = Room(coin=None)
    for who in PEOPLE:
        one.join(who)
    for who in PEOPLE:
        one.say(who, wire.Ready(who))
    assert refusals(one.say(GIVER, wire.Consent(GIVER, ["coin"], "1"))) == [RoomReason.NO_COIN]
    assert not one.room.seats[GIVER].consented


def test_the_practice_of_a_session_with_a_coin_stays_as_it_is():
    one = Room()
    one.join(GIVER)
    assert refusals(one.say(GIVER, wire.Choose("silent-sitting"))) == [RoomReason.CHOICE_CLOSED]
