"""What numbers without a name may be, by their size and by how they change: intervals of beats, a heart rate, or anything."""

from __future__ import annotations

from coregulation.channels import HEART_RATE
from coregulation.io.tables.contents import ColumnContents
from coregulation.signals import Unit

ANYTHING = "signal"
RR_MS = (300.0, 2000.0)  # between these lies the median RR interval (ms) of a person who is awake
_HEART = (30.0, 220.0)  # 1/min; between these lies the median of a heart rate
_MOST = 0.8  # share of numbers near the median; the others may be missing, wrong beats or codes
_UNEVEN = 0.05  # usual step over the middle half of all numbers, below which they change too smoothly for single beats


def likely_by_size(column: ColumnContents) -> tuple[str, str | None]:
    """Propose a channel for numbers without a name, and its unit where their size tells it.

    Parameters
    ----------
    column
        What the column holds.

    Returns
    -------
    tuple of str and str or None
        Intervals where nearly all numbers lie near their median, that is one of beats, and they change as single beats do; a heart
        rate where they could be one; else a name of their own, in arbitrary units.
    """
    median = column.median
    if median is None or column.near < _MOST:
        return ANYTHING, Unit.ARBITRARY.symbol
    for unit, size in (("ms", 1.0), ("s", 1000.0)):
        if RR_MS[0] <= median * size <= RR_MS[1] and column.unevenness >= _UNEVEN:
            return "rr", unit
    if _HEART[0] <= median <= _HEART[1]:
        return HEART_RATE, None
    return ANYTHING, Unit.ARBITRARY.symbol
