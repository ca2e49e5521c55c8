"""What holds for every test."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# how long an example takes depends on what else the machine does; no test fails for that
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """Where Debian's Chromium is; skips where it is not, unless CI requires it."""
    if CHROMIUM is None and not os.environ.get("COREGULATION_REQUIRE_BROWSER"):
        pytest.skip(
            "no Chromium: install Debian's chromium, or set COREGULATION_REQUIRE_BROWSER to make this a failure"
        )
    assert CHROMIUM, "Chromium is required here (COREGULATION_REQUIRE_BROWSER) and is not installed"
    return CHROMIUM


@pytest.fixture(scope="module")
def playwright(chromium):
    """A driver of browsers for one file of tests: two cannot run in one process, nor beside another event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver
