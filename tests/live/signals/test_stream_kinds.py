"""A kind of stream is one descriptor: the room, the engine and the export know it as soon as it is registered."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from coregulation.live.room import wire
from coregulation.live.room.reasons import RoomError
from coregulation.live.server.session_export import export_session
from coregulation.live.signals import stream_kinds
from coregulation.live.signals.beat_clock import ArrivedIntervals, BeatClock
from coregulation.live.signals.packets import Packets, to_body
from coregulation.live.signals.stream_kinds import BeatReading, StreamKind, register
from coregulation.signals import Beats
from coregulation.store import RawPiece
from tests.live.rooms import PAIR, Played
from tests.physiology.rr_draws import bins_of, draw_heart, four_seconds


@pytest.fixture
def ring(monkeypatch):
    """A ring that sends each interval as two bytes of milliseconds; it ranks above a strap."""
    monkeypatch.setattr(stream_kinds, "_kinds", kinds := dict(stream_kinds.STREAM_KINDS))
    for module in ("signals.stream_kinds", "signals.engine", "server.room_session", "server.session_export"):
        monkeypatch.setattr(f"coregulation.live.{module}.STREAM_KINDS", kinds)

    def intervals(packets: Packets) -> tuple[ArrivedIntervals, ...]:
        read = [tuple(ms / 1000 for (ms,) in struct.iter_unpack("<H", data)) for data in packets.data]
        return tuple(ArrivedIntervals(at, rr) for at, rr in zip(packets.at, read, strict=True))

    return register(StreamKind("ring", "arrival", BeatReading(9, BeatClock(), intervals)))


def test_a_new_kind_is_one_descriptor(tmp_path, ring):
    room = Played(tmp_path)
    room.to_sensors()
    for who in PAIR:
        room.live.open_stream(wire.OpenStream(f"ring-{who}", who, "ring"))
    for k in range(60):
        for who in PAIR:
            stream = room.live.streams[f"ring-{who}"]
            packets = Packets([1.0 + 0.8 * k], [struct.pack("<H", 800)], 0.001)
            room.writer.keep(RawPiece(stream.record.id, k, to_body(packets))).result()
            room.live.compute(f"ring-{who}", k, packets)
    assert room.live.engine.now(48.0)["ada"].heart_rate == pytest.approx(75.0)
    session = export_session(room.store, "visit", room.live.room)
    assert {recording.person.id: len(recording.beats) for recording in session.recordings} == dict.fromkeys(
        PAIR, 61
    )  # the first interval has two ends
    room.close()


@pytest.mark.parametrize("seed", [1031, 1040, 1096, 1173, 1199])
def test_lost_and_extra_beats_show_no_wrong_heart_rate(tmp_path, ring, seed):
    room = Played(tmp_path)
    room.to_sensors()
    room.live.open_stream(wire.OpenStream("ring-ada", "ada", "ring"))
    drawn = draw_heart(seed, "pattern")
    ticks = np.rint(1000 * drawn.damaged).astype(int)
    for k, at in enumerate(ticks[1:]):
        packets = Packets([at / 1000], [struct.pack("<H", at - ticks[k])], 0.001)
        room.live.compute("ring-ada", k, packets)
    told, true = bins_of(room.live.engine.people["ada"].heart_rate.signal), four_seconds(Beats(drawn.truth))
    room.close()
    assert len(told) > 40
    assert max(abs(told[k] - true[k]) for k in told if k in true) < 2.0


def test_a_kind_has_one_name(ring):
    with pytest.raises(ValueError, match="registered already"):
        register(ring)


@pytest.mark.parametrize("opening", [{"kind": "ring"}, {"kind": "wave", "unit": "=1+1"}])
def test_a_kind_or_a_unit_that_is_not_known_is_refused_when_the_stream_is_opened(tmp_path, opening):
    room = Played(tmp_path)
    room.to_sensors()
    with pytest.raises(RoomError):
        room.live.open_stream(wire.OpenStream("s", "ada", **opening))
    assert not room.store.streams("visit")
    room.close()
