"""Questions about linkage, one at a time in a process of their own: beats are acknowledged while one is answered."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from coregulation.live.server.worker import limit_memory, place_of, serve_parent

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from coregulation.live.room.feedback import LiveLinkage
    from coregulation.live.signals.engine import LinkageQuestion

PATIENCE = 180.0  # s that one question may take, the start of the process included
TRIES = 2  # processes that a question may end
MEMORY = 3072  # MB of address space
POLITENESS = 5  # steps of priority below the server


class LinkageAnswers:
    """The process that answers, started with the first question and again when it ended.

    Parameters
    ----------
    patience
        Time that one question may take, s.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience, self._turn = patience, asyncio.Lock()
        self._guard, self._closed = threading.Lock(), False
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None

    async def ask(self, question: LinkageQuestion) -> LiveLinkage | None:
        """Return the answer to a question, when it is its turn.

        Parameters
        ----------
        question
            It travels to another process.

        Returns
        -------
        LiveLinkage or None
            None if it takes too long, ends its process twice, or nothing is answered any more.
        """
        async with self._turn:
            return await asyncio.to_thread(self._ask, question)

    def close(self) -> None:
        """End the process; who waits gets no answer."""
        self._closed = True
        self._kill()

    def _ask(self, question: LinkageQuestion) -> LiveLinkage | None:
        end = time.monotonic() + self._patience
        for _ in range(TRIES):
            watchdog = threading.Timer(max(0.0, end - time.monotonic()), self._kill)
            watchdog.start()
            try:
                line = self._open()
                line.send(question)  # waits as long as the other side does not read
                return line.recv()  # type: ignore[no-any-return]
            except (EOFError, OSError):
                self._drop()
            finally:
                watchdog.cancel()
            if self._closed or time.monotonic() >= end:
                return None
        return None

    def _open(self) -> Connection:
        with self._guard:
            if self._closed:
                raise EOFError
            if self._line is None:
                context = multiprocessing.get_context("spawn")
                line, other_end = context.Pipe()
                with other_end:
                    process = context.Process(target=answer_questions, args=(other_end,), daemon=True)
                    process.start()
                self._line, self._process = line, process
            return self._line

    def _kill(self) -> None:
        with self._guard:
            if self._process is not None:
                self._process.kill()

    def _drop(self) -> None:
        with self._guard:
            if self._line is not None and self._process is not None:
                self._line.close()
                self._process.kill()
                self._process.join()
            self._line = self._process = None


def answer_questions(line: Connection) -> None:
    """Answer each question that comes, until the other end is closed or its process is gone.

    Parameters
    ----------
    line
        What cannot be answered is None there.
    """
    serve_parent()
    limit_memory(MEMORY)
    if sys.platform != "win32":
        os.nice(POLITENESS)
    while True:
        try:
            question = line.recv()
        except (EOFError, OSError):
            return
        line.send(_answer(question))


def _answer(question: LinkageQuestion) -> LiveLinkage | None:
    try:
        return question.answer()
    except Exception as error:  # noqa: BLE001
        sys.stderr.write(f"{place_of(error)}\n")
        return None
