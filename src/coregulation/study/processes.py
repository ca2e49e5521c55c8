"""Spread work over processes that end with the program, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import connection
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int
) -> Generator[tuple[int, Result], None, None]:
    """Do tasks in several processes.

    Where the generator is closed early, by Ctrl-C, a request to terminate or an error, the processes are terminated, whatever
    they are doing. They also end by themselves when the program that started them is gone.

    Parameters
    ----------
    work
        Of one task; it can be pickled.
    tasks
        What is to be done.
    jobs
        Processes; with one, everything is done here.

    Yields
    ------
    tuple of (int, result)
        The index of a task and what came out, as soon as it is done.
    """
    if jobs <= 1 or len(tasks) < 2:
        yield from ((index, work(task)) for index, task in enumerate(tasks))
        return
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), initializer=_end_with_the_parent)
    is_done = False
    try:
        indices = {pool.submit(work, task): index for index, task in enumerate(tasks)}
        for future in as_completed(indices):
            yield indices[future], future.result()
        is_done = True
    finally:
        if not is_done:
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
        pool.shutdown(cancel_futures=True)


def _end_with_the_parent() -> None:
    """Leave Ctrl-C to the parent, end at a request to terminate, and end when the parent is gone (even killed)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
