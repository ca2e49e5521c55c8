"""`coregulation power`: would this design show it? Asked before anybody is recorded."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import jobs
from coregulation.cli.progress import bar
from coregulation.cli.simulate import KITS
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coregulation.study.design import PowerPlan
    from coregulation.study.power import Answers, Power, PowerRow, Task

_ABOUT = """Simulate pairs who live through a planned design, analyse each as `analyze` would, and count how often each measure
speaks up, how wide its interval is, and how small a design would be enough. Writes power.csv, power.json and power.svg.

Stopped by hand, nothing is lost: the same call goes on where it was. What comes out is true of the simulator, which encodes
assumptions about people; strengths are yours to state."""

_EXAMPLES = """examples:
  coregulation power --example > plan.toml      a plan to start from: ten minutes, two straps, 3 + 3 perturbations
  coregulation power plan.toml --out power
  coregulation power --example steadying > who.toml          how often lent regulation is seen, by strength and hard moments
  coregulation power who.toml --wearing strap-and-belt --recover 90 --out worn"""

EXAMPLES = ("ten-minutes", "steadying")
_PARTIAL = "power-partial-{}.jsonl"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "power",
        help="ask before recording what a design would show",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument("plan", nargs="?", metavar="PLAN", help="the plan, a TOML file")
    parser.add_argument(
        "--example",
        nargs="?",
        const="ten-minutes",
        choices=EXAMPLES,
        help="print a plan to start from, and stop (default ten-minutes)",
    )
    parser.add_argument("--wearing", choices=KITS, help="something else worn than the plan says")
    parser.add_argument(
        "--recover", type=float, metavar="S", help="so many seconds after each stressor, instead of the plan's"
    )
    parser.add_argument("--out", default="coregulation-power", metavar="DIR", help="where the results go")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one for each core)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Ask a plan, and tell."""
    from pathlib import Path

    from coregulation.study.power import power

    if args.example:
        print(_example(args.example), end="")
        return
    plan = _plan(args.plan).changed(args.wearing, args.recover)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    partial = out / _PARTIAL.format(_key(plan))
    before = _read(partial)
    with bar() as progress, partial.open("a", encoding="utf-8") as file:

        def keep(task: Task, answers: Answers) -> None:
            file.write(_line(task, answers))
            file.flush()

        table = power(plan, jobs(args.jobs), progress, before, keep)
    _write(table, out)
    partial.unlink()
    print(_told(table))
    print(f"\nWritten: {out / 'power.csv'}, power.json, power.svg.")


def _example(name: str) -> str:
    from coregulation.data import data_text

    return data_text("plans", f"{name}.toml")


def _plan(named: str | None) -> PowerPlan:
    from pathlib import Path

    from coregulation.study.design import power_plan

    if named is None:
        raise UsageError("Name a plan; `coregulation power --example` prints one to start from.")
    try:
        return power_plan(Path(named).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("{named}: this plan cannot be read as a text file.", named=named) from error


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
    whole = partial.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    partial.write_bytes(whole)
    for line in whole.splitlines():
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


def _told(table: Power) -> str:
    rows = table.as_written()
    wide = max(len(row.measure) for row in rows)
    name = max(8, *(len(row.strength) for row in rows))
    lines = [
        f"{table.plan.title}: {rows[0].minutes:g} minutes, {_pairs(rows[0].pairs)}, {table.plan.wearing} (simulated)",
        "",
        f"{'strength':{name}}  {'measure':{wide}}  of a pair        study  cannot tell  estimate [median interval]",
    ]
    lines += [_told_row(row, name, wide) for row in rows]
    lines += ["", *(_told_smallest(table, design) for design in table.smallest)]
    lines.append(
        "of a pair: share of pairs with a claim; where the effect is nothing, false alarms. study: power to claim it of some pairs."
    )
    return "\n".join(lines)


def _told_row(row: PowerRow, name: int, wide: int) -> str:
    from coregulation.study.power import EFFECTS

    low, high = row.power_interval
    estimate = f"{row.value:+.2f} [{row.expected[0]:+.2f}, {row.expected[1]:+.2f}]" if row.value == row.value else "-"
    kind = "" if row.effect in EFFECTS else f"  ({row.effect})"
    return (
        f"{row.strength:{name}}  {row.measure:{wide}}  {row.power:.2f} ({low:.2f}-{high:.2f})  {row.study:5.2f}  "
        f"{row.refused / row.draws:11.0%}  {estimate}{kind}"
    )


def _told_smallest(table: Power, design: Any) -> str:
    about = f"{design.strength}, {design.measure}: power {table.plan.goal:g}"
    if design.pairs is None:
        return f"{about} is reached by none of these designs."
    often = "as written" if design.times is None else f"repeated parts {design.times} times"
    return f"{about} is reached with {_pairs(design.pairs)} of {design.minutes:g} minutes ({often}; power {design.power:.2f})."


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
