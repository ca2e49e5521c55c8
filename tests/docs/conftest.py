"""A plain headless Chromium for the pages."""

import pytest


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    running = playwright.chromium.launch(executable_path=chromium)
    yield running
    running.close()
