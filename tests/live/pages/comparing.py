"""Two people walk through the recommended comparison in a browser, with hearts that follow what the room asks and what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coregulation.live.sources.following import FollowingHearts, LivedSecond
from coregulation.simulate.pair_model import PairModel
from tests.live.pages.straps import MEASUREMENT
from tests.live.pages.walking import FEED, Walk

SOON = 4.0  # s of the session that the feed is ahead: what people do decides what their hearts do


class Comparing(Walk):
    """Ada has the tasks, Ben supports; both at one screen."""

    def compare(self, asked: str = "Ada", task: str = "Counting down aloud") -> None:
        """From the first page to the straps."""
        self.page.goto(f"{self.program.origin}/#/new")
        self.page.get_by_label("Left: a name").fill("Ada")
        self.page.get_by_label("Right: a name").fill("Ben")
        self.page.get_by_label("Does being together help?").check()
        self.page.get_by_label(asked, exact=True).check()
        self.page.get_by_label("None of this is so").check()
        self.page.click("text=Begin")
        self.page.get_by_label(task).check()
        self.page.click("text=We are both here")
        self.agree()
        self.until_phase("sensors")

    def follow(self, pair: PairModel, seed: int) -> None:
        """Choose both straps; from then on their hearts follow."""
        for k in (0, 1):
            self.choose(k)
        self.ahead = SOON
        self.page.evaluate(FEED, [MEASUREMENT, 80 / self.program.speed])
        self.pair = FollowingHearts(pair, seed).packets(self._lived)
        self.fed = 0.0

    @property
    def step(self) -> dict[str, Any]:
        """The part that is on."""
        steps = [message for message in self.messages if message["type"] == "step"]
        return steps[-1] if steps else {"role": None, "setting": None}

    def _lived(self, _t: float) -> LivedSecond:
        part = self.step
        if self.phase_known != "practice":
            return LivedSecond()
        return LivedSecond(
            (0,) if part["role"] == "task" else (), part["setting"] == "together" and part["role"] != "cue"
        )

    def feed(self) -> None:
        self.phase_known = self.phase
        super().feed()

    def through(
        self, answer: str | Callable[[dict[str, Any]], str], meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """Answer each cue with a tap on this text, until there are words."""
        answered = None
        while self.phase == "practice":
            part = self.step
            if part["role"] == "cue" and part["step"] != answered:
                text = answer if isinstance(answer, str) else answer(part)
                self.page.locator(".cue button", has_text=text).click()
                answered = part["step"]
            meanwhile()
            self.until(lambda part=part: self.phase != "practice" or self.step["step"] != part["step"])
        self.until_phase("words")
