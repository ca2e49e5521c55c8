"""What is said about co-regulation, claim by claim, with what evidence there is; in our own words.

Status and sources are those of the project's reading (SCIENCE.md A): most sources were read as abstracts, some are recalled and
not re-read, and `read` says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coregulation.errors import UsageError
from coregulation.regulation.gate import VerdictKind


class EvidenceLevel(StrEnum):
    """How a claim stands."""

    SUPPORTED = "supported"
    MIXED = "mixed"
    DISPUTED = "disputed"
    UNTESTED = "largely untested"
    METAPHOR = "a metaphor or a value, not testable as stated"
    PRACTICE = "a practice or a cue, not a claim about facts"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Args:
        number: 1 to 76. theme: where it belongs. says: the claim, in our words. evidence: how it stands; several where
            parts of it differ. measured: what this package can observe or do about it; "" is nothing. known: what is
            known, with sources where they were named. read: whether the sources were opened, at least as abstracts.
    """

    number: int
    theme: str
    says: str
    evidence: tuple[EvidenceLevel, ...]
    measured: str
    known: str
    read: bool

    def __str__(self) -> str:
        status = " / ".join(self.evidence)
        lines = [f"{self.number:2d}. {self.says}", f"    evidence: {status}"]
        lines += [f"    measured: {self.measured}"] if self.measured else []
        lines += [f"    known: {self.known}{'' if self.read else ' [sources not re-read]'}"] if self.known else []
        return "\n".join(lines)


def claims() -> tuple[Claim, ...]:
    """Return all claims in order."""
    from coregulation.regulation.ledger_of_claims import ROWS

    return tuple(
        Claim(number, theme, says, tuple(_STATUS[letter] for letter in letters), measured, known, read)
        for number, (theme, letters, says, measured, known, read) in enumerate(ROWS, start=1)
    )


def claim(number: int) -> Claim:
    """Return one claim by its number.

    Raises:
        UsageError: if there is none of that number.
    """
    every = claims()
    if not 1 <= number <= len(every):
        raise UsageError("Claims are numbered 1 to {last}; {number} came.", last=len(every), number=number)
    return every[number - 1]


def table(chosen: Sequence[Claim]) -> str:
    """Return claims as a Markdown table."""
    rows = ["| # | claim | evidence | measured here | known |", "|---|---|---|---|---|"]
    for one in chosen:
        known = f"{one.known}{'' if one.read or not one.known else ' (sources not re-read)'}"
        cells = (str(one.number), one.says, " / ".join(one.evidence), one.measured or "nothing", known or "—")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def behind(kind: VerdictKind) -> tuple[Claim, ...]:
    """Return the claims that a verdict touches, so that a reader sees how each stands."""
    return tuple(claim(number) for number in _BEHIND[kind])


_BEHIND = {
    VerdictKind.MUTUAL: (1, 3, 9),
    VerdictKind.LENT: (1, 30, 34),
    VerdictKind.ONE_WAY: (49, 67, 69),
    VerdictKind.CO_DYSREGULATION: (8, 33),
    VerdictKind.LINKED_ONLY: (1, 2),
    VerdictKind.LINKED: (1, 2),
    VerdictKind.IN_PARALLEL: (2, 44),
    VerdictKind.SELF_REGULATING: (36, 45),
    VerdictKind.CANNOT_TELL: (1, 2),
}

_STATUS = {
    "S": EvidenceLevel.SUPPORTED,
    "M": EvidenceLevel.MIXED,
    "D": EvidenceLevel.DISPUTED,
    "U": EvidenceLevel.UNTESTED,
    "X": EvidenceLevel.METAPHOR,
    "P": EvidenceLevel.PRACTICE,
}
