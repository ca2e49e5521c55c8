"""A heart from ECG or from a finger: the laws, known truth, lost frames, and one report for whichever stream counted."""

from __future__ import annotations

import itertools
import math
import struct

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from coregulation.io import open_session
from coregulation.live.room import wire
from coregulation.live.server.session_export import write_exported_session
from coregulation.live.signals.beat_streams import (
    SILENT,
    SWITCH_NOTE,
    SourceSwitch,
    clock_stream,
    merge_streams,
    should_switch,
    usual_switches,
)
from coregulation.live.signals.finger_beats import FingerBeats
from coregulation.live.signals.frame_beats import FrameBeats, Sent
from coregulation.live.signals.heart_packets import ECG, HeartPacket, encode_heart_packet, frame
from coregulation.live.signals.packets import Packets, ecg_frames, finger_rows, to_body
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import clean_beats
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.level_beats import level_beats
from coregulation.stage import Piece, run
from coregulation.store import RawPiece
from tests.bodies import ecg_of, ppg_of
from tests.laws.stages import check_bound, check_stage
from tests.live.rooms import Played

PER_FRAME = 73  # samples, as a strap sends them
SECONDS = 300.0


def truth(seconds=SECONDS, seed=1):
    """Beats of a heart that breathes."""
    rng = np.random.default_rng(seed)
    rr = 0.85 + 0.05 * np.sin(np.arange(2 * int(seconds)) * 1.1) + 0.01 * rng.standard_normal(2 * int(seconds))
    times = 1.0 + np.cumsum(rr)
    return times[times < seconds - 3]


def frames(beats, seconds=SECONDS, rate=130.0, seed=2, zero=5000.0):
    """(arrival, bytes) of a strap's ECG frames: its clock begins elsewhere, and its rate may not be the nominal one."""
    rng = np.random.default_rng(seed)
    ecg = ecg_of(beats, seconds, rate=rate).values
    microvolts = np.rint(1000 * ecg + 3 * rng.standard_normal(len(ecg))).astype(int)
    out = []
    for begin in range(0, len(ecg) - PER_FRAME, PER_FRAME):
        last = (begin + PER_FRAME - 1) / rate
        body = b"".join(int(v).to_bytes(3, "little", signed=True) for v in microvolts[begin : begin + PER_FRAME])
        out.append((last + 0.03 + rng.exponential(0.02), struct.pack("<BQB", ECG, int((zero + last) * 1e9), 0) + body))
    return out


def sent(packets):
    return [Sent(at, frame(data)) for at, data in packets]


def told(packets):
    return [beat for piece in run(FrameBeats(), [Piece(sent(packets), math.inf)]) for beat in piece.data]


def late(beats, found):
    """How much later than the nearest true beat each found one is, s."""
    times = np.array([beat.time for beat in found])
    return times - beats[np.abs(times[:, None] - beats).argmin(axis=1)]


@settings(max_examples=6, deadline=None)
@given(cuts=st.lists(st.integers(1, 60), max_size=8), lost=st.sets(st.integers(5, 60), max_size=6), back=st.booleans())
def test_frames_keep_the_laws(cuts, lost, back):
    packets = [one for number, one in enumerate(frames(truth(40), 40)) if number not in lost]
    if back:
        packets += [(at + 40, data) for at, data in frames(truth(20, 3), 20, zero=10.0)]
    edges = sorted({0, *cuts, len(packets)})
    parts = [Piece(sent(packets[a:b]), packets[b - 1][0]) for a, b in itertools.pairwise(edges) if a < b]
    check_stage(FrameBeats(), Piece(sent(packets), math.inf), parts)


def test_frames_need_no_more_memory_with_time():
    pieces = [Piece([one], one.at) for one in sent(frames(truth(240), 240))]
    check_bound(FrameBeats(), pieces[:160], pieces)


