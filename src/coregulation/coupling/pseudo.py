"""Pseudo-dyads: people who went through the same script, but not with each other.

They are the one null that a shared event passes too, so they answer "beyond the scripted input" (REGULATION.md 6). They say
nothing about what a pair heard or saw outside the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.coupling.correlation import LaggedCorrelation
from coregulation.coupling.permutation import observed, stretches
from coregulation.signals import Signal


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One person's signal in one session of a script."""

    person: str
    role: str | None
    session: int
    signal: Signal


def statistic(x: Signal, y: Signal, measure: LaggedCorrelation) -> float:
    """Return the largest |mean z| over lags of two signals of one grid; NaN where no window is left."""
    grid = measure.grid(x.rate)
    parts = stretches(x, y, measure)
    if not parts or min(parts[0].x.windows, parts[0].y.windows) == 0:
        return float("nan")
    return float(np.abs(observed(parts, grid)).max())


def partners(member: Member, instead_of: Member, pool: Sequence[Member]) -> list[Member]:
    """Return who may stand in for somebody's partner: from another session, of the same role, never oneself."""
    return [
        other
        for other in pool
        if other.session != member.session
        and other.person != member.person
        and (instead_of.role is None or other.role is None or other.role == instead_of.role)
    ]


def pseudo_pairs(first: Member, second: Member, pool: Sequence[Member]) -> list[tuple[Member, Member]]:
    """Return every pseudo-dyad of a pair: either person with a stand-in for the other."""
    return [(first, other) for other in partners(first, second, pool)] + [
        (other, second) for other in partners(second, first, pool)
    ]
