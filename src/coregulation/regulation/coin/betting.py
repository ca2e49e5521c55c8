"""A bet that may be looked at after every flip: over any number of visits, a wrong claim at .05 in at most one of twenty pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.regulation.coin.outcomes import CoinOutcomes
from coregulation.signals import Floats

CLAIM = 20.0
"""Evidence from which a claim at .05 may be made, at whatever time it is reached (Ville's inequality)."""
_SHARE = 0.5  # largest share of the capital that is put on one flip
_PRIOR = 4.0  # flips that the shrunken mean counts as having seen, without any effect


@dataclass(frozen=True, slots=True)
class BettingEvidence:
    """The capital of a bettor who starts with 1.

    Parameters
    ----------
    flips
        How many were bet on.
    capital
        Now.
    largest
        At its highest so far.
    """

    flips: int
    capital: float
    largest: float

    @property
    def p(self) -> float:
        """A p-value that holds at any time: 1 over the highest capital, at most 1."""
        return min(1.0, 1.0 / self.largest)


def bet(sessions: Sequence[CoinOutcomes]) -> BettingEvidence:
    """Bet on every flip in order, each time with what earlier flips showed.

    Given everything before it, a flip is a fair coin whatever the outcome, so no way of betting gains on average unless the cue changes
    how a rise passes. Bets go either way, so help and harm count alike. Where no cue could be shown nothing is bet: that was decided
    before the coin fell.

    Parameters
    ----------
    sessions
        Outcomes of each visit, in order.

    Returns
    -------
    BettingEvidence
        Over all flips with an outcome.

    References
    ----------
    Waudby-Smith I, Ramdas A (2024), Journal of the Royal Statistical Society B 86:1, doi:10.1093/jrsssb/qkad009
    Shafer G (2021), Journal of the Royal Statistical Society A 184:407, doi:10.1111/rssa.12647
    """
    known = [session.known for session in sessions]
    fall = np.concatenate([session.fall[session.possible] for session in known]) if known else np.empty(0)
    cues = np.concatenate([session.cues[session.possible] for session in known]) if known else np.empty(0, dtype=bool)
    capital = largest = 1.0
    gains = squares = 0.0
    for number, (value, cue) in enumerate(zip(fall, cues, strict=True)):
        gain = (1.0 if cue else -1.0) * _score(value, fall[:number])
        share = gains / (squares + _PRIOR)
        capital *= 1.0 + max(-_SHARE, min(_SHARE, share)) * gain
        largest = max(largest, capital)
        gains, squares = gains + gain, squares + gain**2
    return BettingEvidence(len(fall), capital, largest)


def _score(value: float, before: Floats) -> float:
    """Place an outcome among earlier ones, from −1 to 1; 0 before there are two."""
    if len(before) < 2:
        return 0.0
    return math.tanh((value - float(np.median(before))) / max(float(np.std(before)), 1e-9))
