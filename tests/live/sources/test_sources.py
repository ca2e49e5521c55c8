"""Straps' bytes, the simulated pair, straps at this computer's radio, LSL."""

from __future__ import annotations

import asyncio
import itertools
import struct
import sys

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from coregulation.errors import ProtocolError, UsageError
from coregulation.live.signals.heart_packets import (
    ECG,
    MOTION,
    START_ECG,
    START_MOTION,
    HeartPacket,
    encode_heart_packet,
    frame,
    heart_packet,
)
from coregulation.live.signals.packets import (
    Packets,
    StreamFormat,
    finger_signals,
    frame_signals,
    from_body,
    read_heart_packets,
    to_body,
    wave_signals,
)
from coregulation.live.sources import agent, lsl
from coregulation.live.sources.simulated import SimulatedPair

PACKETS = st.builds(
    HeartPacket,
    st.integers(0, 65535),
    st.lists(st.integers(0, 65535), max_size=9).map(tuple),
    st.none() | st.booleans(),
    st.none() | st.integers(0, 65535),
)


@given(PACKETS)
def test_a_packet_survives_its_bytes(packet):
    assert heart_packet(encode_heart_packet(packet)) == packet


@given(st.binary(max_size=30))
def test_any_bytes_are_a_packet_or_a_typed_refusal(data):
    try:
        heart_packet(data)
    except ProtocolError:
        return


def test_the_layout_of_a_heart_packet():
    told = heart_packet(bytes([0b11111, 0x48, 0x00, 0x10, 0x00, 0x00, 0x04, 0x40, 0x03, 0x07]))
    assert (told.rate, told.contact, told.energy, told.ticks, told.odd) == (72, True, 16, (1024, 832), True)
    assert told.rr == (1.0, 832 / 1024)
    assert heart_packet(bytes([0b00100, 60])).contact is False
    assert heart_packet(bytes([0b00010, 60])).contact is None, "contact means something only where it can be told"
    assert heart_packet(bytes([0b11100000, 60])).ticks == (), "reserved bits are passed over"


def pmd(kind, shape, body, at=1.5):
    return struct.pack("<BQB", kind, int(at * 1e9), shape) + body


def test_the_layout_of_polar_frames():
    ecg = frame(pmd(ECG, 0, (-5).to_bytes(3, "little", signed=True) + (70000).to_bytes(3, "little")))
    assert (ecg.at, ecg.values[:, 0].tolist()) == (1.5, [-5.0, 70000.0])
    motion = frame(pmd(MOTION, 1, struct.pack("<6h", 1, -2, 3, 1000, -1000, 0)))
    assert motion.values.tolist() == [[1, -2, 3], [1000, -1000, 0]]
    deltas = frame(pmd(MOTION, 0x81, struct.pack("<3h", 10, 20, 30) + bytes([4, 1, 0x1F, 0x02])))
    assert deltas.values.tolist() == [[10, 20, 30], [9, 21, 32]]
    assert len(START_ECG) == 10
    assert START_MOTION[:2] == bytes([2, 2])


@given(st.binary(max_size=60))
def test_any_bytes_are_a_frame_or_a_typed_refusal(data):
    try:
        frame(data)
    except ProtocolError:
        return


def test_malformed_packets_are_counted_and_bring_nothing():
    good = encode_heart_packet(HeartPacket(60, (1024, 0), contact=True))
    off = encode_heart_packet(HeartPacket(60, (1024,), contact=False))
    read = read_heart_packets(Packets([1.0, 2.0, 3.0], [good, b"\x01", off]))
    assert [one.rr for one in read.arrived] == [(1.0,), ()]
    assert read.unreadable == 1


def test_packets_survive_the_store():
    packets = Packets([1.0, 2.5], [b"a", b""], 0.01, -3.0)
    assert from_body(to_body(packets)) == packets


def test_a_wave_is_laid_on_its_grid_and_a_hole_is_missing():
    part = struct.pack("<4f", 1, 2, 3, 4)
    (signal,) = wave_signals(StreamFormat(4.0, "resp"), [Packets([10.0, 11.02, 14.0], [part, part, part])]).values()
    assert (signal.start, signal.rate, len(signal)) == (10.0, 4.0, 20)
    assert np.isnan(signal.values[8:16]).all()
    assert np.isfinite(signal.values[[0, 7, 16, 19]]).all()


