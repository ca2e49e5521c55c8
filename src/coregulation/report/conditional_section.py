"""Whether breath, movement or speech explains a link: a sentence for each pair and signal, and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coregulation.analysis.conditional import ConditionalLinkage, adjusted_conditional, is_beyond
from coregulation.analysis.finding import Finding
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.methods_writer import MethodsWriter
from coregulation.report.parts import PageTable, number
from coregulation.report.rendering import say

_COLUMNS = ("pair", "signal", "taken-out", "share-taken-out", "mean-r", "mean-r-left", "p", "adjusted-p")
_MOST = 6  # pairs and signals with a sentence of their own; the table has all

_Row = tuple[ConditionalLinkage, float | None]


def conditional_section(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return what the page says of what covariates explain; None where it was not asked for, or no pair has a test.

    Parameters
    ----------
    finding
        The answer to a session.
    catalogue
        The reader's language.
    """
    if not finding.conditional:
        return None
    rows = _rows(finding)
    header = [catalogue.text(f"column.{key}") for key in _COLUMNS]
    return {
        "plain": [*(_sentence(*row, finding, catalogue) for row in rows[:_MOST]), catalogue.text("conditional.apart")],
        "table": PageTable(header, [_cells(*row, catalogue) for row in rows], catalogue.text("table.conditional")),
    }  # fmt: skip


def conditional_row(finding: Finding, catalogue: Catalogue) -> str:
    """Return what a terminal says of what covariates explain.

    Parameters
    ----------
    finding
        With at least one pair that was compared without them.
    catalogue
        The reader's language.
    """
    adjusted = [p for _, p in _rows(finding) if p is not None]
    beyond, covariates = sum(map(is_beyond, adjusted)), _covariates(finding)
    return catalogue.text("terminal.conditional-count", beyond=beyond, tests=len(adjusted), covariates=covariates)


def methods_sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield what a methods section says of it."""
    if finding.conditional:
        regression = finding.provenance.settings["conditioning"]["regression"]
        yield write("conditional", covariates=_covariates(finding), **regression, seed=finding.provenance.seed)


def _covariates(finding: Finding) -> tuple[str, ...]:
    """Return everything that was taken out of some signal."""
    return tuple(dict.fromkeys(name for of in finding.conditional for name in of.covariates))


def _rows(finding: Finding) -> list[_Row]:
    return list(zip(finding.conditional, adjusted_conditional(finding.conditional), strict=True))


def _sentence(of: ConditionalLinkage, adjusted: float | None, finding: Finding, catalogue: Catalogue) -> str:
    """Return what is left, beside what was there before."""
    facts: dict[str, Any] = {"names": of.plain.pair, "signal": of.plain.signal, "covariates": of.covariates}
    if adjusted is None:
        return catalogue.text("conditional.refused", **facts, why=say(of.why_refused or "", catalogue))
    before = is_beyond(finding.adjusted(of.plain))
    key = {
        (True, True): "conditional.stays",
        (True, False): "conditional.gone",
        (False, True): "conditional.appears",
        (False, False): "conditional.neither",
    }[before, is_beyond(adjusted)]
    return catalogue.text(key, **facts, p=adjusted)


def _cells(of: ConditionalLinkage, adjusted: float | None, catalogue: Catalogue) -> list[str]:
    who = [
        catalogue.text("list.people", names=of.plain.pair), catalogue.text("cell.signal", signal=of.plain.signal),
        catalogue.text("cell.covariates", names=of.covariates),
    ]  # fmt: skip
    before = number(None if of.plain.estimate is None else of.plain.estimate.value, ".2f")
    if of.coupling is None or of.coupling.estimate is None or adjusted is None:
        why = say(of.why_refused or "", catalogue, Voice.METHODS)
        return [*who, MISSING, before, MISSING, catalogue.text("cell.refused", why=why), MISSING]
    shares = catalogue.text("cell.shares", shares=of.explained)
    left = number(of.coupling.estimate.value, ".2f")
    return [*who, shares, before, left, catalogue.text("cell.p", p=of.p), catalogue.text("cell.p", p=adjusted)]
