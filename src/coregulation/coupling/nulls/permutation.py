"""Nulls of three or more people, who share pairs.

The statistic of a group is the mean over pairs of the pair's largest |mean z|. Pairs share people, so they are never shuffled one
by one: beyond own dynamics, every *person* is turned by a time of their own, which moves all pairs at once; beyond the scripted
input, people are exchanged between sessions of one script.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class PersonShifts(AbstractNull):
    """Turn every person of a group by a time of their own."""

    title: ClassVar[str] = "everybody turned by a time of their own"
    description: ClassVar[str] = "turning each person's series by a time of their own"
    keeps: ClassVar[str] = "each series, and that pairs share people"
    destroys: ClassVar[str] = "the timing between people"
    question: ClassVar[NullQuestion] = NullQuestion.OWN_DYNAMICS


@dataclass(frozen=True, slots=True)
class SessionExchange(AbstractNull):
    """Exchange people of a group with people of other sessions of one script."""

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


def mean_over_pairs(statistics: Mapping[tuple[int, int], Floats], without: int | None = None) -> Floats:
    """Average over pairs.

    Parameters
    ----------
    statistics
        For each pair of people's numbers, a value for each surrogate, shape (k,).
    without
        Number of a person whose pairs are left out.

    Returns
    -------
    Floats
        Shape (k,); empty where no pair is left.
    """
    kept = [values for pair, values in statistics.items() if without not in pair]
    return np.mean(kept, axis=0) if kept else np.empty(0)


def permute_sessions(
    statistics: Floats, sessions: Sequence[int], strata: Sequence[str], count: int, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Compare a session's linkage with exchanges of people between sessions of one script.

    Labels of sessions are permuted within each stratum (a person recorded in both, or a role), so that the sizes of
    the groups and the roles are kept; every surrogate's statistic is the mean over its own same-session pairs.

    Parameters
    ----------
    statistics
        Each pairing's statistic, shape (members, members), filled above the diagonal at least; NaN where a pairing cannot be.
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
        The statistic of session 0 and, of shape (count,), that of the people in its place in each exchange.
    """
    labels = np.asarray(sessions)
    groups = [np.flatnonzero(np.asarray(strata) == stratum) for stratum in dict.fromkeys(strata)]

    def mean_inside(assigned: np.ndarray) -> float:
        inside = np.flatnonzero(assigned == 0)
        pairs = np.array([statistics[a, b] for a, b in itertools.combinations(inside, 2)])
        valid = pairs[np.isfinite(pairs)]
        return float(valid.mean()) if len(valid) else float("nan")

    out = np.empty(count)
    for k in range(count):
        assigned = labels.copy()
        for group in groups:
            assigned[group] = rng.permutation(labels[group])
        out[k] = mean_inside(assigned)
    return mean_inside(labels), out