def test_frames_of_ecg_are_placed_by_the_straps_own_stamps():
    body = b"".join(int(v).to_bytes(3, "little", signed=True) for v in range(65))
    packets = [
        Packets([100.0 + k * 0.5 + late], [pmd(ECG, 0, body, at=5.0 + k * 0.5)])
        for k, late in enumerate([0.03, 0.4, 0.03, 0.03])
    ]
    signal = frame_signals(StreamFormat(), packets)["ecg"]
    assert len(signal) == 4 * 65
    assert np.isfinite(signal.values).all()
    assert signal.values[:3].tolist() == [0.0, 0.001, 0.002]
    lost = frame_signals(StreamFormat(), [packets[0], Packets([103.03], [pmd(ECG, 0, body, at=8.0)])])["ecg"]
    assert np.isnan(lost.values).sum() == pytest.approx(2.5 * 130, abs=2)


def test_a_camera_is_laid_on_a_grid_by_its_own_times():
    times = np.arange(0, 3, 1 / 29.0)
    times = times[(times < 1.0) | (times > 1.6)]
    records = np.array(list(zip(times, np.sin(times), strict=True)), np.dtype([("at", "<f8"), ("value", "<f4")]))
    (signal,) = finger_signals(StreamFormat(), [Packets([3.0], [records.tobytes()], 0.0, 100.0)]).values()
    assert signal.start == pytest.approx(100.0)
    assert np.isnan(signal.within(type(signal.window)(101.1, 101.5)).values).all()
    assert np.isfinite(signal.within(type(signal.window)(100.1, 100.9)).values).all()


def test_a_simulated_pair_sends_what_straps_send():
    seconds = list(itertools.islice(SimulatedPair(2, seed=4).packets(50.0, lambda t: t > 80), 120))
    for person in range(2):
        read = [heart_packet(one[person].data) for one in seconds]
        total = sum(rr for packet in read for rr in packet.rr)
        assert total == pytest.approx(120, abs=2)
        assert all(packet.contact for packet in read)
        assert 50 < np.mean([packet.rate for packet in read]) < 90
    again = list(itertools.islice(SimulatedPair(2, seed=4).packets(50.0, lambda t: t > 80), 120))
    assert again == seconds


class FakeStrap:
    """A strap that drops its link now and then."""

    name = "Fake"

    def __init__(self, links):
        self.links = links

    async def listen(self, heard):
        for data in self.links.pop(0) if self.links else []:
            heard(data)
            await asyncio.sleep(0)


def test_a_strap_that_went_is_connected_again(monkeypatch):
    monkeypatch.setattr(agent, "AGAIN", (0.001,))
    got = []

    async def collect():
        strap = FakeStrap([[b"1", b"2"], [], [b"3"]])
        stream = agent.notifications(strap, lambda: False)
        got.extend([await anext(stream) for _ in range(3)])
        await stream.aclose()

    asyncio.run(collect())
    assert got == [b"1", b"2", b"3"]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "other"])
def test_no_bluetooth_says_what_to_do(platform):
    assert "Bluetooth" in agent.no_bluetooth(platform)


def test_missing_extras_say_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "bleak", None)
    monkeypatch.setitem(sys.modules, "pylsl", None)
    with pytest.raises(UsageError, match=r"coregulation\[ble\]"):
        agent.BleakRadio()
    with pytest.raises(UsageError, match=r"coregulation\[lsl\]"):
        lsl.import_pylsl()


class FakeInfo:
    def __init__(self, unit):
        self.unit = unit

    def name(self):
        return "lab"

    def desc(self):
        return self

    def child(self, _):
        return self

    def child_value(self, _):
        return self.unit


def test_an_lsl_stream_must_say_its_unit():
    assert lsl.unit_of(FakeInfo("ms")) == 1e-3
    with pytest.raises(UsageError, match="ms or s"):
        lsl.unit_of(FakeInfo(""))


def test_lsl_intervals_come_as_a_straps_packets():
    class Inlet:
        def __init__(self):
            self.samples = [[850.0], None, [9000.0], [800.0]]

        def info(self, _):
            return FakeInfo("ms")

        def pull_sample(self, _):
            return (self.samples.pop(0), 0.0)

    inlet = Inlet()

    async def collect():
        return [heart_packet(data).ticks[0] async for data in lsl.intervals(inlet, lambda: not inlet.samples)]

    assert asyncio.run(collect()) == [870, 819]
