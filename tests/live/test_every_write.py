"""A whole session whose disk fails, or whose program is killed, at every single write: one run for each write and each fault.

What was acknowledged is there; what is not saved is marked as such on the disk and on the screen; nothing on the disk allows more than people allow; and
once the disk takes writes again everything is saved.
"""

from __future__ import annotations

import contextlib
import shutil

import pytest

from coregulation.errors import CoregulationError, DataError
from coregulation.live.room import wire
from coregulation.live.room.consent import PURPOSES
from coregulation.live.server.kept_rooms import rebuilt_room
from coregulation.store import DiskFailedError, DiskFullError, Store, Writer
from tests.live.rooms import PAIR, Played

WRITES = 35  # at least so many writes a session has; a test below counts them
FAULTS = {
    "full": lambda: DiskFullError("The disk is full."),
    "failing": lambda: DiskFailedError("The disk reports an error."),
}


class Disk:
    """Counts every write of a store to its database, its key file and its marker, and calls `before` and `after` around each.

    One write at a time: a copy that is made around a write of one thread holds no half of another thread's.
    """

    def __init__(self, store, before=lambda _: None, after=lambda _: None):
        self.count, self.before, self.after = 0, before, after
        self.lock = store.keys.lock
        self._writing, self._write_keys = store._writing, store.keys._write
        store._writing, store.keys._write = self.writing, self.write_keys

    @contextlib.contextmanager
    def writing(self):
        with self.lock:
            self.count += 1
            number = self.count
            self.before(number)
            with self._writing() as connection:
                yield connection
            self.after(number)

    def write_keys(self, owners):
        self.count += 1
        number = self.count
        try:
            self.before(number)
        except DiskFullError as error:  # as a file reports it
            raise DataError("The key file could not be written (No space left on device).") from error
        self._write_keys(owners)
        self.after(number)


class Session:
    """A session of two from the door to its end, act by act, with what was acknowledged and what people allow at each moment."""

    def __init__(self, folder):
        self.room = Played(folder)
        self.allowed = {who: set() for who in PAIR}
        self.asking = {who: set() for who in PAIR}  # what is being asked for just now
        self.acknowledged = set()
        self.refused = 0

    def act(self, message):
        with contextlib.suppress(CoregulationError):
            self.room.say(message)

    def consent(self, who, *purposes):
        self.asking[who] = set(purposes)
        try:
            self.room.say(wire.Consent(who, list(purposes), "1"))
            self.allowed[who] = set(purposes)
        except CoregulationError:
            self.refused += 1
            self.allowed[who] &= set(purposes)  # what is taken back is taken back, what is given is not given
        self.asking[who] = set()
        self.at_once()

    def withdraw(self, who, purpose):
        gone = {purpose, "research"} if purpose == "keep" else {purpose}
        self.asking[who] = set(self.allowed[who])
        self.room.say(wire.Withdraw(who, purpose))
        self.allowed[who] -= gone
        self.asking[who] = set()
        self.at_once()

    def beat(self, who):
        number = self.room.seq[who]
        self.room.clock.t += 0.8
        try:
            self.room.live.open_stream(wire.OpenStream(f"hr-{who}", who, "hr", "Test strap"))
            self.room.keep(who, self.room.clock.t, b"\x10\x48\x33\x03")
            self.acknowledged.add((who, number))
        except CoregulationError:
            self.refused += 1

    def at_once(self):
        seats = self.room.live.room.seats
        assert {who: set(seats[who].purposes) for who in PAIR} == self.allowed

    def play(self):
        """From consent to the words, with second thoughts on the way; whoever is refused asks once more, as a page does."""
        self.come_in()
        if self.room.phase == "sensors":  # without a consent that is on the disk nothing is recorded
            self.record()
        else:
            assert not self.acknowledged

    def come_in(self):
        room = self.room
        room.join()
        for who in PAIR:
            self.act(wire.Ready(who))
        for who in PAIR:
            self.consent(who, "show-partner", "keep")
            if not room.live.room.seats[who].consented:
                self.consent(who, "show-partner", "keep")
            self.act(wire.Ready(who))

    def record(self):
        room = self.room
        for who in PAIR:
            for _ in range(2):
                with contextlib.suppress(CoregulationError):
                    room.live.open_stream(wire.OpenStream(f"hr-{who}", who, "hr", "Test strap"))
        for turn in range(3):
            for who in PAIR:
                self.beat(who)
            self.tick()
            if turn == 0:
                self.act(wire.Skip())
        self.consent("ada", "show-partner", "keep", "research")
        self.withdraw("ada", "keep")
        self.act(wire.Pause())
        assert room.phase == "paused"
        self.beat("ben")
        self.withdraw("ben", "show-partner")
        self.act(wire.Resume())
        self.act(wire.MarkMessage("a moment"))
        self.consent("ada", "keep")
        self.beat("ada")
        while room.phase in ("baseline", "practice", "settle"):
            self.act(wire.Skip())
            self.tick()
        for who in PAIR:
            self.act(wire.WordsMessage(who, f"words of {who}", {"calm": 3.0}))
        self.withdraw("ada", "keep")
        self.tick()

    def tick(self):
        self.room.clock.t += 1.5
        with contextlib.suppress(CoregulationError):
            self.room.flushed()
        self.room.tick()


