"""How fast each rise passes after its flip, told without looking at the coin.

The outcome is how fast the receiver's level fell when it fell: the lower quartile, over the minute after the flip, of the relative
change of its smoothed level in 10 s. New rises in that minute hardly move it, and they are most of the noise of a mean level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coin_flips import CoinFlip
from coregulation.signals import Bools, Floats, Signal

HEIGHT = (-4.0, 3.0)
"""Span around a flip from which the height of the rise is taken, s."""
FALL = (10.0, 70.0)
"""Span after a flip in which the level falls, s: a cue to slow down needs some seconds to act, and lasts half a minute."""
STEP = 10.0
"""Time over which a change is taken, s."""
SMOOTH = 5.0
"""Length of the running mean, s."""
FALLING = 0.25
"""The quantile of the changes: how fast the level falls when it falls."""
SLOW = (-200.0, -40.0)
"""Span before a flip from which the receiver's slow level is taken, s."""
LEAST = 0.3
"""Smallest level that a change is related to, rest SDs: below it a ratio says nothing but noise."""
MIN_VALID = 0.5
"""Smallest share of a span that must be valid."""


@dataclass(frozen=True, slots=True, eq=False)
class CoinOutcomes:
    """Outcomes of one session's flips.

    Parameters
    ----------
    fall
        Relative change of the receiver's level in 10 s when it falls (below 0), shape (flips,); NaN where too little is valid.
    covariates
        Log height and slow level before each flip, shape (flips, 2).
    cues
        What the coin said, shape (flips,).
    possible
        Whether a cue could be shown, shape (flips,).
    """

    fall: Floats
    covariates: Floats
    cues: Bools
    possible: Bools

    @property
    def known(self) -> CoinOutcomes:
        """Those that have an outcome."""
        kept = np.isfinite(self.fall) & np.isfinite(self.covariates).all(axis=1)
        return CoinOutcomes(self.fall[kept], self.covariates[kept], self.cues[kept], self.possible[kept])


def outcomes(level: Signal, flips: Sequence[CoinFlip]) -> CoinOutcomes:
    """Take the outcome of each flip from the receiver's level.

    Parameters
    ----------
    level
        The receiver's arousal above their own rest, rest SDs.
    flips
        Of the session.

    Returns
    -------
    CoinOutcomes
        As assigned: whether a cue was shown or skipped plays no part.
    """
    smooth = running_mean(level, SMOOTH)
    height = np.array([_mean(level, flip.time, HEIGHT) for flip in flips])
    slow = np.array([_mean(level, flip.time, SLOW) for flip in flips])
    everywhere = float(np.nanmean(level.values)) if np.isfinite(level.values).any() else 0.0
    slow = np.where(np.isfinite(slow), slow, everywhere)
    return CoinOutcomes(
        np.array([_fall(smooth, level.rate, flip.time - level.start) for flip in flips]),
        np.column_stack([np.log(np.maximum(height, LEAST)), slow]).reshape(-1, 2),
        np.array([flip.cue for flip in flips], dtype=bool),
        np.array([flip.possible for flip in flips], dtype=bool),
    )


def running_mean(signal: Signal, seconds: float) -> Floats:
    """Average a signal over a sliding span, from the valid samples where at least half are.

    Parameters
    ----------
    signal
        Of any unit.
    seconds
        Length of the span, s.

    Returns
    -------
    Floats
        Centred, shape (samples,); NaN where less than half of the span is valid.
    """
    width = max(1, round(seconds * signal.rate) | 1)
    valid = np.isfinite(signal.values)
    sums, counts = (
        np.convolve(values, np.ones(width), "same")
        for values in (np.where(valid, signal.values, 0.0), valid.astype(float))
    )
    return np.where(counts >= MIN_VALID * width, sums / np.maximum(counts, 1), np.nan)


def _fall(smooth: Floats, rate: float, time: float) -> float:
    first, last, step = (round(t * rate) for t in (time + FALL[0], time + FALL[1], STEP))
    if first < 0 or last > len(smooth):
        return float("nan")
    before, after = smooth[first : last - step], smooth[first + step : last]
    changes = (after - before) / np.maximum(before, LEAST)
    changes = changes[np.isfinite(changes)]
    enough = len(changes) >= MIN_VALID * (last - first - step) and len(changes) > 0
    return float(np.quantile(changes, FALLING)) if enough else float("nan")


def _mean(level: Signal, time: float, span: tuple[float, float]) -> float:
    """Average the level around a time; NaN where less than half is valid or the recording does not reach so far."""
    first, last = (round((time + end - level.start) * level.rate) for end in span)
    if first < 0 or last > len(level):
        return float("nan")
    values = level.values[first:last]
    valid = values[np.isfinite(values)]
    return float(valid.mean()) if len(valid) >= MIN_VALID * max(1, len(values)) and len(valid) else float("nan")
