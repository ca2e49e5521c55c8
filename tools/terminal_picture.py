"""Write docs/pictures/terminal.png: what `coregulation demo` prints, as a terminal of 80 columns shows it.

Run from the repository: python tools/terminal_picture.py. Needs Chromium (Debian's package) and Playwright.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "terminal.png"
CHROMIUM = "/usr/bin/chromium"
_STYLE = "margin:0;padding:16px;background:#1d1f21;color:#e8e8e8;font:14px/1.35 'DejaVu Sans Mono',monospace;width:max-content"


def main() -> None:
    """Run the demo and take the picture."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "coregulation", "demo", "--out", "demo-report"]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "COLUMNS": "80"}, capture_output=True, text=True, check=True
        )
    page = f"<body style='margin:0'><pre style=\"{_STYLE}\">$ make demo\n{html.escape(done.stdout)}</pre>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 800, "height": 600})
        tab.set_content(page)
        tab.locator("pre").screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
