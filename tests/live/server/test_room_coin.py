"""The coin of a room that is on: from the receiver's rises, through a kill, into the log that `coregulation coin` reads."""

from __future__ import annotations

import math

import pytest

from coregulation.coin_flips import CoinSeed
from coregulation.io.coin_log import COIN_LOG, read_coin_log
from coregulation.live.room import wire
from coregulation.live.room.coin_record import CoinSetup
from coregulation.live.room.policy import Place, Relation, Right, SessionRights, allowed
from coregulation.live.server.coin_outcome import coin_log, coin_outcome, may_have_log, write_coin
from coregulation.live.server.kept_rooms import without
from coregulation.live.server.room_coin import RoomCoin, kept_seed
from tests.live.rooms import PAIR, Played

GIVER, RECEIVER = PAIR
AGREED = ["coin", "keep", "show-partner"]


class Coined(Played):
    """A session with a coin whose levels the test says: the receiver rises every 80 s."""

    def __init__(self, folder, giver=1.0, **setup):
        super().__init__(folder, practice="as-it-is", feedback="own", screens="own", coin=CoinSetup(0), **setup)
        self.giver = giver

    def level(self, person, t):
        return self.giver if person == GIVER else 2.0 * (t % 80 >= 40)

    def begun(self):
        for who in PAIR:
            self.join(who, (who,))
        for phase in ("arrive", "consent", "sensors"):
            for who in PAIR:
                if phase == "consent":
                    self.say(wire.Consent(who, AGREED, "1"), who)
                self.say(wire.Ready(who), who)
        self.say(wire.Skip(), GIVER)
        assert self.phase == "practice"
        return self

    def on(self, seconds):
        self.live.engine.level_now = self.level
        for _ in range(round(seconds)):
            self.clock.t += 1.0
            self.live.tick()

    @property
    def flips(self):
        return self.live.room.coin.flips

    def over(self):
        self.say(wire.Stop(), GIVER)
        return self


@pytest.fixture
def coined(tmp_path):
    one = Coined(tmp_path / "store").begun()
    yield one
    one.close()


def test_the_coin_is_flipped_at_rises_from_the_sixth_minute_on(coined):
    coined.on(300)
    assert coined.flips == ()
    coined.on(900)
    times = [flip.time for flip in coined.flips]
    assert len(times) in (11, 12)
    assert min(times) > 300
    assert {round(t % 80) for t in times} <= {42, 43, 44}


def test_the_times_of_the_flips_do_not_depend_on_the_giver(tmp_path):
    times = []
    for number, giver in enumerate((1.0, 0.0, 4.0, math.nan)):
        one = Coined(tmp_path / str(number), giver=giver).begun()
        one.on(900)
        times.append([flip.time for flip in one.flips])
        assert any(flip.possible for flip in one.flips) is (giver == 1.0)
        one.close()
    assert times[0]
    assert times.count(times[0]) == 4


def test_a_giver_whose_screen_is_not_reached_is_asked_for_nothing(coined):
    coined.live.coin.reaches = lambda _client: False
    coined.on(900)
    assert coined.flips
    assert not any(flip.possible for flip in coined.flips)


def test_at_most_twelve_cues_are_shown_also_after_a_kill(coined):
    coined.on(2000)
    coined.live = coined.again()
    for who in PAIR:
        coined.join(who, (who,))
    coined.on(2500)
    assert sum(flip.delivered for flip in coined.flips) <= 12
    assert len(coined.flips) > 24


def test_after_a_kill_the_kept_flips_are_there_and_the_seed_goes_on(coined):
    coined.on(700)
    before = coined.flips
    coined.live = coined.again()
    assert coined.flips == before
    assert before
    for who in PAIR:
        coined.join(who, (who,))
    coined.on(400)
    assert len(coined.flips) > len(before)
    log, seed = coin_log(coined.store, coined.live.name, coined.over().live.room)
    log.check(seed)


def test_a_flip_that_cannot_be_kept_does_not_happen(coined, monkeypatch):
    from coregulation.store import DiskFullError

    def full(*_):
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(coined.store, "note", full)
    coined.on(900)
    assert coined.flips == ()


