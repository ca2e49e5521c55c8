"""The regulation branch in the methods section."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.analysis.finding import Finding
from coregulation.regulation.result import RegulationResult
from coregulation.report.methods_writer import MethodsWriter

_ORDERS = {"crossed": "order-crossed", "alone first": "order-alone-first", "together first": "order-together-first"}


def sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield how it was asked who steadies whom; nothing where it was not."""
    regulation = finding.regulation
    if regulation is None:
        return
    if regulation.recoveries:
        yield _recoveries(regulation, write)
    if was_asked(finding):
        yield _model(finding, regulation, write)
    if regulation.controls:
        yield write("controls")


def was_asked(finding: Finding) -> bool:
    """Return whether anything was answered about who steadies whom."""
    return finding.regulation is not None and any(pair.directions for pair in finding.regulation.pairs)


def _recoveries(regulation: RegulationResult, write: MethodsWriter) -> str:
    return write(
        "recoveries", index=regulation.index, recoveries=len(regulation.recoveries),
        censored=sum(item.censored for item in regulation.recoveries),
        order=write(_ORDERS.get(regulation.design.order, "order-one-condition")),
    )  # fmt: skip


def _model(finding: Finding, regulation: RegulationResult, write: MethodsWriter) -> str:
    settings = finding.provenance.settings.get("regulation", {}).get("settings", {})
    key = "model-saturating" if regulation.index == "heart rate" else "model"
    return write(key, draws=int(settings.get("model", {}).get("draws", 400)))
