"""Who stands in for whom: partners from other pairs under the same condition, drawn once for the whole study.

A stand-in has the partner's role where both state one, else the partner's place in the session, and never belongs to a session of
the same pair. With few pairs everybody is compared with everybody's partner, so that partners can be permuted exactly. With many,
each of a fixed number of rounds gives every session another one's partner, so that the cost grows with the number of sessions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Ints
from coregulation.study.plan import FULL_MATRIX_PAIRS, StudyPlan


@dataclass(frozen=True, slots=True)
class StudySession:
    """A session of two people in a study.

    Parameters
    ----------
    name
        Of the session.
    pair
        Which pair it belongs to; sessions of one pair never stand in for each other.
    condition
        As the plan names it; "" without conditions.
    """

    name: str
    pair: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Sessions whose partners may change places: those of one condition.

    Parameters
    ----------
    condition
        Its name.
    sessions
        In the order of their names.
    exact
        Whether everybody is compared with everybody's partner.
    """

    condition: str
    sessions: tuple[StudySession, ...]
    exact: bool

    @property
    def pairs(self) -> tuple[str, ...]:
        """Every pair once, sorted."""
        return tuple(sorted({session.pair for session in self.sessions}))


def strata(sessions: Sequence[StudySession]) -> tuple[Stratum, ...]:
    """Sort sessions by condition.

    Parameters
    ----------
    sessions
        All that can be compared.

    Returns
    -------
    tuple of Stratum
        In the order of their names.
    """
    grouped: dict[str, list[StudySession]] = {}
    for session in sorted(sessions, key=lambda session: session.name):
        grouped.setdefault(session.condition, []).append(session)
    return tuple(
        Stratum(condition, tuple(own), len({session.pair for session in own}) <= FULL_MATRIX_PAIRS)
        for condition, own in sorted(grouped.items())
    )


def stand_ins(stratum: Stratum, plan: StudyPlan) -> Mapping[str, tuple[str, ...]]:
    """Choose the sessions from which each session's stand-in partners come.

    Parameters
    ----------
    stratum
        The sessions of one condition.
    plan
        With the number of rounds and the seed.

    Returns
    -------
    Mapping
        Names of sessions, by session. In an exact stratum all sessions of other pairs; else one per round.
    """
    if stratum.exact:
        return {
            session.name: tuple(other.name for other in stratum.sessions if other.pair != session.pair)
            for session in stratum.sessions
        }
    rounds = _rounds(stratum, plan)
    return {
        session.name: tuple(stratum.sessions[k].name for k in rounds[:, number])
        for number, session in enumerate(stratum.sessions)
    }


def _rounds(stratum: Stratum, plan: StudyPlan) -> Ints:
    """Draw rounds in which every session's partner stands in exactly once; shape (rounds, sessions).

    Sessions are turned on a circle in which one pair's sessions are neighbours; turns shorter than the largest pair would let a
    pair stand in for itself.
    """
    rng = np.random.default_rng([plan.seed, len(stratum.sessions)])
    order = _shuffled_by_pair(stratum, rng)
    count = len(order)
    largest = max(Counter(session.pair for session in stratum.sessions).values())
    turns = rng.choice(np.arange(largest, count - largest + 1), plan.partners, replace=False)
    place = np.argsort(order)
    return np.array([order[(place + turn) % count] for turn in turns])


def _shuffled_by_pair(stratum: Stratum, rng: np.random.Generator) -> Ints:
    pairs = {str(pair): number for number, pair in enumerate(rng.permutation(stratum.pairs))}
    return np.array(sorted(range(len(stratum.sessions)), key=lambda k: (pairs[stratum.sessions[k].pair], k)))
