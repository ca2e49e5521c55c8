"""How often one session of a plan answers, and several visits pooled: `python -m coregulation.study.visits`.

A cell is one simulated session. Sessions of one strength are taken in turn as the visits of a pair, so what differs between
pairs stands for what differs between visits. The answer of one visit is the session's verdict; that of several is the own burden
with the other person, partially pooled, with an interval below 1.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from coregulation.data import data_text
from coregulation.regulation.partial_pooling import pool_partially
from coregulation.settings import LEVEL, Z_LEVEL
from coregulation.study.calibration import CalibrationCell
from coregulation.study.design import PowerPlan, power_plan
from coregulation.study.measures import OWN_BURDEN, STEADIED, MeasureAnswer
from coregulation.study.power import Answers, Task, power, tasks

VISITS = (1, 2, 4, 6)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """How often so many visits answer.

    Parameters
    ----------
    strength
        What is true, by name.
    ratio
        True half-life of arousal together over alone; 1 = nothing is true.
    visits
        Sessions of one direction that are pooled.
    sets
        Simulated pairs with so many visits.
    answered
        Pairs of whom "settles sooner" is said.
    share
        answered / sets; where nothing is true, these are false alarms.
    low, high
        Its 95 % Clopper–Pearson interval.
    """

    strength: str
    ratio: float
    visits: int
    sets: int
    answered: int
    share: float
    low: float
    high: float


def visit_rows(plan: PowerPlan, done: Mapping[Task, Answers]) -> Iterator[VisitRow]:
    """Count the answers of one and of several visits.

    Parameters
    ----------
    plan
        What was asked.
    done
        Answers of every group.

    Yields
    ------
    VisitRow
        Strength by strength.
    """
    for at, strength in enumerate(plan.strength):
        sessions = [answers for task in tasks(plan) if task.strength == at for answers in done[task]]
        for visits in VISITS:
            sets = [sessions[k : k + visits] for k in range(0, len(sessions) - visits + 1, visits)]
            answered = sum(_is_answered(each) for each in sets)
            low, high = CalibrationCell("", "", "power", answered, len(sets), 0).bounds(1, LEVEL)
            yield VisitRow(strength.name, strength.ratio, visits, len(sets), answered, answered / len(sets), low, high)


def _is_answered(visits: Sequence[Mapping[str, MeasureAnswer]]) -> bool:
    """Whether "settles sooner" is said of one pair."""
    if len(visits) == 1:
        return visits[0][STEADIED].claimed is True
    known = [
        (math.log(borne.value), math.log(borne.interval[1] / borne.interval[0]) / (2 * Z_LEVEL))
        for visit in visits
        if (borne := visit[OWN_BURDEN]).value
        and borne.interval is not None
        and 0 < borne.interval[0] <= borne.interval[1] < math.inf
    ]
    if len(known) < 2:
        return False
    values, errors = np.array(known).T
    return pool_partially(values, errors).mean.high < 0


def visit_table(rows: Sequence[VisitRow]) -> str:
    """Write rows as CSV text.

    Parameters
    ----------
    rows
        In order.

    Returns
    -------
    str
        A header and a line per row.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(field.name for field in fields(VisitRow))
    table.writerows([f"{cell:.3f}" if isinstance(cell, float) else cell for cell in astuple(row)] for row in rows)
    return out.getvalue()


def main(argv: Sequence[str] | None = None) -> None:
    """Write the table.

    Parameters
    ----------
    argv
        Words of the command line; None takes those of the process.
    """
    parser = argparse.ArgumentParser(prog="python -m coregulation.study.visits", description=__doc__)
    parser.add_argument("plan", help="name of a plan of the package")
    parser.add_argument("--cells", type=Path, default=Path("visit-cells.jsonl"), help="where answers are kept")
    parser.add_argument("--out", type=Path, help="write the table here as well (CSV)")
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args(argv)
    plan = power_plan(data_text("plans", f"{args.plan}.toml"))
    done = kept_answers(args.cells, plan.key())
    with args.cells.open("a", encoding="utf-8") as file:

        def keep(task: Task, answers: Answers) -> None:
            done[task] = answers
            file.write(msgspec.json.encode([plan.key(), task, answers]).decode() + "\n")
            file.flush()

        power(plan, args.jobs, before=dict(done), keep=keep)
    text = visit_table(tuple(visit_rows(plan, done)))
    if args.out:
        args.out.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(text)


def kept_answers(file: Path, key: str) -> dict[Task, Answers]:
    """Read the groups of a plan that were kept; a line that was cut off is done again.

    Parameters
    ----------
    file
        One group per line; it may not exist yet.
    key
        Of the plan; groups of another one are left out.

    Returns
    -------
    dict of Task
        Answers of each group.
    """
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    cells = [msgspec.json.decode(line) for line in lines if line.endswith("]")]
    return {
        msgspec.convert(task, Task): [{name: _answer(read) for name, read in pair.items()} for pair in answers]
        for of, task, answers in cells
        if of == key
    }


def _answer(read: dict[str, Any]) -> MeasureAnswer:
    """Return an answer as it was kept; JSON has no infinity, so an end that is missing is an open one."""
    ends = read["interval"]
    interval = None if ends is None else (ends[0] or 0.0, math.inf if ends[1] is None else ends[1])
    return MeasureAnswer(read["claimed"], read["value"], interval)


if __name__ == "__main__":
    main()
