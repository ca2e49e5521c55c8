"""Sources in place of a page, from a stand-in of their radio or a real LSL stream to the engine and the store."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import types

import pytest

from coregulation.errors import UsageError
from coregulation.live.room import wire
from coregulation.live.room.state import Gone
from coregulation.live.server import source_feeds
from coregulation.live.server.room_task import RoomTask
from coregulation.live.signals.heart_packets import HEART_RATE_MEASUREMENT, HeartPacket, encode_heart_packet
from coregulation.live.signals.packets import from_body, read_heart_packets
from coregulation.live.sources import agent, lsl
from coregulation.store import DiskFullError
from tests.live.rooms import Played

RR = encode_heart_packet(HeartPacket(60, (1024,), contact=True))


class Screen:
    """A connection that remembers what it was told."""

    def __init__(self):
        self.told = []

    def send(self, message):
        self.told.append(message)

    def end(self, _):
        """Nothing hangs on it."""


class Fed:
    """A room to feed into."""

    def __init__(self, folder):
        self.played = Played(folder, minutes=10.0)
        self.room = RoomTask(self.played.live, lambda *_: None)
        self.screen = self.room.connections["screen"] = Screen()
        self.full = 0

    async def keep(self, piece):
        if self.full:
            self.full -= 1
            raise DiskFullError("The disk is full.")
        await asyncio.wrap_future(self.played.writer.keep(piece))

    @property
    def line(self):
        return source_feeds.FeedTarget(self.room, self.keep, speed=1000.0)

    @property
    def troubles(self):
        return [f"{one.reason} {one.facts}" for one in self.screen.told if isinstance(one, wire.Refused)]

    def kept(self):
        """Return person, and how many packets of theirs are kept."""
        store = self.played.store
        return {
            one.person: sum(len(from_body(p.body).at) for p in store.pieces(one.id)) for one in store.streams("visit")
        }

    def stop(self):
        self.played.say(wire.Stop())


@pytest.fixture
def fed(tmp_path):
    one = Fed(tmp_path / "store")
    one.played.join()
    yield one
    one.played.close()


def to_sensors(fed):
    fed.played.take(Gone("screen"))
    fed.played.to_sensors()


async def until(holds, seconds=20.0):
    deadline = asyncio.get_running_loop().time() + seconds
    while not holds():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)


class FakeStrap:
    def __init__(self, name):
        self.name = name

    async def listen(self, heard):
        while True:
            heard(RR)
            await asyncio.sleep(0.005)


class FakeRadio:
    def __init__(self, *names):
        self.names = names

    async def find(self, count, seconds):
        assert (count, seconds) == (2, agent.SCAN)
        return [FakeStrap(name) for name in self.names]


def run(fed, work, enough):
    """Let a source feed until there is enough; then stop the session, and it ends by itself."""

    async def whole():
        task = asyncio.create_task(work)
        to_sensors(fed)
        await until(enough)
        fed.stop()
        await asyncio.wait_for(task, 20)

    asyncio.run(whole())


def test_straps_of_this_computers_radio_feed_each_one_person(fed):
    run(
        fed,
        source_feeds.feed_from_radio(fed.line, FakeRadio("Polar H10 ää", "§§")),
        lambda: min(fed.kept().values(), default=0) > 3,
    )
    assert set(fed.kept()) == {"ada", "ben"}
    assert [one.about["device"] for one in fed.played.store.streams("visit")] == ["Polar H10", "Strap"]
    assert any(isinstance(one, wire.Pulse) for one in fed.screen.told)
    assert not fed.troubles


def test_one_strap_too_few_is_said_and_the_other_one_goes_on(fed):
    run(fed, source_feeds.feed_from_radio(fed.line, FakeRadio("Strap 1")), lambda: fed.kept().get("ada", 0) > 3)
    assert "stream.few-straps {'found': 1, 'wanted': 2}" in fed.troubles[0]


def test_no_bluetooth_is_said_in_the_room(fed, monkeypatch):
    class Off:
        async def find(self, *_):
            raise UsageError(agent.no_bluetooth("linux"))

    run(fed, source_feeds.feed_from_radio(fed.line, Off()), lambda: fed.troubles)
    assert "bluetoothctl" in fed.troubles[0]


@pytest.mark.parametrize("source", ["feed_from_simulation", "feed_from_radio", "feed_from_lsl"])
def test_a_session_that_ends_before_anybody_agreed_is_fed_nothing(fed, source):
    async def whole():
        task = asyncio.create_task(getattr(source_feeds, source)(fed.line))
        await asyncio.sleep(0.1)
        fed.stop()
        await asyncio.wait_for(task, 5)

    asyncio.run(whole())
    assert fed.kept() == {}


def test_a_simulated_pair_feeds_until_the_end(fed):
    async def turning():
        while True:
            fed.played.clock.t += 0.5
            await asyncio.sleep(0.005)

    async def whole():
        task, clock = asyncio.create_task(source_feeds.feed_from_simulation(fed.line)), asyncio.create_task(turning())
        to_sensors(fed)
        await until(lambda: min(fed.kept().values(), default=0) > 20)
        fed.stop()
        await asyncio.wait_for(task, 10)
        clock.cancel()

    asyncio.run(whole())
    assert set(fed.kept()) == {"ada", "ben"}


def test_a_full_disk_is_said_and_the_packet_is_kept_later(fed, monkeypatch):
    monkeypatch.setattr(source_feeds, "AGAIN", 0.01)
    fed.full = 3
    run(
        fed,
        source_feeds.feed_from_radio(fed.line, FakeRadio("a", "b")),
        lambda: min(fed.kept().values(), default=0) > 3,
    )
    assert fed.troubles == ["request.disk-full {}"] * 3
    for stream in fed.played.store.streams("visit"):
        assert [piece.seq for piece in fed.played.store.pieces(stream.id)][:4] == [0, 1, 2, 3]


def test_a_kept_session_is_played_again(fed, tmp_path):
    before = Played(tmp_path / "before", minutes=10.0)
    before.to_sensors()
    before.open_straps()
    before.go(30)
    before.flushed()

    async def whole():
        task = asyncio.create_task(source_feeds.feed_from_store(fed.line, before.store, "visit"))
        to_sensors(fed)
        while not task.done():
            fed.played.clock.t += 0.5
            await asyncio.sleep(0.002)

    asyncio.run(whole())
    for old, new in zip(before.store.streams("visit"), fed.played.store.streams("visit"), strict=True):
        sent, again = (
            [data for p in store.pieces(stream.id) for data in from_body(p.body).data]
            for store, stream in ((before.store, old), (fed.played.store, new))
        )
        assert again == sent
    before.close()


def test_a_session_of_which_nothing_is_kept_cannot_be_played_again(fed):
    run(fed, source_feeds.feed_from_store(fed.line, fed.played.store, "visit"), lambda: fed.troubles)
    assert "nothing-to-replay" in fed.troubles[0]


# bleak, by a stand-in ---------------------------------------------------------------------------------------------------


class BleakError(Exception):
    """Whatever goes wrong with a radio."""


class Scanner:
    """Finds each device twice, as radios do."""

    devices: tuple[str, ...] = ()
    broken = False
    log: list[object]

    def __init__(self, seen, service_uuids):
        self.seen = seen
        self.log.append(service_uuids)

    async def __aenter__(self):
        if self.broken:
            raise BleakError("no adapter")
        for name in (*self.devices, *self.devices):
            self.seen(types.SimpleNamespace(name=name, address=f"{name}-1"), None)

    async def __aexit__(self, *_):
        self.log.append("scan over")


class Client:
    """A link to a device, which may be away or drop."""

    log: list[object]

    def __init__(self, device, disconnected_callback):
        self.device, self.gone, self.is_connected = device, disconnected_callback, True

    async def __aenter__(self):
        if self.device.name == "away":
            raise BleakError("out of reach")
        return self

    async def __aexit__(self, *_):
        self.log.append("closed")

    async def start_notify(self, which, heard):
        assert which == HEART_RATE_MEASUREMENT
        heard(None, bytearray(RR))
        if self.device.name == "drops":
            self.is_connected = False
            self.gone(self)

    async def stop_notify(self, _):
        self.log.append("stopped")


def radio(monkeypatch, devices=(), broken=False):
    log = []
    stood = types.ModuleType("bleak")
    stood.exc = types.SimpleNamespace(BleakError=BleakError)
    stood.BleakScanner = type("BleakScanner", (Scanner,), {"devices": devices, "broken": broken, "log": log})
    stood.BleakClient = type("BleakClient", (Client,), {"log": log})
    monkeypatch.setitem(sys.modules, "bleak", stood)
    return agent.BleakRadio(), log


def test_one_scan_finds_as_many_straps_as_are_wanted(monkeypatch):
    one, log = radio(monkeypatch, devices=("a", "b", "c"))
    found = asyncio.run(one.find(2, 5.0))
    assert [strap.name for strap in found] == ["a", "b"]
    assert log[-1] == "scan over"
    few, _ = radio(monkeypatch, devices=("a",))
    assert len(asyncio.run(few.find(2, 0.05))) == 1


def test_an_adapter_that_is_off_says_what_to_do(monkeypatch):
    one, _ = radio(monkeypatch, broken=True)
    with pytest.raises(UsageError, match="Bluetooth"):
        asyncio.run(one.find(2, 1.0))


def listened(monkeypatch, name, seconds=0.1):
    one, log = radio(monkeypatch, devices=(name,))
    heard = []

    async def whole():
        (strap,) = await one.find(1, 1.0)
        with pytest.raises(asyncio.TimeoutError) if name == "stays" else contextlib.nullcontext():
            await asyncio.wait_for(strap.listen(heard.append), seconds)

    asyncio.run(whole())
    return heard, log


def test_a_strap_is_let_go_of_whatever_happens(monkeypatch):
    heard, log = listened(monkeypatch, "stays")
    assert heard == [RR]
    assert log[-2:] == ["stopped", "closed"]


@pytest.mark.parametrize(("name", "count"), [("drops", 1), ("away", 0)])
def test_a_strap_that_goes_or_is_away_is_not_waited_for(monkeypatch, name, count):
    heard, log = listened(monkeypatch, name, 5.0)
    assert len(heard) == count
    assert "stopped" not in log


# LSL, the real library on this machine ----------------------------------------------------------------------------------


def outlet(pylsl, name, unit="ms"):
    info = pylsl.StreamInfo(name, "RR", 1, pylsl.IRREGULAR_RATE, "float32", f"test-{name}")
    info.desc().append_child("channels").append_child("channel").append_child_value("unit", unit)
    return pylsl.StreamOutlet(info)


@pytest.fixture
def pylsl():
    try:
        return lsl.import_pylsl()
    except UsageError as error:
        pytest.skip(str(error))


def test_rr_by_lsl_comes_in_and_markers_go_out(fed, pylsl):
    outlets = [outlet(pylsl, name) for name in ("a", "b")]
    heard = []

    async def lab():
        while True:
            for one in outlets:
                one.push_sample([1000.0])
            await asyncio.sleep(0.02)

    async def whole():
        task, sending = asyncio.create_task(source_feeds.feed_from_lsl(fed.line)), asyncio.create_task(lab())
        to_sensors(fed)
        await until(lambda: fed.troubles or min(fed.kept().values(), default=0) > 3)
        (found,) = await asyncio.to_thread(pylsl.resolve_byprop, "source_id", "visit", 1, 5.0)
        inlet = pylsl.StreamInlet(found)
        await asyncio.to_thread(inlet.open_stream, 5.0)
        fed.room.markers("practice")
        heard.append(await asyncio.to_thread(inlet.pull_sample, 5.0))
        fed.stop()
        await asyncio.wait_for(task, 10)
        sending.cancel()

    asyncio.run(whole())
    assert not fed.troubles
    assert set(fed.kept()) == {"ada", "ben"}
    assert heard[0][0] == ["practice"]
    stream = fed.played.store.streams("visit")[0]
    read = read_heart_packets(from_body(next(iter(fed.played.store.pieces(stream.id))).body))
    assert read.packets[0].rr == (1.0,)


def test_no_lsl_stream_and_one_without_a_unit_are_said(fed, pylsl, monkeypatch):
    monkeypatch.setattr(lsl, "FIND", 0.2)
    with pytest.raises(UsageError, match="start it first"):
        lsl.inlets(1)
    mute = outlet(pylsl, "mute", unit="")
    monkeypatch.setattr(lsl, "FIND", 5.0)
    run(fed, source_feeds.feed_from_lsl(fed.line), lambda: fed.troubles)
    assert "ms or s" in fed.troubles[0]
    del mute
