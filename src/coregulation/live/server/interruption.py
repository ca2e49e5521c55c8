"""A Ctrl-C (or a request to terminate) that is never lost: what comes inside a callback of an import, Python prints and forgets."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Protocol

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stoppable(Protocol):
    """What serves until it should no more."""

    should_exit: bool


class Interruption:
    """Remembers that somebody wants the program to end, from before it serves until it has ended.

    As a context manager it answers both while it is open; in a thread that is not the first, signals are left alone.
    """

    def __init__(self) -> None:
        self.wanted: int | None = None  # the signal that asked for it
        self._server: Stoppable | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.getsignal(number) for number in _SIGNALS}
            for number in _SIGNALS:
                signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def watch(self, server: Stoppable) -> None:
        """End a server, in place of breaking off whatever runs, from now on; at once, if that was wanted before.

        Parameters
        ----------
        server
            Which looks at `should_exit` while it runs.
        """
        self._server = server
        server.should_exit = server.should_exit or self.wanted is not None

    def check(self) -> None:
        """Break off if somebody wanted that.

        Raises
        ------
        KeyboardInterrupt
            As Ctrl-C does.
        SystemExit
            Where it was a request to terminate.
        """
        if self.wanted == signal.SIGTERM:
            raise SystemExit(128 + signal.SIGTERM)
        if self.wanted is not None:
            raise KeyboardInterrupt

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.wanted = number
        if self._server is None:
            self.check()
        else:
            self._server.should_exit = True
