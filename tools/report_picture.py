"""Write docs/pictures/report.png: the first screen of the demo's report on a simulated pair, as a browser shows it.

Run from the repository: python tools/report_picture.py. Needs Chromium (Debian's package) and Playwright.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from coregulation.cli import main as coregulation

TARGET = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "report.png"
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Analyse the demo's pair and take the picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        coregulation(["simulate", "attunement", "--out", folder, "--quiet"])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1000, "height": 820}, color_scheme="light")
        page.goto((Path(folder) / "report.html").as_uri())
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
