"""What a study says, as codes with facts: more alike than strangers, opposite, no more alike within the margin, or cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.coupling.settings import LINKAGE
from coregulation.reasons import Reason, because
from coregulation.study.contrasts import Association, Contrast
from coregulation.study.reasons import StudyStatement
from coregulation.study.result import GroupAnswer, StudyResult


def statements(result: StudyResult) -> Iterator[Reason]:
    """Yield what a study says, the answer to its question first.

    Parameters
    ----------
    result
        Of the study.

    Yields
    ------
    Reason
        One per answer, contrast and association.
    """
    yield from (state(answer, result.plan.margin) for answer in result.answers)
    yield from map(_contrast, result.contrasts)
    yield from map(_association, result.associations)
    yield from result.refused


def state(answer: GroupAnswer, margin: float) -> Reason:
    """Decide what one signal in one condition says.

    Parameters
    ----------
    answer
        With its estimate.
    margin
        Largest difference that counts as none, Fisher's z.

    Returns
    -------
    Reason
        A difference that is shown; else, where its whole 90 % interval is inside the margin, no more than strangers; else cannot tell.
    """
    where = because(StudyStatement.IN_CONDITION, condition=answer.condition) if answer.condition else ""
    if answer.estimate is None:
        return because(StudyStatement.REFUSED, signal=answer.signal, where=where, why=answer.refused)
    e = answer.estimate
    facts = {
        "signal": answer.signal, "where": where, "pairs": e.pairs, "difference": e.difference,
        "low": e.interval[0], "high": e.interval[1], "p": e.family,
    }  # fmt: skip
    if e.family <= LINKAGE.alpha:
        return because(StudyStatement.ALIKE if e.difference > 0 else StudyStatement.OPPOSITE, **facts)
    if -margin < e.narrow[0] and e.narrow[1] < margin:
        return because(StudyStatement.NO_MORE, **facts, margin=margin)
    return because(StudyStatement.CANNOT_TELL, **facts)


def _contrast(c: Contrast) -> Reason:
    code = StudyStatement.CONTRAST if c.p <= LINKAGE.alpha else StudyStatement.NO_CONTRAST
    return because(
        code, signal=c.signal, first=c.first, second=c.second, difference=c.difference, low=c.interval[0],
        high=c.interval[1], p=c.p,
    )  # fmt: skip


def _association(a: Association) -> Reason:
    code = StudyStatement.ASSOCIATION if a.p <= LINKAGE.alpha else StudyStatement.NO_ASSOCIATION
    return because(code, signal=a.signal, covariate=a.covariate, pairs=a.pairs, rho=a.rho, p=a.p)
