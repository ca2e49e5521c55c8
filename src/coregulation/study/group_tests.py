"""What many pairs say together: real partners against strangers, conditions against each other, linkage with covariates.

The statistic is the mean linkage of real pairs less that of strangers, divided by its standard error from leaving out one pair at a
time, with all comparisons in which its people stand (Efron & Stein 1981, doi:10.1214/aos/1176345462), since one person's recording
stands in many comparisons. Where everybody was compared with everybody's partner, partners are permuted, the same way for every
signal, so that the largest statistic gives p-values for the whole family (Westfall & Young 1993). Dividing by the standard error keeps
the size where pairs are linked in different directions and only their mean is zero (Chung & Romano 2013,
doi:10.1214/13-AOS1090). In a large stratum the statistic is compared with Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.inference import p_value
from coregulation.signals import Floats, Ints

MIN_PAIRS = 5
"""Fewest pairs with a group answer: five have 120 permutations, so that a p-value of .05 can be reached."""


@dataclass(frozen=True, slots=True, eq=False)
class StratumValues:
    """One signal of one stratum, with one row per pair.

    Parameters
    ----------
    own
        Each pair's signed linkage, shape (pairs,); NaN where it is missing.
    strangers
        Of each pair's first person with stand-ins, shape (pairs, stand-ins); NaN where there is none. In an exact stratum the
        stand-ins are all pairs in order, and the diagonal is empty.
    partners
        Number of the pair whose second person stands in, the same shape as `strangers`.
    blocks
        Number of the condition inside which partners may change places, shape (pairs,).
    """

    own: Floats
    strangers: Floats
    partners: Ints
    blocks: Ints

    @property
    def differences(self) -> Floats:
        """Each pair's linkage less the mean of its first person with strangers, shape (pairs,)."""
        return self.own - _row_means(self.strangers)


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """What the pairs of a stratum say of one signal.

    Parameters
    ----------
    pairs
        How many were compared.
    own, strangers
        Mean signed linkage of real pairs, and of people with strangers' partners, Fisher's z.
    difference
        Their difference.
    interval
        Its 95 % interval (leaving out one pair at a time, Student's t).
    narrow
        Its 90 % interval, for the equivalence test.
    effect
        Difference by the standard deviation of the pairs' differences (Cohen's d for one sample).
    p
        Two-sided, of this signal alone.
    family
        The same for the largest of all signals of the plan.
    null
        "permutations" or "leave-one-pair-out".
    draws
        Number of permutations; 0 for the other.
    """

    pairs: int
    own: float
    strangers: float
    difference: float
    interval: tuple[float, float]
    narrow: tuple[float, float]
    effect: float
    p: float
    family: float
    null: str
    draws: int


def _row_means(values: Floats) -> Floats:
    count = np.isfinite(values).sum(axis=1)
    return np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan)


def mean_difference(values: StratumValues, kept: Floats | None = None) -> float:
    """Return the mean linkage of real pairs less that of strangers.

    Parameters
    ----------
    values
        Of a stratum.
    kept
        Weight of each pair (0 or 1), shape (pairs,); all by default.

    Returns
    -------
    float
        Fisher's z.
    """
    weight = np.ones(len(values.own)) if kept is None else kept
    own = np.where(np.isfinite(values.own), weight, 0.0)
    strange = np.where(np.isfinite(values.strangers), weight[:, None] * weight[values.partners], 0.0)
    return float(
        (own * np.nan_to_num(values.own)).sum() / own.sum()
        - (strange * np.nan_to_num(values.strangers)).sum() / strange.sum()
    )


