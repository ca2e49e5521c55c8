"""Damaged files: `python -m bench.fuzz` writes docs/generated/fuzz.md. Ten thousand a reader take about half an hour of one core.

Each reader has a process of its own, whose memory is held to half a gigabyte more than it had, where the system can. What came of a
reader is kept in `build/fuzz.jsonl` under a hash of the readers' code, so that a run goes on where it stopped; `--table` only writes what is kept.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
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
SEED = 3
ROOM = 1 << 29  # bytes
PATIENCE = 7200.0  # s a reader
KEPT = pathlib.Path(__file__).parents[1] / "build" / "fuzz.jsonl"


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


def table(count: int, only_kept: bool = False) -> Iterator[str]:
    yield "| reader | damaged files | answered | read otherwise, nothing told | refused with our own error | any other error | slowest | memory grew by |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in READERS:
        if only_kept and _known(name, count) is None:
            yield f"| {name} | not yet | | | | | | |"
            continue
        found, grew = _kept(name, count)
        others = str(len(found.others)) + (f" ({found.others[0]})" if found.others else "")
        counts = f"{count:,} | {found.answered:,} | {len(found.quiet):,} | {found.refused:,} | {others}"
        yield f"| {name} | {counts} | {1000 * found.slowest:.0f} ms | {grew:.0f} MB |"


def code_hash() -> str:
    """Return a hash of the readers and of what damages their files."""
    folder = pathlib.Path(coregulation.io.__file__).parent
    paths = [*sorted(folder.rglob("*.py")), pathlib.Path(damage.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _kept(name: str, count: int) -> tuple[Count, float]:
    """Return what came of a reader, as it was kept or anew."""
    known = _known(name, count)
    if known is not None:
        return known
    key = [name, count, SEED, code_hash()]
    found, grew = _alone(name, count)
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "count": asdict(found), "grew": grew}) + "\n")
    return found, grew


def _known(name: str, count: int) -> tuple[Count, float] | None:
    """Return what was kept of a reader; None where its code has changed since."""
    key = [name, count, SEED, code_hash()]
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    kept = {tuple(line["key"]): line for line in map(json.loads, lines)}
    line = kept.get(tuple(key))
    return None if line is None else (Count(**line["count"]), line["grew"])


def _alone(name: str, count: int) -> tuple[Count, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(counted, name, count, SEED).result(PATIENCE)


def main(count: int = COUNT, *, only_kept: bool = False) -> None:
    facts = (f"seed {SEED}, readers {code_hash()}", machine())
    written("fuzz", f"python -m bench.fuzz {count}", table(count, only_kept), *facts)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(*(int(word) for word in words if word != "--table"), only_kept="--table" in words)
