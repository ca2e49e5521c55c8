"""A progress bar for anything over a second; silent where nobody looks."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function (what, done, of) that moves a bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from tqdm import tqdm

    shown = tqdm(leave=False, delay=1.0, bar_format="{desc}{n_fmt} of {total_fmt} {bar} {remaining} left")

    def move(what: str, done: int, of: int) -> None:
        if shown.desc != f"{what}: " or shown.total != of:
            shown.reset(total=of)
            shown.set_description(what, refresh=False)
        shown.update(done - shown.n)

    try:
        yield move
    finally:
        shown.close()
