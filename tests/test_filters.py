"""Filters and resampling: the laws, and what a filter does to a known sine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.filters import BandPass, Difference, LowPass, Resample, gridded
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece, chain, whole, windowed
from tests.laws.stages import check_bound, check_stage, cut

STAGES = [
    LowPass(1.0, 0.5),
    BandPass(0.2, 1.0, 0.15),
    Difference(),
    Resample(4.0),
    Resample(10.0),
    Resample(40.0),
    chain(Resample(4.0), BandPass(0.2, 0.6, 0.15), Difference()),
    windowed(lambda s: float(np.nansum(s.values)), 10.0, 1.0),
]


def noise(seed: int, n: int = 1500, start: float = -15.013) -> Signal:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(n)
    at = int(rng.integers(0, n - 100))
    values[at : at + int(rng.integers(1, 100))] = np.nan
    return Signal(values, 25.0, start, Unit.ARBITRARY)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 1499), max_size=12))
def test_laws(stage, seed, at):
    signal = noise(seed)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, at))


def test_a_grid_half_way_between_samples_is_cut_like_any_other():
    signal = Signal(np.random.default_rng(0).standard_normal(6000), 50.0, -3.37, Unit.ARBITRARY)
    check_stage(Resample(10.0), Piece(signal, signal.window.end), cut(signal, [120]))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_a_stream_may_begin_with_nothing(stage):
    signal = noise(2)
    nothing = Piece(Signal(np.empty(0), 25.0, 0.0, Unit.ARBITRARY), -100.0)
    check_stage(stage, Piece(signal, signal.window.end), [nothing, *cut(signal, [400, 401])])


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_state_does_not_grow(stage):
    pieces = cut(noise(1, 30000), range(0, 30000, 50))
    check_bound(stage, pieces[:100], pieces)


def sine(frequency: float, rate: float, seconds: float, start: float = 0.0) -> Signal:
    times = start + np.arange(0, seconds, 1 / rate)
    return Signal(np.sin(2 * np.pi * frequency * times), rate, start, Unit.ARBITRARY)


@pytest.mark.parametrize(("frequency", "gain"), [(0.25, 1.0), (0.02, 0.0), (1.2, 0.0)])
def test_band_pass_keeps_the_band_in_phase(frequency, gain):
    signal = sine(frequency, 4.0, 600)
    out = whole(BandPass(0.1, 0.6, 0.06), signal)
    middle = slice(400, -400)
    np.testing.assert_allclose(out.values[middle], gain * signal.values[middle], atol=2e-3)
    assert len(out) == len(signal)
    assert out.start == signal.start


def test_resampling_moves_an_off_grid_start_instead_of_mislabelling_it():
    signal = sine(0.25, 25.0, 120, start=0.013)
    out = whole(Resample(4.0), signal)
    assert (out.start * 4) % 1 == 0
    np.testing.assert_allclose(out.values[12:-12], np.sin(2 * np.pi * 0.25 * out.times)[12:-12], atol=2e-3)


def test_a_gap_stays_a_gap():
    values = np.ones(400)
    values[100:180] = np.nan
    out = whole(Resample(4.0), Signal(values, 10.0, 0.0, Unit.ARBITRARY))
    inside = (out.times > 9.91) & (out.times < 17.99)
    assert np.isnan(out.values[inside]).all()
    np.testing.assert_allclose(out.values[~inside], 1.0, atol=1e-12)


@pytest.mark.parametrize(("gap", "bridged"), [(2.9, True), (3.1, False)])
def test_rows_are_interpolated_over_three_seconds_and_no_more(gap, bridged):
    times = np.concatenate([np.arange(0, 10, 0.5), 9.5 + gap + np.arange(0, 10, 0.5)])
    out = gridded(times, times, 2.0, Unit.ARBITRARY)
    inside = (out.times > 9.6) & (out.times < 9.4 + gap)
    assert np.isfinite(out.values[inside]).all() == bridged
    np.testing.assert_allclose(out.values[np.isfinite(out.values)], out.times[np.isfinite(out.values)])


def test_rows_must_increase():
    with pytest.raises(DataError, match="increase"):
        gridded(np.array([0.0, 1.0, 1.0]), np.zeros(3), 1.0, Unit.ARBITRARY)


def test_a_band_needs_two_edges():
    with pytest.raises(UsageError, match="low < high"):
        BandPass(0.5, 0.2, 0.1)
