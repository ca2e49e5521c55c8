"""A page in a pseudo-language: every word on it comes from the catalogue, is a name or a number, or is data of its own."""

from __future__ import annotations

import re

import pytest

from coregulation.analysis.results import Finding
from coregulation.report.page import render_page
from tests.report.catalogue.pseudo import outside, pseudo_catalogue
from tests.report.test_page import Walk

UNTRANSLATED = {"style", "title"}  # `title` of an SVG repeats its label, which is tested as an attribute


def escaped(text: str, finding: Finding) -> set[str]:
    """Return the words of a page that come neither from the catalogue nor from the recording itself."""
    about = finding.about
    names = [about.id, about.setting or "", about.task or "", *(about.shared or ())]
    names += [name for person in about.people for name in (person.id, person.role or "")]
    names += [b.kind for b in about.blocks] + [b.guide or "" for b in about.blocks]
    names += [m.label for m in about.marks] + [e.why for e in about.exclusions]
    left = outside(text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        left = left.replace(name, " ")
    return {word for word in re.findall(r"[^\W\d_]{3,}", left)}


@pytest.fixture(scope="module")
def pages(pair: Finding, group: Finding, too_short: Finding) -> list[tuple[Finding, Walk]]:
    return [(finding, Walk(render_page(finding, pseudo_catalogue()))) for finding in (pair, group, too_short)]


def test_no_word_of_a_page_escapes_the_catalogue(pages: list[tuple[Finding, Walk]]):
    for finding, walk in pages:
        text = " ".join(text for text, path in walk.texts if not UNTRANSLATED & set(path))
        assert escaped(text, finding) - KNOWN == set()


def test_no_label_of_a_picture_escapes_the_catalogue(pages: list[tuple[Finding, Walk]]):
    for finding, walk in pages:
        labels = [a["aria-label"] for a in walk.named("svg") if a.get("aria-label")]
        assert labels
        assert all(escaped(label, finding) == set() for label in labels)
