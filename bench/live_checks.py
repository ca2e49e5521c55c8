"""Long checks of the live room in parts that are kept, so that a run that was stopped goes on: kills, every write, visits, and the fuzzers.

    python -m bench.live_checks kills every-write visits --kept /tmp/live-checks.jsonl --seconds 600
    python -m bench.live_checks --table --kept /tmp/live-checks.jsonl

Without names, all of them run. Each part is one line of the file: what it is, whether it passed, and the commit that it ran on; a part that passed
is not run again unless --anew is given. Parts run in a process of their own, whose end is a failure. `--table` writes docs/generated/live-checks.md from what is kept.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.tables import machine, written

PATIENCE = 1200.0  # s of one part


@dataclass(frozen=True, slots=True)
class Check:
    """One long check.

    Parameters
    ----------
    what
        What is counted.
    parts
        How many parts it has.
    run
        Runs a part in an empty folder and returns how many were tried; an exception is a failure.
    """

    what: str
    parts: int
    run: Callable[[int, Path], int]


def kills(part: int, folder: Path) -> int:
    """Ten kills of a session on a disk that fails at random."""
    from tests.live.test_fault_injection import session_with_kills

    session_with_kills(folder, 100 + part, 10)
    return 10


def killed_processes(part: int, folder: Path) -> int:
    """SIGKILL of a process that writes, at a random moment."""
    from tests.store.test_store import killed_once

    killed_once(folder, part)
    return 1


def every_write(part: int, folder: Path) -> int:
    """Faults at one write, or from one write on, and (the last part) kills before and after every write."""
    from tests.live.test_every_write import FAULTS, WRITES, faults
    from tests.live.test_every_write import kills as killed

    if part == 2 * (WRITES + 6):
        return 2 * killed(folder, set(range(1, 10**4)))
    number, onward = part // 2 + 1, part % 2 == 1
    for kind in FAULTS:
        faults(folder / kind, kind, number, 10**9 if onward else number)
    return len(FAULTS)


def visits(part: int, folder: Path) -> int:
    """A hundred random visits of up to 50 steps."""
    from hypothesis import seed, settings
    from hypothesis.stateful import run_state_machine_as_test
    from tests.live.visits import RULES, Visits, here

    from coregulation.live.server import session_routes, worker
    from coregulation.store import writer

    before, session_routes.sentences_of = session_routes.sentences_of, lambda _: {}  # answers are markers here
    apart, worker.run_limited = worker.run_limited, here
    pause, writer.PAUSE = writer.PAUSE, 0.0  # s between two commits, which a visit would only wait for
    Visits.folder = folder
    try:
        machine_ = seed(part)(type("Visits", (Visits,), {}))
        run_state_machine_as_test(
            machine_, settings=settings(RULES, max_examples=100, stateful_step_count=50, database=None)
        )
    finally:
        session_routes.sentences_of, worker.run_limited, writer.PAUSE = before, apart, pause
    return 100


def messages(part: int, _folder: Path) -> int:
    """Ten thousand messages to the reader of messages."""
    from tests.live import junk
    from tests.live.room.test_wire import answered

    rng = random.Random(part)
    for _ in range(10_000):
        answered(junk.message(rng))
    return 10_000


def requests(part: int, folder: Path) -> int:
    """A thousand requests of a guest and a stranger to a server."""
    from tests.live import junk
    from tests.live.test_fuzz import CHOICES, answered

    rng = random.Random(part)
    with _served(folder) as server:
        for _ in range(1000):
            asked = {key: rng.choice(of) for key, of in CHOICES.items()}
            answered(server, **asked, body=junk.body(rng))
    return 1000


def storms(part: int, folder: Path) -> int:
    """Twenty storms of 250 messages on the socket of a room."""
    from tests.live.test_fuzz import stormed_room

    with _served(folder) as server:
        stormed_room(server, 20, part)
    return 20 * 250


def damaged_files(part: int, folder: Path) -> int:
    """A part of a hundred thousand damaged files, for each reader in turn."""
    from tests.io.damage import READERS, fuzzed

    names = sorted(READERS)
    name, count = names[part % len(names)], -(-100_000 // (10 * len(names)))
    found = fuzzed(folder, name, count, 1000 + part // len(names))
    assert not found.others, (name, found.others[:3])
    return count


COMPILED = (
    "pair.parquet",
    "x.avro",
    "vectors.mat",
    "biopac.mat",
    "pair.xlsx",
)  # read by compiled code of others, now or before


def compiled_readers(part: int, folder: Path) -> int:
    """Two thousand damaged files of a format that compiled code reads: a crash ends the process, which is a failure."""
    from tests.io.damage import fuzzed

    name = COMPILED[part % len(COMPILED)]
    found = fuzzed(folder, name, 2000, 5000 + part)
    assert not found.others, (name, found.others[:3])
    return 2000


def _readers() -> int:
    from tests.io.damage import READERS

    return len(READERS)


class _served:  # noqa: N801
    """A server with two rooms, a guest and a stranger."""

    def __init__(self, folder: Path) -> None:
        from tests.live.served import running

        self._running = running(folder / "store")

    def __enter__(self) -> Any:
        from tests.live.test_fuzz import set_up

        return set_up(self._running.__enter__())

    def __exit__(self, *error: Any) -> None:
        self._running.__exit__(*error)


CHECKS: Mapping[str, Check] = {
    "kills": Check("kills of a session on a disk that fails", 20, kills),
    "killed-processes": Check("processes killed while they write", 50, killed_processes),
    "every-write": Check("faults and kills at every write of a session", 83, every_write),
    "visits": Check("random visits of up to 50 steps", 30, visits),
    "messages": Check("fuzzer: messages to the reader of messages", 10, messages),
    "requests": Check("fuzzer: requests of a guest and a stranger", 100, requests),
    "storms": Check("fuzzer: messages on the socket of a room", 20, storms),
    "files": Check("fuzzer: damaged files", 10 * _readers(), damaged_files),
    "compiled": Check("fuzzer: damaged files of formats that compiled code reads", 50, compiled_readers),
}


def kept(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the last line of each part."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {(line["check"], line["part"]): line for line in map(json.loads, lines)}


def run(names: list[str], path: Path, seconds: float, anew: bool) -> None:
    """Run what has not passed yet, until the time is over."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    end = time.monotonic() + seconds
    for name in names:
        before = {} if anew else kept(path)
        for part in range(CHECKS[name].parts):
            if time.monotonic() > end:
                return
            if not before.get((name, part), {}).get("passed"):
                _keep(path, name, part, commit.stdout.strip())


