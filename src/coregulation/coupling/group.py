"""Three or more people: one statistic for all pairs, with its own null.

The statistic is the mean over pairs of the pair's largest |mean z|. Pairs share people, so they are never shuffled one
by one: beyond own dynamics, every *person* is turned by a time of their own, which moves all pairs at once; beyond the scripted
input, people are exchanged between sessions of one script.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from coregulation.signals import Floats


def group_shifts(people: int, stretches: int, count: int, rng: np.random.Generator) -> Floats:
    """Return how far each person is turned in each surrogate, shape (count, people, stretches), as shares of a stretch."""
    return rng.random((count, people, stretches))


def mean_over_pairs(statistics: Mapping[tuple[int, int], Floats], without: int | None = None) -> Floats:
    """Return the mean over pairs (leaving one person out) of arrays that hold a value for each surrogate."""
    kept = [values for pair, values in statistics.items() if without not in pair]
    return np.mean(kept, axis=0) if kept else np.empty(0)


def permuted_statistics(
    statistics: Floats, sessions: Sequence[int], strata: Sequence[str], count: int, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Hold a session's linkage against exchanges of people between sessions of one script.

    Labels of sessions are permuted within each stratum (a person recorded in both, or a role), so that the sizes of
    the groups and the roles are kept; every surrogate's statistic is the mean over its own same-session pairs.

    Args:
        statistics: shape (members, members), each pairing's statistic; NaN where a pairing cannot be.
        sessions: of each member; 0 is the one in question.
        strata: of each member; only members of one stratum change places.
        count: how many exchanges.
        rng: a generator.

    Returns:
        The statistic of session 0 and, of shape (count,), that of the people in its place in each exchange.
    """
    labels = np.asarray(sessions)
    groups = [np.flatnonzero(np.asarray(strata) == stratum) for stratum in dict.fromkeys(strata)]

    def value(assigned: np.ndarray) -> float:
        inside = np.flatnonzero(assigned == 0)
        pairs = np.array([statistics[a, b] for a, b in itertools.combinations(inside, 2)])
        there = pairs[np.isfinite(pairs)]
        return float(there.mean()) if len(there) else float("nan")

    out = np.empty(count)
    for k in range(count):
        assigned = labels.copy()
        for group in groups:
            assigned[group] = rng.permutation(labels[group])
        out[k] = value(assigned)
    return value(labels), out
