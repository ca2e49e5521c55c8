"""The methods section of what is said of each person alone."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.analysis.finding import Finding
from coregulation.analysis.person import PersonFinding
from coregulation.report.methods_writer import MethodsWriter


def sentences(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield how each person's body was computed from what was recorded."""
    hearts = [
        person_finding.heart
        for person_finding in finding.bodies
        if person_finding.heart is not None and person_finding.heart.refused is None
    ]
    if hearts:
        sources = tuple(write(f"beats-{source}") for source in dict.fromkeys(heart.source for heart in hearts))
        yield write("beats", sources=sources)
        yield write("rsa")
        if any(person_finding.breaths for person_finding in finding.bodies):
            yield write("rsa-peak-to-trough")
    if any(_has_arousal(person_finding) for person_finding in finding.bodies):
        yield write("arousal")


def _has_arousal(person_finding: PersonFinding) -> bool:
    return person_finding.body is not None and person_finding.body.arousal is not None
