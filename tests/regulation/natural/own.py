"""Simulated levels on each person's own scale."""

from __future__ import annotations

import numpy as np

from coregulation.regulation.natural.levels import PairLevels, own_level
from coregulation.signals import Bools, Floats, Signal, Unit


def levels_of(levels: Floats, speaking: Bools) -> PairLevels:
    own = np.stack([own_level(Signal(values, 1.0, 0.0, Unit.ARBITRARY)).values for values in levels])
    return PairLevels(("ada", "ben"), 0.0, 1.0, own, speaking, np.zeros_like(speaking), True)
