import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.saturation import only_rails, saturated_samples
from tests.io.write import rows, wave

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


@pytest.mark.parametrize(
    ("numbers", "rails"),
    [
        ([1023.0] * 5, (1023.0,)),
        ([1022.0] * 5, ()),
        ([0.0, 1023.0, 0.0], (0.0, 1023.0)),
        ([0.0, 1023.0], ()),
        ([0.0, 1023.0, 0.0, 500.0], ()),
        ([0.0, np.nan, 5.0, 5.0], (0.0, 5.0)),
        ([np.nan] * 5, ()),
    ],
)
def test_a_record_that_is_only_at_its_rails(numbers, rails):
    assert only_rails(np.array(numbers)) == rails


@pytest.mark.parametrize("values", [[1023.0] * 60, [0.0, 1023.0] * 30])
def test_a_signal_at_its_rails_all_the_time_is_named_so(tmp_path, values):
    path = rows(tmp_path / "a.csv", "a,b", values, wave(60))
    with pytest.raises(DataError, match="eda of a is at the rails of its converter all the time"):
        open_session(path, people=("a", "b"), signal="eda", unit="µS", rate=4)


def test_skin_in_arbitrary_units_is_no_conductance_and_the_advice_leads_on(tmp_path):
    path = rows(tmp_path / "a.csv", "a,b", wave(60, level=500), wave(60, level=400, phase=1))
    with pytest.raises(UsageError, match="arbitrary units are no conductance") as error:
        open_session(path, people=("a", "b"), signal="eda", unit="a.u.", rate=4)
    assert "--signal eda_raw --unit a.u." in str(error.value)
    session = open_session(path, people=("a", "b"), signal="eda_raw", unit="a.u.", rate=4)
    assert session.recordings[0].signals["eda_raw"].unit.symbol == "a.u."
    scaled = open_session(path, people=("a", "b"), signal="eda", unit="µS", scale=0.01, rate=4)
    assert scaled.recordings[0].signals["eda"].unit.symbol == "µS"
