"""ECG to beats: the laws."""

import numpy as np
import pytest

from coregulation.physiology.ecg import EarlyEcg, EcgBeats
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece
from tests.laws.stages import check_bound, check_stage, cut


def pulses(seconds: float, rate: float, seed: int) -> Signal:
    rng = np.random.default_rng(seed)
    times = np.arange(0, seconds, 1 / rate)
    values = rng.normal(0, 0.01, len(times))
    for beat in np.cumsum(rng.normal(0.8, 0.05, int(seconds / 0.7))):
        values += np.exp(-((times - beat) ** 2) / (2 * 0.012**2))
    return Signal(values, rate, 3.7, Unit.MILLIVOLT)


@pytest.mark.parametrize("stage", [EcgBeats(), EarlyEcg()], ids=lambda stage: type(stage).__name__)
def test_laws(stage):
    signal = pulses(30, 250.0, 1)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, range(0, len(signal), 10)))


def test_state_does_not_grow():
    pieces = cut(pulses(60, 250.0, 2), range(0, 15000, 50))
    check_bound(EcgBeats(), pieces[:100], pieces)
