"""What is said about co-regulation, claim by claim, with what evidence there is; in our own words.

The claims are in `data/claims.toml`. Most sources were read as abstracts, some are recalled and not re-read, and `read` says which.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from coregulation.data import data_text
from coregulation.errors import UsageError
from coregulation.regulation.gate import VerdictKind


class EvidenceLevel(StrEnum):
    """How a claim stands."""

    SUPPORTED = "supported"
    MIXED = "mixed"
    DISPUTED = "disputed"
    UNTESTED = "untested"
    METAPHOR = "metaphor"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Parameters
    ----------
    number
        From 1 to 76.
    theme
        Where it belongs.
    says
        The claim, in our words.
    evidence
        How it stands; several where parts of it differ.
    measured
        What this package can observe or do about it; "" is nothing.
    known
        What is known, with sources where they were named.
    read
        Whether the sources were opened, at least as abstracts.
    """

    number: int
    theme: str
    says: str
    evidence: tuple[EvidenceLevel, ...]
    measured: str
    known: str
    read: bool


@cache
def claims() -> tuple[Claim, ...]:
    """Read all claims.

    Returns
    -------
    tuple of Claim
        In the order of their numbers, from 1.
    """
    rows = tomllib.loads(data_text("claims.toml"))["claim"]
    return tuple(Claim(**{**row, "evidence": tuple(EvidenceLevel(level) for level in row["evidence"])}) for row in rows)


def claim(number: int) -> Claim:
    """Return one claim.

    Parameters
    ----------
    number
        From 1.

    Returns
    -------
    Claim
        The claim of that number.

    Raises
    ------
    UsageError
        If there is none.
    """
    every = claims()
    if not 1 <= number <= len(every):
        raise UsageError("Claims are numbered 1 to {last}; {number} came.", last=len(every), number=number)
    return every[number - 1]


def behind(kind: VerdictKind) -> tuple[Claim, ...]:
    """Choose the claims that a verdict touches, so that a reader sees how each stands.

    Parameters
    ----------
    kind
        Of the verdict.

    Returns
    -------
    tuple of Claim
        Two or three.
    """
    return tuple(claim(number) for number in _BEHIND[kind])


_BEHIND = {
    VerdictKind.MUTUAL: (1, 3, 9),
    VerdictKind.LENT: (1, 30, 34),
    VerdictKind.ONE_WAY: (49, 67, 69),
    VerdictKind.CO_DYSREGULATION: (8, 33),
    VerdictKind.SOONER_WHEN_SETTLED: (8, 30),
    VerdictKind.LATER_WHEN_SETTLED: (8, 30),
    VerdictKind.LINKED_ONLY: (1, 2),
    VerdictKind.LINKED: (1, 2),
    VerdictKind.IN_PARALLEL: (2, 44),
    VerdictKind.SELF_REGULATING: (36, 45),
    VerdictKind.CANNOT_TELL: (1, 2),
}
