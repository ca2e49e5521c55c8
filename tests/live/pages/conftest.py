"""A real browser: Debian's Chromium, driven by Playwright, with a radio and a camera that are emulated."""

from __future__ import annotations

import pytest

from tests.live.pages.serving import static_files

FLAGS = [
    "--enable-features=WebBluetooth",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=user-gesture-required",
]


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
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