def test_the_seed_was_committed_before_anybody_came_in(tmp_path):
    one = Coined(tmp_path / "store")
    seed = kept_seed(one.store, one.live.name)
    assert one.store.session(one.live.name).setup["coin"] == {"giver": 0, "commitment": seed.commitment}
    one.close()


def test_a_room_whose_seed_was_never_kept_ends_its_coin(coined):
    coined.flushed()
    coined.store.drop_notes(coined.live.name, ["coin-seed"])
    assert coined.again().room.coin.over == "no-seed"


def test_the_log_is_what_the_command_reads_and_comes_only_at_the_end(coined, tmp_path):
    coined.on(900)
    assert coin_log(coined.store, coined.live.name, coined.live.room) is None
    coined.over()
    write_coin(coined.store, coined.live.name, coined.live.room, tmp_path / "session")
    log = read_coin_log(tmp_path / "session" / COIN_LOG)
    assert (log.giver, log.receiver, len(log.flips)) == (GIVER, RECEIVER, len(coined.flips))


def rights(place, ada=AGREED, ben=AGREED):
    agreed = {"ada": ada, "ben": ben}
    return SessionRights(place, PAIR, lambda person: agreed[person])


@pytest.mark.parametrize(
    ("one", "seen"),
    [
        (rights(Place((GIVER,), "participant")), True),
        (rights(Place((RECEIVER,), "participant")), True),
        (rights(Place((GIVER,), "participant"), ben=["keep"]), False),
        (rights(Place((RECEIVER,), "participant"), ada=["keep"]), False),
        (rights(Place((), "viewer")), False),
        (rights(Place((), "facilitator")), False),
        (rights(Place((), None, host=True)), False),
    ],
)
def test_who_knows_afterwards_how_often_the_coin_fell(coined, one, seen):
    coined.on(900)
    name, store = coined.live.name, coined.store
    assert coin_outcome(store, name, coined.live.room, one) is None
    outcome = coin_outcome(store, name, coined.over().live.room, one)
    assert (outcome is not None) is seen
    if outcome is not None:
        assert (outcome["flips"], outcome["planned"]) == (len(coined.flips), 80)
        assert CoinSeed(bytes.fromhex(outcome["seed"])).commitment == outcome["commitment"]


@pytest.mark.parametrize(
    ("place", "purposes", "log"),
    [
        (Place((RECEIVER,), "participant"), AGREED, True),
        (Place((RECEIVER,), "participant"), ["coin", "keep"], False),
        (Place((RECEIVER,), "participant"), ["keep", "show-partner"], False),
        (Place((), None, host=True), ["coin", "keep", "show-partner", "research"], True),
        (Place((), None, host=True), ["coin", "keep", "show-partner"], False),
        (Place((), "facilitator"), [*AGREED, "show-facilitator", "research"], False),
        (Place((), "viewer"), [*AGREED, "research"], False),
    ],
)
def test_a_download_has_the_times_of_the_flips_only_where_both_may_be_read(place, purposes, log):
    assert may_have_log(rights(place, purposes, purposes)) is log


def test_nobody_but_the_givers_own_screen_is_allowed_a_cue():
    assert [relation for relation in Relation if allowed(Right.CUE, relation, AGREED)] == [Relation.OWN]
    assert not allowed(Right.CUE, Relation.OWN, ["keep", "show-partner", "show-facilitator", "research"])


def test_what_stays_after_an_erasure_has_nothing_of_the_coin(coined):
    coined.on(900)
    coined.over()
    coined.flushed()
    seed = kept_seed(coined.store, coined.live.name)
    coined.store.erase(coined.live.name, GIVER, [without(coined.live.room, GIVER)])
    assert kept_seed(coined.store, coined.live.name) is None
    assert "coin" not in coined.store.session(coined.live.name).setup
    notes = b"".join(note.body for note in coined.store.notes(coined.live.name))
    assert seed.commitment.encode() not in notes
    assert b'"ada"' not in notes


def test_a_coin_begins_where_the_levels_are(tmp_path):
    """A receiver who is up already when the coin begins, or goes on, did not rise."""
    one = Coined(tmp_path / "store").begun()
    one.clock.t = 1000.0
    coin = RoomCoin(CoinSeed(bytes(32)))
    assert all(coin.due(one.live.room, lambda _: 2.0, 1000.0 + t) is None for t in range(60))
    one.close()
