"""Heart rate from beats: the curve against scipy's, and what is never bridged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from coregulation.errors import UsageError
from coregulation.physiology import HeartRate, compute_heart_rate
from coregulation.signals import Beats, Unit
from coregulation.stage import Piece


@settings(max_examples=50, deadline=None)
@given(rr=st.lists(st.floats(0.3, 2.0), min_size=2, max_size=30), start=st.floats(-5, 5))
def test_one_chain_is_the_known_monotone_cubic(rr, start):
    times = start + np.concatenate([[0.0], np.cumsum(rr)])
    out = compute_heart_rate(Beats(times), 4.0)
    inside = out.times >= times[1]
    np.testing.assert_allclose(
        60 / out.values[inside], PchipInterpolator(times[1:], rr)(out.times[inside]) if len(rr) > 1 else rr, rtol=1e-9
    )
    assert np.isnan(out.values[~inside]).all()
    assert ((out.times >= times[0]) & (out.times <= times[-1])).all()
    assert out.unit is Unit.PER_MINUTE
    lowest, highest = 60 / np.max(rr), 60 / np.min(rr)
    assert ((out.values[inside] >= lowest * (1 - 1e-9)) & (out.values[inside] <= highest * (1 + 1e-9))).all()


def test_a_steady_heart_has_a_steady_rate():
    out = compute_heart_rate(Beats(np.arange(0, 60, 0.8)))
    assert out.start == 0.0
    np.testing.assert_allclose(out.values[2:], 75.0, rtol=1e-12)


def marked(artefacts: int) -> Beats:
    """A beat each 0.8 s, some of them in the middle marked as artefacts."""
    ok = np.ones(100, bool)
    ok[50 : 50 + artefacts] = False
    return Beats(np.arange(100) * 0.8, ok)


@pytest.mark.parametrize(("artefacts", "bridged"), [(1, True), (2, True), (3, False), (10, False)])
def test_artefacts_are_bridged_over_three_seconds_and_no_more(artefacts, bridged):
    # nothing is known from beat 49 to beat 50 + artefacts; the next value ends one beat later
    out = compute_heart_rate(marked(artefacts))
    inside = (out.times > 49 * 0.8) & (out.times < (51 + artefacts) * 0.8)
    assert np.isfinite(out.values[inside]).all() == bridged
    assert np.isfinite(out.values[~inside & (out.times >= 0.8)]).all()


def test_a_break_is_never_bridged():
    breaks = np.arange(100) == 0
    breaks[50] = True
    out = compute_heart_rate(Beats(np.arange(100) * 0.8, None, breaks))
    inside = (out.times > 49 * 0.8) & (out.times < 51 * 0.8)
    assert np.isnan(out.values[inside]).all()
    assert np.isfinite(out.values[~inside & (out.times >= 0.8)]).all()


@pytest.mark.parametrize("rr", [0.2, 2.6, 30.0])
def test_impossible_intervals_give_no_number(rr):
    out = compute_heart_rate(Beats(np.arange(100) * rr))
    assert not np.isfinite(out.values).any()


def test_a_silent_strap_is_told_as_missing_while_it_is_silent():
    stage = HeartRate()
    state, _ = stage.step(stage.start(), Piece(Beats(np.arange(20) * 0.8), 16.0))
    state, out = stage.step(state, Piece(Beats(np.empty(0)), 60.0))
    assert out.until == 60.0
    assert np.isnan(out.data.values[out.data.times > 19 * 0.8]).all()
    assert np.isfinite(out.data.values[out.data.times <= 19 * 0.8]).all()


def test_a_value_is_told_two_beats_later():
    stage = HeartRate()
    _, out = stage.step(stage.start(), Piece(Beats(np.arange(20) * 0.8), 15.3))
    assert out.until == 14.5  # the first grid point after the last beat but one, 14.4 s


def test_no_beats_no_grid():
    out = compute_heart_rate(Beats(np.empty(0)))
    assert len(out) == 0
    assert out.unit is Unit.PER_MINUTE
    assert len(compute_heart_rate(Beats(np.array([1.0])))) == 1


@pytest.mark.parametrize("settings", [{"rate": 0.0}, {"rate": np.nan}, {"max_gap": -1.0}])
def test_settings_must_make_sense(settings):
    with pytest.raises(UsageError, match="positive"):
        HeartRate(**settings)


def test_what_leaves_is_about_two_long_intervals_ago():
    assert HeartRate().delay == 5.0
