"""Numbers about one body: value, unit and interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import Reason, because
from coregulation.settings import UPPER
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its unit and interval; without a value, the reason.

    Parameters
    ----------
    value
        None where too little is known.
    unit
        Of the value and the interval.
    interval
        Lower and upper bound, 95 % unless the function that made it says otherwise; None where it cannot be computed.
    why
        Why there is no value; None where there is one.
    surrounding
        95 % interval of the mean of what surrounds the span, twelve times as long, for a process without a memory of one
        length (1/f); None where it is not computed. `interval` is of the process behind the span.
    """

    value: float | None
    unit: str
    interval: tuple[float, float] | None = None
    why: Reason | None = None
    surrounding: tuple[float, float] | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"cannot tell ({self.why})"
        spread = f" [{format_digits(self.interval[0])}, {format_digits(self.interval[1])}]" if self.interval else ""
        return f"{format_digits(self.value)} {self.unit}{spread}"


def format_digits(value: float) -> str:
    """Write a number with three significant digits, and with all digits before the point.

    Parameters
    ----------
    value
        A finite number.

    Returns
    -------
    str
        For example "0.123", "12.3" or "1234".
    """
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def unknown_estimate(unit: str, why: Reason) -> Estimate:
    """Make an estimate that has no value.

    Parameters
    ----------
    unit
        The unit that the value would have.
    why
        Why there is no value.

    Returns
    -------
    Estimate
        With `value` and `interval` None.
    """
    return Estimate(None, unit, None, why)


def mean_estimate(values: Floats, unit: str, fewest: int = 1) -> Estimate:
    """Average independent values, with a t interval.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing.
    unit
        Unit of the values.
    fewest
        Smallest number of known values for which a mean is given, at least 1.

    Returns
    -------
    Estimate
        Mean with a 95 % t interval. One value alone has no interval; with fewer than `fewest` there is no value but
        the reason.
    """
    valid = values[np.isfinite(values)]
    if len(valid) < max(1, fewest):
        return unknown_estimate(unit, because(PhysiologyReason.TOO_FEW_VALUES, count=len(valid), needed=max(1, fewest)))
    mean = float(valid.mean())
    if len(valid) == 1:
        return Estimate(mean, unit)
    from scipy.special import stdtrit

    half = float(stdtrit(len(valid) - 1, UPPER)) * float(valid.std(ddof=1)) / math.sqrt(len(valid))
    return Estimate(mean, unit, (mean - half, mean + half))


def block_means(columns: Floats, block: int, n: int, rng: np.random.Generator) -> Floats:
    """Draw bootstrap means of columns from circular blocks of neighbouring rows (Politis & Romano 1992).

    Parameters
    ----------
    columns
        Shape (rows, k), at least one row and no NaN: a missing row is zero in all columns, with a column that
        counts the known ones.
    block
        Rows in a block; cut to 1 up to all rows.
    n
        Number of draws.
    rng
        Generator of the block starts.

    Returns
    -------
    ndarray
        Mean of each column in each draw, shape (n, k), in the units of the columns.
    """
    rows = len(columns)
    block = max(1, min(block, rows))
    total = np.cumsum(np.concatenate([np.zeros((1, columns.shape[1])), columns, columns[:block]]), axis=0)
    first = rng.integers(0, rows, (n, -(-rows // block)))
    means: Floats = (total[first + block] - total[first]).mean(axis=1) / block
    return means
