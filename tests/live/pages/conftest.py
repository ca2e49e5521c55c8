"""A real browser: Debian's Chromium, driven by Playwright; skipped elsewhere, required where CI says so."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.live.pages.serving import static_files

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--enable-features=WebBluetooth",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=user-gesture-required",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright():
    api = pytest.importorskip("playwright.sync_api", reason="playwright (group dev) is missing")
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("Chromium is missing: apt-get install chromium")
    assert CHROMIUM, "CI must install Chromium"
    with api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright):
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def files():
    with static_files() as address:
        yield address


@pytest.fixture
def page(browser, files):
    """An empty page of the pages' own origin, to try single modules in; no error may appear on it."""
    context = browser.new_context(service_workers="block", base_url=files)
    context.route("**/empty", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><title>e</title><div id=polite></div>"))  # fmt: skip
    one = context.new_page()
    errors: list[str] = []
    one.on("pageerror", lambda error: errors.append(str(error)))
    one.goto("/empty")
    yield one
    context.close()
    assert not errors
