"""An hour of ECG to final beats as one piece, a minute of it live, and what cleaning its intervals costs.

Timed by the processor's clock: the wall's says more about who else is at work.
"""

import time

import numpy as np
import pytest
from tests.laws.stages import cut
from tests.physiology import hearts
from tests.physiology.test_ppg import pulses

from coregulation.physiology import EarlyEcg, EcgBeats, PpgBeats, clean_beats, collect_beats
from coregulation.signals import Signal, Unit, Window
from coregulation.stage import Piece, run

pytestmark = pytest.mark.benchmark(timer=time.process_time)
HOUR = 3600
RATE = 500.0
PIECE = 0.04  # s


@pytest.fixture(scope="module")
def ecg():
    rng = np.random.default_rng(1)
    values = hearts.sinus(HOUR, rng).ecg(HOUR, RATE)
    return Signal(values + 0.01 * rng.standard_normal(len(values)), RATE, 0.0, Unit.MILLIVOLT)


def offline(stage, signal):
    return list(run(stage, [Piece(signal, signal.window.end)]))


def test_an_hour_of_ecg(benchmark, ecg):
    pieces = benchmark.pedantic(offline, (EcgBeats(), ecg), rounds=9, warmup_rounds=1)
    assert len(collect_beats(pieces).beats) > 4000


def test_an_hour_of_ppg(benchmark):
    values = pulses(hearts.sinus(HOUR, np.random.default_rng(1)), HOUR, 64.0)
    ppg = Signal(values, 64.0, 0.0, Unit.ARBITRARY)
    pieces = benchmark.pedantic(offline, (PpgBeats(), ppg), rounds=5, warmup_rounds=1)
    assert len(collect_beats(pieces).beats) > 4000


def test_an_hour_of_intervals(benchmark, ecg):
    beats = collect_beats(offline(EcgBeats(), ecg)).beats
    assert benchmark.pedantic(clean_beats, (beats,), rounds=5, warmup_rounds=1).share < 0.01


@pytest.mark.parametrize("stage", [EcgBeats(), EarlyEcg()], ids=lambda stage: type(stage).__name__)
def test_a_minute_live_takes_under_a_five_hundredth_of_a_core(benchmark, ecg, stage):
    minute = ecg.within(Window(0.0, 60.0))
    pieces = cut(minute, range(0, len(minute), round(PIECE * RATE)))

    def live():
        state = stage.start()
        for piece in pieces:
            state, _ = stage.step(state, piece)

    benchmark.pedantic(live, rounds=5, warmup_rounds=1)
    if benchmark.stats:
        assert benchmark.stats.stats.min / 60.0 < 0.002
