"""The page in a real browser: desktop and phone, light and dark, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coregulation.analysis.finding import Finding
from coregulation.report import save

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(playwright: Any, chromium: str) -> Iterator[Any]:
    launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield launched
    launched.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("which", ["pair", "group"])
def test_a_page_reads_well(
    which: str, width: int, scheme: str, browser: Any, request: pytest.FixtureRequest, tmp_path: Path
):
    finding: Finding = request.getfixturevalue(which)
    path = save(finding, tmp_path / "out")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda sent: requests.append(sent.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(path.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.screenshot(path=str(tmp_path / f"{which}-{width}-{scheme}.png"), full_page=True)
    for voice, shown, hidden in (("people", "people", "methods"), ("methods", "methods", "people")):
        tab.locator(f"label[for=voice-{voice}]").click()
        assert tab.locator(f".for-{shown}").first.is_visible()
        assert not tab.locator(f".for-{hidden}").first.is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    paper, ink = tab.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert _lightness(paper) > _lightness(ink) if scheme == "light" else _lightness(paper) < _lightness(ink)
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert complaints == []
    context.close()


def test_paper_has_both_voices_and_the_keyboard_turns_the_choice(browser: Any, pair: Finding, tmp_path: Path):
    path = save(pair, tmp_path / "out")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#voice-methods").is_checked()
    tab.emulate_media(media="print")
    assert tab.locator(".for-people").first.is_visible()
    assert tab.locator(".for-methods").first.is_visible()
    tab.close()


def _lightness(colour: str) -> int:
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
