"""Speed of the regulation room: a fit with intervals, refits, a verdict. The limit is the filter's pass over the rows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.regulation.truth import A, B, Truth, simulate, timetable

from coregulation.regulation.fit import maximise, target_of
from coregulation.regulation.panel import grid_of
from coregulation.regulation.statespace import StateSpace
from coregulation.regulation.steadying import steadying

TRUTH = Truth(k=(0.02, 0.02), d=(0.03, 0.0), sigma=0.01, dose=0.03)
TEN_MINUTES = timetable(1, rest=60.0, hit=20.0, recover=100.0)
ONE_HOUR = timetable(3, rest=180.0, hit=30.0, recover=240.0)


def test_ten_minute_pair_full_fit_with_intervals(benchmark) -> None:
    panel, _ = simulate(TRUTH, TEN_MINUTES, np.random.default_rng(0))

    def run() -> float:
        fit = StateSpace().fit(panel, TEN_MINUTES, np.random.default_rng(0))
        return fit.own(A).high + fit.net(B).high

    assert benchmark(run) > 0


def test_one_refit_of_a_ten_minute_pair(benchmark) -> None:
    panel, _ = simulate(TRUTH, TEN_MINUTES, np.random.default_rng(0))
    how, grid = StateSpace(), grid_of(panel, TEN_MINUTES)
    target = target_of(grid, how.layout(grid), how.weak)
    start = maximise(target, target.centre).vector
    assert benchmark(lambda: maximise(target, start).steps) >= 0


@pytest.mark.parametrize("design", [ONE_HOUR])
def test_verdict_of_an_hour_with_twelve_probes(benchmark, design) -> None:
    panel, _ = simulate(TRUTH, design, np.random.default_rng(0))
    assert benchmark.pedantic(lambda: steadying(panel, design, np.random.default_rng(0)), rounds=2, warmup_rounds=1)
