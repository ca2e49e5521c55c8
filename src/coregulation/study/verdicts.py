"""How often the verdict on who steadies whom is right, on laws of other forms: `python -m coregulation.study.verdicts`.

A cell is one simulated session of one law, from arousal or from beats and breath. Each is kept with a hash of the code that
answered it, so that a run goes on where it stopped and an answer of other code is never counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from coregulation.simulate.laws.zoo_law import LawSet
from coregulation.study.verdict_cells import LAWS, VerdictCell, VerdictTask, answer_task, code_hash
from coregulation.study.verdict_table import coverage_table, verdict_rows, verdict_table

FIRST_SEED = {LawSet.DEVELOPMENT: 0, LawSet.REPORTING: 10_000, LawSet.FRESH: 20_000, LawSet.FRESH_AGAIN: 30_000}


def read_cells(file: Path, code: str | None) -> list[VerdictCell]:
    """Read the cells that were kept.

    Parameters
    ----------
    file
        One cell per line; it may not exist yet, and its last line may be cut off.
    code
        Hash of the code; cells of other code are left out. None keeps all.

    Returns
    -------
    list of VerdictCell
        In the order of the file.
    """
    if not file.exists():
        return []
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    return [VerdictCell(**row) for row in rows if code is None or row["code"] == code]


def run_tasks(tasks: Sequence[VerdictTask], file: Path, jobs: int, times: int = 3) -> Iterator[VerdictCell]:
    """Answer what is not kept yet and keep each cell as soon as it is known.

    Parameters
    ----------
    tasks
        Sessions.
    file
        Where cells are kept.
    jobs
        Processes; the answers do not depend on them.
    times
        Hard moments per person and condition.

    Yields
    ------
    VerdictCell
        All of them, those that were kept first.
    """
    code = f"{code_hash()}-{times}"
    kept: Mapping[VerdictTask, VerdictCell] = {
        VerdictTask(cell.law, cell.worn, cell.seed): cell for cell in read_cells(file, code)
    }
    yield from (kept[task] for task in tasks if task in kept)
    left = [task for task in tasks if task not in kept]
    with ProcessPoolExecutor(jobs) as pool, file.open("a", encoding="utf-8") as out:
        for cell in pool.map(answer_task, left, [code] * len(left), [times] * len(left)):
            out.write(json.dumps(asdict(cell)) + "\n")
            out.flush()
            yield cell


def main(argv: Sequence[str] | None = None) -> None:
    """Write the table.

    Parameters
    ----------
    argv
        Words of the command line; None takes those of the process.
    """
    parser = argparse.ArgumentParser(prog="python -m coregulation.study.verdicts", description=__doc__)
    parser.add_argument("--sessions", type=int, default=20, help="of each law and input (default 20)")
    parser.add_argument("--set", choices=[half.value for half in LawSet], action="append", help="default: all")
    parser.add_argument("--law", action="append", metavar="NAME", help="only this law; may be repeated")
    parser.add_argument("--input", choices=("arousal", "beats"), action="append", help="default: both")
    parser.add_argument("--moments", type=int, default=3, help="hard moments per person and condition (default 3)")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N seeds")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--cells", type=Path, default=Path("verdict-cells.jsonl"), help="where answers are kept")
    parser.add_argument("--out", type=Path, help="write the table here as well (Markdown)")
    args = parser.parse_args(argv)
    laws = [law for law in LAWS if (not args.set or law.half in args.set) and (not args.law or law.name in args.law)]
    inputs = [name == "beats" for name in args.input or ("arousal", "beats")]
    tasks = [
        VerdictTask(law.name, worn, FIRST_SEED[law.half] + args.skip + at)
        for at in range(args.sessions) for law in laws for worn in inputs
    ]  # fmt: skip
    cells = tuple(run_tasks(tasks, args.cells, args.jobs, args.moments))
    text = f"{verdict_table(verdict_rows(cells))}\n{coverage_table(cells)}"
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
