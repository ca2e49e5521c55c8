"""What a study says."""

from __future__ import annotations

from dataclasses import dataclass

from coregulation.reasons import Reason
from coregulation.study.contrasts import Association, Contrast
from coregulation.study.group_tests import GroupEstimate
from coregulation.study.pair_values import Linkage
from coregulation.study.partners import StudySession
from coregulation.study.plan import StudyPlan


@dataclass(frozen=True, slots=True)
class PairRow:
    """One session and signal of a study.

    Parameters
    ----------
    session
        Name, pair and condition.
    signal
        Channel.
    linkage
        Of the real pair.
    value
        What of it the plan compares, Fisher's z.
    strangers
        The same of the first person with stand-ins, their mean.
    stand_ins
        How many.
    seconds
        Common valid time, s.
    """

    session: StudySession
    signal: str
    linkage: Linkage
    value: float
    strangers: float
    stand_ins: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """One signal in one condition: an estimate, or why there is none.

    Parameters
    ----------
    condition
        Its name; None for all conditions together.
    signal
        Channel.
    estimate
        None where it is refused.
    refused
        Why.
    """

    condition: str | None
    signal: str
    estimate: GroupEstimate | None
    refused: Reason | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session, or one signal of it, that takes no part.

    Parameters
    ----------
    session
        Its name.
    reason
        Why.
    """

    session: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class StudyResult:
    """Everything that a study found; the same for one plan and the same data, whatever ran it.

    Parameters
    ----------
    plan
        What was declared.
    sessions
        How many there were.
    answers
        By condition and signal.
    contrasts
        Between conditions.
    associations
        With covariates.
    refused
        Why other contrasts and associations have no answer.
    rows
        One per session and signal.
    left_out
        With reasons.
    simulated
        Number of sessions that say that they are simulated.
    """

    plan: StudyPlan
    sessions: int
    answers: tuple[GroupAnswer, ...]
    contrasts: tuple[Contrast, ...]
    associations: tuple[Association, ...]
    refused: tuple[Reason, ...]
    rows: tuple[PairRow, ...]
    left_out: tuple[LeftOut, ...]
    simulated: int
