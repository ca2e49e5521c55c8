"""Wait for a state of a page, never for a time: how long a page takes depends on what else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

LONGEST = 60.0  # s after which a state will not come
SETTLED = """() => document.querySelector('h1') && !document.querySelector('.working')
  && document.getAnimations().every((one) => !(one instanceof CSSTransition))"""


def settled(page: Any) -> None:
    """Wait until a page shows what it was asked for and no colour or size is on its way to another."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(SETTLED, timeout=1000 * LONGEST)


def until(page: Any, state: Callable[[], Any]) -> None:
    """Wait until something holds, while the page goes on."""
    began = time.monotonic()
    while not state():
        assert time.monotonic() - began < LONGEST, "the state has not come"
        page.wait_for_timeout(50)
