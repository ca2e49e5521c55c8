"""One simulated example of each class of verdict: both voices, and the pictures as Chromium draws them.

`python docs/classes.py [NAME...]` writes docs/generated/class-NAME.md and docs/pictures/, for each example or for those that
are named, so that it can be made piece by piece; it needs Debian's Chromium.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace

from playwright.sync_api import Page, sync_playwright

from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import Analysis
from coregulation.report import save
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.rendering import say_all
from coregulation.session import Session
from coregulation.simulate.confounds import known_answer
from coregulation.simulate.observe import Wearing
from coregulation.simulate.sensors import Belt

HERE = pathlib.Path(__file__).parent
WORN = Wearing(sensors=(Belt(),))
EXAMPLES = {
    "mutual": ("mutual-co-regulation", 2, False),
    "lent": ("lent-regulation", 2, False),
    "co-dysregulation": ("co-dysregulation", 2, False),
    "coupling-without-regulation": ("linked-without-regulating", 2, False),
    "guide-only": ("in-parallel", 2, True),
    "independent": ("self-regulating", 2, False),
    "recording-helps": ("one-way", 2, False),
    "without-alone": ("cannot-tell", 2, False),
}

PICTURES = ("courses", "recoveries")  # names of figures of the regulation branch, as `report` draws them
WORDS = Catalogue()


def example(name: str, seed: int, worn: bool) -> Session:
    """Return the session of an example; "without-alone" is a pair of which nobody kept the stretch alone."""
    if name != "without-alone":
        return known_answer(name, seed, 3, wearing=WORN if worn else None)[0]
    session = known_answer("independent", seed, 3)[0]
    return replace(session, id=name, blocks=tuple(block for block in session.blocks if "alone" not in block.kind))


def described(name: str, kind: str, finding: Finding, pictures: list[str]) -> Iterator[str]:
    """Yield an example as Markdown."""
    verdict = finding.verdicts[0]
    if verdict.kind.value != kind:
        raise SystemExit(f"{name} came out as {verdict.kind}, not {kind}: choose another seed.")
    yield f"## {verdict.kind}\n"
    yield f"For the people who were there: {say_all(verdict.statements, WORDS)}\n"
    yield f"For the methods section: {say_all(verdict.evidence, WORDS, Voice.METHODS)}\n"
    yield from (f"![{name}: {picture}](pictures/{name}-{picture}.png)\n" for picture in pictures)
    yield "| gate | answer | why |\n|---|---|---|"
    for gate in verdict.gates:
        reasons = (gate.reason, gate.settle) if gate.settle else (gate.reason,)
        yield f"| {gate.name} | {gate.state.value} | {say_all(reasons, WORDS, Voice.METHODS)} |"
    yield ""


def drawn(page: Page, report: pathlib.Path, name: str) -> list[str]:
    """Photograph the pictures of the regulation branch."""
    page.goto(report.as_uri())
    names = []
    for picture in PICTURES:
        figure = page.locator(f'figure:has([id^="{picture}-"]) svg:visible')
        if figure.count():
            figure.first.screenshot(path=HERE / "pictures" / f"{name}-{picture}.png")
            names.append(picture)
    return names


def main() -> None:
    """Write each example that is named, or every one."""
    (HERE / "pictures").mkdir(exist_ok=True)
    analysis = Analysis(surrogates=199, secondary=99)
    with sync_playwright() as browsers, tempfile.TemporaryDirectory() as place:
        browser = browsers.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": 760, "height": 900})
        for name in sys.argv[1:] or EXAMPLES:
            kind, seed, worn = EXAMPLES[name]
            finding = analysis(example(name, seed, worn))
            report = save(finding, pathlib.Path(place) / name)
            lines = described(name, kind, finding, drawn(page, report, name))
            (HERE / "generated" / f"class-{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
