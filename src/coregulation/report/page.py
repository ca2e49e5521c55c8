"""One self-contained page: the answer in words first, then how sure, what else, what not, pictures, methods, settings."""

from __future__ import annotations

from coregulation.finding import Finding
from coregulation.report.answer import answer
from coregulation.report.markup import tag


def page(finding: Finding) -> str:
    """Return the report as one HTML file that loads nothing."""
    said = answer(finding)
    return "<!doctype html>\n" + tag(
        "html",
        tag("head", tag("meta", charset="utf-8"), tag("title", finding.about.id)),
        tag("body", tag("h1", finding.about.id), tag("p", said.plain), tag("p", said.sentence)),
        lang="en",
    )
