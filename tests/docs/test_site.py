"""The pages as a browser gets them: they build without a warning, load nothing from elsewhere, and fit a phone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

DOCS = ROOT / "docs"
MOST_WORDS = 2500
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(folder / "trees"), str(DOCS), str(folder / "html")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "html"


def written_pages() -> list[Path]:
    return [path for path in DOCS.rglob("*.md") if not {"generated", "_templates"} & set(path.relative_to(DOCS).parts)]


def prose(text: str) -> str:
    """Return a page's sentences: no code, no tables."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))


def included(text: str) -> str:
    """Return a page with the generated parts that it includes, as a reader gets it."""
    return re.sub(r"<!-- include: (generated/[\w-]+\.md) -->", lambda part: (DOCS / part[1]).read_text("utf-8"), text)


@pytest.mark.parametrize("page", written_pages(), ids=lambda page: str(page.relative_to(DOCS)))
def test_no_page_is_longer_than_can_be_read(page):
    assert len(prose(included(page.read_text(encoding="utf-8"))).split()) <= MOST_WORDS


def test_every_page_and_every_module_of_the_reference_is_there(site):
    for page in written_pages():
        assert (site / page.relative_to(DOCS).with_suffix(".html")).is_file()
    assert len(list((site / "reference" / "api").glob("*.html"))) > 100


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_ask_nobody_else(site, browser, scheme):
    """Each page is opened once and looked at in both widths."""
    wide, foreign = [], []
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)
    page.on(
        "request",
        lambda request: foreign.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
    )
    for path in [
        *sorted(site.glob("*.html")),
        *sorted(site.glob("modules/*.html")),
        *sorted(site.glob("tutorials/*.html")),
        *sorted(site.glob("reference/api/*.html"))[::20],
    ]:
        page.set_viewport_size(PHONE)
        page.goto(path.as_uri())
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                wide.append((path.name, size["width"]))
    page.close()
    assert wide == []
    assert foreign == []


@pytest.mark.browser
def test_search_and_dark_mode_work_without_a_server(site, browser):
    page = browser.new_page(viewport=DESK, color_scheme="dark")
    page.goto((site / "search.html").as_uri() + "?q=half-life")
    page.wait_for_selector("#search-results li")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()
