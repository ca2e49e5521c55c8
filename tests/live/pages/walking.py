"""Two people walk through a session in a browser, wearing straps that say what a simulated pair's hearts do."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from coregulation.live.sources.simulated import SimulatedPair
from tests.live.pages.straps import MEASUREMENT, SHIM, Radio

# The page's clock runs as many times faster as the program's sessions do; nothing else in it knows.
FASTER = "(() => {{ const steady = performance.now.bind(performance), begun = steady(); performance.now = () => begun + (steady() - begun) * {speed}; }})()"  # fmt: skip
# What the straps are to say, and when (s of the page's clock after the feed began); whoever is away says nothing. A machine
# that is busy for 50 ms would be late by a second of a session that runs 20 times as fast, so each packet is stamped with the
# moment that it was due.
FEED = """([uuid, every]) => {
  const steady = performance.now, now = () => steady() / 1000;
  Object.assign(window, { __line: [[], []], __begun: now(), __away: [false, false], __told: [0, 0] });
  const said = (k, at, bytes) => {
    performance.now = () => 1000 * (window.__begun + at);
    try { window.__said(k, uuid, bytes); window.__told[k] += 1; } finally { performance.now = steady; }
  };
  setInterval(() => { for (const k of [0, 1]) while (window.__line[k].length && window.__line[k][0][0] <= now() - window.__begun) {
    const [at, bytes] = window.__line[k].shift();
    if (!window.__away[k]) said(k, at, bytes);
  } }, every);
}"""
AHEAD = 24.0  # s of the session that the feed is ahead of it, so that a busy machine does not starve it
PRACTISING = ("practice", "settle")


class Walk:
    """One page of one screen for both, from the address of the program on."""

    def __init__(self, browser: Any, program: Any, *, before: str = "", **how: Any):
        self.program = program
        self.context = browser.new_context(service_workers="block", viewport={"width": 1280, "height": 860}, **how)
        self.context.add_init_script(FASTER.format(speed=program.speed))
        self.context.add_init_script(SHIM)
        self.context.add_init_script(before or "undefined")
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.messages: list[dict[str, Any]] = []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda line: line.on("framereceived", self._received))
        self.page.goto(program.address)
        self.page.wait_for_selector("text=Two people, a quiet minute")
        self.radio = Radio(self.page)  # before the page asks whether there is Bluetooth
        self.pair: Any = None
        self.fed = 0.0
        self.practising = False
        self.ahead = AHEAD

    def _received(self, text: str | bytes) -> None:
        self.messages.append(json.loads(text))

    def close(self) -> None:
        self.radio.close()
        self.context.close()

    @property
    def room(self) -> str:
        found = re.search(r"#/room/([\w-]+)", self.page.url)
        assert found
        return found.group(1)

    @property
    def phase(self) -> str:
        phase: str = self.page.evaluate("() => document.body.dataset.phase ?? ''")
        return phase

    def get(self, path: str) -> tuple[int, Any]:
        """Ask the program as this page."""
        got = self.page.evaluate(
            "async (path) => { const r = await fetch(path); return [r.status, await r.text()]; }", path
        )
        return got[0], json.loads(got[1]) if got[1][:1] in "[{" else got[1]

    def arrive(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.page.goto(f"{self.program.origin}/#/new")
        self.page.get_by_label("Left: a name").fill("Ada")
        self.page.get_by_label("Right: a name").fill("Ben")
        self.page.get_by_label("A practice together").check()
        self.page.click("text=Begin")
        self.page.wait_for_selector("text=We are both here")
        meanwhile()
        self.page.click("text=We are both here")

    def agree(self, show: bool = True) -> None:
        self.page.wait_for_selector(".half")
        for k in (0, 1):
            half = self.page.locator(".half").nth(k)
            half.locator("input[type=checkbox]").nth(1).check()  # keep
            if show:
                half.locator("input[type=checkbox]").nth(0).check()
            half.get_by_role("button").click()

    def wear(self, linked: bool, seed: int = 1) -> None:
        """Choose both straps; from then on they speak."""
        self.page.wait_for_selector("text=Find a strap")
        for k in (0, 1):
            self.choose(k)
        self.start_feed(linked, seed)

    def start_feed(self, linked: bool, seed: int = 1) -> None:
        """From now on the straps speak."""
        self.page.evaluate(FEED, [MEASUREMENT, 80 / self.program.speed])
        self.pair = SimulatedPair(2, linked=linked, seed=seed).packets(0.0, lambda _: self.practising)
        self.fed = 0.0

    def choose(self, k: int) -> None:
        self.radio.wanted.append(self.radio.straps[k])
        self.page.locator(".half").nth(k).locator("button", has_text=re.compile("strap")).click()
        self.page.wait_for_function("(k) => (window.__ids ?? []).length > k", arg=k)

    def feed(self) -> None:
        """Let the straps have something to say for the next seconds; two questions to the page, however many seconds."""
        now, phase = self.page.evaluate(
            "() => [performance.now() / 1000 - window.__begun, document.body.dataset.phase]"
        )
        self.practising = phase in PRACTISING
        said: list[Any] = []
        while self.fed < now + self.ahead:
            said += [[one.person, one.at, list(one.data)] for one in next(self.pair)]
            self.fed += 1
        if said:
            self.page.evaluate(
                "(all) => { for (const [k, at, bytes] of all) window.__line[k].push([at, bytes]); }", said
            )

    def until(self, done: Callable[[], bool], seconds: float = 120.0) -> None:
        """Feed until something holds; fails after so many s of a clock on the wall."""
        began = time.monotonic()
        while not done():
            assert time.monotonic() - began < seconds, f"still {self.phase}: {self.page.inner_text('main')[:600]}"
            if self.pair is not None:
                self.feed()
            self.page.wait_for_timeout(40)

    def until_phase(self, *phases: str, seconds: float = 120.0) -> None:
        self.until(lambda: self.phase in phases, seconds)

    def ready(self, patience: float = 15.0) -> None:
        """Wait for a clear signal of both, or until it is clear that this machine is too busy to show one, and go on."""
        began = time.monotonic()
        clear = self.page.locator(".stages li.reached")
        self.until(lambda: clear.count() == 6 or time.monotonic() - began > patience)
        self.page.click(".ready >> text=Go on")

    def no_words(self) -> None:
        for name in ("Ada", "Ben"):
            self.page.click(f"text={name}: my sheet")
            self.page.click("text=No words today")

    def result(self, seconds: float = 120.0) -> dict[str, Any]:
        """Wait for the report and return what it rests on."""
        began = time.monotonic()
        while True:
            status, told = self.get(f"/api/sessions/{self.room}/result")
            if status == 200:
                found: dict[str, Any] = told
                return found
            assert status == 202, told
            assert time.monotonic() - began < seconds
            self.page.wait_for_timeout(300)