def _keep(path: Path, name: str, part: int, commit: str) -> None:
    began = time.monotonic()
    try:
        count, failure = WORKERS.call(name, part)
    except (BrokenProcessPool, TimeoutError) as error:  # a crash of compiled code ends the process
        count, failure = 0, f"the process ended: {error!r}"
        WORKERS.end()
    line = {
        "check": name, "part": part, "passed": failure is None, "count": count, "commit": commit,
        "seconds": round(time.monotonic() - began, 1), "failure": failure,
    }  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    sys.stdout.write(f"{name} {part}: {'passed' if failure is None else failure} in {line['seconds']} s\n")
    sys.stdout.flush()


def tried(name: str, part: int) -> tuple[int, str | None]:
    """Run a part in this process and return how many were tried, and how it failed."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            return CHECKS[name].run(part, Path(folder)), None
        except Exception:  # noqa: BLE001
            return 0, traceback.format_exc()[-3000:]


class _Workers:
    """A process beside this one, started again after it ended."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def call(self, name: str, part: int) -> tuple[int, str | None]:
        self._pool = self._pool or ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        return self._pool.submit(tried, name, part).result(PATIENCE)

    def end(self) -> None:
        for process in multiprocessing.active_children():
            process.kill()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._pool = None


WORKERS = _Workers()


def table(path: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    cells = kept(path)
    yield "| check | parts | parts that passed | parts that failed | tried in the parts that passed | commits |"
    yield "|---|---|---|---|---|---|"
    for name, check in CHECKS.items():
        mine = [SimpleNamespace(**line) for (one, _), line in cells.items() if one == name]
        if not mine:
            continue
        passed = [line for line in mine if line.passed]
        commits = ", ".join(sorted({line.commit for line in mine}))
        yield f"| {check.what} | {check.parts} | {len(passed)} | {len(mine) - len(passed)} | {sum(line.count for line in passed):,} | {commits} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    if unknown := [name for name in args.names if name not in CHECKS]:
        parser.error(f"unknown: {', '.join(unknown)}")
    if args.table:
        written("live-checks", "python -m bench.live_checks --table --kept FILE", table(args.kept), machine())
    else:
        try:
            run(args.names or list(CHECKS), args.kept, args.seconds, args.anew)
        finally:
            WORKERS.end()


if __name__ == "__main__":
    main()
