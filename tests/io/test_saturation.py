import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.io.saturation import saturated_samples

BREATH = 500 + 40 * np.sin(np.arange(500) / 9)


def test_every_sample_at_full_scale_is_clipped():
    values = BREATH.copy()
    values[[10, 40, 41]] = 1023
    assert np.flatnonzero(saturated_samples(values)).tolist() == [10, 40, 41]


def test_both_rails_at_once():
    values = BREATH.copy()
    values[10:14], values[50:54] = 1023, 0
    assert np.flatnonzero(saturated_samples(values)).tolist() == [*range(10, 14), *range(50, 54)]


@pytest.mark.parametrize("rail", [-3000.0, 0.0, 2000.0])
def test_a_run_at_an_isolated_extreme_is_stuck(rail):
    values = BREATH.copy()
    values[100:103] = rail
    assert np.flatnonzero(saturated_samples(values)).tolist() == [100, 101, 102]


def test_two_samples_at_an_odd_extreme_are_kept():
    values = BREATH.copy()
    values[100:102] = 2000.0
    assert not saturated_samples(values).any()


def test_a_plateau_next_to_other_values_is_kept():
    assert not saturated_samples(np.clip(BREATH, 470, 530)).any()


def test_a_square_wave_and_a_flat_line_are_kept():
    assert not saturated_samples(np.tile([0.0, 0, 0, 1, 1, 1], 20)).any()
    assert not saturated_samples(np.full(50, 1023.0)).any()
    assert not saturated_samples(np.full(50, np.nan)).any()


@given(st.lists(st.floats(-50, 50), min_size=5, max_size=60), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_the_stuck_rule_does_not_depend_on_zero_and_gain(values, offset, gain):
    values = np.round(np.array(values), 3)
    moved = values * 4.0 + 512.5
    assert (saturated_samples(values) == saturated_samples(moved)).all()
