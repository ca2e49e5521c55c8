"""Linkage: the map of an hour, two thousand surrogates of all of it, starting up, and a file to a report."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from bench.peers import signal
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.surrogates import CircularShift, SegmentShuffle
from coregulation.simulate.laws.coupled import Coupled

MEASURE = LaggedCorrelation(window=60.0, max_lag=5.0, hop=1.0)
RATE = 4.0


@pytest.fixture(scope="module")
def hour():
    return signal(1, RATE), signal(2, RATE)


def test_the_map_of_an_hour(benchmark, hour):
    """Target 5 ms."""
    surface = benchmark(MEASURE.surface, *hour)
    assert surface.r.shape == (3541, 41)


def test_two_thousand_surrogates_of_the_whole_map(benchmark, hour):
    """Target 2 s with two threads: a thousand turns and a thousand shuffles."""

    def both():
        comparison = compare_signals(*hour, MEASURE, jobs=2)
        return [
            null.profiles(comparison, 1000, np.random.default_rng(1)) for null in (CircularShift(), SegmentShuffle())
        ]

    found = benchmark.pedantic(both, rounds=3, warmup_rounds=1)
    assert [len(profiles.statistics) for profiles in found] == [1000, 1000]


@pytest.mark.parametrize(
    "words", [("-c", "import coregulation"), ("-m", "coregulation", "--help")], ids=["import", "help"]
)
def test_starting_up(benchmark, words):
    """Target 0.15 s, of which numpy takes about half."""
    call = [sys.executable, *words]
    benchmark.pedantic(lambda: subprocess.run(call, check=True, capture_output=True), rounds=7, warmup_rounds=1)


@pytest.mark.skipif(sys.platform == "win32", reason="this platform does not tell a child's peak memory")
def test_an_hour_from_a_file_to_a_report(benchmark, tmp_path):
    """Target 4 s and 400 MB at 10 Hz, in a process of its own."""
    import resource

    pair = Coupled(0.4, 2.0).draw(np.random.default_rng(1), 1, 3600.0, 10.0)[0]
    np.savetxt(tmp_path / "pair.csv", pair.T, "%.5f", ",", header="ada,ben", comments="")
    words = ["--person", "ada=ada", "--person", "ben=ben", "--signal", "motion", "--rate", "10", "--shared", "none"]
    out = tmp_path / "out"
    call = [sys.executable, "-m", "coregulation", "analyze", str(tmp_path / "pair.csv"), *words, "--out", str(out)]
    benchmark.pedantic(lambda: subprocess.run(call, check=True, capture_output=True), rounds=2, warmup_rounds=1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of the largest child so far; this is the largest
    benchmark.extra_info["peak MB"] = round(peak / (1024 if sys.platform != "darwin" else 1024**2))
    benchmark.extra_info["load"] = os.getloadavg()[0]
    assert json.loads((out / "result.json").read_text(encoding="utf-8"))["couplings"][0]["p"] <= 0.05
    assert benchmark.extra_info["peak MB"] < 400