@pytest.mark.parametrize("rate", [129.5, 130.0, 130.4])
def test_beats_lie_where_they_were_whatever_the_straps_true_rate(rate):
    beats = truth()
    found = told(frames(beats, rate=rate))
    assert len(found) == pytest.approx(len(beats), abs=5)
    error = late(beats, found)[20:]
    assert error.std() < 0.004
    assert abs(error.mean()) < 0.05, "what is left is the way from the strap, which nothing here can see"
    assert found[0].breaks
    assert not any(beat.breaks for beat in found[1:])


def test_lost_frames_break_the_chain_and_move_nothing():
    beats = truth()
    packets = [one for number, one in enumerate(frames(beats)) if number not in (100, 101, 102, 300)]
    found = told(packets)
    breaks = [beat.time for beat in found[1:] if beat.breaks]
    assert 1 <= len(breaks) <= 4
    assert late(beats, found)[20:].std() < 0.004


def test_a_strap_whose_clock_went_back_begins_a_new_chain():
    first, again = truth(60), truth(60, 4)
    packets = frames(first, 60) + [(at + 90, data) for at, data in frames(again, 60, zero=0.0)]
    found = told(packets)
    after = [beat for beat in found if beat.time > 80]
    assert after[0].breaks
    assert sum(beat.breaks for beat in found) == 2
    assert np.abs(late(again + 90, after)).max() < 0.1


def test_a_frame_of_acceleration_or_noise_brings_no_beat():
    motion = struct.pack("<BQB", 2, 10**9, 1) + struct.pack("<3h", 1, 2, 3)
    assert ecg_frames(Packets([1.0, 2.0, 3.0], [motion, b"x", b""])) == []
    empty = struct.pack("<BQB", ECG, 10**9, 0)
    assert told([(1.0, empty)]) == []


# A finger --------------------------------------------------------------------------------------------------------------

RECORD = np.dtype([("at", "<f8"), ("value", "<f4")])


def readings(beats, seconds, seed=3):
    """A camera's uneven readings: less light where there is more blood."""
    rng = np.random.default_rng(seed)
    pulse = ppg_of(beats, seconds, rate=240.0)
    times = np.cumsum(np.full(int(29 * seconds), 1 / 29.3)) + 0.002 * rng.standard_normal(int(29 * seconds))
    return np.stack([times, 120 - np.interp(times, pulse.times, pulse.values)], axis=1)


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(1, 1100), max_size=8), gone=st.integers(0, 200), far=st.booleans())
def test_a_finger_keeps_the_laws(cuts, gone, far):
    rows = np.delete(readings(truth(40), 40), slice(400, 400 + gone), axis=0)
    rows[300, 0] = rows[200, 0]  # a clock that stepped back for a moment
    if far:
        rows[700:, 0] += 500
    edges = sorted({0, *(cut for cut in cuts if cut < len(rows)), len(rows)})
    parts = [Piece(rows[a:b], float(rows[b - 1, 0])) for a, b in itertools.pairwise(edges)]
    check_stage(FingerBeats(), Piece(rows, math.inf), parts)


def test_pulses_of_a_finger_lie_where_they_were():
    beats = truth(120)
    rows = readings(beats, 120)
    found = [beat for piece in run(FingerBeats(), [Piece(rows, math.inf)]) for beat in piece.data]
    assert len(found) == pytest.approx(len(beats), abs=4)
    assert late(beats, found)[5:].std() < 0.02
    records = np.zeros(len(rows), RECORD)
    records["at"], records["value"] = rows[:, 0] - 40, rows[:, 1]
    records["value"][3] = np.nan
    assert len(finger_rows(Packets([0.0], [records.tobytes() + b"odd"], 0.0, 40.0))) == len(rows) - 1


# Which counts ------------------------------------------------------------------------------------------------------------


