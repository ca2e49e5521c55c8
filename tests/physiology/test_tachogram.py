"""RR on a grid: the laws, and the smooth curve against the spline of a whole recording."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from coregulation.physiology import HeartRate, SplineSlopes, Tachogram
from coregulation.signals import Beats
from coregulation.stage import Piece, joined, run
from tests.laws.beats import cut_beats, some_beats
from tests.laws.stages import check_bound, check_stage
from tests.physiology.made import modulated_beats

STAGES = [HeartRate(), HeartRate(4.0, 1.5), Tachogram(1.0), Tachogram(4.0, slopes=SplineSlopes())]


def tachogram(beats: Beats, **settings) -> tuple:
    out = joined(piece.data for piece in run(Tachogram(**settings), [Piece(beats, beats.window.end)]))
    return out.times, out.values


@pytest.mark.parametrize("stage", STAGES, ids=repr)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.floats(-10, 300), max_size=30))
def test_laws(stage, seed, at):
    beats = some_beats(seed)
    check_stage(stage, Piece(beats, float(beats.times[-1])), cut_beats(beats, at))


@pytest.mark.parametrize("stage", STAGES, ids=repr)
def test_laws_beat_by_beat_and_the_state_does_not_grow(stage):
    beats = some_beats(3, 2000)
    pieces = cut_beats(beats, beats.times + 0.01)
    check_stage(stage, Piece(beats, float(beats.times[-1])), pieces)
    check_bound(stage, pieces[:150], pieces)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 60))
def test_the_smooth_curve_is_the_spline_of_the_whole_chain(seed, n):
    rr = 0.9 + 0.05 * np.random.default_rng(seed).standard_normal(n)
    beats = Beats(np.concatenate([[0.0], np.cumsum(rr)]))
    times, values = tachogram(beats, rate=8.0, slopes=SplineSlopes())
    known = times >= beats.times[1]
    middle = known & (times > beats.times[min(8, n)]) & (times < beats.times[max(0, n - 8)])
    if n > 3:
        spline = CubicSpline(beats.times[1:], rr)(times)
        np.testing.assert_allclose(values[middle], spline[middle], atol=2e-4)
    assert np.isfinite(values[known]).all()
    assert np.abs(values[known] - 0.9).max() < 0.5


def test_two_intervals_are_joined_by_a_straight_line():
    times, values = tachogram(Beats(np.array([0.0, 1.0, 2.2])), rate=10.0, slopes=SplineSlopes())
    inside = times >= 1.0
    np.testing.assert_allclose(values[inside], 1.0 + 0.2 * (times[inside] - 1.0) / 1.2)


@pytest.mark.parametrize(("frequency", "kept"), [(0.1, 0.999), (0.25, 0.98)])
def test_what_the_smooth_curve_keeps_of_a_rhythm(frequency, kept):
    times, values = tachogram(modulated_beats({frequency: 40.0}, seconds=600), rate=4.0, slopes=SplineSlopes())
    middle = (times > 20) & (times < 580)
    assert np.var(values[middle]) * 1e6 == pytest.approx(800.0 * kept, rel=0.005)


def test_it_waits_for_the_beats_its_slopes_need():
    assert Tachogram().delay == 5.0
    assert Tachogram(slopes=SplineSlopes()).delay == 17.5
