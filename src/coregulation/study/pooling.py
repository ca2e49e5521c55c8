"""From the values of many sessions to the answers of a study."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from coregulation.reasons import Reason, because
from coregulation.signals import Floats
from coregulation.study.contrasts import Association, Contrast, associate, contrast
from coregulation.study.group_tests import MIN_PAIRS, StratumValues, combine, group_estimates
from coregulation.study.pair_values import ChannelValues, SessionValues
from coregulation.study.partners import Stratum
from coregulation.study.plan import Statistic, StudyPlan
from coregulation.study.reasons import StudyReason, StudyStatement
from coregulation.study.result import GroupAnswer
from coregulation.study.session_table import SessionTable

PairValues = tuple[tuple[str, ...], StratumValues]
"""The pairs that have a value, and their rows."""


def stratum_values(
    stratum: Stratum,
    values: Mapping[str, SessionValues],
    partners: Mapping[str, Sequence[str]],
    signal: str,
    statistic: Statistic,
) -> PairValues:
    """Average a signal over the sessions of each pair.

    Parameters
    ----------
    stratum
        Sessions of one condition.
    values
        By session.
    partners
        Stand-in sessions of each session, in the order of its values.
    signal
        Channel.
    statistic
        What of each pair's linkage is compared.

    Returns
    -------
    tuple
        Pairs with a value, sorted, and their rows.
    """
    own: dict[str, list[float]] = {}
    strangers: dict[str, dict[str, list[float]]] = {}
    pair_of = {session.name: session.pair for session in stratum.sessions}
    for session in stratum.sessions:
        added = values[session.name].channels.get(signal) if session.name in values else None
        if added is None or not np.isfinite(added.own.z):
            continue
        mine, theirs = compared_values(added, statistic)
        own.setdefault(session.pair, []).append(mine)
        row = strangers.setdefault(session.pair, {})
        for partner, z in zip(partners[session.name], theirs, strict=True):
            if np.isfinite(z):
                row.setdefault(pair_of[partner], []).append(z)
    pairs = tuple(sorted(own))
    return pairs, _rows(pairs, own, strangers, stratum.exact)


def compared_values(channel: ChannelValues, statistic: Statistic) -> tuple[float, tuple[float, ...]]:
    """Choose what of a session's linkage is compared.

    Parameters
    ----------
    channel
        One channel of one session.
    statistic
        As declared.

    Returns
    -------
    tuple
        Of the pair, and of the first person with each stand-in, Fisher's z.
    """
    if statistic is Statistic.SIGNED:
        return channel.own.z, channel.stand_ins
    return abs(channel.own.largest), channel.largest


def _rows(
    pairs: Sequence[str],
    own: Mapping[str, list[float]],
    strangers: Mapping[str, Mapping[str, list[float]]],
    exact: bool,
) -> StratumValues:
    """Lay the means out: with everybody as a column in an exact stratum, else with each pair's stand-ins in its row."""
    number = {pair: k for k, pair in enumerate(pairs)}
    known = [{number[p]: float(np.mean(z)) for p, z in strangers[pair].items() if p in number} for pair in pairs]
    width = len(pairs) if exact else max((len(row) for row in known), default=0)
    z = np.full((len(pairs), width), np.nan)
    partner = np.zeros((len(pairs), width), dtype=np.int64)
    for k, row in enumerate(known):
        columns = list(row) if exact else list(range(len(row)))
        z[k, columns], partner[k, columns] = list(row.values()), list(row)
    if exact:
        partner = np.broadcast_to(np.arange(width), z.shape)
    return StratumValues(
        np.array([np.mean(own[pair]) for pair in pairs]), z, partner, np.zeros(len(pairs), dtype=np.int64)
    )


