"""Run a function on several items in threads, for functions that release the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def in_threads(function: Callable[[ItemT], ResultT], items: Sequence[ItemT], jobs: int) -> list[ResultT]:
    """Apply a function to each item in parallel.

    Parameters
    ----------
    function
        Takes one item; gains from threads only where it releases the interpreter lock.
    items
        What it is applied to.
    jobs
        Number of threads; 1 or fewer runs without any.

    Returns
    -------
    list
        The results in the order of the items.
    """
    if jobs <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(function, items))
