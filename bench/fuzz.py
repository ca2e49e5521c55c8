"""Damaged files: `python -m bench.fuzz` writes docs/generated/fuzz.md. Ten thousand a reader take about half an hour of one core.

Each reader has a process of its own, whose memory is held to half a gigabyte more than it had, where the system can.
"""

from __future__ import annotations

import multiprocessing
import os
import pathlib
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from tests.io.damage import READERS, Count, fuzzed

from bench.tables import written

COUNT = 10_000
SEED = 3
ROOM = 1 << 29  # bytes
PATIENCE = 7200.0  # s a reader


def counted(name: str, count: int, seed: int) -> tuple[Count, float]:
    """Damage a reader's file; return what came of it, and by how many MB the process grew."""
    try:
        import resource
    except ImportError:  # Windows does not tell
        return fuzzed(pathlib.Path(tempfile.mkdtemp()), name, count, seed), float("nan")
    with tempfile.TemporaryDirectory() as folder:
        fuzzed(pathlib.Path(folder), name, 10, seed)  # what reading brings with it is loaded
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if sys.platform == "linux":
            with open("/proc/self/statm", encoding="ascii") as file:
                now = int(file.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, resource.getrlimit(resource.RLIMIT_AS)[1]))
        found = fuzzed(pathlib.Path(folder), name, count, seed)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found, (after - before) / (1024 if sys.platform != "darwin" else 1024**2)


def table(count: int) -> Iterator[str]:
    yield "| reader | damaged files | answered | refused with our own error | any other error | slowest | memory grew by |"
    yield "|---|---|---|---|---|---|---|"
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        for name, (found, grew) in zip(READERS, hands.map(lambda name: _alone(name, count), READERS), strict=True):
            others = str(len(found.others)) + (f" ({found.others[0]})" if found.others else "")
            counts = f"{count:,} | {found.answered:,} | {found.refused:,} | {others}"
            yield f"| {name} | {counts} | {1000 * found.slowest:.0f} ms | {grew:.0f} MB |"


def _alone(name: str, count: int) -> tuple[Count, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(counted, name, count, SEED).result(PATIENCE)


def main(count: int = COUNT) -> None:
    written("fuzz", f"python -m bench.fuzz {count}", table(count))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
