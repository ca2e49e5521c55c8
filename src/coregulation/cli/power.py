"""`coregulation power`: would this design show it? Asked before anybody is recorded."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import jobs
from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.simulate import KITS
from coregulation.cli.words import option, text
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coregulation.study.design import PowerPlan
    from coregulation.study.power import Answers, Power, PowerRow, Task

EXAMPLES = ("first-look", "ten-minutes", "steadying")
_PARTIAL = "power-partial-{}.jsonl"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "power")
    parser.add_argument("plan", nargs="?", metavar="PLAN", help=option("plan"))
    parser.add_argument("--example", nargs="?", const=EXAMPLES[0], choices=EXAMPLES, help=option("example"))
    parser.add_argument("--natural", action="store_true", help=option("power-natural"))
    parser.add_argument("--wearing", choices=KITS, help=option("power-wearing"))
    parser.add_argument("--recover", type=float, metavar="S", help=option("recover"))
    parser.add_argument("--out", default="coregulation-power", metavar="DIR", help=option("power-out"))
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help=option("jobs-processes"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Compute the power of a plan, write and print it."""
    from pathlib import Path

    from coregulation.report.text_table import terminal_width
    from coregulation.study.power import power
    from coregulation.study.power_text import power_lines

    if args.natural:
        from coregulation.study.natural_power import natural_power_lines

        print("\n".join(natural_power_lines(terminal_width())))
        return
    if args.example:
        print(_example(args.example), end="")
        return
    plan = _plan(args.plan).changed(args.wearing, args.recover)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    partial = out / _PARTIAL.format(_key(plan))
    before = _read(partial)
    with bar(lines=True) as progress, partial.open("a", encoding="utf-8") as file:

        def keep(task: Task, answers: Answers) -> None:
            file.write(_line(task, answers))
            file.flush()

        table = power(plan, jobs(args.jobs), progress, before, keep)
    _write(table, out)
    partial.unlink()
    print("\n".join([*power_lines(table, terminal_width()), ""]))
    say(text("power.written", csv=out / "power.csv"))


def _example(name: str) -> str:
    from coregulation.data import data_text

    return data_text("plans", f"{name}.toml")


def _plan(named: str | None) -> PowerPlan:
    from pathlib import Path

    from coregulation.io.text import missing_file
    from coregulation.study.design import power_plan

    if named is None:
        raise UsageError("Name a plan. `coregulation power --example > plan.toml` writes one to start from.")
    try:
        return power_plan(Path(named).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise missing_file(named) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "{named}: this file cannot be read as text. `coregulation power --example > plan.toml` writes a plan.",
            named=named,
        ) from error


def _key(plan: PowerPlan) -> str:
    from coregulation._version import __version__

    return f"{plan.key()}-{__version__}"


def _line(task: Task, answers: Answers) -> str:
    import msgspec

    return msgspec.json.encode([task, answers]).decode() + "\n"


def _read(partial: Path) -> Mapping[Task, Answers]:
    """Return what an earlier run of the same plan has done; a line cut off by a power failure is done again."""
    import msgspec

    from coregulation.study.measures import MeasureAnswer
    from coregulation.study.power import Task

    if not partial.exists():
        return {}
    done = {}
    content = partial.read_bytes()
    content = content[: content.rfind(b"\n") + 1]
    partial.write_bytes(content)
    for line in content.splitlines():
        task, answers = msgspec.json.decode(line, type=tuple[Task, list[dict[str, MeasureAnswer]]])
        done[task] = answers
    return done


def _write(table: Power, out: Path) -> None:
    import csv
    from dataclasses import fields

    import msgspec

    from coregulation._version import __version__
    from coregulation.study.curve import draw_power_curve
    from coregulation.study.power import PowerRow

    with (out / "power.csv").open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(column for field in fields(PowerRow) for column in _COLUMNS.get(field.name, (field.name,)))
        rows.writerows(_cells(row) for row in table.rows)
    result = {"schema": "coregulation.power-result/2", "version": __version__, "simulated": True, "result": table}
    (out / "power.json").write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    (out / "power.svg").write_text(draw_power_curve(table), encoding="utf-8", newline="\n")


_COLUMNS = {
    "power_interval": ("power_low", "power_high"),
    "study_interval": ("study_low", "study_high"),
    "expected": ("interval_low", "interval_high"),
}


def _cells(row: PowerRow) -> list[Any]:
    from dataclasses import astuple

    cells: list[Any] = []
    for cell in astuple(row):
        cells += cell if isinstance(cell, tuple) else (cell,)
    return ["" if cell is None or cell != cell else cell for cell in cells]
