"""Three or more people of a channel: the group's statistic with its own nulls, and what each person adds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import PairResult
from coregulation.analysis.pseudo_comparison import channel_sums, pseudo_members
from coregulation.analysis.results import GroupFinding
from coregulation.coupling.inference import p_value
from coregulation.coupling.nulls.permutation import (
    PersonShifts,
    SessionExchange,
    add_observed,
    draw_person_shifts,
    fold_lags,
    permute_sessions,
    pooled_statistics,
)
from coregulation.coupling.nulls.pseudo_dyads import PseudoMember
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import WindowSums, pool_sums
from coregulation.coupling.threads import in_threads
from coregulation.reasons import because
from coregulation.signals import Floats, Window


def circular_shift_test(
    channel: ChannelData, answers: Sequence[PairResult], count: int, rng: np.random.Generator
) -> GroupFinding:
    """Test a group beyond own dynamics, by turning every person by a time of their own.

    Parameters
    ----------
    channel
        With the traces of three or more people.
    answers
        What is known of each pair.
    count
        Number of surrogates.
    rng
        Source of the draws.

    Returns
    -------
    GroupFinding
        At gate G1; refused where fewer than three pairs can be compared.

    References
    ----------
    Phipson B, Smyth GK (2010), Statistical Applications in Genetics and Molecular Biology 9:39, doi:10.2202/1544-6115.1585
    """
    people = tuple(channel.traces)
    number = {who: i for i, who in enumerate(people)}
    tables = {
        (number[a.pair[0]], number[a.pair[1]]): a.comparison.shift_table
        for a in answers
        if a.comparison is not None and a.primary.estimate is not None
    }
    matrix = np.full((len(people), len(people)), np.nan)
    for (i, j), table in tables.items():
        matrix[i, j] = matrix[j, i] = float(table.observed.statistic)
    spans = 1 + max((span for table in tables.values() for span in table.spans), default=0)
    by = draw_person_shifts(len(people), spans, count, rng)
    pairs = {
        (i, j): fold_lags(add_observed(table.observed, table.joint_shifts((by[:, j] - by[:, i]) % 1.0)))
        for (i, j), table in tables.items()
    }
    needed = LINKAGE.min_group_pairs
    refused = None if len(pairs) >= needed else because(LinkageRefusal.FEW_PAIRS, needed=needed)
    statistics = pooled_statistics(pairs)
    return GroupFinding(
        signal=channel.name, people=people, gate=PersonShifts.question.value,
        statistic=float(statistics[0]) if pairs else float("nan"), nulls=statistics[1:], null=PersonShifts.title,
        matrix=matrix, without={} if refused else {who: _without(pairs, i) for who, i in number.items()}, refused=refused,
    )  # fmt: skip


def _without(pairs: Mapping[tuple[int, int], WindowSums], person: int) -> tuple[float, float | None]:
    statistics = pooled_statistics(pairs, person)
    if len(statistics) == 0:
        return float("nan"), None
    return float(statistics[0]), p_value(float(statistics[0]), statistics[1:])


def permutation_test(
    channel: ChannelData,
    roles: Sequence[Mapping[str, str | None]],
    spans: Sequence[Window],
    count: int,
    rng: np.random.Generator,
    jobs: int,
) -> GroupFinding:
    """Test a group beyond the scripted input, by exchanging its members with people of other sessions.

    Parameters
    ----------
    channel
        With the traces of all sessions.
    roles
        Each person's role, for this session and each other one.
    spans
        Spans that count; none: everything.
    count
        Number of exchanges.
    rng
        Source of the draws.
    jobs
        Threads.

    Returns
    -------
    GroupFinding
        At gate G2; refused where too few people can change places, or too few pairings across sessions can be compared.

    References
    ----------
    Phipson B, Smyth GK (2010), Statistical Applications in Genetics and Molecular Biology 9:39, doi:10.2202/1544-6115.1585
    """
    people = tuple(channel.traces)
    pool = _same_time(pseudo_members(channel, roles))
    twice = {m.person for m in pool if m.session == 0} & {m.person for m in pool if m.session != 0}
    strata = [m.person if m.person in twice else f"role:{m.role}" for m in pool]
    pairings = _pairing_sums(pool, channel, spans, jobs)
    matrix = np.where(pairings.power.max(axis=2) > 0, pairings.statistic, np.nan)
    movable, needed = _movable(pool, strata), LINKAGE.min_movable
    refused = None if movable >= needed else because(LinkageRefusal.FEW_MOVABLE, count=movable, needed=needed)
    value, nulls = permute_sessions(pairings, [m.session for m in pool], strata, count, rng)
    if not (is_comparable(matrix, pool) and np.isfinite(value) and np.isfinite(nulls).all()):
        refused = because(LinkageRefusal.FEW_COMPARABLE)
    here = [k for k, m in enumerate(pool) if m.session == 0]
    return GroupFinding(
        signal=channel.name, people=people, gate=SessionExchange.question.value, statistic=value, nulls=nulls,
        null=SessionExchange.title, matrix=matrix[np.ix_(here, here)], refused=refused,
    )  # fmt: skip


def _pairing_sums(pool: Sequence[PseudoMember], channel: ChannelData, spans: Sequence[Window], jobs: int) -> WindowSums:
    """Compute the folded sums of every two people of all sessions, shape (members, members, lags); 0 of one person with themselves."""
    pairs = list(itertools.combinations(range(len(pool)), 2))
    lags = len(channel.plan.measure.lags(channel.rate))
    nothing = pool_sums([], lags)

    def sums(pair: tuple[int, int]) -> WindowSums:
        a, b = (pool[k] for k in pair)
        if a.person == b.person:
            return nothing
        return channel_sums(a.signal, b.signal, channel.plan.measure, spans) or nothing

    folded = [fold_lags(each) for each in in_threads(sums, pairs, jobs)]
    out = [np.zeros((len(pool), len(pool), lags - lags // 2)) for _ in range(4)]
    for (i, j), each in zip(pairs, folded, strict=True):
        for array, values in zip(out, (each.z, each.count, each.largest, each.power), strict=True):
            array[i, j] = array[j, i] = values
    none = np.zeros((len(pool), len(pool), 0))
    return WindowSums(out[0], out[1].astype(np.int64), out[2], out[3], none, none)


def _movable(pool: Sequence[PseudoMember], strata: Sequence[str]) -> int:
    """Count the people of this session who can change places with somebody of another."""
    elsewhere = {stratum for stratum, m in zip(strata, pool, strict=True) if m.session != 0}
    return sum(stratum in elsewhere for stratum, m in zip(strata, pool, strict=True) if m.session == 0)


def is_comparable(matrix: Floats, pool: Sequence[PseudoMember]) -> bool:
    """Say whether enough pairings across sessions have a statistic; else the mean of a mixed group is that of few pairs.

    Parameters
    ----------
    matrix
        A statistic of every two people, shape (members, members); NaN where they cannot be compared.
    pool
        The people.

    Returns
    -------
    bool
        Whether at least half of the pairings of this session's people with others' are comparable, and at least one.
    """
    here, away = ([k for k, m in enumerate(pool) if (m.session == 0) is home] for home in (True, False))
    across = np.isfinite(matrix[np.ix_(here, away)])
    return bool(across.sum() >= max(1, across.size * LINKAGE.min_comparable_share))


def _same_time(pool: Sequence[PseudoMember]) -> list[PseudoMember]:
    """Cut everybody to the time that every session covers: shorter recordings give larger statistics by chance."""
    sessions = {m.session for m in pool}
    begin = max(min(m.signal.window.start for m in pool if m.session == k) for k in sessions)
    end = min(max(m.signal.window.end for m in pool if m.session == k) for k in sessions)
    if begin >= end:
        return list(pool)
    return [replace(m, signal=m.signal.within(Window(begin, end))) for m in pool]
