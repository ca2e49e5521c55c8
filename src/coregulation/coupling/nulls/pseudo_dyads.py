"""Pseudo-dyads: people who went through the same script, but not with each other.

They are the one null that a shared event passes too, so they answer "beyond the scripted input". They say nothing about what a
pair heard or saw outside the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from coregulation.coupling.null import AbstractNull, NullQuestion
from coregulation.signals import Signal


@dataclass(frozen=True, slots=True)
class PseudoDyads(AbstractNull):
    """Either person of a pair with a stand-in for the other, from another session of the script.

    References
    ----------
    Moulder RG, Boker SM, Ramseyer F, Tschacher W (2018), Psychological Methods 23:757, doi:10.1037/met0000172
    """

    title: ClassVar[str] = "pseudo-dyads"
    description: ClassVar[str] = "pseudo-dyads from other sessions of the same script"
    keeps: ClassVar[str] = "each series, and what the script does to both"
    destroys: ClassVar[str] = "that the two were together"
    question: ClassVar[NullQuestion] = NullQuestion.SCRIPTED_INPUT
    papers: ClassVar[tuple[str, ...]] = ("moulder2018",)


@dataclass(frozen=True, slots=True, eq=False)
class PseudoMember:
    """One person's signal in one session of a script.

    Parameters
    ----------
    person
        Pseudonym.
    role
        As stated, or None.
    session
        Number of the session; 0 is the one in question.
    signal
        As it is compared.
    """

    person: str
    role: str | None
    session: int
    signal: Signal


def match_support(other: Signal, reference: Signal) -> Signal:
    """Lay another person's signal on the grid of a reference, over the same time and with the same samples missing.

    The largest of many means is larger where fewer windows make them: a pseudo-dyad that lasts longer or has fewer gaps than the
    pair would look less linked for that alone.

    Parameters
    ----------
    other
        The stand-in's signal, at the rate of the reference.
    reference
        The signal that it stands in for.

    Returns
    -------
    Signal
        On the grid of the reference; NaN where either is missing.
    """
    begin = round((reference.start - other.start) * reference.rate)
    at = begin + np.arange(len(reference))
    inside = (at >= 0) & (at < len(other)) & np.isfinite(reference.values)
    values = np.full(len(reference), np.nan)
    values[inside] = other.values[at[inside]]
    return replace(reference, values=values)


def stand_in_partners(
    member: PseudoMember, instead_of: PseudoMember, pool: Sequence[PseudoMember]
) -> list[PseudoMember]:
    """List who may stand in for a person's partner.

    Parameters
    ----------
    member
        The person.
    instead_of
        The partner.
    pool
        Everybody in every session of the script.

    Returns
    -------
    list of PseudoMember
        People of another session, of the partner's role where both state one, never the person.
    """
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
    """List every pseudo-dyad of a pair.

    Parameters
    ----------
    first, second
        The pair.
    pool
        Everybody in every session of the script.

    Returns
    -------
    list of tuple
        Either person with each stand-in for the other.
    """
    return [(first, other) for other in stand_in_partners(first, second, pool)] + [
        (other, second) for other in stand_in_partners(second, first, pool)
    ]
