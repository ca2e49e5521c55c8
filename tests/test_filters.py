"""Filters and resampling: the laws, and what a filter does to a known sine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.filters import BandPass, Difference, LowPass, Resample, gridded
from coregulation.signals import Signal, Unit
from coregulation.sliding_stage import windowed
from coregulation.stage import Piece, apply_stage, chain, run
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
    out = apply_stage(BandPass(0.1, 0.6, 0.06), signal)
    middle = slice(400, -400)
    np.testing.assert_allclose(out.values[middle], gain * signal.values[middle], atol=2e-3)
    assert len(out) == len(signal)
    assert out.start == signal.start


def test_resampling_moves_an_off_grid_start_instead_of_mislabelling_it():
    signal = sine(0.25, 25.0, 120, start=0.013)
    out = apply_stage(Resample(4.0), signal)
    assert (out.start * 4) % 1 == 0
    np.testing.assert_allclose(out.values[12:-12], np.sin(2 * np.pi * 0.25 * out.times)[12:-12], atol=2e-3)


def by_hand(signal: Signal, rate: float, lobes: int = 8) -> list[float]:
    """Each new sample as a windowed-sinc average of the old ones within reach, point by point."""
    beta = 0.1102 * (60 - 8.7)
    ratio = max(1.0, signal.rate / rate)
    reach = int(np.ceil(lobes * ratio))
    out = []
    for number in range(int(np.ceil(signal.start * rate)), int(np.floor(signal.times[-1] * rate)) + 1):
        distance = (signal.times - number / rate) * signal.rate
        window = np.i0(beta * np.sqrt(np.clip(1 - (distance / (reach + 0.5)) ** 2, 0, None)))
        weight = np.where(np.abs(distance) <= reach, np.sinc(0.9 / ratio * distance) * window, 0.0)
        out.append(float((weight * signal.values).sum() / weight.sum()))
    return out


@pytest.mark.parametrize(("old", "new"), [(25.0, 4.0), (24.97, 4.0), (4.0, 10.0), (50.0, 13.0)])
def test_resampling_is_the_weighted_mean_of_what_is_near(old, new):
    signal = Signal(np.random.default_rng(3).standard_normal(1200), old, 0.017, Unit.ARBITRARY)
    out, expected = apply_stage(Resample(new), signal), by_hand(signal, new)
    there = np.isfinite(out.values)
    assert len(out) == len(expected)
    assert there[2:-2].all()
    np.testing.assert_allclose(out.values[there], np.array(expected)[there], atol=1e-7)


def test_a_gap_stays_a_gap():
    values = np.ones(400)
    values[100:180] = np.nan
    out = apply_stage(Resample(4.0), Signal(values, 10.0, 0.0, Unit.ARBITRARY))
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


@pytest.mark.parametrize("times", [[0, 1, 1], [1, 0, 2], [0, np.nan, 2], [np.nan, 1, 2], [0, 1, np.inf]])
def test_rows_must_increase(times):
    with pytest.raises(DataError, match="increase"):
        gridded(np.array(times, float), np.zeros(3), 1.0, Unit.ARBITRARY)


def test_rows_of_nothing_are_nothing():
    assert len(gridded(np.empty(0), np.empty(0), 1.0, Unit.ARBITRARY)) == 0
    assert len(gridded(np.arange(3.0), np.full(3, np.nan), 1.0, Unit.ARBITRARY)) == 0


@settings(max_examples=50)
@given(
    gaps=st.lists(st.floats(0.05, 5.0), min_size=1, max_size=60),
    start=st.floats(-1e3, 1e3),
    rate=st.sampled_from([0.5, 1.0, 4.0, 10.0]),
    missing=st.sets(st.integers(0, 59)),
)
def test_rows_on_a_line_stay_on_it(gaps, start, rate, missing):
    times = start + np.cumsum(gaps)
    values = 2.0 * times + 1.0
    values[[i for i in missing if i < len(values)]] = np.nan
    out = gridded(times, values, rate, Unit.ARBITRARY)
    there = np.isfinite(out.values)
    np.testing.assert_allclose(out.values[there], 2.0 * out.times[there] + 1.0, atol=1e-6)
    np.testing.assert_allclose(out.times * rate, np.rint(out.times * rate), atol=1e-6)
    known = times[np.isfinite(values)]
    for at, is_there in zip(out.times, there, strict=True):
        near = np.abs(known - at).min() < 1e-6 / rate
        before, after = known[known <= at], known[known >= at]
        bridged = len(before) and len(after) and after[0] - before[-1] <= 3.0
        assert is_there == bool(near or bridged)


@pytest.mark.parametrize("edges", [(0.5, 0.2), (0.0, 0.2), (-0.1, 0.2), (np.nan, 0.2), (0.2, np.nan)])
def test_a_band_needs_two_edges(edges):
    with pytest.raises(UsageError, match="low < high"):
        BandPass(*edges, 0.1)


@pytest.mark.parametrize("make", [lambda: LowPass(0.5, 0.0), lambda: BandPass(0.1, 0.5, -1), lambda: LowPass(0, 1)])
def test_widths_and_edges_are_positive(make):
    with pytest.raises(UsageError, match="positive"):
        make()


@pytest.mark.parametrize(("rate", "lobes"), [(0, 8), (-1, 8), (np.nan, 8), (4, 0)])
def test_a_new_rate_is_positive(rate, lobes):
    with pytest.raises(UsageError, match="positive"):
        Resample(rate, lobes)


@pytest.mark.parametrize("stage", [LowPass(0.6, 0.1), BandPass(0.1, 0.6, 0.1)], ids=repr)
def test_what_a_rate_cannot_show_is_not_filtered_out_of_it(stage):
    with pytest.raises(DataError, match=r"0\.6 Hz.*sampled at 1 Hz"):
        apply_stage(stage, sine(0.25, 1.0, 300))


@settings(max_examples=60, deadline=None)
@given(
    old=st.sampled_from([1.0, 4.0, 10.0, 25.0, 32.0, 130.0]),
    new=st.sampled_from([1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 10.0, 20.0]),
    start=st.sampled_from([0.0, 0.5, -15.013, 7.1, 1 / 3]),
    at=st.lists(st.integers(1, 399), min_size=1, max_size=6),
    seed=st.integers(0, 2**32 - 1),
)
def test_resampling_is_the_same_however_it_is_cut_at_any_two_rates(old, new, start, at, seed):
    signal = Signal(np.random.default_rng(seed).standard_normal(400), old, start, Unit.ARBITRARY)
    check_stage(Resample(new), Piece(signal, signal.window.end), cut(signal, at))


@pytest.mark.parametrize("stage", [LowPass(0.5, 0.2), BandPass(0.2, 0.6, 0.15), Difference(), Resample(2.0)], ids=repr)
def test_nothing_gives_nothing(stage):
    assert [len(piece.data) for piece in run(stage, [])] == [0]
    assert len(apply_stage(stage, Signal(np.empty(0), 4.0, 0.0, Unit.ARBITRARY))) == 0


@pytest.mark.parametrize(("stage", "delay"), [(LowPass(1.0, 0.5), 3.62), (Resample(4.0), 2.0), (Difference(), 0.0)])
def test_a_delay_is_what_the_stage_holds_back(stage, delay):
    signal = sine(0.1, 25.0, 60)
    out = next(iter(run(stage, [Piece(signal, signal.window.end)])))
    assert stage.delay == pytest.approx(delay, abs=0.01)
    assert out.until == pytest.approx(signal.window.end - delay, abs=1 / 4)


def test_a_difference_is_a_rate_of_change():
    signal = Signal(np.array([1.0, 2.0, np.nan, 4.0, 5.5]), 2.0, 0.0, Unit.MICROSIEMENS)
    np.testing.assert_array_equal(apply_stage(Difference(), signal).values, [np.nan, 2.0, np.nan, np.nan, 3.0])
