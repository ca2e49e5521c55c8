"""What every law of simulation says: its truth, and the claims that it is a trap for."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from coregulation.session import Session
from coregulation.simulate.truth import Link, TrueBurden, Truth

if TYPE_CHECKING:
    from coregulation.simulate.observe import Wearing


class LawClaim(StrEnum):
    """What an analysis can claim of a pair, rightly or wrongly."""

    LINKED = "linked beyond own dynamics"
    BEYOND_SCRIPT = "linked beyond the script"
    STEADIED = "steadied"  # somebody settles sooner because the other is there
    STIRRED = "stirred"  # both take longer to settle because the other is there


class LawBody(StrEnum):
    """What of a person a law simulates."""

    SERIES = "a heart-rate-like series"
    AROUSAL = "arousal, and a body that follows it"
    NERVOUS_SYSTEM = "nervous system and body"


@dataclass(frozen=True, slots=True)
class LawTruth:
    """What is true of every session of a law.

    Parameters
    ----------
    body
        What is simulated of each person.
    link
        Linkage beyond own dynamics and beyond the script, leader and lag (s); None where the law does not settle it.
    kinds
        Kinds of verdict that are right; the first is the one that full knowledge would give. Empty where the law does not
        settle it.
    steadied
        People who truly settle sooner because the other is there.
    burden
        Burdens of a unit push, of the typical pair; None where there is no pair model.
    """

    body: LawBody
    link: Link | None = None
    kinds: tuple[str, ...] = ()
    steadied: tuple[str, ...] = ()
    burden: TrueBurden | None = None

    def is_true(self, claim: LawClaim) -> bool:
        """Decide whether a claim would be right.

        Parameters
        ----------
        claim
            What is claimed of the pair.

        Returns
        -------
        bool
            False also where the law does not settle it.
        """
        return {
            LawClaim.LINKED: self.link is not None and self.link.beyond_own,
            LawClaim.BEYOND_SCRIPT: self.link is not None and self.link.beyond_script,
            LawClaim.STEADIED: bool(self.steadied),
            LawClaim.STIRRED: self.kinds[:1] == ("co-dysregulation",),
        }[claim]


class AbstractLaw(abc.ABC):
    """A law of simulation: a frozen dataclass of typed settings.

    Attributes
    ----------
    name
        On the command line, in lower case with hyphens; no other law has it.
    title
        In tables.
    about
        What happens, in a sentence.
    traps
        Claims that look true under this law and are false.
    """

    __slots__ = ()

    name: str
    title: str
    about: str
    traps: tuple[LawClaim, ...]

    @property
    @abc.abstractmethod
    def truth(self) -> LawTruth:
        """What is true of every session."""

    @abc.abstractmethod
    def simulate(self, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
        """Simulate one session.

        Parameters
        ----------
        seed
            Of everything; another seed is another pair of the same kind.
        wearing
            What people wear; None leaves it to the law. A law of series has heart rate whatever is worn.
        vary
            How much people differ: 0 not at all, 1 as the law states. Under a law of series nobody differs.

        Returns
        -------
        tuple of Session and Truth
            The session, marked as simulated, and what is true of it.
        """
