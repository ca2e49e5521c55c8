import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.surrogates import AmplitudeAdjusted, CircularShift, PhaseRandomised, SegmentShuffle
from coregulation.coupling.shift_table import SurfaceShiftTable, choose_shifts, turn
from coregulation.errors import DataError
from coregulation.signals import Signal, Unit, Window
from tests import naive
from tests.coupling.measures.test_lagged_correlation import gaps, grids, pair

MEASURE = LaggedCorrelation(10.0, 3.0)


def signal(values, rate=1.0):
    return Signal(values, rate, 0.0, Unit.ARBITRARY)


def related(seed, n, strength=0.0):
    rng = np.random.default_rng(seed)
    x, own = rng.standard_normal((2, n))
    return signal(x), signal(strength * np.roll(x, 2) + own)


def measured(grid):
    return LaggedCorrelation(float(grid.width), float(grid.max_lag), float(grid.hop))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.integers(30, 120), gaps, grids(), st.data())
def test_the_table_equals_rolling_with_the_windows_over_the_seam_left_out(seed, n, gaps, grid, data):
    x, y = pair(seed, n, gaps)
    measure = measured(grid)
    comparison = compare_signals(signal(x), signal(y), measure)
    if not comparison.segments:
        return
    table = comparison.shift_table
    shift = table.step * data.draw(st.integers(0, table.lengths[0] // table.step - 1))
    slow = naive.circular_statistic([(x, y)], grid.width, grid.hop, grid.max_lag, [shift])
    sums = table.shifted([np.array([shift])])
    assert sums.statistic[0] == pytest.approx(slow, abs=1e-6)
    every = [
        r for lag in grid.lags for r in naive.turned_windows(x, y, grid.width, grid.hop, int(lag), shift)
    ]  # fmt: skip
    assert sums.largest[0].max() == pytest.approx(max(map(abs, every), default=0.0), abs=1e-9)
    unshifted = naive.circular_sums([(x, y)], grid.width, grid.hop, grid.max_lag, [0])
    observed = table.observed
    assert np.column_stack([observed.z, observed.count, observed.power]) == pytest.approx(unshifted, abs=1e-6)
    assert np.allclose(observed.studentised, comparison.observed.studentised, atol=1e-12)


def test_stretches_are_turned_each_by_its_own_shift_and_pooled():
    x, y = related(3, 200, 0.5)
    grid = MEASURE.grid(1.0)
    table = compare_signals(x, y, MEASURE, [Window(0, 80), Window(80, 200)]).shift_table
    cut = [(x.values[:80], y.values[:80]), (x.values[80:], y.values[80:])]
    for shifts in ((20, 64), (36, 26)):
        fast = table.shifted([np.array([s]) for s in shifts])
        assert fast.statistic[0] == pytest.approx(
            naive.circular_statistic(cut, grid.width, grid.hop, grid.max_lag, shifts), abs=1e-9
        )


def test_a_span_too_short_for_a_window_is_left_out_and_the_others_keep_their_number():
    x, y = related(3, 200)
    comparison = compare_signals(x, y, MEASURE, [Window(0, 8), Window(8, 100), Window(300, 400)])
    assert [segment.span for segment in comparison.segments] == [1]
    assert comparison.shift_table.spans == (1,)


@pytest.mark.parametrize("null", [CircularShift(5.0), SegmentShuffle(10.0), PhaseRandomised(), AmplitudeAdjusted(5)])
def test_linkage_is_seen_and_its_absence_is_not(null):
    rng = np.random.default_rng(1)
    for strength, linked in ((0.6, True), (0.0, False)):
        found = null.profiles(compare_signals(*related(8, 600, strength), MEASURE), 120, rng)
        assert ((found.statistics < found.statistic).mean() > 0.98) is np.bool_(linked)
        assert len(found.statistics) == len(found.largest) == (74 if isinstance(null, CircularShift) else 120)
        assert (found.largest >= np.tanh(np.abs(found.surrogates.mean).max(axis=1)) - 1e-12).all()


@pytest.mark.parametrize("null", [CircularShift(5.0), SegmentShuffle(10.0)])
def test_threads_and_batches_change_nothing(null):
    one, two = (
        null.profiles(compare_signals(*related(8, 900), MEASURE, jobs=jobs), 230, np.random.default_rng(5))
        for jobs in (1, 3)
    )
    assert np.array_equal(one.statistics, two.statistics)
    assert np.array_equal(one.largest, two.largest)
    assert np.array_equal(one.observed.z, two.observed.z)


@pytest.mark.parametrize("length", [300, 900])  # every shift; some of them
@pytest.mark.parametrize("spans", [(), (Window(0, 100), Window(100, 300))])
def test_who_is_named_first_does_not_matter_to_the_statistic_or_its_null(length, spans):
    x, y = related(4, length, 0.1)
    one, other = (
        CircularShift(8.0).profiles(compare_signals(a, b, MEASURE, spans), 199, np.random.default_rng(2))
        for a, b in ((x, y), (y, x))
    )
    assert np.allclose(one.observed.studentised, other.observed.studentised[::-1], atol=1e-9)
    assert np.allclose(np.sort(one.statistics), np.sort(other.statistics), atol=1e-12)


def test_a_turn_keeps_its_distance_from_every_lag():
    comparison = compare_signals(*related(1, 300), LaggedCorrelation(20.0, 15.0))
    found = CircularShift(1.0).profiles(comparison, 1000, np.random.default_rng(1))
    assert len(found.statistics) == 8  # 31 s apart at least, as far as the last lag and the first do not meet


def test_what_cannot_be_turned_has_no_null():
    short, none = (compare_signals(*related(1, n), MEASURE) for n in (30, 9))
    assert [len(comparison.segments) for comparison in (short, none)] == [1, 0]
    for comparison in (short, none):
        assert len(CircularShift(20.0).profiles(comparison, 99, np.random.default_rng(1)).statistics) == 0
    with pytest.raises(DataError):
        SegmentShuffle(10.0).profiles(short, 99, np.random.default_rng(1))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.integers(1, 60), st.integers(0, 99))
def test_shifts_are_all_there_are_or_come_with_their_mirror_images(sizes, count, seed):
    allowed = [np.arange(10, 10 + 2 * size, 2) for size in sizes]
    chosen = choose_shifts(allowed, count, np.random.default_rng(seed))
    combinations = list(zip(*(some.tolist() for some in chosen), strict=True))
    if math.prod(sizes) <= count:
        assert len(combinations) == len(set(combinations)) == math.prod(sizes)
    else:
        assert len(combinations) == (count + 1) // 2 * 2
        mirrored = [tuple(int(a[0] + a[-1] - s) for a, s in zip(allowed, by, strict=True)) for by in combinations]
        assert sorted(mirrored) == sorted(combinations)
        if len(sizes) == 1:
            assert len(set(combinations)) == len(combinations)


def test_turning_both_together_by_the_same_changes_nothing():
    table = compare_signals(*related(6, 200, 0.4), MEASURE, [Window(0, 100), Window(100, 200)]).shift_table
    shares = np.array([[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]])
    turned = table.joint_shifts(shares).statistic
    assert turned[[0, 2]] == pytest.approx(table.observed.statistic)
    assert turned[1] == pytest.approx(table.shifted([np.array([50]), np.array([24])]).statistic[0])


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(40, 120), gaps, grids())
def test_the_table_of_any_measure_is_that_of_surfaces_with_the_window_at_the_seam_left_out(seed, n, gaps, grid):
    x, y = (signal(values) for values in pair(seed, n, gaps))
    comparison = compare_signals(x, y, measured(grid))
    if not comparison.segments:
        return
    table = AbstractMeasure.shift_table(comparison.measure, comparison.segments, 1.0)
    assert isinstance(table, SurfaceShiftTable)
    assert (table.step, table.lengths) == (2, (len(x) // 2 * 2,))
    for shift in range(0, table.lengths[0], table.step):
        whole = [signal(s.values[: table.lengths[0]]) for s in (x, y)]
        slow = compare_signals(whole[0], turn(whole[1], shift), comparison.measure)
        fast = table.shifted([np.array([shift])])
        assert fast.statistic[0] == pytest.approx(slow.statistic, abs=1e-9)
        assert fast.largest[0].max() == pytest.approx(np.abs(np.nan_to_num(slow.surface().r)).max(initial=0), abs=1e-9)


@given(st.integers(2, 30), st.integers(0, 60))
def test_a_turned_series_has_its_seam_marked(n, shift):
    values = np.arange(1.0, n + 1)
    turned = turn(signal(values), shift).values
    assert np.isnan(turned).sum() == (shift % n != 0)
    rolled = np.roll(values, shift)
    assert np.array_equal(turned[np.isfinite(turned)], rolled[np.isfinite(turned)])
    if shift % n:
        assert rolled[shift % n] == 1.0  # the beginning, right after the end
        assert np.isnan(turned[shift % n])
