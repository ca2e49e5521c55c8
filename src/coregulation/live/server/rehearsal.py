"""The rehearsal of this process: once, in a thread that holds up neither a room nor the end of the program."""

from __future__ import annotations

import threading


class Rehearsal:
    """Loads and compiles what a practice computes."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin, unless it began before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)
            self._thread.start()

    def is_over(self) -> bool:
        """Whether a room can compute without waiting for a compiler."""
        return self._over.is_set()

    def _run(self) -> None:
        from coregulation.live.server import warmup

        try:
            warmup.warm_up()
        finally:
            self._over.set()


REHEARSAL = Rehearsal()
