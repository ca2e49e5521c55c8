"""Each number that a decision of the beat detector hangs on: just below it, at it, and just above.

Each test asks the one function that decides, with what is known of beats made by hand, so that a change beside it moves nothing here.
The compiled functions run as the Python that they are written in.
"""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.filters import gridded
from coregulation.physiology import beat_decision, beat_evidence, beat_levels, beat_shapes
from coregulation.physiology.beat_class import classify_beat
from coregulation.physiology.beat_memory import CANDIDATE, MEMORY
from coregulation.physiology.beats import Beat
from coregulation.physiology.ecg import EcgBeats
from coregulation.physiology.fault_clusters import clustered_faults, doubtful_intervals
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.signals import Unit
from tests.interpreted import interpret

_, _, RULE = EcgBeats().settings(250.0)
SOME_SHAPE = np.sin(np.arange(25.0))


@pytest.fixture
def memory(monkeypatch):
    """What a detector remembers that has met nothing yet, and its functions as Python."""
    interpret(monkeypatch)
    row = np.zeros(1, MEMORY)[0]
    row["last"] = row["emitted"] = row["confirmed"] = row["lost_to"] = -np.inf
    row["lost_from"] = np.inf
    return row


def candidate(**facts):
    row = np.zeros(1, CANDIDATE)[0]
    row["height"], row["crest"], row["shape"] = 1.0, 1.0, SOME_SHAPE
    for name, value in facts.items():
        row[name] = value
    return row


def likenesses(monkeypatch, correlation, concordance):
    """Let two shapes be alike by so much, without and with their size."""
    monkeypatch.setattr(
        beat_shapes, "correlation", lambda known, shape, size_too: concordance if size_too else correlation
    )


class TestClass:
    @pytest.mark.parametrize(("here", "is_early"), [(0.84, True), (0.85, False), (0.86, False)])
    def test_a_beat_is_premature_before_85_hundredths_of_the_usual_interval(self, here, is_early):
        (kind, _) = classify_beat(Beat(1.0, likeness=0.1), None, here, here, 1.0, 0.98)
        assert kind is (BeatClass.VENTRICULAR if is_early else BeatClass.UNKNOWN)

    @pytest.mark.parametrize(("here", "is_early"), [(0.79, True), (0.8, False), (0.81, False)])
    def test_a_beat_is_premature_before_four_fifths_of_the_interval_after_it(self, here, is_early):
        (kind, _) = classify_beat(Beat(1.0, likeness=0.1), None, here, 1.0, 0.5, 0.98)
        assert kind is (BeatClass.VENTRICULAR if is_early else BeatClass.UNKNOWN)


class TestFaults:
    @pytest.mark.parametrize(("apart", "clustered"), [(9, True), (10, False), (11, False)])
    def test_two_faults_within_ten_beats_are_a_cluster(self, apart, clustered):
        artefacts = [Artefact.MISSED if i in (5, 5 + apart) else None for i in range(30)]
        assert clustered_faults(artefacts, np.arange(30.0), np.ones(30)).any() == clustered

    @pytest.mark.parametrize(("gap", "late"), [(1.24, False), (1.25, False), (1.26, True)])
    def test_a_displaced_beat_is_late_beyond_five_quarters_of_the_usual_interval(self, gap, late):
        times = np.arange(30.0)
        times[10:] += gap - 1.0
        artefacts = [Artefact.ECTOPIC if i == 10 else None for i in range(30)]
        assert clustered_faults(artefacts, times, np.ones(30)).any() == late

    @pytest.mark.parametrize(("rr", "doubtful"), [(1.19, False), (1.2, False), (1.21, True)])
    def test_an_interval_near_a_fault_is_doubtful_beyond_a_fifth(self, rr, doubtful):
        artefacts = [None, Artefact.MISSED, None]
        assert doubtful_intervals(np.array([1.0, 1.0, rr]), artefacts, np.ones(3))[2] == doubtful


