"""Other measures of a session, where they were asked for: a sentence for the people, a table, and what none of them may claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from coregulation.analysis.finding import Finding
from coregulation.coupling.series_measure import ClaimLimit
from coregulation.coupling.settings import LINKAGE
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.linkage_tables import MAX_ROWS, null_name
from coregulation.report.methods_writer import MethodsWriter
from coregulation.report.parts import PageTable, number
from coregulation.report.rendering import say

if TYPE_CHECKING:
    from coregulation.coupling.series_comparison import SeriesResult

_NAMED = 4  # measures named in a sentence; of more, how many
_COLUMNS = ("pair", "signal", "measure", "quantity", "value", "expected", "null", "p", "adjusted-p")


def measures_section(finding: Finding, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return what the page says of other measures; None where none was asked for.

    Parameters
    ----------
    finding
        The answer to a session.
    catalogue
        The reader's language.
    """
    if not finding.measures:
        return None
    rows = list(zip(finding.measures, finding.adjusted_measures(), strict=True))
    return {
        "plain": list(_plain(rows, catalogue)), "table": _table(rows, catalogue),
        "limits": list(_limits(finding, catalogue)),
    }  # fmt: skip


def measures_row(finding: Finding, catalogue: Catalogue) -> str:
    """Return what a terminal says of other measures.

    Parameters
    ----------
    finding
        With at least one of them.
    catalogue
        The reader's language.
    """
    adjusted = [p for p in finding.adjusted_measures() if p is not None]
    return catalogue.text(
        "terminal.measures-count", beyond=sum(p <= LINKAGE.alpha for p in adjusted), tests=len(adjusted)
    )


def _plain(rows: list[tuple[SeriesResult, float | None]], catalogue: Catalogue) -> Iterator[str]:
    tested = [result for result, adjusted in rows if adjusted is not None]
    beyond = [result for result, adjusted in rows if adjusted is not None and adjusted <= LINKAGE.alpha]
    titles = dict.fromkeys(catalogue.translate(result.measure.title) for result in beyond)
    if not tested:
        yield catalogue.text("measures.all-refused")
    elif not beyond:
        yield catalogue.text("measures.none-beyond", tests=len(tested))
    else:
        key = "measures.some-named" if len(titles) <= _NAMED else "measures.some-beyond"
        yield catalogue.text(key, beyond=len(beyond), tests=len(tested), titles=tuple(titles))
    yield catalogue.text("measures.apart")
    if any(ClaimLimit.NOT_STEADYING in result.measure.limits for result in tested):
        yield catalogue.text("measures.directed")


def _table(rows: list[tuple[SeriesResult, float | None]], catalogue: Catalogue) -> PageTable:
    header = [catalogue.text(f"column.{key}") for key in _COLUMNS]
    return PageTable(header, [_row(*row, catalogue) for row in rows[:MAX_ROWS]], catalogue.text("table.measures"))


def _row(result: SeriesResult, adjusted: float | None, catalogue: Catalogue) -> list[str]:
    who = [
        catalogue.text("list.people", names=result.pair), catalogue.text("cell.signal", signal=result.signal),
        catalogue.translate(result.measure.title), _quantity(result, catalogue),
    ]  # fmt: skip
    null = f"{len(result.nulls)} × {null_name(result.null, catalogue)}" if result.null else MISSING
    numbers = [number(result.value, ".3f"), number(result.expected, ".3f"), null]
    if result.p is None and result.expected is not None:  # the list below the table says why
        return [*who, *numbers, MISSING, MISSING]
    if result.p is None:
        why = catalogue.text("cell.refused", why=say(result.refused or "", catalogue, Voice.METHODS))
        return [*who, *numbers, why, MISSING]
    return [*who, *numbers, catalogue.text("cell.p", p=result.p), catalogue.text("cell.p", p=adjusted)]


def _quantity(result: SeriesResult, catalogue: Catalogue) -> str:
    name, giver = catalogue.translate(result.statistic.name), result.statistic.giver
    if giver is None:
        return name
    return catalogue.text("cell.directed", name=name, giver=result.pair[giver], receiver=result.pair[1 - giver])


def _limits(finding: Finding, catalogue: Catalogue) -> Iterator[str]:
    """Yield which measures have no p, and what measures may not claim: each limit once with the measures that have it."""
    measures = {type(result.measure): result.measure for result in finding.measures}.values()
    unsized = tuple(catalogue.translate(each.title) for each in measures if not each.has_size)
    if unsized:
        yield catalogue.text("measures.no-size", titles=unsized)
    for limit in ClaimLimit:
        titles = tuple(catalogue.translate(each.title) for each in measures if limit in each.limits)
        if titles:
            yield catalogue.text(f"limit.{limit}", titles=titles)


def methods_sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield what a methods section says of other measures."""
    tested = [result for result in finding.measures if result.p is not None]
    valued = [result for result in finding.measures if result.p is None and result.expected is not None]
    if tested:
        yield write("measures", tests=len(tested), **_redrawn(tested, finding, write))
    if valued:
        yield write("measures-without-p", **_redrawn(valued, finding, write))


def _redrawn(results: list[SeriesResult], finding: Finding, write: MethodsWriter) -> dict[str, Any]:
    """Return which measures, and how often and how the second person's series was redrawn for them."""
    counts = {len(result.nulls) for result in results}
    low, high = min(counts), max(counts)
    return {
        "titles": tuple(write.cited(kind) for kind in dict.fromkeys(type(result.measure) for result in results)),
        "nulls": tuple(write.translate(null) for null in dict.fromkeys(result.null or "" for result in results)),
        "copies": f"{low}" if low == high else write("count-range", low=low, high=high),
        "seed": finding.provenance.seed,
    }
