"""Clocks that jump are breaks in a recording, bounded in memory, and told."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from coregulation.live.room import wire
from coregulation.live.server.session_export import export_session
from coregulation.live.signals.heart_packets import ECG
from coregulation.live.signals.packets import (
    JUMP,
    LATEST,
    Packets,
    StreamFormat,
    finger_rows,
    frame_clock_jumps,
    frame_signals,
    wave_signals,
)
from tests.live.rooms import Played
from tests.live.sources.test_sources import pmd

SAMPLES = 65  # half a second


def frames(stamps, begin=100.0):
    body = b"".join(int(100 * (k % 30)).to_bytes(3, "little", signed=True) for k in range(SAMPLES))
    return [Packets([begin + 0.5 * k], [pmd(ECG, 0, body, at=stamp)], 0.001) for k, stamp in enumerate(stamps)]


@pytest.mark.parametrize("jump", [7 * 365 * 86400.0, -5 * 365 * 86400.0, 100 * 86400.0, 3600.0])
def test_a_strap_whose_clock_is_set_in_mid_session_gives_what_it_sent(jump):
    even = [1e9 + 0.5 * k for k in range(20)]
    packets = frames([*even[:10], *(one + jump for one in even[10:])])
    (ecg,) = frame_signals(StreamFormat(), packets).values()
    assert len(ecg) == pytest.approx(20 * SAMPLES, abs=3)
    assert ecg.window.end == pytest.approx(109.5, abs=0.1)
    assert frame_clock_jumps(packets) == 1


@pytest.mark.parametrize(("jump", "count"), [(JUMP - 1, 0), (JUMP + 1, 1)])
def test_a_clock_that_leaves_the_arrivals_by_more_than_the_bound_was_set(jump, count):
    even = [1e9 + 0.5 * k for k in range(8)]
    assert frame_clock_jumps(frames([*even[:4], *(one + jump for one in even[4:])])) == count


@pytest.mark.parametrize("at", [-1e7, 1e9, -61.0, LATEST + 1])
def test_what_cannot_lie_in_a_session_is_left_out(at):
    part = np.arange(4.0, dtype="<f4").tobytes()
    (signal,) = wave_signals(StreamFormat(4.0, "resp"), [Packets([at, 10.0], [part, part])]).values()
    assert (signal.start, len(signal)) == (10.0, 4)
    rows = struct.pack("<dfdf", at, 1.0, 10.0, 2.0)
    assert finger_rows(Packets([], [rows])).tolist() == [[10.0, 2.0]]


def test_a_jump_is_told_and_the_report_has_the_rest(tmp_path):
    room = Played(tmp_path)
    room.to_sensors()
    room.live.open_stream(wire.OpenStream("pmd-ada", "ada", "pmd"))
    from coregulation.live.signals.packets import to_body
    from coregulation.store import RawPiece

    stamps = [1e9 + 0.5 * k + (2e8 if k >= 20 else 0.0) for k in range(40)]
    for seq, packets in enumerate(frames(stamps, begin=1.0)):
        piece = RawPiece(room.live.streams["pmd-ada"].record.id, seq, to_body(packets))
        room.writer.keep(piece).result()
        room.live.compute("pmd-ada", seq, packets)
    session = export_session(room.store, "visit", room.live.room)
    assert [(one.reason.code, one.count) for one in session.remarks if "clock" in one.reason.code] == [
        ("recording.clock-set", 1)
    ]
    assert session.recordings[0].signals["ecg"].window.length < 25
    room.close()


def test_packets_dated_before_the_session_are_taken_to_be_now(tmp_path):
    room = Played(tmp_path)
    room.to_sensors()
    room.clock.t = 50.0
    room.live.set_clock("screen", wire.ClockIs(0.0, 0.01))
    timed = room.live._timed("screen", wire.Samples("s", 0, [-1e7], [b"\x10\x48"]))
    assert timed.at == [50.0]
    room.close()
