"""A whole session on a disk that fails at any write, and is killed at any moment.

What was acknowledged is there; what was not is visible as such; and what is on the disk never allows more than people allow.
"""

from __future__ import annotations

import contextlib
import random
import shutil

import pytest

from coregulation.errors import CoregulationError
from coregulation.live.room import wire
from coregulation.live.room.consent import PURPOSES
from coregulation.live.server.kept_rooms import rebuilt_room
from coregulation.store import DiskFullError, Store, Writer
from tests.live.rooms import PAIR, Played

STEPS = 40


class FailingDisk:
    """A store whose writes fail now and then, in runs, as on a disk that is full for a while."""

    def __init__(self, store, rng, share):
        self._write, self._rng, self._share = store._writing, rng, share
        self.full, self.refused = False, 0
        store._writing = self.writing

    def writing(self):
        if self._rng.random() < 0.3:
            self.full = self._rng.random() < self._share
        if self.full:
            self.refused += 1
            raise DiskFullError("The disk is full.")
        return self._write()


def act(room, rng, allowed, acknowledged):
    """Do one thing, and note what was acknowledged and what everybody allows now."""
    who = rng.choice(PAIR)
    kind = rng.choice(["beat", "beat", "beat", "withdraw", "consent", "pause", "resume", "mark"])
    if kind == "beat":
        seq = room.seq[who]
        with contextlib.suppress(DiskFullError):
            room.clock.t += 0.8
            room.keep(who, room.clock.t, b"\x10\x48\x33\x03")
            acknowledged.add((who, seq))
    elif kind == "withdraw":
        purpose = rng.choice(PURPOSES)
        room.say(wire.Withdraw(who, purpose))
        allowed[who] -= {purpose, "research"} if purpose == "keep" else {purpose}
    elif kind == "consent":
        purposes = set(rng.sample(PURPOSES, rng.randint(0, 3)))
        purposes |= {"keep"} if "research" in purposes else set()
        try:
            room.say(wire.Consent(who, sorted(purposes), "1"))
            allowed[who] = purposes
        except CoregulationError:
            allowed[who] &= purposes  # what was taken back is taken back, what was given is not given
    else:
        message = {"pause": wire.Pause(), "resume": wire.Resume(), "mark": wire.MarkMessage("x")}[kind]
        room.say(message)


def killed(room, folder, number):
    """Return what another process finds after a kill: a copy of the folder as it is on the disk."""
    with contextlib.suppress(DiskFullError):
        room.flushed()
    copy = folder.parent / f"copy-{number}"
    shutil.copytree(folder, copy)
    return copy


def check(copy, room, allowed, acknowledged):
    store = Store(copy)
    store.unlock("visit", room.store.keys.of("visit"))
    kept = {(one.person, piece.seq) for one in store.streams("visit") for piece in store.pieces(one.id)}
    assert acknowledged <= kept
    unsaved = "visit" in store.unsaved.before
    assert unsaved or not room.live.unsaved, "what is not saved is on the disk as such"
    writer = Writer(store)
    again = rebuilt_room("visit", store, writer, room.clock, room.wall)
    for who in PAIR:
        on_disk = {one for one in PURPOSES if store.agreed("visit", who, one)}
        assert on_disk <= allowed[who], "nothing is allowed that people do not allow"
        assert set(again.room.seats[who].purposes) <= allowed[who]
        assert store.keys.is_kept("visit", who) <= ("keep" in allowed[who])
    if not unsaved:
        assert again.room.phase == room.phase
    assert store.damage() is None
    writer.close()
    store.close()


def session_with_kills(tmp_path, seed, kills):
    rng = random.Random(seed)
    room = Played(tmp_path / "store")
    room.to_sensors(("show-partner", "keep"))
    room.open_straps()
    room.ready()
    room.flushed()
    disk = FailingDisk(room.store, rng, share=0.5)
    allowed, acknowledged = {who: {"show-partner", "keep"} for who in PAIR}, set()
    moments = set(rng.sample(range(STEPS), kills))
    for step in range(STEPS):
        act(room, rng, allowed, acknowledged)
        assert {who: set(seat.purposes) for who, seat in room.live.room.seats.items()} == allowed, "at once"
        if rng.random() < 0.3:
            room.clock.t += 1.5
            room.tick()
        if step in moments:
            check(killed(room, tmp_path / "store", step), room, allowed, acknowledged)
    refused = disk.refused
    disk._share = 0.0
    disk.full = False
    room.clock.t += 3.0
    room.tick()
    room.flushed()
    room.clock.t += 3.0
    room.tick()
    assert not room.live.unsaved, "once there is space everything is saved"
    check(killed(room, tmp_path / "store", "end"), room, allowed, acknowledged)
    room.close()
    return refused


@pytest.mark.parametrize("seed", range(4))
def test_a_session_on_a_failing_disk(tmp_path, seed):
    assert session_with_kills(tmp_path, seed, 5) > 0


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 120))
def test_two_hundred_kills_on_a_failing_disk(tmp_path, seed):
    session_with_kills(tmp_path, seed, 10)
