"""Secondary measures as `result.json` has them: numbers without a test, and tests that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from coregulation.analysis.finding import Finding
from coregulation.report.plain_values import finite, plain
from coregulation.report.rendering import sentence

if TYPE_CHECKING:
    from coregulation.coupling.series_comparison import SeriesResult

Pair = tuple[str, str]
Share = Annotated[float, Meta(ge=0, le=1)]


class SecondaryMeasureResult(msgspec.Struct, frozen=True):
    """One number of a secondary measure of a pair, without a p. A positive lag: the first of the pair leads."""

    pair: Pair
    signal: str
    measure: str
    settings: dict[str, Any]
    quantity: str
    value: float | None


class SecondaryTestResult(msgspec.Struct, frozen=True):
    """One tested number of a secondary measure of a pair; no other answer depends on it.

    `expected` is the mean of the surrogates: what coincidence gives. `giver` is who comes first in a directed number. `adjusted` is
    p adjusted over all secondary measures of the session, by the largest studentised value of one joint randomisation (Westfall &
    Young 1993), times the number of different nulls. `limits` are codes of what the measure may not claim. `p` is null where it is
    refused, and `refused` says why; a measure that also answers common restlessness has a value and no p.
    """

    pair: Pair
    signal: str
    measure: str
    settings: dict[str, Any]
    quantity: str
    giver: str | None
    value: float | None
    expected: float | None
    null: str | None
    n_null: int
    p: Share | None
    adjusted: Share | None
    seed: int
    limits: list[str]
    refused: str | None


def described(finding: Finding) -> list[SecondaryMeasureResult]:
    """Return each number that comes without a test."""
    return [
        SecondaryMeasureResult(d.pair, d.signal, d.measure, plain(d.settings), d.quantity, finite(d.value))
        for d in finding.descriptions
    ]


def tested(finding: Finding) -> list[SecondaryTestResult]:
    """Return each number that has a test, with p adjusted over all of them."""
    return [secondary_test(*each) for each in zip(finding.measures, finding.adjusted_measures(), strict=True)]


def secondary_test(result: SeriesResult, adjusted: float | None) -> SecondaryTestResult:
    """Return one tested number, with its p adjusted over its family.

    Parameters
    ----------
    result
        The number.
    adjusted
        Its adjusted p; None where it is refused.
    """
    giver = result.statistic.giver
    return SecondaryTestResult(
        result.pair, result.signal, type(result.measure).__name__, plain(result.measure), result.statistic.name,
        None if giver is None else result.pair[giver], finite(result.value), finite(result.expected), result.null,
        len(result.nulls), result.p, adjusted, result.seed, [str(limit) for limit in result.measure.limits],
        sentence(result.refused) if result.refused is not None else None,
    )  # fmt: skip