def test_turns_cut_the_streams_and_no_interval_runs_over():
    one, other = ([Beat(float(t)) for t in times] for times in (range(10), (5.5, 6.5, 7.5, 8.5)))
    out = merge_streams({1: one, 2: other}, [SourceSwitch(1, None), SourceSwitch(2, 5.0), SourceSwitch(1, 7.5)])
    assert [beat.time for beat in out] == [0, 1, 2, 3, 4, 5, 5.5, 6.5, 7.5, 8, 9]
    assert [beat.time for beat in out if beat.breaks] == [0, 5.5, 8]
    assert merge_streams({1: one}, []) == ()
    assert usual_switches({1: "hr", 2: "pmd", 3: "finger"}, {1: one, 2: other, 3: []}) == (SourceSwitch(2, None),)
    assert usual_switches({}, {}) == ()


class Heard(Played):
    """A room in which ada's strap sends ECG as well as RR."""

    def stream(self, name, who, kind):
        self.live.open_stream(wire.OpenStream(name, who, kind, "Test strap"))
        self.seq[name] = 0

    def give(self, name, at, data, shift=0.0):
        self.clock.t = max(self.clock.t, at)
        packets = Packets([at], [data], 0.001, shift)
        self.writer.keep(RawPiece(self.live.streams[name].record.id, self.seq[name], to_body(packets)))
        self.live.compute(name, self.seq[name], packets)
        self.seq[name] += 1

    def tick(self, watch="screen"):
        super().tick(watch)


def rr_packets(beats, seconds):
    """What the same strap says of the same beats once a second."""
    for second in range(1, int(seconds)):
        inside = np.flatnonzero((beats > second - 1) & (beats <= second))
        ticks = tuple(round(1024 * (beats[k] - beats[k - 1])) for k in inside if k)
        yield second + 0.05, encode_heart_packet(HeartPacket(70, ticks, contact=True))


def both_ways(room, beats, without=()):
    """Play RR and ECG of one person side by side, the ECG missing in some spans."""
    lines = [(at, "hr-ada", data) for at, data in rr_packets(beats, SECONDS)]
    lines += [(at, "ecg-ada", data) for at, data in frames(beats) if not any(a < at < b for a, b in without)]
    ticked = 0.0
    for at, name, data in sorted(lines):
        room.give(name, at, data)
        if at > ticked:
            ticked = at + 0.5
            room.tick()


def same_in_the_report(room, folder, who="ada"):
    room.flushed()
    session = open_session(write_exported_session(room.store, "visit", room.live.room, folder))
    printed = compute_heart_rate(level_beats(clean_beats(session.of(who).beats)))
    live = room.live.engine.people[who].heart_rate.signal
    part = printed.within(live.window)
    assert len(live) == len(part)
    np.testing.assert_array_equal(np.isnan(live.values), np.isnan(part.values))
    np.testing.assert_allclose(live.values, part.values, rtol=1e-9, equal_nan=True)
    again = room.again().engine.people[who]
    np.testing.assert_array_equal(again.heart_rate.signal.values, live.values)
    assert again.turns == room.live.engine.people[who].turns
    return session, live


@pytest.fixture
def room(tmp_path):
    one = Heard(tmp_path / "store", minutes=10.0)
    one.to_sensors()
    yield one
    one.close()


def test_ecg_takes_over_from_rr_and_the_report_takes_the_same_turn(room, tmp_path):
    beats = truth()
    room.stream("hr-ada", "ada", "hr")
    room.stream("ecg-ada", "ada", "pmd")
    both_ways(room, beats)
    turns = room.live.engine.people["ada"].turns
    assert [turn.stream for turn in turns] in ([1, 2], [2])
    session, live = same_in_the_report(room, tmp_path / "session")
    assert any(remark.code == "beats.found-in-ecg" for remark in session.remarks)
    assert np.isfinite(live.values).mean() > 0.95
    shown = [
        (s.at, s.heart_rate)
        for state in room.states
        for who, s in state.people.items()
        if who == "ada" and s.heart_rate
    ]
    assert len(set(shown)) > 100
    for at, value in shown:
        assert value == live.values[round((at - live.start) * live.rate)]
    error = late(beats, [Beat(t) for t in session.of("ada").beats.times])
    assert error[60:].std() < 0.004, "RR alone gives 16 ms and more"


