"""Conditions against each other, and linkage with covariates: every p-value from permutations of what could have been otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.inference import p_value
from coregulation.settings import UPPER
from coregulation.signals import Floats
from coregulation.study.group_tests import MIN_PAIRS


@dataclass(frozen=True, slots=True)
class Contrast:
    """One signal in two conditions.

    Parameters
    ----------
    signal
        Channel.
    first, second
        Conditions.
    pairs
        How many in each; of a comparison within pairs the same number twice.
    within
        Whether the same pairs were in both, so that each is its own control.
    difference
        Mean of the first less that of the second, of what exceeds strangers, Fisher's z.
    interval
        Its 95 % interval (Welch's or the paired t).
    p
        Two-sided: labels permuted between pairs, or signs within them, studentised.
    draws
        Number of permutations.
    """

    signal: str
    first: str
    second: str
    pairs: tuple[int, int]
    within: bool
    difference: float
    interval: tuple[float, float]
    p: float
    draws: int


@dataclass(frozen=True, slots=True)
class Association:
    """One signal's linkage beyond strangers, and a covariate of the pairs.

    Parameters
    ----------
    signal
        Channel.
    covariate
        Column of the session table.
    condition
        In which.
    pairs
        With both numbers.
    rho
        Spearman's rank correlation.
    p
        Two-sided, from permutations of the covariate.
    draws
        Number of permutations.
    """

    signal: str
    covariate: str
    condition: str
    pairs: int
    rho: float
    p: float
    draws: int


def contrast(
    signal: str,
    conditions: tuple[str, str],
    values: tuple[Mapping[str, float], Mapping[str, float]],
    draws: int,
    seed: int,
) -> Contrast | None:
    """Compare two conditions.

    Parameters
    ----------
    signal
        Channel.
    conditions
        Their names.
    values
        For each, every pair's linkage beyond strangers, by pair.
    draws
        Number of permutations.
    seed
        Of the permutations.

    Returns
    -------
    Contrast or None
        Within pairs where at least five pairs are in both; else between pairs; None with fewer than five in either.
    """
    both = sorted(values[0].keys() & values[1].keys())
    rng = np.random.default_rng([seed, 2])
    if len(both) >= MIN_PAIRS:
        apart = np.array([values[0][pair] - values[1][pair] for pair in both])
        difference, interval, p = _paired(apart, draws, rng)
        return Contrast(signal, *conditions, (len(both), len(both)), True, difference, interval, p, draws)
    first, second = (np.array([v[pair] for pair in sorted(v.keys() - set(both))]) for v in values)
    if min(len(first), len(second)) < MIN_PAIRS:
        return None
    difference, interval, p = _welch(first, second, draws, rng)
    return Contrast(signal, *conditions, (len(first), len(second)), False, difference, interval, p, draws)


def _paired(apart: Floats, draws: int, rng: np.random.Generator) -> tuple[float, tuple[float, float], float]:
    from scipy.stats import t

    count = len(apart)
    signs = rng.choice([-1.0, 1.0], (draws, count))
    error = float(apart.std(ddof=1)) / np.sqrt(count)
    wide = float(t.ppf(UPPER, count - 1)) * error
    mean = float(apart.mean())
    flipped = signs * apart
    nulls = np.abs(flipped.mean(axis=1)) / (flipped.std(axis=1, ddof=1) / np.sqrt(count))
    return mean, (mean - wide, mean + wide), p_value(abs(mean) / error, nulls)


def _welch(
    first: Floats, second: Floats, draws: int, rng: np.random.Generator
) -> tuple[float, tuple[float, float], float]:
    from scipy.stats import t

    mean, error = _welch_parts(first[None], second[None])
    a, b = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    freedom = (a + b) ** 2 / (a**2 / (len(first) - 1) + b**2 / (len(second) - 1))
    wide = float(t.ppf(UPPER, freedom) * error[0])
    mixed = rng.permuted(np.broadcast_to(np.concatenate([first, second]), (draws, len(first) + len(second))), axis=1)
    means, errors = _welch_parts(mixed[:, : len(first)], mixed[:, len(first) :])
    p = p_value(float(abs(mean[0]) / error[0]), np.abs(means) / errors)
    return float(mean[0]), (float(mean[0]) - wide, float(mean[0]) + wide), p


def _welch_parts(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    error = np.sqrt(first.var(axis=1, ddof=1) / first.shape[1] + second.var(axis=1, ddof=1) / second.shape[1])
    return first.mean(axis=1) - second.mean(axis=1), error


def associate(
    signal: str, covariate: str, condition: str, linkage: Floats, numbers: Floats, draws: int, seed: int
) -> Association | None:
    """Correlate linkage with a covariate.

    Parameters
    ----------
    signal, covariate, condition
        What the two are.
    linkage
        Of each pair, shape (pairs,).
    numbers
        The covariate, shape (pairs,); NaN where it is missing.
    draws
        Number of permutations.
    seed
        Of the permutations.

    Returns
    -------
    Association or None
        None with fewer than five pairs, or where either is constant.
    """
    from scipy.stats import rankdata

    known = np.isfinite(linkage) & np.isfinite(numbers)
    if known.sum() < MIN_PAIRS or np.ptp(numbers[known]) == 0 or np.ptp(linkage[known]) == 0:
        return None
    a, b = (_standardised(rankdata(values[known])) for values in (linkage, numbers))
    rng = np.random.default_rng([seed, 3])
    nulls = rng.permuted(np.broadcast_to(b, (draws, len(b))), axis=1) @ a
    rho = float(a @ b)
    return Association(signal, covariate, condition, int(known.sum()), rho, p_value(abs(rho), np.abs(nulls)), draws)


def _standardised(ranks: Floats) -> Floats:
    centred = ranks - ranks.mean()
    return np.asarray(centred / np.sqrt((centred**2).sum()))
