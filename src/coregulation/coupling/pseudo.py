"""Pseudo-dyads: people who went through the same script, but not with each other.

They are the one null that a shared event passes too, so they answer "beyond the scripted input" (REGULATION.md 6). They say
nothing about what a pair heard or saw outside the script.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.coupling.correlation import LaggedCorrelation
from coregulation.coupling.permutation import observed_profile, split_segments
from coregulation.signals import Signal, Window


@dataclass(frozen=True, slots=True, eq=False)
class PseudoMember:
    """One person's signal in one session of a script."""

    person: str
    role: str | None
    session: int
    signal: Signal


def pairing_statistic(
    x: Signal, y: Signal, measure: LaggedCorrelation, spans: Sequence[Window] = (), least: float = 0.0
) -> float:
    """Return the largest |mean z| over lags of two signals of one grid; NaN where no more than `least` windows' lengths are left."""
    grid = measure.grid(x.rate)
    sums = observed_profile(split_segments(x, y, measure, spans), grid)
    windows = sums.count.max() * grid.hop / grid.width
    return float(np.abs(sums.mean).max()) if windows > least else math.nan


def match_support(other: Signal, for_: Signal) -> Signal:
    """Return another's signal on somebody's grid, over the same time and with the same samples missing.

    The largest of many means is larger where fewer windows make them: a pseudo-dyad that lasts longer or has fewer gaps than the
    pair would look less linked for that alone. Both signals have one rate.
    """
    begin = round((for_.start - other.start) * for_.rate)
    at = begin + np.arange(len(for_))
    inside = (at >= 0) & (at < len(other)) & np.isfinite(for_.values)
    values = np.full(len(for_), np.nan)
    values[inside] = other.values[at[inside]]
    return replace(for_, values=values)


def stand_in_partners(
    member: PseudoMember, instead_of: PseudoMember, pool: Sequence[PseudoMember]
) -> list[PseudoMember]:
    """Return who may stand in for somebody's partner: from another session, of the same role, never oneself."""
    return [
        other
        for other in pool
        if other.session != member.session
        and other.person != member.person
        and (instead_of.role is None or other.role is None or other.role == instead_of.role)
    ]


def pseudo_dyads(
    first: PseudoMember, second: PseudoMember, pool: Sequence[PseudoMember]
) -> list[tuple[PseudoMember, PseudoMember]]:
    """Return every pseudo-dyad of a pair: either person with a stand-in for the other."""
    return [(first, other) for other in stand_in_partners(first, second, pool)] + [
        (other, second) for other in stand_in_partners(second, first, pool)
    ]
