"""Damaged files: `python -m bench.fuzz` writes docs/generated/fuzz.md. Ten thousand a reader take about an hour of one core.

Each cell of a thousand files has a process of its own, whose memory is held to half a gigabyte more than it had, where the system can. What came of a
cell is kept in `build/fuzz.jsonl` under a hash of the readers' code, so that a run goes on where it stopped; every reader has its first cell before any
has its second. `--table` only writes what is kept, with the number of files of each reader.
"""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import operator
import pathlib
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

from tests.io import damage
from tests.io.damage import READERS, Count, fuzzed

import coregulation.io
from bench.tables import machine, written

COUNT = 10_000
CELL = 1_000  # files
SEED = 3
ROOM = 1 << 29  # bytes
PATIENCE = 7200.0  # s a cell
KEPT = pathlib.Path(__file__).parents[1] / "build" / "fuzz.jsonl"
Kept = dict[tuple[object, ...], tuple[Count, float]]


def counted(name: str, count: int, seed: tuple[int, int]) -> tuple[Count, float]:
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


def run(count: int) -> None:
    """Do the cells that are not kept, one of each reader after another."""
    kept = read_kept()
    for cell in range(-(-count // CELL)):
        for name in READERS:
            key = cell_key(name, cell)
            if key not in kept:
                _keep(key, *_alone(name, (SEED, cell)))


def table(count: int) -> Iterator[str]:
    """Write what is kept of each reader, up to so many files."""
    kept = read_kept()
    yield (
        "| reader | damaged files | answered | read otherwise, nothing told | other values, nothing told | refused with our own error "
        "| any other error | slowest | memory grew by |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for name in READERS:
        keys = [cell_key(name, cell) for cell in range(-(-count // CELL))]
        yield _row(name, [kept[key] for key in keys if key in kept])


def _row(name: str, cells: list[tuple[Count, float]]) -> str:
    if not cells:
        return f"| {name} | not yet | | | | | | | |"
    found = functools.reduce(operator.add, (own for own, _ in cells))
    others = str(len(found.others)) + (f" ({found.others[0]})" if found.others else "")
    counts = f"{found.answered:,} | {len(found.quiet):,} | {len(found.changed):,} | {found.refused:,} | {others}"
    grew = max(mb for _, mb in cells)
    return f"| {name} | {len(cells) * CELL:,} | {counts} | {1000 * found.slowest:.0f} ms | {grew:.0f} MB |"


def code_hash() -> str:
    """Return a hash of the readers and of what damages their files."""
    folder = pathlib.Path(coregulation.io.__file__).parent
    paths = [*sorted(folder.rglob("*.py")), pathlib.Path(damage.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def cell_key(name: str, cell: int) -> tuple[object, ...]:
    """Return what a cell's counts are kept under."""
    return name, CELL, SEED, cell, CODE


CODE = code_hash()


def _keep(key: tuple[object, ...], found: Count, grew: float) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "count": asdict(found), "grew": grew}) + "\n")


def read_kept() -> Kept:
    """Return what is kept of each cell; those of other code are among it, under keys of their own."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    return {tuple(line["key"]): (Count(**line["count"]), line["grew"]) for line in map(json.loads, lines)}


def _alone(name: str, seed: tuple[int, int]) -> tuple[Count, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(counted, name, CELL, seed).result(PATIENCE)


def main(count: int = COUNT, *, only_kept: bool = False) -> None:
    if not only_kept:
        run(count)
    facts = (f"seed {SEED}, readers {CODE}", machine())
    written("fuzz", f"python -m bench.fuzz {count}", table(count), *facts)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(*(int(word) for word in words if word != "--table"), only_kept="--table" in words)
