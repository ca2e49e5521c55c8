"""A page in a pseudo-language: every word on it comes from the catalogue, or is data of its own: names, settings, papers, claims."""

from __future__ import annotations

import re

import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import analyze
from coregulation.report.drawing import shorten
from coregulation.report.page import render_page
from tests.bodies import alone, raw_recording
from tests.report.catalogue.pseudo import outside, pseudo_catalogue
from tests.report.test_page import Walk

UNITS = {"min"}  # of 1/min


@pytest.fixture(scope="module")
def one() -> Finding:
    return analyze(alone(raw_recording()))


@pytest.fixture(params=["one", "pair", "group", "too_short"])
def page(request: pytest.FixtureRequest) -> tuple[Finding, str]:
    finding = request.getfixturevalue(request.param)
    return finding, render_page(finding, pseudo_catalogue())


def names_of(finding: Finding) -> list[str]:
    """Return what a page repeats of a recording as it was given."""
    about = finding.about
    names = [about.id, about.setting or "", about.task or "", *(about.shared or ())]
    names += [name for person in about.people for name in (person.id, person.role or "")]
    names += [name for b in about.blocks for name in (b.kind, b.guide or "")]
    names += [m.label for m in about.marks] + [e.why for e in about.exclusions]
    names += [shorten(name, most) for name in names for most in range(4, 20)]  # as pictures have them
    return sorted(set(filter(None, names)), key=len, reverse=True)


def escaped(text: str, finding: Finding) -> set[str]:
    """Return the words of a text that come neither from the catalogue nor from the recording itself."""
    left = outside(text)
    for name in names_of(finding):
        left = left.replace(name, " ")
    return set(re.findall(r"[^\W\d_]{3,}", left)) - UNITS


def own_text(page: str) -> str:
    """Return the text of a page outside what is not translated: styles, papers, settings and claims."""
    page = re.sub(r"<(style|cite|title)\b.*?</\1>", " ", page, flags=re.S)
    page = re.sub(r'<(ul|div)[^>]* translate="no">.*?</\1>(?=\s*</section>)', " ", page, flags=re.S)
    return Walk(page).text


def test_no_word_escapes_the_catalogue(page: tuple[Finding, str]):
    finding, text = page
    assert escaped(own_text(text), finding) == set()


def test_no_label_of_a_picture_escapes_the_catalogue(page: tuple[Finding, str]):
    finding, text = page
    labels = [a["aria-label"] for a in Walk(text).named("svg") if a.get("aria-label")]
    assert labels
    assert all(escaped(label, finding) == set() for label in labels if label)


def test_what_is_not_in_the_catalogue_would_be_seen(page: tuple[Finding, str]):
    finding, text = page
    assert escaped(own_text(text.replace("<main>", "<main><p>A sentence.</p>")), finding) == {"sentence"}
