"""How often the verdict on who steadies whom is right, on the laws of the zoo: `python -m coregulation.study.verdicts`.

A cell is one simulated session of one law, from arousal or from beats and breath. Each is kept with a hash of the code that
answered it, so that a run goes on where it stopped and an answer of other code is never counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.result import RegulationSettings
from coregulation.simulate.laws import fresh, zoo
from coregulation.simulate.laws.fresh_law import FreshLaw
from coregulation.simulate.laws.zoo_law import LawSet, ZooLaw

FIRST_SEED = {LawSet.DEVELOPMENT: 0, LawSet.REPORTING: 10_000, LawSet.FRESH: 20_000, LawSet.FRESH_AGAIN: 30_000}
VerdictLaw = ZooLaw | FreshLaw
LAWS: tuple[VerdictLaw, ...] = (*zoo.LAWS, *fresh.LAWS)
QUANTITIES = ("k", "d", "p", "own", "net")
STEADIED = ("mutual-co-regulation", "lent-regulation", "one-way")
HARMED = ("co-dysregulation",)
ABSTAINED = ("cannot-tell", "linked-steadying-unknown")
_CODE = (
    "regulation", "analysis/regulation.py", "simulate/zoo_body.py", "simulate/zoo_dynamics.py", "simulate/fresh_body.py",
    "simulate/fresh_pair.py", *(f"simulate/laws/{name}.py" for name in ("zoo", "zoo_law", "fresh", "fresh_law")),
)  # fmt: skip
_BRIEF = RegulationAnalysis(RegulationSettings(draws=1))  # the ledger is not asked here


@dataclass(frozen=True, slots=True)
class VerdictTask:
    """One session to simulate and answer.

    Parameters
    ----------
    law
        By name.
    worn
        Whether from beats and breath, else from arousal.
    seed
        Of the session.
    """

    law: str
    worn: bool
    seed: int


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """What was answered of one session.

    Parameters
    ----------
    law, worn, seed
        See `VerdictTask`.
    code
        Hash of the code that answered.
    kind
        Kind of verdict.
    refused
        Code of the refusal; None where there was an answer of each direction.
    answers
        Of each direction: answer, reason code, own burden (value, low, high), half-life ratio (value, low, high) or None.
    own_burden
        True own burden of the first person; 1 = as alone.
    seconds
        Processor time of the answer.
    numbers
        Of the pair: burden, the other's rise and the extra area, each (value, low, high) or None.
    intervals
        Of the first person, `QUANTITIES` in order: (value, low, high).
    truths
        The same, true; None where the law has no such number.
    """

    law: str
    worn: bool
    seed: int
    code: str
    kind: str
    refused: str | None
    answers: tuple[tuple[str, str | None, tuple[float, ...], tuple[float, ...] | None], ...]
    own_burden: float
    seconds: float
    numbers: tuple[tuple[float, ...] | None, ...] = ()
    intervals: tuple[tuple[float, ...], ...] = ()
    truths: tuple[float | None, ...] = ()


def code_hash() -> str:
    """Compute the hash of the code that an answer depends on.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    root = Path(__file__).parents[1]
    files = [file for part in _CODE for file in (sorted((root / part).glob("*.py")) or [root / part])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def answer_task(task: VerdictTask, code: str = "", times: int = 3) -> VerdictCell:
    """Simulate one session and answer it.

    Parameters
    ----------
    task
        Which.
    code
        Hash of the code.
    times
        Hard moments per person and condition.

    Returns
    -------
    VerdictCell
        The answer, with what is true.
    """
    law = _zoo_law(task.law)
    session, _ = law.session(task.seed, times, task.worn)
    begin = time.process_time()
    result = _BRIEF(session, np.random.default_rng(task.seed))
    seconds = time.process_time() - begin
    assert result is not None
    pair = result.pairs[0]
    refused = None if pair.directions else str(pair.gates[0].reason.code)
    return VerdictCell(
        task.law, task.worn, task.seed, code, pair.kind.value, refused, _answers(pair), law.burden(task.seed)[0], seconds,
        tuple(None if one is None else _triple(one) for one in (pair.pair_burden, pair.cross_rise, pair.extra_area)),
        _intervals(pair), _truths(law, task),
    )  # fmt: skip


def _triple(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high


def _intervals(pair: PairRegulation) -> tuple[tuple[float, ...], ...]:
    """Return k, d, p, own burden and net effect of the first person."""
    if not pair.directions or pair.directions[0].rates is None:
        return ()
    first = pair.directions[0]
    return tuple(_triple(one) for one in (*pair.directions[0].rates, first.own_burden, first.net_effect))


def _truths(law: VerdictLaw, task: VerdictTask) -> tuple[float | None, ...]:
    """Return what is true of the first person; rates only where arousal itself is the index and the law has such."""
    rates = law.linear_rates(task.seed) if isinstance(law, FreshLaw) and not task.worn else None
    return *(rates or (None,) * 3), *law.burden(task.seed)


def _answers(pair: PairRegulation) -> tuple[tuple[str, str | None, tuple[float, ...], tuple[float, ...] | None], ...]:
    rows = []
    for direction in pair.directions:
        own, free = direction.own_burden, direction.model_free
        rows.append(
            (
                direction.answer.value,
                None if direction.reason is None else str(direction.reason.code),
                (own.value, own.low, own.high),
                None if free is None else (free.ratio.value, free.ratio.low, free.ratio.high),
            )
        )
    return tuple(rows)


def _zoo_law(name: str) -> VerdictLaw:
    """Return a law of the zoo by name."""
    return next(law for law in LAWS if law.name == name)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """How one law was answered from one input.

    Parameters
    ----------
    law
        The law.
    worn
        Whether from beats and breath.
    sessions
        How many.
    right, abstained, wrong
        Counts; a wrong answer is a kind that is neither right nor an abstention.
    steadied, harmed
        Counts of false steadying and of false harm. "Mutual" of a pair where only one is steadied counts as wrong, and as
        false steadying too.
    covered
        Sessions whose 95 % interval of the first person's own burden holds the truth, and sessions that have one.
    seconds
        Median processor time, s.
    """

    law: VerdictLaw
    worn: bool
    sessions: int
    right: int
    abstained: int
    wrong: int
    steadied: int
    harmed: int
    covered: tuple[int, int]
    seconds: float


def verdict_row(cells: Sequence[VerdictCell]) -> VerdictRow:
    """Count the cells of one law and input.

    Parameters
    ----------
    cells
        All of the same law and input; at least one.

    Returns
    -------
    VerdictRow
        The counts.
    """
    law = _zoo_law(cells[0].law)
    right = sum(cell.kind in law.kinds for cell in cells)
    abstained = sum(cell.kind in ABSTAINED and cell.kind not in law.kinds for cell in cells)
    own = [(cell.answers[0][2], cell.own_burden) for cell in cells if cell.answers]
    covered = sum(interval[1] <= true <= interval[2] for interval, true in own)
    return VerdictRow(
        law, cells[0].worn, len(cells), right, abstained, len(cells) - right - abstained,
        sum(_falsely_steadied(cell, law) for cell in cells), sum(cell.kind in HARMED and cell.kind not in law.kinds for cell in cells),
        (covered, len(own)), float(np.median([cell.seconds for cell in cells])),
    )  # fmt: skip


def _falsely_steadied(cell: VerdictCell, law: VerdictLaw) -> bool:
    return cell.kind in STEADIED and cell.kind not in law.kinds and (not law.steadied or cell.kind == STEADIED[0])


def verdict_rows(cells: Iterable[VerdictCell]) -> tuple[VerdictRow, ...]:
    """Count all cells, law by law and input by input.

    Parameters
    ----------
    cells
        In any order.

    Returns
    -------
    tuple of VerdictRow
        From arousal first, each in the order of `LAWS`.
    """
    groups: dict[tuple[str, bool], list[VerdictCell]] = {}
    for cell in cells:
        groups.setdefault((cell.law, cell.worn), []).append(cell)
    order = {law.name: at for at, law in enumerate(LAWS)}
    return tuple(verdict_row(groups[key]) for key in sorted(groups, key=lambda key: (key[1], order[key[0]])))


def verdict_table(rows: Sequence[VerdictRow]) -> str:
    """Write rows as a Markdown table, the sets of laws apart, each with its sums.

    Parameters
    ----------
    rows
        In order.

    Returns
    -------
    str
        One table per set that has rows.
    """
    lines = []
    for half in LawSet:
        mine = [row for row in rows if row.law.half is half]
        if mine:
            lines += [f"**{half.value.capitalize()} laws.**\n", *_table(mine), ""]
    return "\n".join(lines)


def _table(rows: Sequence[VerdictRow]) -> Iterator[str]:
    names = (
        "law",
        "return",
        "input",
        "of",
        "right",
        "abstained",
        "wrong",
        "false steadying",
        "false harm",
        "own covered",
        "s",
    )
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield _line(f"`{row.law.name}`", row.law.form, "beats" if row.worn else "arousal", [row])
    for worn in (False, True):
        impostors = [row for row in rows if row.worn == worn and not row.law.steadied]
        if impostors:
            yield _line("**all without steadying**", "", "beats" if worn else "arousal", impostors)


def _line(name: str, form: str, worn: str, rows: Sequence[VerdictRow]) -> str:
    sums = [
        sum(getattr(row, field) for row in rows)
        for field in ("sessions", "right", "abstained", "wrong", "steadied", "harmed")
    ]
    covered, of = (sum(row.covered[at] for row in rows) for at in (0, 1))
    share = f"{covered / of:.2f}" if of else "—"
    shares = [f"{count / sums[0]:.2f}" for count in sums[1:4]]
    seconds = f"{np.median([row.seconds for row in rows]):.1f}"
    return f"| {' | '.join([name, form, worn, str(sums[0]), *shares, str(sums[4]), str(sums[5]), share, seconds])} |"


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
    text = verdict_table(verdict_rows(run_tasks(tasks, args.cells, args.jobs, args.moments)))
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
