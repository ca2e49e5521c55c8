"""The reporting checklist of a study: every item that the field asks for, filled by what ran, by the plan, or "not known".

The items are those of Quintana, Alvares & Heathers (2016, doi:10.1038/tp.2016.73) for heart-rate variability, in our words and for
pairs, with what Quigley et al. (2024, doi:10.1111/psyp.14604) add on influences, posture and breathing.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from coregulation._version import __version__
from coregulation.analysis.preprocessing import SignalPlan, plan_for
from coregulation.reasons import Reason, because
from coregulation.report.catalogue import Catalogue
from coregulation.study.plan import ReportingItem
from coregulation.study.reasons import StudyPreparation
from coregulation.study.result import StudyResult

Facts = Mapping[str, Any]


class AnswerSource(StrEnum):
    """Where an answer of the checklist comes from."""

    COMPUTED = "computed"
    DECLARED = "declared"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class ReportingRow:
    """One item of the checklist.

    Parameters
    ----------
    item
        What is asked.
    source
        Where the answer comes from.
    declared
        The plan's own words; empty where it says nothing.
    computed
        Facts of what ran, each of one sentence; empty where nothing of the run answers.
    """

    item: ReportingItem
    source: AnswerSource
    declared: str
    computed: tuple[Facts, ...]


def reporting_checklist(result: StudyResult) -> Iterator[ReportingRow]:
    """Fill the checklist.

    Parameters
    ----------
    result
        Of the study.

    Yields
    ------
    ReportingRow
        One per item, in the order of a methods section.
    """
    for item in ReportingItem:
        computed = tuple(_COMPUTED[item](result)) if item in _COMPUTED else ()
        declared = result.plan.reporting.get(item, "").strip()
        source = AnswerSource.COMPUTED if computed else AnswerSource.DECLARED if declared else AnswerSource.NOT_KNOWN
        yield ReportingRow(item, source, declared, computed)


def _signals(result: StudyResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.signal for row in result.rows))


def _lengths(result: StudyResult) -> Iterator[Facts]:
    for signal in _signals(result):
        minutes = [row.seconds / 60 for row in result.rows if row.signal == signal]
        yield {
            "signal": signal, "median": statistics.median(minutes), "least": min(minutes), "most": max(minutes)
        }  # fmt: skip


def _filters(result: StudyResult) -> Iterator[Facts]:
    for signal in _signals(result):
        plan = plan_for(signal)
        measure = plan.measure
        yield {
            "signal": signal, "rate": plan.rate, "kept": _kept(plan), "window": measure.window,
            "max_lag": measure.max_lag,
        }  # fmt: skip


def _kept(plan: SignalPlan) -> Reason:
    if plan.band is not None:
        return because(StudyPreparation.BAND, low=plan.band.low, high=plan.band.high)
    return because(StudyPreparation.CHANGES if plan.difference else StudyPreparation.LEVELS)


def _losses(result: StudyResult) -> Iterator[Facts]:
    yield {"sessions": result.sessions, "out": len({item.session for item in result.left_out})}


def _tests(result: StudyResult) -> Iterator[Facts]:
    for answer in result.answers:
        if answer.estimate is not None and answer.condition is None:
            draws = answer.estimate.draws
            null = because(StudyPreparation.PERMUTED, draws=draws) if draws else because(StudyPreparation.STUDENT)
            yield {"signal": answer.signal, "null": null}


def _families(result: StudyResult) -> Iterator[Facts]:
    if signals := _signals(result):
        yield {"signals": signals}


def _exclusions(result: StudyResult) -> Iterator[Facts]:
    yield {"count": len(result.plan.exclude)}


def _software(result: StudyResult) -> Iterator[Facts]:
    yield {"version": __version__, "seed": result.plan.seed, "key": result.plan.key()}


_COMPUTED: Mapping[ReportingItem, Callable[[StudyResult], Iterator[Facts]]] = MappingProxyType(
    {
        ReportingItem.LENGTH: _lengths,
        ReportingItem.FILTERING: _filters,
        ReportingItem.LOSS: _losses,
        ReportingItem.TEST: _tests,
        ReportingItem.FAMILY: _families,
        ReportingItem.EXCLUSIONS: _exclusions,
        ReportingItem.SOFTWARE: _software,
    }
)


def reporting_answer(row: ReportingRow, catalogue: Catalogue) -> str:
    """Say what is known of one item.

    Parameters
    ----------
    row
        Of the checklist.
    catalogue
        The reader's language.

    Returns
    -------
    str
        What ran, and the plan's words; that it is not known where there is neither.
    """
    sentences = [catalogue.text(f"reporting.computed-{row.item}", **facts) for facts in row.computed]
    words = [*sentences, *([row.declared] if row.declared else [])]
    return " ".join(words) or catalogue.text("reporting.not-known")
