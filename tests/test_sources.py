"""What implements something published says from where: every entry of the registries, and every paper cited has an entry."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator

import pytest

from coregulation.coupling.registry import MEASURES, SECONDARY, SESSION_NULLS, SURROGATES
from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
PAPERS = tomllib.loads((SOURCE / "report" / "bibliography.toml").read_text(encoding="utf-8"))
DOI = re.compile(r"doi:\s*(10\.\d{4,}/[^\s,;`\"]+)")
ENTRIES = [
    (f"{registry.kind} {name}", registry[name])
    for registry in (MEASURES, SECONDARY, SURROGATES, SESSION_NULLS)
    for name in registry
]


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_every_measure_and_null_cites_papers_of_the_bibliography(name: str, entry: type):
    papers = entry.papers  # type: ignore[attr-defined]
    assert papers, f"{name} names no paper"
    assert set(papers) <= set(PAPERS)


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_every_measure_and_null_has_the_doi_of_a_paper_in_its_docstring(name: str, entry: type):
    mine = {PAPERS[key]["doi"] for key in entry.papers if "doi" in PAPERS[key]}  # type: ignore[attr-defined]
    text = " ".join(inspect.cleandoc(str(entry.__doc__)).split())
    assert not mine or any(doi in text for doi in mine), f"{name} has papers, but its docstring has none of {mine}"


def cited() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for hit in DOI.finditer(path.read_text(encoding="utf-8")):
            doi = hit[1].rstrip(".:")
            yield path.relative_to(SOURCE).as_posix(), doi.rstrip(")") if doi.count(")") > doi.count("(") else doi


def test_every_doi_of_the_code_has_an_entry_in_the_bibliography():
    known = {entry["doi"].lower() for entry in PAPERS.values() if "doi" in entry}
    assert [(path, doi) for path, doi in cited() if doi.lower() not in known] == []


def test_each_paper_has_one_entry():
    dois = [entry["doi"].lower() for entry in PAPERS.values() if "doi" in entry]
    assert len(set(dois)) == len(dois)
