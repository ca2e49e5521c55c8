from __future__ import annotations

import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.coupling.surface import Surface
from coregulation.report import figures
from coregulation.report.catalogue import Catalogue
from coregulation.report.figures import NullComparison


def surface(windows: int, lags: int, hop: float = 1.0) -> Surface:
    rng = np.random.default_rng(1)
    return Surface(rng.uniform(-0.9, 0.9, (windows, lags)), np.linspace(-5, 5, lags), 15.0 + hop * np.arange(windows))


def test_a_small_map_is_shown_cell_by_cell():
    small = surface(20, 11, 2.0)
    grid, edges = figures.binned(small)
    np.testing.assert_equal(grid, small.r)
    assert edges == (14.0, 54.0)


def test_a_large_map_keeps_the_strongest_of_each_cell_and_its_sign():
    large = surface(1000, 101)
    grid, _ = figures.binned(large)
    assert grid.shape == (250, 34)
    block = large.r[:4, :3]
    assert grid[0, 0] == block.ravel()[np.abs(block).argmax()]
    assert np.abs(grid).max() == np.abs(large.r).max()


def test_missing_windows_and_the_time_between_blocks_stay_empty():
    whole = surface(10, 5)
    whole.r[3] = np.nan
    apart = Surface(whole.r, whole.lags, np.concatenate([15.0 + np.arange(5), 40.0 + np.arange(5)]))
    grid, edges = figures.binned(apart)
    assert edges == (14.5, 44.5)
    empty = ~np.isfinite(grid).any(axis=1)
    assert np.flatnonzero(empty).tolist() == [3, *range(5, 25)]


def contours(svg: str) -> int:
    return svg.count("stroke-width: 1.2")


def test_the_threshold_is_drawn_where_it_is_passed_and_nowhere_else():
    some = surface(30, 11)
    passed = figures.lag_map(some, ("ada", "ben"), 0.8, name="a", alternative="b", catalogue=Catalogue())
    nowhere = figures.lag_map(some, ("ada", "ben"), 0.95, name="a", alternative="b", catalogue=Catalogue())
    unknown = figures.lag_map(some, ("ada", "ben"), float("nan"), name="a", alternative="b", catalogue=Catalogue())
    assert contours(passed) > 0
    assert contours(nowhere) == contours(unknown) == 0
    for svg in (passed, nowhere, unknown):
        assert "ada first" in svg
        assert "ben first" in svg


def test_one_window_or_one_lag_makes_a_map_too():
    for windows, lags in ((1, 5), (5, 1)):
        assert "<svg" in figures.lag_map(
            surface(windows, lags), ("a", "b"), 0.1, name="a", alternative="b", catalogue=Catalogue()
        )


def test_a_missing_stretch_is_hatched(group: Finding):
    traces = {who: signal for (who, _), signal in group.traces.items()}
    svg = figures.signals(traces, list(traces), group.about, 200, name="a", alternative="b", catalogue=Catalogue())
    assert "<pattern" in svg
    assert ">talk</text>" in svg
    assert ">ada</text>" in svg


def test_units_that_say_something_are_written_at_the_lane(pair: Finding):
    traces = {who: signal for (who, _), signal in pair.traces.items()}
    assert "1/min</text>" in figures.signals(
        traces, list(traces), pair.about, 200, name="a", alternative="b", catalogue=Catalogue()
    )


def test_a_null_without_spread_is_drawn_too():
    svg = figures.against_chance(
        [NullComparison("all the same", 0.2, np.full(99, 0.2))], name="a", alternative="b", catalogue=Catalogue()
    )
    assert "real timing" in svg


def test_the_matrix_marks_pairs_and_shows_what_was_refused():
    matrix = np.array([[np.nan, 0.3, np.nan], [0.3, np.nan, 0.1], [np.nan, 0.1, np.nan]])
    svg = figures.pair_matrix(["a", "b", "c"], matrix, [("a", "b")], name="m", alternative="b")
    assert svg.count(">×</text>") == 4  # twice in each of two drawings
    empty = figures.pair_matrix(["a", "b"], np.full((2, 2), np.nan), [], name="m", alternative="b")
    assert empty.count(">×</text>") == 4


def test_who_matters_is_named():
    svg = figures.influence(
        0.2, {"ada": 0.1, "ben": 0.3}, ["ada", "ben"], name="m", alternative="b", catalogue=Catalogue()
    )
    assert ">without ada</text>" in svg


def test_two_signals_are_laid_over_one_another_in_their_own_lines(pair: Finding):
    traces = {who: signal for (who, _), signal in pair.traces.items()}
    svg = figures.overlay(traces, list(traces), pair.about, name="a", alternative="b", catalogue=Catalogue())
    assert ">ada</text>" in svg
    assert ">ben</text>" in svg
    assert "var(--person-0)" in svg
    assert "var(--person-1)" in svg