def answer_stratum(
    condition: str | None,
    strata: Sequence[Stratum],
    signals: Sequence[str],
    pooled: Mapping[tuple[str, str], PairValues],
    plan: StudyPlan,
) -> Iterator[GroupAnswer]:
    """Answer every signal over one or several conditions; the signals with enough pairs are one family.

    Parameters
    ----------
    condition
        What the answers are called; None for all conditions together.
    strata
        Sessions by condition, with pairs of their own.
    signals
        Channels, in the plan's order.
    pooled
        By condition and channel.
    plan
        With permutations and seed.

    Yields
    ------
    GroupAnswer
        One per signal.
    """
    exact = all(stratum.exact for stratum in strata)
    counts = {name: sum(len(pooled[s.condition, name][0]) for s in strata) for name in signals}
    enough = [name for name in signals if counts[name] >= MIN_PAIRS]
    parts = {name: [pooled[s.condition, name] for s in strata] for name in enough}
    if exact:
        parts = _complete(parts)
    family = {name: combine([values for _, values in of]) for name, of in parts.items()}
    if any(len(values.own) < MIN_PAIRS for values in family.values()):
        family = {}
    estimates = group_estimates(family, exact, plan.permutations, plan.seed) if family else {}
    for name in signals:
        refused = None
        if name not in estimates:
            refused = because(StudyReason.FEW_PAIRS, count=counts[name], needed=MIN_PAIRS)
        yield GroupAnswer(condition, name, estimates.get(name), refused)


def _complete(parts: Mapping[str, list[PairValues]]) -> dict[str, list[PairValues]]:
    """Keep the pairs that every signal has, so that one permutation serves all signals."""
    kept = [sorted(set.intersection(*(set(pairs) for pairs, _ in of))) for of in zip(*parts.values(), strict=True)]
    return {name: [_kept(own, names) for own, names in zip(of, kept, strict=True)] for name, of in parts.items()}


def _kept(pooled: PairValues, kept: Sequence[str]) -> PairValues:
    pairs, values = pooled
    at = np.array([pairs.index(pair) for pair in kept], dtype=np.int64)
    square = values.strangers[np.ix_(at, at)]
    partners = np.broadcast_to(np.arange(len(at)), square.shape)
    return tuple(kept), StratumValues(values.own[at], square, partners, np.zeros(len(at), dtype=np.int64))


def contrasts(
    signals: Sequence[str], pooled: Mapping[tuple[str, str], PairValues], conditions: Sequence[str], plan: StudyPlan
) -> Iterator[Contrast | Reason]:
    """Compare every two conditions of each signal.

    Parameters
    ----------
    signals
        Channels.
    pooled
        By condition and signal.
    conditions
        Names.
    plan
        With permutations and seed.

    Yields
    ------
    Contrast or Reason
        Why there is none where either condition has too few pairs.
    """
    for signal, (first, second) in itertools.product(signals, itertools.combinations(conditions, 2)):
        sides = _by_pair(pooled[first, signal]), _by_pair(pooled[second, signal])
        compared = contrast(signal, (first, second), sides, plan.permutations, plan.seed)
        yield compared or because(
            StudyStatement.CONTRAST_REFUSED, signal=signal, first=first, second=second, needed=MIN_PAIRS
        )


def _by_pair(pooled: PairValues) -> dict[str, float]:
    pairs, values = pooled
    return {p: float(d) for p, d in zip(pairs, values.differences, strict=True) if np.isfinite(d)}


def associations(
    signals: Sequence[str],
    pooled: Mapping[tuple[str, str], PairValues],
    strata: Sequence[Stratum],
    table: SessionTable,
    plan: StudyPlan,
) -> Iterator[Association | Reason]:
    """Correlate each signal's linkage beyond strangers with each covariate.

    Parameters
    ----------
    signals
        Channels.
    pooled
        By condition and signal.
    strata
        Sessions by condition.
    table
        With the covariates.
    plan
        With permutations and seed.

    Yields
    ------
    Association or Reason
        Why there is none where too few pairs have both, or either is constant.
    """
    for stratum, signal, covariate in itertools.product(strata, signals, plan.covariates):
        pairs, values = pooled[stratum.condition, signal]
        numbers = _covariate(stratum, pairs, table, covariate)
        associated = associate(
            signal, covariate, stratum.condition, values.differences, numbers, plan.permutations, plan.seed
        )
        yield associated or because(
            StudyStatement.ASSOCIATION_REFUSED, signal=signal, covariate=covariate, needed=MIN_PAIRS
        )


def _covariate(stratum: Stratum, pairs: Sequence[str], table: SessionTable, covariate: str) -> Floats:
    """Average a covariate over the sessions of each pair."""
    cells: dict[str, list[float]] = {pair: [] for pair in pairs}
    for session in stratum.sessions:
        if session.pair in cells:
            cells[session.pair].append(table.number(session.name, covariate))
    return np.array([np.mean(own) for own in cells.values()])
