"""Draws the pictures of docs/live-security.md against the real program: `python -m tests.live.pages.security_pictures SMALL-DISK`.

SMALL-DISK is a folder on a file system of a few megabytes, such as `mount -t tmpfs -o size=3m tmpfs DIR` gives; it is filled and freed again.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from coregulation.live.room import wire
from coregulation.live.server import worker
from tests.conftest import CHROMIUM
from tests.live.pages.conftest import FLAGS
from tests.live.pages.pictures import shot, small
from tests.live.served import Running

SIZE = {"width": 1000, "height": 720}


def entered(browser: Any, served: Running) -> Any:
    """Return a page of the computer's own browser."""
    page = browser.new_context(service_workers="block", viewport=SIZE).new_page()
    page.goto(f"{served.base}/#token={served.registry.access.new_token()}")
    page.wait_for_selector("text=Two people, a quiet minute")
    return page


def new_room(page: Any, served: Running) -> str:
    """Begin a session of Ada and Ben at one screen, and return its room."""
    page.goto(f"{served.base}/#/new")
    page.get_by_label("Left: a name").fill("Ada")
    page.get_by_label("Right: a name").fill("Ben")
    page.get_by_label("A practice together").check()
    page.click("text=Begin")
    page.wait_for_selector("text=We are both here")
    return str(page.url.rsplit("/", 1)[1])


def agree(page: Any) -> None:
    """Say yes to all that is offered, for both."""
    page.click("text=We are both here")
    page.wait_for_selector(".half")
    for k in (0, 1):
        half = page.locator(".half").nth(k)
        for box in (1, 0):
            half.locator("input[type=checkbox]").nth(box).check()
        half.get_by_role("button").click()
    page.wait_for_function("() => document.body.dataset.phase === 'sensors'")


def devices(browser: Any, folder: Path) -> None:
    served = Running(folder)
    page = entered(browser, served)
    room = new_room(page, served)
    host = served.host()
    for who in ("Ada", "Ben"):
        code = host.post(f"/api/rooms/{room}/invitations", {"role": "viewer", "people": []}).json()["code"]
        guest = browser.new_context(service_workers="block").new_page()
        guest.goto(f"{served.base}/#invite={code}")
        guest.wait_for_timeout(500 if who else 0)
    page.goto(f"{served.base}/#/settings")
    page.locator("h2", has_text="Devices").or_(
        page.locator("h2", has_text="browsers")
    ).first.scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    small(shot(page), "live-security-devices")
    served.stop()


def full_disk(browser: Any, folder: Path) -> None:
    store, filler = folder / "store", folder / "filler"
    shutil.rmtree(store, ignore_errors=True)
    served = Running(store)
    page = entered(browser, served)
    new_room(page, served)
    agree(page)
    free = os.statvfs(folder)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_bsize))
    page.click(".sees > summary")
    page.click("[aria-label^='Take back: Ben, The other']")
    page.wait_for_selector("text=not saved yet")
    page.wait_for_timeout(400)
    small(shot(page), "live-security-full-disk")
    filler.unlink()
    page.wait_for_function("() => !document.querySelector('.notice').textContent.includes('not saved')")
    served.stop()
    shutil.rmtree(store, ignore_errors=True)


def failed_report(browser: Any, folder: Path) -> None:
    worker.REPORT_LIMITS = worker.Limits(memory=256, seconds=1800.0)
    served = Running(folder, speed=40.0)
    page = entered(browser, served)
    host = served.host()
    room = host.room(source="simulated", baseline=60, settle=30, minutes=2, screens="own", facilitator=False)
    seat = host.enter(room, "ada", "ben")
    seat.phase("arrive")
    seat.ready()
    seat.phase("consent")
    seat.consent("show-partner", "keep", "research")
    seat.ready()
    seat.phase("sensors")
    seat.ready()
    seat.phase("words", 120)
    for who in ("ada", "ben"):
        seat.say(wire.WordsMessage(who, "", {}))
    seat.until(lambda m: isinstance(m, wire.Report) and m.state == "none", 120)
    page.goto(f"{served.base}/#/session/{room}")
    page.wait_for_selector(".report-place .note")
    page.wait_for_timeout(400)
    small(shot(page), "live-security-failed-report")
    served.stop()


def main(small_disk: Path) -> None:
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser: Any = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        drawings: list[tuple[Callable[[Any, Path], None], Path]] = [
            (devices, Path(folder) / "devices"),
            (full_disk, small_disk),
            (failed_report, Path(folder) / "report"),
        ]
        for draw, place in drawings:
            draw(browser, place)
            time.sleep(0.2)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
