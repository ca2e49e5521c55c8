"""The test of the coin: flip it again, as often as wished; exact by design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.regulation.coin.outcomes import CoinOutcomes
from coregulation.regulation.interval import Interval
from coregulation.signals import Bools, Floats

MIN_OF_EACH = 4
"""Fewest flips with and without a cue: with eight flips in all, 1 of 128 reflections is as extreme, so that .05 can be reached."""
PLANNED = 80
"""Flips that a plan of several visits fixes beforehand."""
_RANGE = 1.0  # largest effect that an interval reaches: the whole level in 10 s


@dataclass(frozen=True, slots=True)
class CoinAnswer:
    """What the coin says.

    Parameters
    ----------
    flips
        Flips with an outcome.
    cues
        Of these, how many asked for a cue.
    effect
        Of being asked, on the relative change of the receiver's level in 10 s; below 0: rises pass faster.
    p
        Two-sided.
    draws
        How often the coin was flipped again.
    seed
        Of these draws.
    """

    flips: int
    cues: int
    effect: Interval
    p: float
    draws: int
    seed: int


def ask_coin(sessions: Sequence[CoinOutcomes], *, draws: int = 9999, seed: int = 0) -> CoinAnswer:
    """Compare the rises at which the giver was asked to slow down with the others.

    Each visit's outcomes are adjusted for the height of the rise and the slow level before it, by a regression that does not know the
    coin. The statistic is the studentised difference of means. The coin is flipped again for every flip; nothing else is random.

    Parameters
    ----------
    sessions
        Outcomes of each visit of one pair, in one direction.
    draws
        How often the coin is flipped again.
    seed
        Of these draws.

    Returns
    -------
    CoinAnswer
        The interval holds every constant effect that the same test does not reject at .05.

    Raises
    ------
    DataError
        If there are too few flips of either kind.

    References
    ----------
    Fisher RA (1935), The Design of Experiments, Oliver and Boyd
    Rosenbaum PR (2002), Statistical Science 17:286, doi:10.1214/ss/1042727942
    """
    known = [session.known for session in sessions]
    cues = np.concatenate([session.cues for session in known]) if known else np.zeros(0, dtype=bool)
    cued = int(cues.sum())
    if min(cued, len(cues) - cued) < MIN_OF_EACH:
        raise DataError(
            "The coin was flipped {flips} times with an outcome, {cues} of them for a cue; at least {needed} of each kind are needed. "
            "More visits with the coin would settle it.",
            flips=len(cues), cues=cued, needed=MIN_OF_EACH,
        )  # fmt: skip
    again = np.random.default_rng(seed).random((draws, len(cues))) < 0.5
    effect = _difference(_adjusted(known, 0.0), cues)
    return CoinAnswer(len(cues), cued, _invert(known, cues, again, effect), _p(known, cues, again, 0.0), draws, seed)


def _adjusted(sessions: Sequence[CoinOutcomes], effect: float) -> Floats:
    """Return what the covariates of each visit leave over, after an assumed effect of the cue is taken away."""
    return np.concatenate(
        [_residuals(session.fall - effect * session.cues, session.covariates) for session in sessions]
    )


def _residuals(fall: Floats, covariates: Floats) -> Floats:
    """Regress on the covariates where there are flips enough, else only take the mean away."""
    rows = np.ones((len(fall), 1))
    if len(fall) >= 4 * (covariates.shape[1] + 1):
        rows = np.column_stack([rows, covariates])
    coefficients = np.linalg.lstsq(rows, fall, rcond=None)[0]
    return np.asarray(fall - rows @ coefficients)


def _difference(values: Floats, cues: Bools) -> float:
    return float(values[cues].mean() - values[~cues].mean())


def _studentised(values: Floats, cues: Bools) -> Floats:
    """Compute |difference of means| over its standard error for each row of assignments; 0 where one kind has fewer than two."""
    cued = cues.sum(axis=-1)
    others = cues.shape[-1] - cued
    few = np.minimum(cued, others) < 2
    n1, n0 = np.maximum(cued, 2), np.maximum(others, 2)
    sum1, square1 = cues @ values, cues @ values**2
    sum0, square0 = values.sum() - sum1, (values**2).sum() - square1
    variance = (square1 - sum1**2 / n1) / (n1 - 1) / n1 + (square0 - sum0**2 / n0) / (n0 - 1) / n0
    size = np.abs(sum1 / n1 - sum0 / n0) / np.sqrt(np.maximum(variance, 1e-300))
    return np.where(few, 0.0, size)


def _p(sessions: Sequence[CoinOutcomes], cues: Bools, again: Bools, effect: float) -> float:
    values = _adjusted(sessions, effect)
    observed = _studentised(values, cues[None].astype(float))[0]
    as_strong = _studentised(values, again.astype(float)) >= observed * (1 - 1e-12)
    return float((1 + as_strong.sum()) / (1 + len(again)))


def _invert(sessions: Sequence[CoinOutcomes], cues: Bools, again: Bools, effect: float) -> Interval:
    low, high = (_edge(sessions, cues, again, effect, effect + way * _RANGE) for way in (-1.0, 1.0))
    return Interval(effect, low, high)


def _edge(sessions: Sequence[CoinOutcomes], cues: Bools, again: Bools, inside: float, outside: float) -> float:
    """Find where the test begins to reject, by bisection; an end that it never reaches is open."""
    if _p(sessions, cues, again, outside) > 0.05:
        return float("inf") if outside > inside else float("-inf")
    for _ in range(20):
        middle = (inside + outside) / 2
        if _p(sessions, cues, again, middle) > 0.05:
            inside = middle
        else:
            outside = middle
    return outside
