"""Three or more people of a channel: the group's statistic with its own nulls, and what each person adds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from coregulation.analysis.pair import ChannelData, PairResult, channel_statistic, pseudo_members
from coregulation.analysis.results import GroupFinding
from coregulation.coupling.correlation import in_threads
from coregulation.coupling.group import group_shifts, mean_over_pairs, permuted_statistics
from coregulation.coupling.pseudo import PseudoMember
from coregulation.signals import Floats, Window

MIN_MOVABLE = 3  # people who may change places with somebody of another session


def circular_shift_test(
    channel: ChannelData, answers: Sequence[PairResult], count: int, rng: np.random.Generator
) -> GroupFinding:
    """Hold a group against turning every person by a time of their own."""
    people = tuple(channel.traces)
    number = {who: i for i, who in enumerate(people)}
    usable = [a for a in answers if a.table is not None and a.couplings[0].refused is None]
    matrix = np.full((len(people), len(people)), np.nan)
    for answer in usable:
        i, j = (number[who] for who in answer.pair)
        matrix[i, j] = matrix[j, i] = answer.couplings[0].statistic
    pieces = 1 + max((span for a in usable if a.table is not None for span in a.table.spans), default=0)
    by = group_shifts(len(people), pieces, count, rng)
    nulls: dict[tuple[int, int], Floats] = {}
    seen: dict[tuple[int, int], Floats] = {}
    for answer in usable:
        i, j = (number[who] for who in answer.pair)
        assert answer.table is not None
        nulls[i, j] = answer.table.together((by[:, j] - by[:, i]) % 1.0)
        seen[i, j] = np.array([answer.couplings[0].statistic])
    refused = None if len(usable) >= 3 else "fewer than three pairs can be compared"
    return GroupFinding(
        signal=channel.name, people=people, gate="G1",
        statistic=float(mean_over_pairs(seen)[0]) if seen else float("nan"),
        nulls=mean_over_pairs(nulls), null="everybody turned by a time of their own", matrix=matrix,
        without={} if refused else {who: _without(seen, nulls, i) for who, i in number.items()}, refused=refused,
    )  # fmt: skip


def _without(
    seen: Mapping[tuple[int, int], Floats], nulls: Mapping[tuple[int, int], Floats], person: int
) -> tuple[float, float | None]:
    value, null = mean_over_pairs(seen, person), mean_over_pairs(nulls, person)
    if len(value) == 0:
        return float("nan"), None
    return float(value[0]), float((1 + (null >= value[0] - 1e-12).sum()) / (1 + len(null)))


def permutation_test(
    channel: ChannelData,
    roles: Sequence[Mapping[str, str | None]],
    spans: Sequence[Window],
    count: int,
    rng: np.random.Generator,
    jobs: int,
) -> GroupFinding:
    """Hold a group against exchanging its members with people of other sessions of the script."""
    people = tuple(channel.traces)
    pool = _same_time(pseudo_members(channel, roles))
    twice = {m.person for m in pool if m.session == 0} & {m.person for m in pool if m.session != 0}
    strata = [m.person if m.person in twice else f"role:{m.role}" for m in pool]
    pairs = list(itertools.combinations(range(len(pool)), 2))

    def one(pair: tuple[int, int]) -> float:
        a, b = (pool[k] for k in pair)
        return (
            float("nan") if a.person == b.person else channel_statistic(a.signal, b.signal, channel.plan.measure, spans)
        )

    matrix = np.full((len(pool), len(pool)), np.nan)
    for (i, j), value in zip(pairs, in_threads(one, pairs, jobs), strict=True):
        matrix[i, j] = matrix[j, i] = value
    elsewhere = {stratum for stratum, m in zip(strata, pool, strict=True) if m.session != 0}
    movable = sum(stratum in elsewhere for stratum, m in zip(strata, pool, strict=True) if m.session == 0)
    refused = None if movable >= MIN_MOVABLE else "too few people can be exchanged with another session"
    value, nulls = permuted_statistics(matrix, [m.session for m in pool], strata, count, rng)
    here, away = ([k for k, m in enumerate(pool) if (m.session == 0) is home] for home in (True, False))
    across = np.isfinite(matrix[np.ix_(here, away)])
    comparable = across.sum() >= max(1, across.size / 2)  # else the mean of a mixed group is that of few pairs
    if not (comparable and np.isfinite(value) and np.isfinite(nulls).all()):
        refused = "too few people of the sessions share time"
    return GroupFinding(
        signal=channel.name, people=people, gate="G2", statistic=value, nulls=nulls,
        null="people exchanged with other sessions of the script", matrix=matrix[np.ix_(here, here)], refused=refused,
    )  # fmt: skip


def _same_time(pool: Sequence[PseudoMember]) -> list[PseudoMember]:
    """Cut everybody to the time that every session covers: shorter recordings give larger statistics by chance."""
    sessions = {m.session for m in pool}
    begin = max(min(m.signal.window.start for m in pool if m.session == k) for k in sessions)
    end = min(max(m.signal.window.end for m in pool if m.session == k) for k in sessions)
    if begin >= end:
        return list(pool)
    return [replace(m, signal=m.signal.within(Window(begin, end))) for m in pool]