class TestEvidence:
    @pytest.mark.parametrize(("intervals", "known"), [(2, False), (3, True), (4, True)])
    def test_the_usual_interval_is_known_after_three(self, memory, intervals, known):
        memory["intervals"], memory["interval_count"] = 0.8, intervals
        even, uneven = (beat_evidence._evidence(memory, candidate(), gap) for gap in (0.8, 2.4))
        assert (uneven < even) == known

    @pytest.mark.parametrize(("before", "given_up"), [(2, False), (3, True), (4, True)])
    def test_beats_are_given_up_at_the_fourth_without_evidence(self, memory, before, given_up):
        memory["barren"] = before
        assert beat_evidence.emit_beat(memory, candidate(at=5.0, up=5.0, down=5.0), None, RULE) == 0
        assert (memory["pending"] == 0) == given_up

    @pytest.mark.parametrize(("spread", "uneven"), [(0.0, -0.25), (0.1, -0.15), (0.24, -0.01), (0.25, 0.0), (0.5, 0.0)])
    def test_an_even_interval_counts_for_a_heart_where_those_before_keep_within_a_quarter(self, memory, spread, uneven):
        memory["interval_count"] = 8
        memory["intervals"] = 0.8 * np.exp(spread * np.array([0, 0, 0, 0, 0, 1, 1, 1]))
        assert beat_evidence._unevenness(memory, 0.8) == pytest.approx(uneven)

    @pytest.mark.parametrize(
        ("off", "uneven"), [(0.24, -0.01), (0.25, 0.0), (0.26, 0.01), (1.5, 1.25), (1.6, 1.25), (-0.26, 0.01)]
    )
    def test_an_uneven_interval_counts_against_a_heart_beyond_a_quarter(self, memory, off, uneven):
        memory["interval_count"], memory["intervals"] = 8, 0.8
        assert beat_evidence._unevenness(memory, 0.8 * np.exp(off)) == pytest.approx(uneven)

    def test_after_a_gap_an_interval_says_nothing(self, memory):
        memory["interval_count"], memory["intervals"], memory["gap"] = 8, 0.8, True
        assert beat_evidence._unevenness(memory, 0.8) == 0.0

    @pytest.mark.parametrize(("since", "is_lost"), [(2.9, False), (3.0, False), (3.1, True)])
    def test_over_three_seconds_without_a_beat_are_lost(self, memory, since, is_lost):
        memory["emitted"] = 10.0
        beat_evidence._wait(memory, 10.0 + since, True)
        assert memory["rows"][0]["breaks"] == is_lost

    @pytest.mark.parametrize(("since", "waiting"), [(29.0, 2), (30.0, 2), (31.0, 1)])
    def test_a_beat_waits_for_thirty_seconds(self, memory, since, waiting):
        memory["pending"], memory["emitted"], memory["confirmed"] = 1, 10.0, 5.0
        memory["rows"]["time"][0] = 10.0
        beat_evidence._wait(memory, 10.0 + since, False)
        assert memory["pending"] == waiting

    @pytest.mark.parametrize(("known", "varied"), [(3, False), (4, True), (5, True)])
    @pytest.mark.parametrize("counter", ["beats", "interval_count"])
    def test_variety_is_known_after_four_beats_and_intervals(self, memory, counter, known, varied):
        memory["beats"] = memory["interval_count"] = 8
        memory["heights"] = memory["intervals"] = np.geomspace(0.5, 2.0, 8)
        memory[counter] = known
        assert (beat_evidence._variety(memory) > 0) == varied

    @pytest.mark.parametrize("kept", ["heights", "intervals"])
    def test_nothing_varies_where_sizes_or_intervals_keep(self, memory, kept):
        memory["beats"] = memory["interval_count"] = 8
        memory["heights"] = memory["intervals"] = np.geomspace(0.5, 2.0, 8)
        memory[kept] = 0.8
        assert beat_evidence._variety(memory) == 0.0

    @pytest.mark.parametrize(("share", "counted"), [(0.9, 0.9), (1.0, 1.0), (1.1, 1.0)])
    @pytest.mark.parametrize(("which", "most"), [("heights", 2.0), ("intervals", 1.5)])
    def test_variety_counts_up_to_a_limit(self, memory, which, most, share, counted):
        memory["beats"] = memory["interval_count"] = 8
        memory["heights"] = memory["intervals"] = np.exp([0, 0, 0, 0, 0.5, 1, 1, 1])
        memory[which] = np.exp(share * most * np.array([0, 0, 0, 0, 0.5, 1, 1, 1]))
        assert beat_evidence._variety(memory) == pytest.approx(counted * most)

    def test_variety_counts_against_a_heart_only_while_none_is_known(self, memory):
        memory["beats"] = memory["interval_count"] = 8
        memory["heights"], memory["intervals"] = np.geomspace(0.5, 2.0, 8), np.geomspace(0.4, 1.6, 8)
        memory["uses"][0], memory["shapes"][0] = 1.0, SOME_SHAPE
        before = beat_evidence._evidence(memory, candidate(), 0.8)
        memory["confirmed"] = 5.0
        known = beat_evidence._evidence(memory, candidate(), 0.8)
        assert before < known - 1.0


