"""Questions, how they were answered, and what a pair can be said to be: values that both branches of a verdict share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coregulation.reasons import Reason


class Question(StrEnum):
    """What a gate asks."""

    QUALITY = "G0"  # is there enough clean signal?
    OWN_DYNAMICS = "G1"  # alike beyond each person's own dynamics?
    SCRIPTED_INPUT = "G2"  # alike beyond what everybody got at once?
    LEAD = "G3"  # does one come first?
    RECOVERY = "G4"  # does one settle sooner when the other is there?
    RECIPROCITY = "G5"  # both ways, and at what cost?
    CARRY_OVER = "G6"  # does it make being alone easier later?
    SETTLED_BEFORE = "G7"  # do one's own rises end sooner when the other was settled just before?


class GateState(StrEnum):
    """How a question was answered; "cannot tell" is a normal answer."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot-tell"


class VerdictKind(StrEnum):
    """What two or more people can be said to be."""

    MUTUAL = "mutual-co-regulation"
    LENT = "lent-regulation"
    CO_DYSREGULATION = "co-dysregulation"
    SOONER_WHEN_SETTLED = "sooner-when-settled"  # of an ordinary hour; never "because of"
    LATER_WHEN_SETTLED = "later-when-settled"
    LINKED_ONLY = "linked-without-regulating"
    LINKED = "linked-steadying-unknown"
    IN_PARALLEL = "in-parallel"
    SELF_REGULATING = "self-regulating"
    ONE_WAY = "one-way"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Gate:
    """One question, how it was answered, why, and what would settle it.

    Parameters
    ----------
    question
        What is asked.
    state
        How it was answered.
    reason
        Why, as a code with facts; it has one sentence for the people and one for a methods section.
    settle
        What would settle it next time; None where nothing would, or nothing is open.
    direction
        Giver and receiver, where the question is about one direction of a pair.
    remarks
        What the people are told beside the reason, each a sentence.
    """

    question: Question
    state: GateState
    reason: Reason
    settle: Reason | None = None
    direction: tuple[str, str] | None = None
    remarks: tuple[Reason, ...] = ()

    @property
    def name(self) -> str:
        """The question, and of one direction the two people: "G1", or "G4 giver → receiver"."""
        return str(self.question) if self.direction is None else f"{self.question} {' → '.join(self.direction)}"
