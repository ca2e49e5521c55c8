"""Speed of the regulation room: a fit with intervals, refits, a verdict. The limit is the filter's pass over the rows."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tests.regulation.truth import A, B, Truth, simulate, timetable

from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.regulation.fit import maximise
from coregulation.regulation.pair_regulation import assess_pair
from coregulation.regulation.panel import model_grid
from coregulation.regulation.posterior import posterior_of
from coregulation.regulation.statespace import StateSpace
from coregulation.simulate.confounds import known_answer
from coregulation.simulate.observe import Wearing

TRUTH = Truth(k=(0.02, 0.02), d=(0.03, 0.0), sigma=0.01, dose=0.03)
TEN_MINUTES = timetable(1, rest=60.0, hit=20.0, recover=100.0)
ONE_HOUR = timetable(3, rest=180.0, hit=30.0, recover=240.0)


def test_ten_minute_pair_full_fit_with_intervals(benchmark) -> None:
    panel, _ = simulate(TRUTH, TEN_MINUTES, np.random.default_rng(0))

    def run() -> float:
        fit = StateSpace().fit(panel, TEN_MINUTES)
        return fit.own_burden(A).high + fit.net_effect(B).high

    assert benchmark(run) > 0


def test_one_refit_of_a_ten_minute_pair(benchmark) -> None:
    panel, _ = simulate(TRUTH, TEN_MINUTES, np.random.default_rng(0))
    how, grid = StateSpace(), model_grid(panel, TEN_MINUTES)
    target = posterior_of(grid, how.layout(grid, TEN_MINUTES), how.weak)
    start = maximise(target, target.centre).vector
    assert benchmark(lambda: maximise(target, start).steps) >= 0


@pytest.mark.parametrize("design", [ONE_HOUR])
def test_verdict_of_an_hour_with_twelve_probes(benchmark, design) -> None:
    panel, _ = simulate(TRUTH, design, np.random.default_rng(0))
    assert benchmark.pedantic(lambda: assess_pair(panel, design), rounds=2, warmup_rounds=1)


def test_account_of_an_hour_of_beats_with_twelve_probes(benchmark) -> None:
    """From beats: judged, straightened, fitted, accounted for."""
    session = known_answer("mutual", 1, 4, wearing=Wearing(sensors=()))[0]
    ask = RegulationAnalysis()
    told = benchmark.pedantic(lambda: ask(session, np.random.default_rng(0)), rounds=2, warmup_rounds=1)
    assert told is not None


def test_first_call_in_a_new_process(benchmark) -> None:
    """With the compiled code in its cache."""
    code = "from tests.regulation.truth import *; from coregulation.regulation.statespace import StateSpace; d = timetable(1); p, _ = simulate(Truth(), d, np.random.default_rng(0)); StateSpace().fit(p, d)"
    benchmark.pedantic(lambda: subprocess.run([sys.executable, "-c", code], check=True), rounds=2, warmup_rounds=1)
