"""Ten thousand pair-hours of states: `python -m bench.pair_hours [pairs] [workers]` prints time, memory, a digest.

The digest is of every sample kept, in order: it is the same for any number of workers. Beside the clock stands the time that
the processors worked, which is what remains true on a machine that others use. Memory is what the process holds after each
tenth of the work (Linux only; elsewhere the column is left out).
"""

from __future__ import annotations

import hashlib
import pathlib
import sys
import time

from bench.test_simulate import HOUR, MEMBERS
from coregulation.simulate.nervous_system import many_states

_STATUS = pathlib.Path("/proc/self/status")


def main(pairs: int = 10_000, workers: int = 2) -> None:
    """Draw them, one after the other."""
    sum(1 for _ in many_states(MEMBERS, HOUR, 1, seed=1, workers=1))  # compiled once
    digest, begin, worked = hashlib.sha256(), time.perf_counter(), time.process_time()
    for count, run in enumerate(many_states(MEMBERS, HOUR, pairs, seed=1, workers=workers), 1):
        digest.update(run.values)
        if count % max(1, pairs // 10) == 0:
            clock, work = time.perf_counter() - begin, time.process_time() - worked
            print(f"{count:6} pair-hours  {clock:6.1f} s  (processors {work:6.1f} s)  {_held()}", flush=True)  # noqa: T201
    print(f"{workers} workers, sha256 {digest.hexdigest()[:16]}")  # noqa: T201


def _held() -> str:
    if not _STATUS.exists():
        return ""
    held = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return f"{int(held.split()[1]) / 1024:.0f} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
