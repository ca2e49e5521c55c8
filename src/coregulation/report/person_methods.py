"""The methods section of what is said of each person alone."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.analysis.finding import Finding
from coregulation.analysis.person import PersonFinding
from coregulation.report.methods_writer import MethodsWriter


def sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield how each person's body was computed from what was recorded."""
    hearts = [found.heart for found in finding.bodies if found.heart is not None and found.heart.refused is None]
    if hearts:
        sources = tuple(write(f"beats-{source}") for source in dict.fromkeys(heart.source for heart in hearts))
        yield write("beats", sources=sources)
        yield write("rsa")
        if any(found.breaths for found in finding.bodies):
            yield write("rsa-peak-to-trough")
    if any(_has_arousal(found) for found in finding.bodies):
        yield write("arousal")


def _has_arousal(found: PersonFinding) -> bool:
    return found.body is not None and found.body.arousal is not None
