import re
from pathlib import Path

import pytest

import coregulation
from coregulation.report.bibliography import Paper, cite, cite_software, papers, references

SOURCE = Path(coregulation.__file__).parent
DOCS = SOURCE.parents[1] / "docs"


WITHOUT_DOI = ("parzen1963", "politis1992", "westfall1993")  # a journal before them, and two books


def test_each_paper_is_complete():
    for key, paper in papers().items():
        assert re.fullmatch(r"[a-z]+(19|20)\d\d", key)
        assert key.endswith(str(paper.year))
        assert paper.title
        assert paper.place
        assert paper.use
        assert paper.doi.startswith("10.") or key in WITHOUT_DOI


def test_each_paper_stands_once():
    titles = [paper.title.casefold() for paper in papers().values()]
    dois = [paper.doi for paper in papers().values() if paper.doi]
    assert len(set(titles)) == len(titles)
    assert len(set(dois)) == len(dois)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("kunsch1989", "Künsch, 1989"), ("phipson2010", "Phipson & Smyth, 2010"), ("boker2002", "Boker et al., 2002"),
        ("taskforce1996", "Task Force, 1996"),
    ],
)  # fmt: skip
def test_a_citation_names_one_two_or_the_first_author(key, text):
    assert cite(key) == text


def test_several_citations_are_one_text_and_references_are_sorted_and_once():
    assert cite("kunsch1989", "politis1992") == "Künsch, 1989; Politis & Romano, 1992"
    assert references(["phipson2010", "boker2002", "phipson2010"]) == [
        papers()["boker2002"].reference,
        papers()["phipson2010"].reference,
    ]


def test_a_reference_has_everything():
    paper = Paper("a2001", ("A, B.", "C, D.", "E, F."), 2001, "What is it?", "A Journal, 1, 2–3", "this", "10.1/x")
    assert paper.reference == "A, B., C, D., & E, F. (2001). What is it? A Journal, 1, 2–3. doi:10.1/x"


def test_a_paper_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        cite("nobody1900")


def test_the_software_names_its_version():
    assert coregulation.__version__ in cite_software()


def test_the_documentation_lists_every_paper():
    text = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("references.md", "references-m-z.md"))
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        f"- {paper.reference} *{paper.use[0].upper()}{paper.use[1:]}.*{' (DOI not checked)' * paper.unchecked}"
        for paper in papers().values()
    ], "run `make catalogue`"
