"""One person by themselves: every screen speaks to one, and the minutes afterwards are theirs."""

from __future__ import annotations

import re

import pytest

from tests.live.pages.program import Program
from tests.live.pages.test_pages import CONTRAST, RULES, SMALL, WIDE, axe, settled
from tests.live.pages.walking import Walk

TO_SEVERAL = re.compile(r"\b(both|either|each of you|the other|together|partner)\b", re.IGNORECASE)


@pytest.fixture
def walk(browser, tmp_path):
    program = Program(tmp_path / "store", 25.0).start()
    one = Walk(browser, program)
    yield one
    one.close()
    said = program.stop()
    assert "Traceback" not in said
    assert one.errors == []


def test_a_visit_of_one_person_from_the_first_page_to_their_minutes(walk):
    page = walk.page
    page.click("text=For one person")
    page.wait_for_selector("text=Before you are there for somebody")
    assert page.locator("article.practice").count() >= 8
    page.evaluate("async () => (await import('/views/alone.js')).begin('body-check-in', 'Ada', 'simulated')")
    for phase, name in [("arrive", "Go on"), ("consent", "Go on"), ("sensors", "Go on"), ("baseline", None), ("practice", None), ("settle", None), ("words", "Go on")]:  # fmt: skip
        walk.until_phase(phase)
        page.wait_for_timeout(200)
        shown = page.locator("section.stage").inner_text()
        assert TO_SEVERAL.search(shown) is None, (phase, shown)
        if name is not None:
            page.wait_for_selector(f"button:has-text('{name}'):not([disabled])")
            page.locator(f"button:has-text('{name}'):not([disabled])").last.click()
    walk.until_phase("report")
    page.wait_for_selector("text=Your minutes")
    page.wait_for_selector("text=One visit does not show whether a practice does anything")
    minutes = page.locator("section.minutes").inner_text()
    assert re.search(r"Ada’s heart: \d+ before, \d+ in the practice,? and \d+ settling", minutes)
    assert TO_SEVERAL.search(minutes) is None


def test_a_card_begins_a_visit_of_one_with_a_strap(walk):
    walk.page.goto(f"{walk.program.origin}/#/practices")
    walk.page.wait_for_selector("article.practice")
    walk.page.click("#practice-body-check-in >> text=Begin with this")
    walk.page.wait_for_selector("text=For one person")
    walk.page.get_by_label("Your name, if you like").fill("Cleo")
    walk.page.click("#practice-body-check-in >> text=Begin with this")
    walk.until_phase("arrive")
    walk.page.click("text=Cleo: I am here")
    walk.until_phase("consent")
    assert walk.page.get_by_label("The other may see").count() == 0
    walk.page.click("text=Cleo: I agree to this")
    walk.until_phase("sensors")


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_page_for_one_is_clean_for_axe_and_fits_a_phone(walk, language):
    page = walk.page
    page.evaluate("(language) => localStorage.setItem('coregulation.language', language)", language)
    page.goto(f"{walk.program.origin}/#/alone")
    page.reload()
    page.wait_for_selector("article.practice")
    for scheme, rules in (("light", RULES), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)
        settled(page)
        assert axe(page, rules) == [], scheme
    page.set_viewport_size({"width": 360, "height": 740})
    settled(page)
    assert page.evaluate(SMALL) == []
    assert not page.evaluate(WIDE)
