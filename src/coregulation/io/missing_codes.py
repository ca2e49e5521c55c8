"""Numbers that a program writes where a value is missing: -999, 9999, 65535 and the like."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Floats

_NINES = tuple(sign * (10.0**digits - 1) for digits in range(2, 7) for sign in (-1, 1))  # 99 to 999999
_CODES = (*_NINES, 65535.0, 65.535, 32767.0, -32768.0, 2147483647.0, -2147483648.0, 4294967295.0)
_RATE_CODES = (255.0,)  # of a heart rate in one byte
_WITH_DECIMALS = tuple(
    sign * round(10.0**digits - 10.0**-places, places)
    for digits in (1, 2, 3, 4)
    for places in (1, 2, 3)
    for sign in (-1, 1)
)  # 9.9 to 9999.999; a recorded value may look like one, so they count only where they come again
_POSITIVE = ("heart_rate", "rr", "eda")  # quantities that are never below zero


def missing_code(numbers: Floats, channel: str) -> float | None:
    """Find a number that stands for "missing": one of the usual codes, far from everything else.

    Parameters
    ----------
    numbers
        Shape (n,), as the file holds them; NaN where missing.
    channel
        What they are.

    Returns
    -------
    float or None
        The code; None where there is none. A code counts where no other value is nearer to it than the other values are
        spread (1st to 99th percentile).
    """
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return None
    below = _only_negative(finite) if channel in _POSITIVE else None
    if below is not None:
        return below
    codes = (*_CODES, *_RATE_CODES) if channel == "heart_rate" else _CODES
    ends = (float(finite.min()), float(finite.max()))
    again = tuple(end for end in ends if end in _WITH_DECIMALS and int((finite == end).sum()) > 1)
    return next((code for code in (*codes, *again) if code in ends and _is_apart(finite, code)), None)


def _only_negative(finite: Floats) -> float | None:
    """Return the one number below zero of a quantity that is never there; None where there is none, or several different ones.

    A number with decimals that came once is noise around zero, not a code.
    """
    below, counts = np.unique(finite[finite < 0], return_counts=True)
    is_code = len(below) == 1 and bool((finite > 0).any()) and (counts[0] > 1 or below[0] == round(below[0]))
    return float(below[0]) if is_code else None


def _is_apart(finite: Floats, code: float) -> bool:
    rest = finite[finite != code]
    if not len(rest):
        return False
    spread = float(np.subtract(*np.percentile(rest, [99, 1])))
    return float(np.abs(rest - code).min()) > max(spread, abs(float(np.median(rest))))
