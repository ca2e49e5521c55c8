"""Numbers that a program writes where a value is missing: -999, 9999, 65535 and the like."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Floats

_NINES = tuple(sign * (10.0**digits - 1) for digits in range(2, 7) for sign in (-1, 1))  # 99 to 999999
_CODES = (*_NINES, 65535.0, 65.535, 32767.0, -32768.0, 2147483647.0, -2147483648.0, 4294967295.0)
_RATE_CODES = (255.0,)  # of a heart rate in one byte


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
    codes = (*_CODES, *_RATE_CODES) if channel == "heart_rate" else _CODES
    finite = numbers[np.isfinite(numbers)]
    ends = {float(finite.min()), float(finite.max())} if len(finite) else set()
    return next((code for code in codes if code in ends and _is_apart(finite, code)), None)


def _is_apart(finite: Floats, code: float) -> bool:
    rest = finite[finite != code]
    if not len(rest):
        return False
    spread = float(np.subtract(*np.percentile(rest, [99, 1])))
    return float(np.abs(rest - code).min()) > max(spread, abs(float(np.median(rest))))