def check(folder, keys, allowed, acknowledged):
    """Another process opens what lies in a folder; return whether it says that something is not saved."""
    store = Store(folder)
    if not store.sessions():
        assert not acknowledged
        store.close()
        return False
    store.unlock("visit", keys)
    kept = {(stream.person, piece.seq) for stream in store.streams("visit") for piece in store.pieces(stream.id)}
    assert acknowledged <= kept
    assert store.damage() is None
    unsaved = "visit" in store.unsaved.before
    writer = Writer(store)
    again = rebuilt_room("visit", store, writer, lambda: 1000.0, lambda: 1.79e9)
    for who in PAIR:
        on_disk = {purpose for purpose in PURPOSES if store.agreed("visit", who, purpose)}
        assert on_disk <= allowed[who], (who, on_disk, allowed[who])
        assert store.keys.is_kept("visit", who) <= ("keep" in allowed[who])
        if unsaved:
            assert not again.room.seats[who].consented, "everybody is asked again"
    writer.close()
    store.close()
    return unsaved


def kills(tmp_path, wanted):
    """Run one session and keep what a kill before and after each wanted write would leave; return the number of writes."""
    session = Session(tmp_path / "store")
    left = []

    def snapshot(moment):
        def keep(number):
            if number in wanted:
                copy = tmp_path / f"{moment}-{number}"
                shutil.copytree(tmp_path / "store", copy)
                allowed = {who: session.allowed[who] | session.asking[who] for who in PAIR}
                left.append((copy, session.room.store.keys.of("visit"), allowed, set(session.acknowledged)))

        return keep

    disk = Disk(session.room.store, snapshot("before"), snapshot("after"))
    session.play()
    session.room.close()
    for copy, keys, allowed, acknowledged in left:
        check(copy, keys, allowed, acknowledged)
        shutil.rmtree(copy)
    return disk.count


def faults(tmp_path, kind, first, last):
    """Run one session whose writes fail from one on until another one, and check it at once, after a crash, and after the disk is back."""
    session = Session(tmp_path / "store")
    failed = []

    def fail(number):
        if first <= number <= last:
            failed.append(number)
            raise FAULTS[kind]()

    disk = Disk(session.room.store, fail)
    session.play()
    copy = tmp_path / "crashed"
    with contextlib.suppress(CoregulationError):
        session.room.flushed()
    shutil.copytree(tmp_path / "store", copy)
    unsaved = session.room.live.unsaved
    keys = session.room.store.keys.of("visit")
    assert check(copy, keys, session.allowed, session.acknowledged) or not unsaved, (
        "what is not saved is on the disk as such"
    )
    shutil.rmtree(copy)
    disk.before = lambda _: None
    for _ in range(2):
        session.tick()
    assert not session.room.live.unsaved, "once the disk takes writes everything is saved"
    session.room.flushed()
    shutil.copytree(tmp_path / "store", copy)
    check(copy, keys, session.allowed, session.acknowledged)
    shutil.rmtree(copy)
    session.room.close()
    return failed


def test_the_writes_of_a_session_are_those_that_are_tried(tmp_path):
    count = kills(tmp_path, {1, 2, 5, 9, 14, 20, 30})
    assert count >= WRITES


@pytest.mark.parametrize("number", [2, 7, 12, 19, 27])
@pytest.mark.parametrize("kind", list(FAULTS))
def test_one_write_fails(tmp_path, kind, number):
    assert faults(tmp_path, kind, number, number) == [number]


@pytest.mark.parametrize("first", [2, 6, 8, 16, 27])
def test_the_disk_fails_from_a_write_on_until_the_end(tmp_path, first):
    assert len(faults(tmp_path, "full", first, 10**9)) > 1


@pytest.mark.nightly
@pytest.mark.parametrize("kind", list(FAULTS))
def test_every_single_write_fails(tmp_path, kind):
    for number in range(1, WRITES + 6):
        faults(tmp_path / f"{kind}-{number}", kind, number, number)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", list(FAULTS))
def test_every_write_from_one_on_fails(tmp_path, kind):
    for number in range(1, WRITES + 6, 3):
        faults(tmp_path / f"{kind}-{number}", kind, number, 10**9)


@pytest.mark.nightly
def test_a_kill_before_and_after_every_write(tmp_path):
    assert kills(tmp_path, set(range(1, 10**4))) >= WRITES
