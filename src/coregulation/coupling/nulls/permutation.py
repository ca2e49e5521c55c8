"""Nulls of three or more people, who share pairs.

The statistic of a group is the largest, over lags, of the studentised |mean over all pairs|. Pairs share people, so they are never
shuffled one by one: beyond own dynamics, every *person* is turned by a time of their own, which moves all pairs at once; beyond the scripted
input, people are exchanged between sessions of one script.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.coupling.surface import WindowSums, add_sums, join_sums, stack_sums
from coregulation.signals import Floats, Ints


@dataclass(frozen=True, slots=True)
class PersonShifts(AbstractNull):
    """Turn every person of a group by a time of their own.

    References
    ----------
    Moulder, R. G. et al. (2018), Psychol Methods 23:757, doi:10.1037/met0000172 (there: data sliding, of a pair)
    """

    papers: ClassVar[tuple[str, ...]] = ("moulder2018",)
    title: ClassVar[str] = "everybody turned by a time of their own"
    description: ClassVar[str] = "turning each person's series by a time of their own"
    keeps: ClassVar[str] = "each series, and that pairs share people"
    destroys: ClassVar[str] = "the timing between people"
    question: ClassVar[NullQuestion] = NullQuestion.OWN_DYNAMICS


@dataclass(frozen=True, slots=True)
class SessionExchange(AbstractNull):
    """Exchange people of a group with people of other sessions of one script.

    References
    ----------
    Moulder, R. G. et al. (2018), Psychol Methods 23:757, doi:10.1037/met0000172 (there: participant shuffling, of a pair)
    """

    papers: ClassVar[tuple[str, ...]] = ("moulder2018",)
    title: ClassVar[str] = "people exchanged with other sessions of the script"
    description: ClassVar[str] = "exchanging people with other sessions of the script"
    keeps: ClassVar[str] = "each series, roles, and what the script does to all"
    destroys: ClassVar[str] = "who was with whom"
    question: ClassVar[NullQuestion] = NullQuestion.SCRIPTED_INPUT


def draw_person_shifts(people: int, spans: int, count: int, rng: np.random.Generator) -> Floats:
    """Draw how far each person is turned in each surrogate.

    Parameters
    ----------
    people, spans, count
        Numbers of people, of spans of the session, and of surrogates.
    rng
        Source of the draws.

    Returns
    -------
    Floats
        Shares (0 to 1) of a span's length, shape (count, people, spans).
    """
    return rng.random((count, people, spans))


def fold_lags(sums: WindowSums) -> WindowSums:
    """Add the sums at each lag to those at the opposite lag, since nobody in a pair of a group comes first by name.

    Parameters
    ----------
    sums
        Shape (..., lags), lags from -n to n.

    Returns
    -------
    WindowSums
        Shape (..., n + 1), from lag 0 up; lag 0 counts once. Without turns far from any lag: people are turned or exchanged.
    """
    middle = sums.z.shape[-1] // 2
    none = np.zeros((*sums.z.shape[:-1], 0))

    def after(values: Any) -> Any:
        return values[..., middle:]

    def before(values: Any) -> Any:
        mirrored = values[..., : middle + 1][..., ::-1].copy()
        mirrored[..., 0] = 0
        return mirrored

    return add_sums(
        WindowSums(after(sums.z), after(sums.count), after(sums.largest), after(sums.power), none, none),
        WindowSums(before(sums.z), before(sums.count), before(sums.largest), before(sums.power), none, none),
    )


def add_observed(observed: WindowSums, surrogates: WindowSums) -> WindowSums:
    """Put the data before their surrogates.

    Parameters
    ----------
    observed
        Shape (lags,).
    surrogates
        Shape (k, lags).

    Returns
    -------
    WindowSums
        Shape (1 + k, lags).
    """
    return join_sums([stack_sums([observed], len(observed.z)), surrogates])


def pooled_statistics(pairs: Mapping[tuple[int, int], WindowSums], without: int | None = None) -> Floats:
    """Compute the largest, over lags, of the studentised |mean over pairs|.

    A sum over pairs before the largest lag is sought keeps the sign and what all pairs have in common; the largest lag of each
    pair alone would add up what is largest by chance.

    Parameters
    ----------
    pairs
        For each pair of people's numbers, the sums of the data and of each surrogate, shape (1 + k, lags).
    without
        Number of a person whose pairs are left out.

    Returns
    -------
    Floats
        Shape (1 + k,), the data first; empty where no pair is left.
    """
    kept = [sums for pair, sums in pairs.items() if without not in pair]
    return functools.reduce(add_sums, kept).statistic if kept else np.empty(0)


def permute_sessions(
    pairings: WindowSums, sessions: Sequence[int], strata: Sequence[str], count: int, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Compare a session's linkage with exchanges of people between sessions of one script.

    Labels of sessions are permuted within each stratum (a person recorded in both, or a role), so that the sizes of
    the groups and the roles are kept; every surrogate's statistic is that of its own same-session pairs.

    Parameters
    ----------
    pairings
        Each pairing's sums, lags folded, shape (members, members, lags), symmetric; no power where a pairing cannot be.
    sessions
        Of each member; 0 is the one in question.
    strata
        Of each member; only members of one stratum change places.
    count
        Number of exchanges.
    rng
        Source of the draws.

    Returns
    -------
    tuple
        The statistic of session 0 and, of shape (count,), that of the people in its place in each exchange; NaN where none of
        their pairings can be.
    """
    labels = np.asarray(sessions)
    groups = [np.flatnonzero(np.asarray(strata) == stratum) for stratum in dict.fromkeys(strata)]
    assigned = np.tile(labels, (count + 1, 1))
    for row in assigned[1:]:
        for group in groups:
            row[group] = rng.permutation(labels[group])
    statistics = np.array([_statistic_inside(pairings, np.flatnonzero(row == 0)) for row in assigned])
    return float(statistics[0]), statistics[1:]


def _statistic_inside(pairings: WindowSums, inside: Ints) -> float:
    a, b = np.array(list(itertools.combinations(inside, 2))).reshape(-1, 2).T
    z, power = pairings.z[a, b].sum(axis=0), pairings.power[a, b].sum(axis=0)
    valid = power > 0
    return float(np.abs(z[valid] / np.sqrt(power[valid])).max()) if valid.any() else float("nan")
