"""Conditional linkage, as `result.json` has it: what is left of each pair's signals without their covariates."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from coregulation.analysis.conditional import ConditionalLinkage, adjusted_conditional
from coregulation.analysis.finding import Finding
from coregulation.report.plain_values import finite, plain
from coregulation.report.rendering import sentence
from coregulation.report.secondary_output import SecondaryTestResult, secondary_test

Share = Annotated[float, Meta(ge=0, le=1)]


class ConditionalResult(msgspec.Struct, frozen=True):
    """What is left of one pair and signal when covariates of both are taken out; no other answer depends on it.

    `explained_first` and `explained_second` are the shares of each person's signal that were taken out. `adjusted` is p adjusted over all pairs and signals of this
    list. `value` and `lag` are of what is left; `plain_value` is the mean correlation of the signals as they are. `p` is null where
    it is refused, and `refused` says why.
    """

    pair: tuple[str, str]
    signal: str
    covariates: list[str]
    settings: dict[str, Any]
    explained_first: Share | None
    explained_second: Share | None
    plain_value: float | None
    value: float | None
    lag: float | None
    null: str | None
    n_null: int
    p: Share | None
    adjusted: Share | None
    seed: int
    refused: str | None


def conditional_of(finding: Finding) -> list[ConditionalResult]:
    """Return what is left of each pair and signal."""
    rows = zip(finding.conditional, adjusted_conditional(finding.conditional), strict=True)
    return [_row(of, adjusted) for of, adjusted in rows]


def conditional_measures(finding: Finding) -> list[SecondaryTestResult]:
    """Return the secondary measures of what is left, with p adjusted over all of them."""
    results = [result for of in finding.conditional for result in of.measures]
    if not results:
        return []
    from coregulation.coupling.series_comparison import adjust_measures

    return [secondary_test(*each) for each in zip(results, adjust_measures(results), strict=True)]


def _row(of: ConditionalLinkage, adjusted: float | None) -> ConditionalResult:
    left, before = of.coupling, of.plain.estimate
    estimate = None if left is None else left.estimate
    return ConditionalResult(
        of.plain.pair, of.plain.signal, list(of.covariates), plain(of.plain.measure),
        None if of.explained is None else finite(of.explained[0]), None if of.explained is None else finite(of.explained[1]),
        None if before is None else finite(before.value),
        None if estimate is None else finite(estimate.value), None if estimate is None else finite(estimate.lag),
        None if left is None else left.null, 0 if left is None else len(left.nulls), of.p, adjusted, of.plain.seed,
        None if of.why_refused is None else sentence(of.why_refused),
    )  # fmt: skip