class TestLevels:
    @pytest.mark.parametrize(("silence", "faded"), [(3.9, False), (4.0, False), (4.1, True)])
    def test_the_height_of_beats_fades_after_four_seconds(self, memory, silence, faded):
        memory["usual"], memory["beats"], memory["last"] = 2.0, 20, 0.0
        assert (beat_levels.levels_at(memory, silence)[0] < 2.0) == faded

    @pytest.mark.parametrize(("beats", "known"), [(4, False), (5, True), (6, True)])
    def test_what_beats_look_like_is_known_after_five(self, memory, beats, known):
        memory["usual"], memory["beats"], memory["last"] = 2.0, beats, 0.0
        assert (beat_levels.levels_at(memory, 3.0)[0] == 2.0) == known  # else it fades after two and a half seconds


class TestShapes:
    @pytest.mark.parametrize(("alike", "number"), [(0.79, 1), (0.8, 0), (0.81, 0)])
    def test_two_beats_have_one_shape_from_a_correlation_of_eight_tenths(self, memory, monkeypatch, alike, number):
        likenesses(monkeypatch, alike, 1.0)
        memory["uses"][0] = 5.0
        assert beat_shapes.remember_shape(memory, SOME_SHAPE) == number

    @pytest.mark.parametrize(("alike", "number"), [(0.49, 1), (0.5, 0), (0.51, 0)])
    def test_a_beat_of_another_size_is_a_shape_of_its_own_below_a_concordance_of_a_half(
        self, memory, monkeypatch, alike, number
    ):
        likenesses(monkeypatch, 1.0, alike)
        memory["uses"][0] = 5.0
        assert beat_shapes.remember_shape(memory, SOME_SHAPE) == number

    @pytest.mark.parametrize(("spike", "paced"), [(0.24, 0.0), (0.25, 0.0), (0.26, 1.0)])
    def test_an_impulse_over_a_quarter_of_the_deflection_is_a_spike(self, memory, spike, paced):
        memory["uses"][0] = 1.0
        beat_shapes.remember_timing(memory, 0, np.nan, spike)
        assert memory["spikes"][0] == paced

    @pytest.mark.parametrize(("gain", "side"), [(1.49, -1), (1.5, 1), (1.51, 1)])
    def test_the_larger_extremum_is_the_apex_from_half_as_much_again(self, memory, gain, side):
        memory["uses"][0], memory["up_gain"], memory["down_gain"] = 1.0, 1.0, 2.0  # beats usually point down
        beat_shapes.apex_time(memory, candidate(up_gain=gain, down_gain=1.0), 0)
        assert memory["sides"][0] == side

    @pytest.mark.parametrize(("before", "sign"), [(1, 1), (-1, -1)])
    @pytest.mark.parametrize(("other", "turned"), [(1.24, False), (1.25, False), (1.26, True)])
    def test_a_shape_turns_over_where_the_other_extremum_is_larger_by_over_a_quarter(
        self, memory, before, sign, other, turned
    ):
        memory["uses"][0], memory["sides"][0] = 1.0, before
        gains = {"up_gain": 1.0, "down_gain": other} if before > 0 else {"up_gain": other, "down_gain": 1.0}
        beat_shapes.apex_time(memory, candidate(**gains), 0)
        assert memory["sides"][0] == (-sign if turned else sign)

    @pytest.mark.parametrize(("votes", "usual"), [(2.9, 0), (3.0, 1), (3.1, 1)])
    def test_a_later_shape_is_the_usual_one_from_three_tenths_of_the_votes(self, memory, votes, usual):
        memory["beats"], memory["votes"][:2], memory["gaps"][:2] = 20, (10.0, votes), (1.0, 2.0)
        assert beat_shapes.usual_shape(memory) == usual

    @pytest.mark.parametrize(("gap", "usual"), [(1.24, 0), (1.25, 0), (1.26, 1)])
    def test_a_shape_comes_later_beyond_five_quarters_of_the_interval(self, memory, gap, usual):
        memory["beats"], memory["votes"][:2], memory["gaps"][:2] = 20, (10.0, 5.0), (1.0, gap)
        assert beat_shapes.usual_shape(memory) == usual

    @pytest.mark.parametrize(("beats", "usual"), [(7, -1), (8, 0), (9, 0)])
    def test_the_usual_shape_is_known_after_eight_beats(self, memory, beats, usual):
        memory["beats"], memory["votes"][0] = beats, 3.0
        assert beat_shapes.usual_shape(memory) == usual


