"""Settings that more than one package reads, each once."""

from __future__ import annotations

from statistics import NormalDist

LEVEL = 0.95
"""Confidence of an interval where nothing else is stated, 0 to 1."""

TAIL = round((1 - LEVEL) / 2, 12)
"""Probability that lies below such an interval; the same lies above it."""

UPPER = round(1 - TAIL, 12)
"""Quantile of its upper end, 0 to 1."""

Z_LEVEL = NormalDist().inv_cdf(UPPER)
"""Half of such an interval of a normal distribution, in standard deviations (1.96)."""

MIN_BASELINE_REST = 180.0
"""Shortest rest that a person's baseline of arousal is read from, in s (our choice: long enough for a spread, not only a level)."""

MIN_RESTING_LEVEL = 30.0
"""Shortest rest that the level under a recovery is read from, in s (our choice: about eight breaths; it names no state)."""

_ROUNDING = 1e-6  # s, by which the length of a span may miss its nominal length in floating point


def is_long_enough(length: float, shortest: float) -> bool:
    """Return whether a span reaches a minimum length, whatever its ends lost in rounding.

    Parameters
    ----------
    length
        Of the span, in s.
    shortest
        The minimum, in s.

    Returns
    -------
    bool
        True at exactly the minimum.
    """
    return length >= shortest - _ROUNDING
