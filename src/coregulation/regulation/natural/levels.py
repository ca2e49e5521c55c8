"""Each person's own level: how far arousal is above that person's own floor, in that person's own spreads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import DataError
from coregulation.signals import Bools, Floats, Signal, Unit

FLOOR = 0.2
"""Quantile of a person's index that is that person's floor: below it one is settled for a fifth of the time."""
_QUARTILES = (0.25, 0.75)
_NORMAL = 1.349  # interquartile range of a normal distribution, in standard deviations
MIN_VALUES = 30
"""Fewest values of an index from which a floor and a spread are taken."""


@dataclass(frozen=True, slots=True, eq=False)
class PairLevels:
    """The levels of two people on one grid, with what must not count as an own rise.

    Parameters
    ----------
    people
        Pseudonyms, in the order of the rows.
    start
        Session time of the first sample, s.
    rate
        Hz.
    levels
        In own spreads above the own floor, unsmoothed, shape (2, samples); NaN where missing.
    driven
        Where a person speaks or moves, shape (2, samples).
    events
        Where something was declared to happen to a person, shape (2, samples).
    speech_known
        Whether it is known when both people spoke.
    """

    people: tuple[str, str]
    start: float
    rate: float
    levels: Floats
    driven: Bools
    events: Bools
    speech_known: bool = False

    @property
    def common(self) -> float:
        """Time in which both levels are known, s."""
        return float(np.isfinite(self.levels).all(axis=0).sum()) / float(self.rate)

    def turned(self) -> PairLevels:
        """Return the same pair with the second person first."""
        flip = slice(None, None, -1)
        return replace(
            self, people=(self.people[1], self.people[0]), levels=self.levels[flip], driven=self.driven[flip],
            events=self.events[flip],
        )  # fmt: skip


def own_level(index: Signal) -> Signal:
    """Express an index in a person's own spreads above their own floor.

    The floor is the 20th percentile of the recording, the spread its interquartile range over 1.349, so that no rest has to be marked
    and single peaks play no part.

    Parameters
    ----------
    index
        Arousal or heart rate, in any unit; NaN where missing.

    Returns
    -------
    Signal
        On the same grid, without a unit.

    Raises
    ------
    DataError
        If fewer than 30 values are known, or half of them do not vary.
    """
    known = index.values[np.isfinite(index.values)]
    if len(known) < MIN_VALUES:
        raise DataError(
            "A person's own level needs at least {needed:n value|values}; {count:n value|values} came.",
            needed=MIN_VALUES, count=len(known),
        )  # fmt: skip
    floor = float(np.quantile(known, FLOOR))
    low, high = np.quantile(known, _QUARTILES)
    spread = float(high - low) / _NORMAL
    if spread <= 1e-9 * max(1.0, float(np.abs(known).max())):
        raise DataError("Half of a person's values do not vary; a sensor that was off looks like this.")
    return Signal((index.values - floor) / spread, index.rate, index.start, Unit.ARBITRARY)