UNLIKE = np.cos(np.arange(25.0) / 3)


class TestBetween:
    """A candidate unlike the usual beat, half an interval after one of those, and before the next."""

    @staticmethod
    def moves_none(memory, gap=0.5, due=1.0, **facts):
        memory["beats"], memory["last"], memory["interval"], memory["alike"] = 20, 10.0, 1.0, 1.0
        memory["votes"][0], memory["shapes"][0] = 10.0, SOME_SHAPE
        queue = np.zeros(64, CANDIDATE)
        queue[0] = candidate(at=10.0 + gap, **({"shape": UNLIKE} | facts))
        queue[1] = candidate(at=10.0 + due)
        memory["waiting"] = 2
        return bool(beat_decision._moves_none(memory, queue, 0, RULE))

    @pytest.mark.parametrize(("gap", "refused"), [(0.74, True), (0.75, False), (0.76, False)])
    def test_before_three_quarters_of_the_interval_no_beat_is_due(self, memory, gap, refused):
        assert self.moves_none(memory, gap=gap) == refused

    @pytest.mark.parametrize(
        ("due", "refused"), [(0.84, False), (0.86, True), (1.0, True), (1.14, True), (1.16, False), (1.6, False)]
    )
    def test_the_next_beat_is_on_time_within_15_hundredths(self, memory, due, refused):
        assert self.moves_none(memory, due=due) == refused

    @pytest.mark.parametrize(("crest", "refused"), [(4.9, True), (5.0, False), (5.1, False)])
    def test_what_could_not_be_clearer_is_a_beat(self, memory, crest, refused):
        assert self.moves_none(memory, crest=crest) == refused

    def test_what_looks_like_the_usual_beat_is_one(self, memory):
        assert not self.moves_none(memory, shape=SOME_SHAPE)

    @pytest.mark.parametrize(("alike", "refused"), [(np.nan, False), (0.79, False), (0.8, True), (0.81, True)])
    def test_the_beat_before_must_be_a_usual_one(self, memory, monkeypatch, alike, refused):
        self.moves_none(memory)
        memory["alike"] = alike
        monkeypatch.setattr(beat_decision, "correlation", lambda known, shape, size_too: float((known == shape).all()))
        queue = np.zeros(64, CANDIDATE)
        queue[0], queue[1] = candidate(at=10.5, shape=UNLIKE), candidate(at=11.0)
        assert bool(beat_decision._moves_none(memory, queue, 0, RULE)) == refused

    def test_while_no_shape_is_usual_nothing_is_refused(self, memory):
        self.moves_none(memory)
        memory["beats"] = 7
        queue = np.zeros(64, CANDIDATE)
        queue[0], queue[1] = candidate(at=10.5, shape=UNLIKE), candidate(at=11.0)
        assert not beat_decision._moves_none(memory, queue, 0, RULE)


@pytest.mark.parametrize(("gap", "bridged"), [(2.9, True), (3.0, True), (3.1, False)])
def test_rows_up_to_three_seconds_apart_are_interpolated_between(gap, bridged):
    values = gridded(np.array([0.0, 1.0, 1.0 + gap, 6.0]), np.ones(4), 2.0, Unit.ARBITRARY).values
    assert np.isfinite(values[4]) == bridged
