"""How far something is: a bar on a terminal, and a line now and then where nobody looks at one."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from coregulation.cli.words import text
from coregulation.report.catalogue import Catalogue

Progress = Callable[[str, int, int], None]
FIRST_LINE, NEXT_LINE = 10.0, 60.0  # s after the start, and between two lines, where there is no terminal


@contextlib.contextmanager
def bar(*, lines: bool = False) -> Iterator[Progress]:
    """Yield a function (what, done, of) that shows progress on standard error.

    Parameters
    ----------
    lines
        Whether to print lines where standard error is no terminal: for what takes minutes.

    Yields
    ------
    callable
        On a terminal it moves a bar; elsewhere it prints a line after 10 s and then one per minute, or nothing.
    """
    if sys.stderr.isatty():
        yield from _bar()
    else:
        yield ProgressLines() if lines else _nothing


def _nothing(_what: str, _done: int, _of: int) -> None:
    return


def _bar() -> Iterator[Progress]:
    from tqdm import tqdm

    layout = text("progress.bar", done="{n_fmt}", of="{total_fmt}", bar="{bar}", left="{remaining}")
    shown = tqdm(leave=False, delay=1.0, bar_format="{desc}" + layout)

    def move(what: str, done: int, of: int) -> None:
        label = _named(what)
        if shown.desc != f"{label}: " or shown.total != of:
            shown.reset(total=of)
            shown.set_description(label, refresh=False)
        shown.update(done - shown.n)

    try:
        yield move
    finally:
        shown.close()


class ProgressLines:
    """Print lines of progress, with the time that is left by the pace so far.

    Parameters
    ----------
    clock
        Monotonic time in s.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin = self._start = clock()
        self._next = self._begin + FIRST_LINE
        self._before: int | None = None  # what was done before this run

    def __call__(self, what: str, done: int, of: int) -> None:
        """Print a line if it is time."""
        now = self._clock()
        if self._before is None:
            self._before, self._start = done, now
        if now < self._next or done >= of or done == self._before:
            return
        self._next = now + NEXT_LINE
        left = (now - self._start) / (done - self._before) * (of - done)
        print(text("progress.line", what=_named(what), done=done, of=of, left=left), file=sys.stderr, flush=True)


def _named(what: str) -> str:
    is_signal = Catalogue().has(f"signal.{what}")
    return text("progress.signal" if is_signal else "progress.work", what=what)
