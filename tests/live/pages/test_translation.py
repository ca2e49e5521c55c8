"""The room's pages in a pseudo-language: every word that is shown comes from the words file, or is data of the room."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.pages.pretend import ANSWERS, NAMES, SESSION
from tests.live.pages.serving import STATIC
from tests.live.pages.test_pages import PAGES, ROOMS, opened, usual  # noqa: F401  (fixtures)
from tests.live.pages.waiting import settled
from tests.report.catalogue.pseudo import outside

WORD = re.compile(r"[^\W\d_]{3,}")
SHOWN = """() => [document.title, document.body.innerText, ...[...document.querySelectorAll('*')].flatMap(
  (one) => ['aria-label', 'title', 'placeholder', 'alt'].map((name) => one.getAttribute(name)).filter(Boolean))].join('\\n')"""
OF_BROWSERS = {
    "coregulation",
    "Nov",
    "Oct",
    "and",
}  # the name of the program; dates and lists as the browser writes them

LANGUAGES = ("English", "Deutsch", "Español")  # each in its own words, whatever the page's


def pseudo_words() -> dict[str, str]:
    """Return the words file with every sentence in brackets."""
    words = json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))
    return {key: f"⟦{text}⟧" for key, text in words.items()}


def strings(data: Any) -> Iterator[str]:
    """Yield every string of data from the server."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


@pytest.mark.browser
@pytest.mark.parametrize("name", [*PAGES, *ROOMS])
def test_no_word_of_a_page_escapes(opened, usual, name):  # noqa: F811
    usual.route("**/words/en.json", lambda route: route.fulfill(json=pseudo_words()))
    page, _ = opened(name, ROOMS.get(name), fresh=False)
    settled(page)
    shown = page.evaluate(SHOWN)
    usual.unroute("**/words/en.json")
    assert "⟦" in shown
    helps = json.loads((STATIC / "words" / "help.json").read_text(encoding="utf-8"))
    data = [*NAMES.values(), SESSION, "Quiet.", *LANGUAGES, *strings([ANSWERS, helps])]
    data += [named(text) for text in data]
    assert words_of(outside(shown), data) - OF_BROWSERS == set()


def named(text: str) -> str:
    """Return a sentence of the server as a page shows it: with the names that this browser knows."""
    for person, name in NAMES.items():
        text = re.sub(rf"\b{person}\b", name, text)
    return text


def words_of(text: str, data: list[str]) -> set[str]:
    """Return the words of a text without the data, which may be broken into paragraphs."""
    text = " ".join(text.split())
    pieces = {" ".join(line.split()) for item in data for line in (item, *item.split("\n"))}
    for piece in sorted(filter(None, pieces), key=len, reverse=True):
        text = text.replace(piece, " ")
    return set(WORD.findall(text))
