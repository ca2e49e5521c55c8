"""A null as somebody would add it: one file. The series backwards, turned by a random time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.nulls.surrogates import AbstractSurrogate


@dataclass(frozen=True, slots=True)
class TimeReversal(AbstractSurrogate):
    """Play one series backwards, from a random place on.

    Parameters
    ----------
    least
        Smallest shift either way, s.
    """

    least: float = 10.0

    title: ClassVar = "time reversal"
    description: ClassVar = "backward series, turned by at least {least:g} s"
    keeps: ClassVar = "the spectrum and the values"
    destroys: ClassVar = "the timing between two and the direction of time"
    calibration_share: ClassVar = 0.5
    papers: ClassVar = ("theiler1992",)

    def draw(self, values, rate, count, rng):
        """Return `count` redrawn series, shape (count, samples)."""
        least = round(self.least * rate)
        shifts = rng.integers(least, len(values) - least, count)
        return np.array([np.roll(values[::-1], shift) for shift in shifts])
