"""Each number that a live signal hangs on: just below it, at it, and just above."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from coregulation.live.signals import engine, finger_beats, frame_beats, packets, sensor_status
from coregulation.live.signals.clock_sync import STEP, ClockSample, ClockSync
from coregulation.live.signals.growing_signal import GrowingSignal
from coregulation.live.signals.heart_packets import ECG, Frame
from coregulation.live.signals.sensor_status import SensorStatus, looks_synthetic
from coregulation.physiology.arousal import Baseline, RestLevel
from coregulation.physiology.body import GRID
from coregulation.signals import Signal, Unit, Window


class TestClockSync:
    @pytest.mark.parametrize(("moved", "kept"), [(0.59, 2), (0.6, 2), (0.61, 1)])
    def test_a_clock_was_set_beyond_half_a_second_and_the_round_trip(self, moved, kept):
        clock = ClockSync((ClockSample(0.0, 0.1),)).after(ClockSample(moved, 0.1))
        assert STEP == 0.5
        assert len(clock.bursts) == kept


class TestFrames:
    """At 130 Hz, 65 samples per frame."""

    @staticmethod
    def _taken(hole: float):
        out: list = []
        state = frame_beats._Chain()
        for at in (0.5, 1.0 + hole):
            sent = frame_beats.Sent(at, Frame(ECG, at, np.zeros((65, 1))))
            state = frame_beats._taken(state, sent, out)
        return state

    @pytest.mark.parametrize(("hole", "missing"), [(0.0192, 0), (0.0199, 0), (0.0201, 3), (0.0231, 3)])
    def test_samples_are_missing_from_a_fiftieth_of_a_second(self, hole, missing):
        assert self._taken(hole).count == 130 + missing

    @pytest.mark.parametrize(
        ("hole", "goes_on"), [(9.99, True), (10.01, False), (-0.519, True), (-0.5199, True), (-0.5201, False)]
    )
    def test_a_chain_ends_after_ten_seconds_or_where_the_clock_goes_back(self, hole, goes_on):
        assert (self._taken(hole).count > 65) is goes_on

    @pytest.mark.parametrize(("frames", "known"), [(11, False), (12, True), (13, True)])
    def test_twelve_frames_tell_how_far_the_clocks_are_apart(self, frames, known):
        assert (frame_beats._apart(None, [1.0] * frames, 0.5) is not None) is known


class TestFinger:
    @pytest.mark.parametrize(("gap", "runs"), [(2.99, 1), (3.0, 1), (3.01, 2)])
    def test_a_chain_of_readings_ends_after_three_seconds(self, gap, runs):
        rows = np.array([[0.5, 1.0], [1.0, 1.0], [1.0 + gap, 1.0]])
        assert len(finger_beats._runs(0.0, rows)) == runs
        state = finger_beats._taken(finger_beats._Read(None, 1.0, 1.0), rows[2:], [])
        assert (state.detector is not None and state.time == 1.0 + gap) is (runs == 1)

    @pytest.mark.parametrize(("gap", "bridged"), [(0.19, True), (0.2, True), (0.21, False)])
    def test_a_fifth_of_a_second_is_bridged(self, monkeypatch, gap, bridged):
        laid = []

        def step(state, piece):
            laid.append(piece.data.values)
            return state, SimpleNamespace(data=())

        monkeypatch.setattr(finger_beats, "_PULSES", SimpleNamespace(step=step))
        finger_beats._taken(finger_beats._Read(None, 0.0, 1.0), np.array([[gap, 1.0]]), [])
        assert np.isfinite(laid[0]).all() == bridged


class TestPackets:
    @pytest.mark.parametrize(
        ("at", "kept"), [(-60.01, False), (-60.0, True), (-59.9, True), (86399.9, True), (86400.0, True), (86400.1, False)]
    )  # fmt: skip
    def test_samples_lie_from_a_minute_before_to_a_day_after_the_beginning(self, at, kept):
        assert (packets._placed([(at, np.ones(4))], 4.0, Unit.ARBITRARY) is not None) is kept
        row = np.array([(at, 1.0)], [("at", "<f8"), ("value", "<f4")]).tobytes()
        assert len(packets.finger_rows(packets.Packets([], [row]))) == kept

    @pytest.mark.parametrize(("jump", "epochs"), [(29.9, 1), (30.0, 1), (30.1, 2)])
    def test_a_clock_was_set_beyond_half_a_minute(self, jump, epochs):
        frames = [(at, Frame(ECG, at + apart, np.zeros((1, 1)))) for at, apart in ((0.0, 0.0), (1.0, jump))]
        assert len(packets._epochs(frames)) == epochs

    @pytest.mark.parametrize(("late", "missing"), [(0.49, 0), (0.5, 0), (0.51, 2)])
    def test_half_a_second_off_its_count_is_a_gap(self, late, missing):
        placed = packets._placed([(0.0, np.ones(4)), (1.0 + late, np.ones(4))], 4.0, Unit.ARBITRARY)
        assert len(placed) == 8 + missing


class TestSensorStatus:
    @pytest.mark.parametrize(("silence", "condition"), [(4.9, "clean"), (5.0, "clean"), (5.1, "lost")])
    def test_a_signal_is_lost_after_five_silent_seconds(self, silence, condition):
        status = SensorStatus(opened=True, last_packet=100.0, clean_since=0.0)
        assert status.condition(100.0 + silence) == condition
        status.comes(100.0 + silence)
        assert (status.clean_since == 0.0) is (condition == "clean")

    @pytest.mark.parametrize(("seconds", "condition"), [(9.9, "worn"), (10.0, "clean"), (10.1, "clean")])
    def test_ten_seconds_without_a_break_are_clean(self, seconds, condition):
        assert SensorStatus(opened=True, last_packet=seconds, clean_since=0.0).condition(seconds) == condition

    @pytest.mark.parametrize(("off", "synthetic"), [(0.0014, True), (0.0016, False)])
    def test_intervals_within_a_millisecond_and_a_half_of_the_rate_are_made_from_it(self, off, synthetic):
        assert sensor_status.SYNTHETIC == 0.0015
        assert looks_synthetic([(float(k), 60 / 70 + off, 70) for k in range(20)]) is synthetic


class TestEngine:
    @staticmethod
    def _person(rate: float, draws: int = 0) -> SimpleNamespace:
        level = RestLevel(60.0, 5.0, np.ones((draws, 2)))
        trace = GrowingSignal(Unit.PER_MINUTE)
        trace.add(Signal(np.full(round(20 * GRID), rate), GRID, 0.0, Unit.PER_MINUTE))
        return SimpleNamespace(rest=Baseline({"heart_rate": level}, Window(0.0, 180.0)), heart_rate=trace)

    @pytest.mark.parametrize(("rate", "stirred"), [(69.9, False), (70.0, False), (70.1, True)])
    def test_a_heart_over_two_spreads_above_its_rest_is_stirred(self, rate, stirred):
        assert engine._stirred(self._person(rate)) is stirred

    @pytest.mark.parametrize(("silence", "judged"), [(4.9, False), (5.0, False), (5.1, True)])
    def test_beats_that_wait_are_judged_when_their_stream_has_been_silent(self, monkeypatch, silence, judged):
        called = []
        room = engine.Engine(["ada", "ben"])
        who = room.people["ada"]
        who.turns.append(engine.SourceSwitch(1, -math.inf))
        who.streams[1] = SimpleNamespace(kind="hr", rest=lambda: ())
        who.until = 100.0
        monkeypatch.setattr(room, "_judge", lambda *args: called.append(args))
        monkeypatch.setattr(engine, "should_switch", lambda *args: True)
        room._counts(who, 2, "pmd", 100.0 + silence)
        assert bool(called) is judged

    @pytest.mark.parametrize(("age", "known"), [(19.9, True), (20.0, True), (20.1, False)])
    def test_a_heart_rate_stands_for_now_for_twenty_seconds(self, age, known):
        room = engine.Engine(["ada"])
        room.people["ada"] = self._person(70.0, 200)
        newest = 20.0 - 1 / GRID
        assert room.level_now("ada", newest + age) == (
            pytest.approx(2.0) if known else pytest.approx(math.nan, nan_ok=True)
        )
