"""A value with its interval: nothing in this room is told without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.settings import LEVEL
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its interval.

    Parameters
    ----------
    value
        The estimate.
    low
        Lower end; may be minus infinity.
    high
        Upper end; may be infinity.
    level
        That the interval is meant to hold at, 0 to 1.
    """

    value: float
    low: float
    high: float
    level: float = LEVEL

    def below(self, bound: float) -> bool:
        """Return whether the whole interval lies below a bound."""
        return self.high < bound

    def above(self, bound: float) -> bool:
        """Return whether the whole interval lies above a bound."""
        return self.low > bound

    def inside(self, low: float, high: float) -> bool:
        """Return whether the whole interval lies between two bounds."""
        return low < self.low and self.high < high


def interval_of_draws(draws: Floats, level: float = LEVEL) -> Interval:
    """Summarise draws by their median and equal-tailed interval.

    Parameters
    ----------
    draws
        Shape (n,), at least one; some may be infinite.
    level
        Share of the draws that the interval holds, 0 to 1.

    Returns
    -------
    Interval
        In the unit of the draws. Its ends are draws, without interpolation between them.
    """
    ordered = np.sort(draws)
    tail = (1 - level) / 2 * (len(ordered) - 1)
    return Interval(
        float(np.median(ordered)), float(ordered[round(tail)]), float(ordered[round(len(ordered) - 1 - tail)]), level
    )


def interval_of_mean(value: float, error: float, freedom: float, level: float = LEVEL) -> Interval:
    """Compute the t interval of an estimate.

    Parameters
    ----------
    value
        The estimate.
    error
        Its standard error, in the same unit.
    freedom
        Degrees of freedom of the standard error.
    level
        Confidence, 0 to 1.

    Returns
    -------
    Interval
        From minus to plus infinity where `freedom` is not positive.
    """
    from scipy.special import stdtrit

    reach = float(stdtrit(max(freedom, 1e-9), 0.5 + level / 2)) * error if freedom > 0 else np.inf
    return Interval(float(value), float(value - reach), float(value + reach), level)
