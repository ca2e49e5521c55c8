"""Heavy work in processes of its own, with limits on memory and time: whatever happens there, the rooms go on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from coregulation.errors import CoregulationError
from coregulation.live.room.reasons import RoomError, RoomReason

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use.

    Parameters
    ----------
    memory
        Address space in MB (on systems that can limit it).
    seconds
        Time, s.
    """

    memory: int
    seconds: float


STOP_STEP = 0.2  # s after which it is looked whether the server stops
REPORT_LIMITS = Limits(memory=6144, seconds=1800.0)
IMPORT_LIMITS = Limits(memory=3072, seconds=180.0)


def run_limited(
    work: Callable[..., Any], *arguments: Any, limits: Limits, stopping: threading.Event | None = None
) -> Any:
    """Call a function in another process and return what it returned.

    Parameters
    ----------
    work
        A function of a module; what it takes and returns must be plain enough to travel.
    *arguments
        For it.
    limits
        Of the process.
    stopping
        Once it is set, the process is ended: a server that stops waits for no report.

    Returns
    -------
    Any
        What the function returned.

    Raises
    ------
    CoregulationError
        What the function raised on purpose.
    RoomError
        If it needed too much memory or time, or its process ended without an answer.
    """
    context = multiprocessing.get_context("spawn")
    here, child_end = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(child_end, limits.memory, work, arguments), daemon=True)
    process.start()
    child_end.close()
    try:
        return _answer(here, limits, stopping or threading.Event())
    finally:
        here.close()
        process.kill()
        process.join()


def _answer(here: Connection, limits: Limits, stopping: threading.Event) -> Any:
    end = time.monotonic() + limits.seconds
    while not here.poll(STOP_STEP):
        if stopping.is_set():
            raise RoomError(RoomReason.REPORT_CRASHED)
        if time.monotonic() > end:
            raise RoomError(RoomReason.REPORT_TIME, minutes=round(limits.seconds / 60))
    try:
        kind, value = here.recv()
    except EOFError as error:
        raise RoomError(RoomReason.REPORT_CRASHED) from error
    if kind == "memory":
        raise RoomError(RoomReason.REPORT_MEMORY, megabytes=limits.memory)
    if kind == "error":
        raise value
    return value


def _child(answers: Connection, memory: int, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do the work; anything but an error on purpose or a lack of memory ends the process, which the other side sees."""
    limit_memory(memory)
    serve_parent()
    try:
        answers.send(("value", work(*arguments)))
    except CoregulationError as error:
        answers.send(("error", error))
    except MemoryError:
        answers.send(("memory", None))
    except Exception as error:  # noqa: BLE001
        sys.stderr.write(f"{place_of(error)}\n")  # its text may quote what people said or a file holds
        sys.exit(1)


def serve_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised, and nothing of its text."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def limit_memory(memory: int) -> None:
    """Hold this process to so many MB of address space, on systems that can."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = memory * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
