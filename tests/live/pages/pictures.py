"""Draws the pictures of docs/live.md: `python -m tests.live.pages.pictures` (Chromium needed).

`python -m tests.live.pages.pictures import FILE FILE` draws how two real files are brought in, and the beats of the first.

Every page in light and dark, on a desk and on a phone, is one strip; the walk is a session with two emulated straps
against the real program.
"""

from __future__ import annotations

import functools
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from coregulation.analysis.pipeline import Analysis
from coregulation.report.page import render_page as html
from coregulation.simulate.confounds import known_answer
from tests.conftest import CHROMIUM
from tests.live.pages.conftest import FLAGS
from tests.live.pages.pretend import SESSION, Pretended, room
from tests.live.pages.program import Program
from tests.live.pages.serving import static_files
from tests.live.pages.test_pages import ROOMS
from tests.live.pages.walking import Walk
from tests.paths import ROOT

HERE = ROOT / "docs" / "pictures"
DESK, PHONE = {"width": 1120, "height": 780}, {"width": 390, "height": 780}
PAGES = {"home": "", "new": "new", "practices": "practices", "breathe": "breathe", "help": "help", "sessions": "sessions", "session": f"session/{SESSION}", "journey": "journey", "settings": "settings", "import": "import", "alone": "alone", "example": "example"}  # fmt: skip


def small(image: Image.Image, name: str) -> None:
    """Keep a picture small, so that the docs stay light."""
    image.save(HERE / f"{name}.webp", quality=62, method=6)


def strip(images: list[Image.Image], height: int = 500, gap: int = 10) -> Image.Image:
    scaled = [one.resize((round(one.width * height / one.height), height), Image.Resampling.LANCZOS) for one in images]
    out = Image.new("RGB", (sum(one.width for one in scaled) + gap * (len(scaled) - 1), height), "#8a8a86")
    at = 0
    for one in scaled:
        out.paste(one, (at, 0))
        at += one.width + gap
    return out


def shot(page: Any) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


@functools.cache
def report() -> str:
    """Return a real report, of a simulated pair."""
    return html(Analysis(surrogates=199)(known_answer("lent", 2)[0]))


def page_of(browser: Any, files: str, name: str, size: dict[str, int], scheme: str) -> Image.Image:
    context = browser.new_context(service_workers="block", viewport=size, color_scheme=scheme)
    page = context.new_page()
    Pretended(page, *ROOMS.get(name, (room("arrive"),))).report = report()
    page.goto(f"{files}/#/{'room/r1' if name in ROOMS else PAGES[name]}")
    page.wait_for_selector("h1", state="attached")
    page.wait_for_timeout(900)
    image = shot(page)
    context.close()
    return image


def strips(browser: Any) -> None:
    with static_files() as files:
        for name in (*PAGES, *ROOMS):
            looks = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]
            small(
                strip([page_of(browser, files, name, *look) for look in looks]),
                f"live-{'room-' if name in ROOMS else ''}{name}",
            )


def walk(browser: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), 6.0).start()
        one = Walk(browser, program)
        one.page.set_viewport_size({"width": 1000, "height": 700})
        count = 0

        def keep() -> None:
            nonlocal count
            count += 1
            small(shot(one.page), f"live-walk-{count}")

        keep()
        one.arrive(keep)
        one.page.wait_for_selector(".half")
        keep()
        one.agree()
        one.until_phase("sensors")
        one.wear(linked=True)
        one.until(lambda: one.page.locator(".stages li.reached").count() == 6)
        keep()
        one.ready()
        one.until_phase("baseline")
        keep()
        one.until_phase("practice")
        begun = one.fed
        clear = lambda: one.page.locator(".veil.there").count() == 0  # noqa: E731
        one.until(lambda: one.fed > begun + 90 and clear())
        keep()
        one.until_phase("settle")
        one.until(clear)
        keep()
        one.until_phase("words")
        one.page.click("text=Ada: my sheet")
        keep()
        one.page.click("text=No words today")
        one.page.click("text=Ben: my sheet")
        one.page.click("text=No words today")
        one.until_phase("report")
        one.result()
        one.page.wait_for_selector("iframe.report")
        one.page.wait_for_timeout(1500)
        one.page.locator("iframe.report").scroll_into_view_if_needed()
        one.page.evaluate("() => scrollTo(0, document.querySelector('iframe.report').offsetTop - 70)")
        one.page.wait_for_timeout(300)
        keep()
        one.close()
        program.stop()


def bring(browser: Any, files: list[str]) -> None:
    """Bring in one file for each of two people, mark two parts, and look at the beats of the first."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), 1.0).start()
        one = Walk(browser, program)
        page = one.page
        page.set_viewport_size({"width": 1000, "height": 900})
        page.goto(f"{program.origin}/#/import")
        page.set_input_files("#recordings", files)
        page.wait_for_selector("button.column")
        page.click("text=Show it over time")
        picture = page.locator("svg.timeline")
        picture.wait_for(timeout=120_000)
        for begin, end in ((0.05, 0.2), (0.35, 0.5)):
            box = picture.bounding_box()
            page.mouse.move(box["x"] + begin * box["width"], box["y"] + 40)
            page.mouse.down()
            page.mouse.move(box["x"] + end * box["width"], box["y"] + 60, steps=5)
            page.mouse.up()
        image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        small(image, "live-import-seen")
        with page.expect_response("**/api/import?**") as made:
            page.click("text=Make a session of them")
        session = made.value.json()["session"]
        person = page.evaluate(f"async () => (await (await fetch('/api/sessions/{session}')).json()).people[0]")
        page.goto(f"{program.origin}/#/beats/{session}/{person}")
        page.locator("canvas.beats").wait_for(timeout=60_000)
        page.click("text=Next doubtful beat")
        page.wait_for_timeout(300)
        small(shot(page), "live-beats")
        one.close()
        program.stop()


if __name__ == "__main__":
    with sync_playwright() as driver:
        running: Any = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if sys.argv[1:2] == ["import"]:
            bring(running, sys.argv[2:])
        else:
            if "walk" not in sys.argv:
                strips(running)
            walk(running)
        running.close()