def leave_one_out(values: StratumValues) -> Floats:
    """Compute the mean difference without each pair in turn, and without every comparison in which its people stand.

    Parameters
    ----------
    values
        Of a stratum.

    Returns
    -------
    Floats
        Shape (pairs,); NaN for a pair that is missing.
    """
    finite, present = np.isfinite(values.own), np.isfinite(values.strangers)
    own, strange = np.where(finite, values.own, 0.0), np.where(present, values.strangers, 0.0)
    size = len(values.own)
    columns = values.partners.ravel()
    lost = strange.sum(axis=1) + np.bincount(columns, strange.ravel(), size)
    fewer = present.sum(axis=1) + np.bincount(columns, present.ravel(), size)
    means = (own.sum() - own) / (finite.sum() - finite) - (strange.sum() - lost) / (present.sum() - fewer)
    return np.where(finite, means, np.nan)


def standard_error(values: StratumValues) -> float:
    """Return the standard error of the mean difference by leaving out one pair at a time.

    Parameters
    ----------
    values
        Of a stratum.

    Returns
    -------
    float
        Fisher's z.
    """
    without = leave_one_out(values)
    without = without[np.isfinite(without)]
    count = len(without)
    return math.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())


def permuted_statistics(values: StratumValues, orders: Ints) -> Floats:
    """Compute the studentised mean difference with permuted partners.

    Parameters
    ----------
    values
        Of an exact stratum.
    orders
        Permutations, shape (draws, pairs).

    Returns
    -------
    Floats
        Shape (draws,).
    """
    table = np.where(np.eye(len(values.own), dtype=bool), values.own, values.strangers)
    known = np.isfinite(table)
    sums, counts = (_without_each(part, orders) for part in (np.where(known, table, 0.0), known.astype(float)))
    statistic = _ratio(sums.own.sum(axis=1), counts.own.sum(axis=1)) - _ratio(sums.total, counts.total)
    without = _ratio(sums.own_without, counts.own_without) - _ratio(sums.without, counts.without)
    present = counts.own > 0
    number = present.sum(axis=1)
    centre = np.where(present, without, 0.0).sum(axis=1) / number
    spread = (np.where(present, without - centre[:, None], 0.0) ** 2).sum(axis=1)
    statistics: Floats = statistic / np.sqrt((number - 1) / number * spread)
    return statistics


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums of a table over permuted partners: of pairs and of strangers, with all pairs and without each."""

    own: Floats
    own_without: Floats
    total: Floats
    without: Floats


def _without_each(table: Floats, orders: Ints) -> _Sums:
    own = table[np.arange(len(table)), orders]
    pairs = own.sum(axis=1)
    rows, columns = table.sum(axis=1), table.sum(axis=0)[orders]
    own_without = pairs[:, None] - own
    return _Sums(own, own_without, table.sum() - pairs, table.sum() - rows - columns + own - own_without)


def _ratio(above: Floats, below: Floats) -> Floats:
    return above / np.maximum(below, 1)


def group_estimates(
    values: Mapping[str, StratumValues], exact: bool, draws: int, seed: int
) -> dict[str, GroupEstimate]:
    """Estimate every signal of a stratum, with p-values for each and for the family.

    Parameters
    ----------
    values
        By signal; a signal of fewer than five pairs is left out by the caller.
    exact
        Whether the strangers are everybody, so that partners can be permuted.
    draws
        Number of permutations.
    seed
        Of the permutations.

    Returns
    -------
    dict
        By signal.

    References
    ----------
    Westfall PH, Young SS (1993), Resampling-Based Multiple Testing, Wiley
    """
    each = list(values.values())
    single, family = _permutation_p(each, draws, seed) if exact else _student_p(each)
    null, used = ("permutations", draws) if exact else ("leave-one-pair-out", 0)
    return {
        name: _estimate(v, p, of_family, null, used)
        for (name, v), p, of_family in zip(values.items(), single, family, strict=True)
    }


def _estimate(values: StratumValues, p: float, family: float, null: str, draws: int) -> GroupEstimate:
    from scipy.stats import t

    count = int(np.isfinite(values.own).sum())
    difference, error = mean_difference(values), standard_error(values)
    wide, narrow = (float(t.ppf(level, count - 1)) * error for level in (0.975, 0.95))
    apart = values.differences
    own = float(np.nanmean(values.own))
    return GroupEstimate(
        count, own, own - difference, difference, (difference - wide, difference + wide),
        (difference - narrow, difference + narrow), float(np.nanmean(apart) / np.nanstd(apart, ddof=1)), p, family, null, draws,
    )  # fmt: skip


def _permutation_p(values: Sequence[StratumValues], draws: int, seed: int) -> tuple[list[float], list[float]]:
    orders = permutations_within(values[0].blocks, draws, seed)
    every = np.vstack([np.arange(orders.shape[1]), orders])  # the real partners are one of the orders
    sizes = np.abs(np.stack([permuted_statistics(v, every) for v in values], axis=1))
    real, nulls = sizes[0], sizes[1:]
    single = [p_value(float(statistic), nulls[:, k]) for k, statistic in enumerate(real)]
    family = [p_value(float(statistic), nulls.max(axis=1)) for statistic in real]
    return single, family


def permutations_within(blocks: Ints, draws: int, seed: int) -> Ints:
    """Draw orders in which partners change places inside their block only.

    Parameters
    ----------
    blocks
        Number of each pair's block, shape (pairs,).
    draws
        How many.
    seed
        Of the draws.

    Returns
    -------
    Ints
        Shape (draws, pairs).
    """
    rng = np.random.default_rng([seed, 1])
    orders = np.empty((draws, len(blocks)), dtype=np.int64)
    for block in np.unique(blocks):
        at = np.flatnonzero(blocks == block)
        orders[:, at] = rng.permuted(np.broadcast_to(at, (draws, len(at))), axis=1)
    return orders


def combine(parts: Sequence[StratumValues]) -> StratumValues:
    """Put the pairs of several conditions into one, each compared with strangers of its own condition.

    Parameters
    ----------
    parts
        One per condition, each with pairs of its own.

    Returns
    -------
    StratumValues
        With one block per condition.
    """
    offsets = np.cumsum([0, *(len(part.own) for part in parts)])
    exact = all(part.strangers.shape == (len(part.own),) * 2 for part in parts)
    width = int(offsets[-1]) if exact else max(part.strangers.shape[1] for part in parts)
    strangers = np.full((offsets[-1], width), np.nan)
    partners = np.zeros((offsets[-1], width), dtype=np.int64)
    for part, low, high in zip(parts, offsets[:-1], offsets[1:], strict=True):
        left = low if exact else 0
        strangers[low:high, left : left + part.strangers.shape[1]] = part.strangers
        partners[low:high, left : left + part.strangers.shape[1]] = part.partners + low
    blocks = np.repeat(np.arange(len(parts)), [len(part.own) for part in parts])
    return StratumValues(np.concatenate([part.own for part in parts]), strangers, partners, blocks)


def _student_p(values: Sequence[StratumValues]) -> tuple[list[float], list[float]]:
    """Return Student's p-values, and Holm's for the family (no permutation is shared by all signals of a large stratum)."""
    from scipy.stats import t

    single = [
        float(2 * t.sf(abs(mean_difference(v)) / standard_error(v), np.isfinite(v.own).sum() - 1)) for v in values
    ]
    return single, holm(single)


def holm(ps: Sequence[float]) -> list[float]:
    """Adjust p-values for the family-wise error.

    Parameters
    ----------
    ps
        Of one family.

    Returns
    -------
    list of float
        In the same order.

    References
    ----------
    Holm S (1979), Scandinavian Journal of Statistics 6:65
    """
    order = np.argsort(ps)
    scaled = np.maximum.accumulate([(len(ps) - k) * ps[i] for k, i in enumerate(order)]).clip(max=1.0)
    adjusted = np.empty(len(ps))
    adjusted[order] = scaled
    return [float(p) for p in adjusted]
