"""Other ways to compare a pair, as `result.json` has them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from coregulation.analysis.finding import Finding
from coregulation.analysis.multiverse import ComparisonWay, PairMultiverse
from coregulation.report.plain_values import finite, plain
from coregulation.report.rendering import sentence


class ComparisonWayResult(msgspec.Struct, frozen=True):
    """What one way to compare a pair gives; `declared` is the way that was fixed beforehand, the only one that answers.

    `p` is of this way alone: it is not adjusted for the others, and none of them is chosen. It is null where the way is refused.
    """

    pair: tuple[str, str]
    signal: str
    measure: str
    settings: dict[str, Any]
    changes: bool
    declared: bool
    value: float | None
    lag: float | None
    null: str | None
    n_null: int
    p: Annotated[float, Meta(ge=0, le=1)] | None
    seed: int
    refused: str | None


def ways_of(finding: Finding) -> list[ComparisonWayResult]:
    """Return each way of each pair and signal."""
    return [_way(of, way) for of in finding.multiverse for way in of.ways]


def _way(of: PairMultiverse, way: ComparisonWay) -> ComparisonWayResult:
    coupling, estimate = way.coupling, way.coupling.estimate
    return ComparisonWayResult(
        of.pair, of.channel, type(way.plan.measure).__name__, plain(way.plan.measure), way.plan.difference, way.is_declared,
        None if estimate is None else finite(estimate.value), None if estimate is None else finite(estimate.lag),
        coupling.null, len(coupling.nulls), coupling.p, coupling.seed,
        sentence(coupling.refused) if coupling.refused is not None else None,
    )  # fmt: skip
