"""Courses with own rises at known places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coregulation.regulation.natural.levels import PairLevels
from coregulation.regulation.natural.rises import Rises
from coregulation.signals import Bools, Floats, Ints
from coregulation.simulate.natural_pairs import NaturalPairLaw, simulate_natural_sessions
from tests.regulation.natural.own import levels_of

CLIMB = 12


def course(seconds: int, peaks: Sequence[int], *, height: float = 3.0, decay: float | Sequence[float] = 15.0) -> Floats:
    """A level of 0 that climbs for 12 s to each peak and then decays."""
    level, times = np.zeros(seconds), np.arange(seconds)
    decays = [decay] * len(peaks) if isinstance(decay, int | float) else decay
    for peak, memory in zip(peaks, decays, strict=True):
        level += np.where(times <= peak, np.clip(height * (1 - (peak - times) / CLIMB), 0, None), 0.0)
        level += np.where(times > peak, height * np.exp(-(times - peak) / memory), 0.0)
    return level


def nothing(seconds: int) -> Bools:
    return np.zeros(seconds, dtype=bool)


def rises_at(starts: Ints, climb: int = 10) -> Rises:
    """Rises that start at given samples."""
    count = len(starts)
    return Rises(starts, starts + climb, np.full(count, 3.0), np.zeros(count), np.zeros(count), 0)


def pair(first: Floats, second: Floats, rate: float = 1.0) -> PairLevels:
    none = np.zeros((2, len(first)), dtype=bool)
    return PairLevels(("ada", "ben"), 0.0, rate, np.stack([first, second]), none, none)


def simulated(law: NaturalPairLaw, count: int, seconds: float, seed: int) -> list[PairLevels]:
    """Sessions of a law, each person on their own scale."""
    sessions = simulate_natural_sessions(law, count, seconds, seed)
    return [levels_of(levels, speaking) for levels, speaking in zip(sessions.levels, sessions.speaking, strict=True)]
