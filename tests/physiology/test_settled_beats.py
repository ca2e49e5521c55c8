"""Beats of which nothing new will be learned: the same in a stream as over a file, and no later than they must be."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.physiology.beats import beat_stream
from coregulation.physiology.cleaned_beats import clean_beats
from coregulation.physiology.heart_rate import HeartRate, compute_heart_rate
from coregulation.physiology.judged_beats import Artefact, JudgedBeat
from coregulation.physiology.level_beats import level_beats
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.physiology.settled_beats import BeatSettling, count_settled
from coregulation.signals import Beats
from coregulation.stage import Piece, joined, run
from tests.laws.stages import check_bound, check_stage
from tests.physiology.rr_draws import draw_heart, random_heart


def damaged(seed: int) -> Beats:
    """Return a heart with faults of every kind: a pattern, or beats lost and put in anywhere, doubted ones and breaks."""
    rng = np.random.default_rng(seed)
    times = draw_heart(seed, "pattern").damaged
    if seed % 2:
        times = times[rng.random(len(times)) > rng.choice([0.02, 0.1, 0.3])]
        times = np.unique(np.concatenate([times, rng.uniform(times[0], times[-1], rng.integers(0, 20))]))
    return Beats(times, rng.random(len(times)) > 0.01, rng.random(len(times)) < 0.01)


def judged(beats: Beats) -> tuple[JudgedBeat, ...]:
    return tuple(beat for piece in run(RrCleaning(), [Piece(beat_stream(beats), np.inf)]) for beat in piece.data)


def together(parts: list[Beats]) -> np.ndarray:
    rows = [np.stack([part.times, part.ok, part.breaks], axis=1) for part in parts]
    return np.concatenate(rows).astype(float)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31), at=st.lists(st.integers(0, 150), max_size=12))
def test_laws(seed, at):
    beats = judged(damaged(seed))[:150]
    edges = [0, *sorted(set(at) & set(range(len(beats)))), len(beats)]
    parts = [Piece(beats[a:b], 0.0) for a, b in itertools.pairwise(edges)]
    check_stage(BeatSettling(), Piece(beats, 0.0), parts, _columns)


def _columns(pieces):
    """Return what a stream said of both kinds of beats, each in a row of its own, so that the cut of the pieces does not matter."""
    trusted, level = (together([getattr(piece.data, name) for piece in pieces]) for name in ("trusted", "level"))
    return np.concatenate([trusted.ravel(), level.ravel()])


def test_state_does_not_grow():
    beats = judged(Beats(random_heart(np.random.default_rng(1), 1200.0)[0]))
    pieces = [Piece((beat,), beat.time) for beat in beats]
    check_bound(BeatSettling(), pieces[:200], pieces)


@pytest.mark.parametrize("seed", range(20))
def test_beat_by_beat_is_what_a_file_gives(seed):
    beats = damaged(seed)
    found = clean_beats(beats)
    out = [piece.data for piece in run(BeatSettling(), [Piece((beat,), beat.time) for beat in judged(beats)])]
    np.testing.assert_array_equal(together([part.trusted for part in out]), together([found.beats]))
    np.testing.assert_allclose(together([part.level for part in out]), together([level_beats(found)]))


@pytest.mark.parametrize("seed", range(6))
def test_a_live_heart_rate_is_that_of_the_file(seed):
    beats = damaged(seed)
    settled = run(BeatSettling(), [Piece((beat,), beat.time) for beat in judged(beats)])
    live = joined(p.data for p in run(HeartRate(), [Piece(part.data.level, part.until) for part in settled]))
    file = compute_heart_rate(level_beats(clean_beats(beats)))
    part = file.within(live.window)
    np.testing.assert_allclose(live.values, part.values, equal_nan=True)
    assert np.isnan(file.values[len(part) :]).all()


def series(count: int, *faults: int) -> list[JudgedBeat]:
    return [JudgedBeat(0.8 * k, artefact=Artefact.MISSED if k in faults else None, median=0.8) for k in range(count)]


@pytest.mark.parametrize(("known", "settled"), [(22, 19), (23, 20), (24, 21)])
def test_without_a_fault_three_beats_after_it_settle_a_beat(known, settled):
    assert count_settled(series(known), 0) == settled


@pytest.mark.parametrize(("fault", "settled"), [(22, 19), (23, 20), (24, 21)])
def test_a_beat_waits_from_three_beats_before_a_fault(fault, settled):
    assert count_settled(series(30, fault), 0) == settled


@pytest.mark.parametrize(("known", "settled"), [(34, 17), (35, 32), (36, 33)])
def test_a_lone_fault_is_over_after_fourteen_beats(known, settled):
    assert count_settled(series(known, 20), 0) == settled


@pytest.mark.parametrize(("second", "settled"), [(33, 17), (34, 31), (35, 32)])
def test_a_second_fault_within_fourteen_beats_keeps_the_first_open(second, settled):
    assert count_settled(series(second + 4, 20, second), 0) == settled


@pytest.mark.parametrize(("known", "settled"), [(46, 20), (47, 21), (48, 22)])
def test_faults_without_end_settle_a_beat_after_twenty_six(known, settled):
    assert count_settled(series(known, *range(20, 100, 3)), 20) == settled


def test_a_sudden_interval_waits_until_it_is_known_whether_the_heart_has_changed():
    beats = [replace(beat, time=beat.time - (0.4 if k >= 20 else 0.0)) for k, beat in enumerate(series(34))]
    assert count_settled(beats, 0) == 17
    beats = [replace(beat, time=beat.time - (0.4 if k >= 20 else 0.0)) for k, beat in enumerate(series(35))]
    assert count_settled(beats, 0) == 32


def test_two_beats_lost_next_but_one_show_no_slow_heart():
    times = 0.8 * np.arange(1, 200)
    beats = Beats(np.delete(times, [100, 102]))
    settled = run(BeatSettling(), [Piece((beat,), beat.time) for beat in judged(beats)])
    rate = joined(p.data for p in run(HeartRate(), [Piece(part.data.level, part.until) for part in settled]))
    assert np.nanmin(rate.values) > 74.0
    assert np.nanmax(rate.values) < 76.0


def test_nothing_is_put_in_before_the_last_beat_that_left():
    stage, beats = BeatSettling(), series(10)
    state, early = stage.step(stage.start(), Piece(tuple(beats[:3]), 1.6))
    _, later = stage.step(state, Piece(tuple(beats[3:]), 7.2))
    assert early.until == -np.inf
    assert later.until == later.data.level.times[-1] == beats[6].time