def test_rr_stands_in_while_there_is_no_ecg(room, tmp_path):
    room.stream("hr-ada", "ada", "hr")
    room.stream("ecg-ada", "ada", "pmd")
    both_ways(room, truth(), without=((100.0, 160.0), (250.0, 400.0)))
    turns = room.live.engine.people["ada"].turns
    assert [turn.stream for turn in turns[-4:]] == [2, 1, 2, 1]
    _, live = same_in_the_report(room, tmp_path / "session")
    assert np.isfinite(live.values).mean() > 0.85
    assert len(room.store.notes("visit", SWITCH_NOTE)) == len(turns)


def test_a_finger_before_a_strap_is_a_pulse_and_then_a_heart(room, tmp_path):
    beats = truth()
    room.stream("cam", "ada", "finger")
    room.stream("hr-ada", "ada", "hr")
    rows = readings(beats, 90)
    for part in np.array_split(rows, 90):
        records = np.zeros(len(part), RECORD)
        records["at"], records["value"] = part.T
        room.give("cam", float(part[-1, 0]), records.tobytes())
        room.tick()
    assert room.live.engine.card("ada", room.clock.t).signal == "clean"
    for at, data in rr_packets(beats, SECONDS):
        if at > 90:
            room.give("hr-ada", at, data)
    session, _ = same_in_the_report(room, tmp_path / "session")
    assert [turn.stream for turn in room.live.engine.people["ada"].turns] == [1, 2]
    assert any(remark.code == "beats.found-in-ppg" for remark in session.remarks)


def test_what_an_older_stream_sends_again_after_a_reload_is_on_screen_and_in_report_alike(room, tmp_path):
    packets = list(rr_packets(truth(), SECONDS))
    room.stream("old", "ada", "hr")
    for at, data in packets[:100]:
        room.give("old", at, data)
    room.clock.t = 112.0
    room.stream("new", "ada", "hr")
    for at, data in packets[115:120]:
        room.give("new", at, data)
    for at, data in packets[100:104]:  # what the page had not sent before it was loaded again
        room.give("old", at, data)
    for at, data in packets[120:]:
        room.give("new", at, data)
    for at, data in packets[104:108]:  # too late: another stream counts by now; it is kept
        room.give("old", at, data)
    session, _ = same_in_the_report(room, tmp_path / "session")
    beats = session.of("ada").beats
    assert beats.times[(beats.times > 100.5) & (beats.times < 103)].size, "what came in time is not lost"
    kept = {stream.name: room.store.last_seq(stream.id) for stream in room.store.streams("visit")}
    assert kept["old"] == 107


def test_when_one_is_erased_the_others_turns_stay(room, tmp_path):
    room.stream("hr-ada", "ada", "hr")
    room.stream("ecg-ada", "ada", "pmd")
    both_ways(room, truth())
    room.flushed()
    left = [note for note in room.store.notes("visit", SWITCH_NOTE) if note.person != "ben"]
    room.store.erase("visit", "ben", left)
    assert room.store.notes("visit", SWITCH_NOTE)[0].person == "ada"


def test_a_stream_tells_what_waits():
    one = clock_stream("hr")
    assert one.beats(Packets([1.0], [encode_heart_packet(HeartPacket(60, (1024,)))])) == ()
    assert len(one.rest()) == 2


@pytest.mark.parametrize(
    ("late", "kind", "stream", "switches"),
    [
        (0.0, "hr", 2, True),  # of two like sensors the newer stream counts
        (0.0, "hr", 0, False),
        (SILENT, "finger", 2, False),  # a lesser sensor counts only once the better one has been silent for longer
        (SILENT + 0.001, "finger", 2, True),
        (0.0, "pmd", 0, True),  # a better sensor counts at once
    ],
)
def test_which_of_two_streams_counts(late, kind, stream, switches):
    assert should_switch(stream, kind, 100.0 + late, 1, "hr", 100.0) is switches
