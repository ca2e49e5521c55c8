"""Record what the command line answers to one input of every kind, and compare two such recordings.

    python -m tests.recorded.record record NEW.json.gz [--only REGEX] [--keep FOLDER]
    python -m tests.recorded.record compare OLD.json.gz NEW.json.gz [--only REGEX] [--names names.toml] [--words] [--limit N]
        [--markdown table.md]

Meant for moves and renames: record before, change, record after, compare. No recording is kept in the repository, since a
number frozen from our own output proves nothing; only that it did not move.

`record` writes its inputs from code (`inputs`), runs every call of `runs` in a new folder with one thread, and keeps each file
that came out (results, tables, manifests, pages) and what was printed, as `canonical` says. Versions, libraries and places on
the disk are left out. Two recordings of one commit on one machine are equal; another machine may differ in last digits.
It takes about three minutes of one free core, and needs the development dependencies. It records the package beside it,
whatever is installed: to record an older version, check that version out and put this folder into its `tests`.

`compare` exits with 1 where a number or a code differs, is missing or is new. Sentences are told apart and count only with
`--words`; a sentence that came or went always counts. `--names` is a TOML file of regular expressions, old = new:

    ignore = ['/provenance/settings/']
    [files]
    'tables/ledger\\.csv' = 'tables/burden.csv'
    [keys]
    'lent(.*)' = 'own_burden\\1'
    [values]
    'LaggedCorrelation' = 'WindowedCrossCorrelation'
    [paths]
    '(result\\.json:)/exchange/' = '\\1/regulation/'

A table `because` of regular expressions of places = why they differ goes into the rows of `--markdown`.

Without any map, it still tells the numbers of the old recording that stand nowhere in the new run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.recorded.canonical import file_entries, leaf, text_entries
from tests.recorded.compare import Names, compared, report
from tests.recorded.inputs import write_inputs
from tests.recorded.runs import RUNS, Run
from tests.recorded.told import markdown, read_reasons

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
STEADY = dict.fromkeys(THREADS, "1") | {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
}

Files = dict[str, dict[str, str]]


def record(folder: Path, runs: Iterable[Run] = RUNS) -> dict[str, Files]:
    """Run every call and read what it wrote.

    Parameters
    ----------
    folder
        An empty folder to work in.
    runs
        The calls, in an order in which what one reads was written before.

    Returns
    -------
    dict
        Run to file to path to value; the run `inputs` holds a hash of every input.
    """
    (folder / "in").mkdir()
    write_inputs(folder / "in")
    inputs = {name: {"/#sha256": digest} for name, digest in _hashes(folder / "in").items()}
    return {"inputs": inputs} | {run.name: _done(run, folder) for run in runs}


def write_recording(recording: dict[str, Files], path: Path) -> None:
    """Write a recording as gzip of JSON, the same bytes for the same recording."""
    data = json.dumps(recording, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def read_recording(path: Path) -> Any:
    """Read what `write_recording` wrote."""
    return json.loads(gzip.decompress(path.read_bytes()))


def main(words: Sequence[str] | None = None) -> int:
    """Record or compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    new = commands.add_parser("record")
    new.add_argument("out", type=Path)
    new.add_argument("--only", type=re.compile, default=re.compile(""), help="runs whose name it is found in")
    new.add_argument("--keep", type=Path, help="a new folder in which everything stays that was written")
    new.set_defaults(run=_record)
    both = commands.add_parser("compare")
    both.add_argument("old", type=Path)
    both.add_argument("new", type=Path)
    both.add_argument("--only", type=re.compile, default=re.compile(""), help="runs whose name it is found in")
    both.add_argument("--names", type=Path, help="a TOML file of what was renamed")
    both.add_argument("--words", action="store_true", help="sentences count too")
    both.add_argument("--markdown", type=Path, help="write a table of the differences, and why, into this file")
    both.add_argument("--limit", type=int, default=60, help="how many differences are told (default 60)")
    both.set_defaults(run=_compare)
    args = parser.parse_args(words)
    return int(args.run(args))


def _record(args: argparse.Namespace) -> int:
    chosen = [run for run in RUNS if args.only.search(run.name)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=folder == Path(scratch))
        write_recording(record(folder.resolve(), chosen), args.out)
    print(f"{len(chosen)} runs in {args.out}: {args.out.stat().st_size:,} bytes")
    return 0


def _compare(args: argparse.Namespace) -> int:
    names = Names.read(args.names) if args.names else Names()
    old, new = (_chosen(read_recording(path), args.only) for path in (args.old, args.new))
    comparison = compared(old, new, names)
    if args.markdown:
        reasons = read_reasons(args.names) if args.names else ()
        args.markdown.write_text(markdown(comparison, len(old.keys() & new.keys()), reasons), encoding="utf-8")
    return 0 if report(comparison, args.words, args.limit, print) else 1


def _chosen(recording: dict[str, Files], only: re.Pattern[str]) -> dict[str, Files]:
    return {run: files for run, files in recording.items() if only.search(run)}


def _done(run: Run, folder: Path) -> Files:
    environment = os.environ | STEADY | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    call = [sys.executable, "-m", run.module, *run.words]
    done = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    print(f"{run.name}: exit code {done.returncode}", file=sys.stderr)
    out: Files = {"exit": {"/code": leaf(done.returncode)}}
    for name, text in (("stdout", done.stdout), ("stderr", done.stderr)):
        out[name] = text_entries(text.replace(str(folder), "."))
    return out | {name: file_entries(path) for name, path in _written(run, folder)}


def _written(run: Run, folder: Path) -> list[tuple[str, Path]]:
    place = folder / run.name
    alone = [path for path in folder.glob(f"{run.name}.*") if path.is_file()]
    inside = sorted(path for path in place.rglob("*") if path.is_file())
    return [(path.name, path) for path in alone] + [(path.relative_to(place).as_posix(), path) for path in inside]


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".xlsx")
    return {p.relative_to(folder).as_posix(): "n" + hashlib.sha256(p.read_bytes()).hexdigest()[:16] for p in paths}


if __name__ == "__main__":
    sys.exit(main())
