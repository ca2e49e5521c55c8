"""The ground: filters and resampling over an hour, offline and in the pieces of a live stream."""

import itertools

import numpy as np
import pytest

from coregulation.filters import BandPass, Difference, Resample, gridded
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece, apply_stage, chain, run

HOUR = 3600
STAGES = {
    "breath: 25 to 4 Hz, 0.05 to 0.6 Hz": (25.0, chain(Resample(4.0), BandPass(0.05, 0.6, 0.05))),
    "skin conductance: 4 to 2 Hz, difference": (4.0, chain(Resample(2.0), Difference())),
    "ECG: 500 to 130 Hz": (500.0, Resample(130.0)),
}


def noise(rate: float) -> Signal:
    return Signal(np.random.default_rng(1).standard_normal(int(HOUR * rate)), rate, 0.0, Unit.ARBITRARY)


@pytest.mark.parametrize("name", STAGES)
def test_an_hour_at_once(benchmark, name):
    rate, stage = STAGES[name]
    out = benchmark.pedantic(apply_stage, (stage, noise(rate)), rounds=3, warmup_rounds=1)
    assert out.window.length == pytest.approx(HOUR, abs=1)


def test_an_hour_in_pieces_of_a_second(benchmark):
    rate, stage = STAGES["breath: 25 to 4 Hz, 0.05 to 0.6 Hz"]
    signal = noise(rate)
    edges = range(0, len(signal) + 1, int(rate))
    parts = [Signal(signal.values[a:b], rate, a / rate, signal.unit) for a, b in itertools.pairwise(edges)]
    pieces = [Piece(part, part.window.end) for part in parts]
    out = benchmark.pedantic(lambda: list(run(stage, pieces)), rounds=2, warmup_rounds=0)
    assert sum(len(piece.data) for piece in out) == pytest.approx(4 * HOUR, abs=4)


def test_an_hour_of_irregular_rows_onto_a_grid(benchmark):
    rng = np.random.default_rng(2)
    times = np.cumsum(rng.uniform(0.5, 1.2, int(HOUR / 0.85)))
    out = benchmark(gridded, times, 60 / np.diff(times, prepend=0.0), 4.0, Unit.PER_MINUTE)
    assert out.coverage == 1.0
