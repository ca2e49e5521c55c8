"""Write the pictures of what a reader sees first: the terminal, the three reports, the first page of the docs and the page of one
function; all but the terminal on a desktop and a phone, light and dark.

Run from the repository: python tools/pictures.py [folder of a demo that ran]. Without a folder the demo runs first, and the docs are
built, which takes minutes; `python tools/pictures.py files` takes those of `inspect` and of a conversation alone. Needs Chromium (Debian's package) and Playwright. Look at every picture before it is committed.
"""

from __future__ import annotations

import html
import io
import math
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
SCREENS = {"desktop": (1000, 820), "phone": (390, 820)}
DOCS = {"docs-first": "index.html", "docs-function": "reference/api/coregulation.api.html#coregulation.api.hrv"}
GAP = 16  # pixels between the four screens of a report
_STYLE = "margin:0;padding:16px;background:#1d1f21;color:#e8e8e8;font:14px/1.35 'DejaVu Sans Mono',monospace;width:max-content"


def main(folder: Path) -> None:
    """Take every picture; what a folder lacks is made in it."""
    printed = folder / "terminal.txt"
    if not printed.exists():
        printed.write_text(_run(["demo", "--out", "demo-report"], folder), encoding="utf-8")
    person = folder / "person"
    if not (person / "report.html").exists():
        ada = str(ROOT / "examples" / "ada_rr.txt")
        _run(["analyze", ada, "--signal", "rr", "--unit", "ms", "--out", str(person)], folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        _terminal(browser, "terminal", f"$ make demo\n{printed.read_text(encoding='utf-8')}")
        files(browser, folder)
        reports = {"pair": folder / "demo-report/pair", "group": folder / "demo-report/concert", "person": person}
        for name, report in reports.items():
            screens(browser, (report / "report.html").as_uri()).save(TARGET / f"report-{name}.webp", quality=80)
        pair = _screen(browser, (reports["pair"] / "report.html").as_uri(), SCREENS["desktop"], "light")
        pair.save(TARGET / "report.png", optimize=True)
        site = folder / "site"
        if not (site / "index.html").exists():
            command = [sys.executable, "-m", "sphinx", "-W", "-q", str(ROOT / "docs"), str(site)]
            subprocess.run(command, check=True)
        for name, page in DOCS.items():
            screens(browser, f"{site.as_uri()}/{page}").save(TARGET / f"{name}.webp", quality=80)
        browser.close()


def files(browser: Browser, folder: Path) -> None:
    """Take the pictures of `inspect`, and of `analyze` asking for what a table does not say."""
    pair = folder / "pair.csv"
    pair.write_text("\n".join(["t;HR Ada;HR Ben", *map(_row, range(420))]) + "\n", encoding="utf-8")
    _terminal(browser, "inspect", f"$ coregulation inspect pair.csv\n{_run(['inspect', pair.name], folder)}")
    words = ["analyze", pair.name, "--surrogates", "199", "--jobs", "1", "--out", "report"]
    shown = _conversation(words, ["Ada M=HR Ada, Ben K=HR Ben", "heartrate", "", "", "s", "music"], folder)
    _terminal(browser, "asked", f"$ coregulation analyze pair.csv\n{shown}")


def _row(second: int) -> str:
    ada, ben = (70 + 8 * math.sin(second / 20) + 3 * math.sin(second / 3), 78 + 7 * math.sin(second / 20 + 0.3))
    return f"{second};{ada:.1f};{ben:.1f}".replace(".", ",")


def _conversation(words: list[str], answers: list[str], folder: Path) -> str:
    """Return what a person sees who answers on a terminal; the folder is left out of paths."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, "-m", "coregulation", *words]
    process = subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = ""
    while process.poll() is None or select.select([ours], [], [], 0.2)[0]:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            shown += os.read(ours, 4096).decode()
        except OSError:  # the other side is closed
            break
        if answers and shown.endswith(": "):
            os.write(ours, (answers.pop(0) + "\n").encode())
    os.close(ours)
    return shown.replace("\r\n", "\n").replace(f"{folder}/", "")


def screens(browser: Browser, page: str) -> Image.Image:
    """Return the first screens of a page beside each other: desktop and phone, light, then dark."""
    taken = [_screen(browser, page, size, scheme) for scheme in ("light", "dark") for size in SCREENS.values()]
    width = sum(picture.width for picture in taken) + GAP * (len(taken) - 1)
    out, left = Image.new("RGB", (width, max(picture.height for picture in taken)), "#888888"), 0
    for picture in taken:
        out.paste(picture, (left, 0))
        left += picture.width + GAP
    return out


def _run(words: list[str], folder: Path) -> str:
    command = [sys.executable, "-m", "coregulation", *words]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "COLUMNS": "80"}, capture_output=True, text=True, check=True
    )
    return done.stdout


def _screen(browser: Browser, page: str, size: tuple[int, int], scheme: str) -> Image.Image:
    width, height = size
    tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    tab.goto(page)
    taken = tab.screenshot()
    tab.close()
    return Image.open(io.BytesIO(taken)).convert("RGB")


def _terminal(browser: Browser, name: str, printed: str) -> None:
    tab = browser.new_page(viewport={"width": 800, "height": 600})
    tab.set_content(f"<body style='margin:0'><pre style=\"{_STYLE}\">{html.escape(printed)}</pre>")
    tab.locator("pre").screenshot(path=TARGET / f"{name}.png")
    tab.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["files"]:
        with tempfile.TemporaryDirectory() as made_in, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            files(chromium, Path(made_in))
            chromium.close()
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory() as made_in:
            main(Path(made_in))
