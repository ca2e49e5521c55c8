"""`coregulation study`: many pairs, one answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import jobs
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.sources import add_reading, stated_reading
from coregulation.cli.words import option, text
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coregulation.study.jobs import AbstractEngine
    from coregulation.study.plan import StudyPlan
    from coregulation.study.session_table import SessionTable


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "study")
    parser.add_argument("data", nargs="+", metavar="DATA", help=option("study-data"))
    add = parser.add_argument_group(text("help.what-declared")).add_argument
    add("--lag", type=float, default=0.0, metavar="S", help=option("study-lag"))
    add("--statistic", choices=("signed", "largest"), default="signed", help=option("statistic"))
    add("--condition", metavar="COLUMN", help=option("condition"))
    add("--table", metavar="CSV", help=option("study-table"))
    add("--covariate", action="append", default=[], metavar="COLUMN", help=option("covariate"))
    add("--seed", type=int, default=0, metavar="N", help=option("study-seed"))
    add_reading(parser)
    add = parser.add_argument_group(text("help.how-run")).add_argument
    add("--out", default="coregulation-study", metavar="DIR", help=option("study-out"))
    add_engine(add)
    add("--page", action="append", default=[], metavar="SESSION", help=option("study-page"))
    add("--series", type=float, metavar="S", help=option("study-series"))
    add("--dry-run", action="store_true", help=option("dry-run"))
    add("--json", action="store_true", help=option("json-only"))
    parser.set_defaults(run=run)


def add_engine(add: Callable[..., Any]) -> None:
    """Add the options that say where a study runs."""
    add("--jobs", type=int, default=0, metavar="N", help=option("jobs-processes"))
    add("--engine", choices=("local", "dask", "slurm"), default="local", help=option("engine"))
    add("--scheduler", metavar="ADDRESS", help=option("scheduler"))
    add("--sbatch", default="", metavar="OPTIONS", help=option("sbatch"))


def run(args: argparse.Namespace) -> None:
    """Run a study, and say what it shows."""
    from pathlib import Path

    from coregulation.report.catalogue import Catalogue
    from coregulation.study.output import write_study
    from coregulation.study.page import render_study
    from coregulation.study.pair_report import write_pair_report
    from coregulation.study.running import run_study
    from coregulation.study.series_table import check_epoch, write_series
    from coregulation.study.sources import find_sources
    from coregulation.study.summary import dry_run, summarize

    if args.series is not None:
        check_epoch(args.series)
    plan, base = _plan(args)
    sources = find_sources([base / path for path in plan.data], plan.reading)
    table = table_of(plan, base)
    out, catalogue = Path(args.out), Catalogue()
    if args.dry_run:
        print(dry_run(sources, plan, catalogue))
        return
    with bar(lines=True) as progress:
        result = run_study(sources, plan, table, out, engine_from(args, out), progress)
    write_study(result, out, catalogue)
    (out / "study.html").write_text(render_study(result, catalogue), encoding="utf-8", newline="\n")
    with bar() as progress:
        reports = [write_pair_report(name, result, sources, out, progress) for name in args.page]
    series = [] if args.series is None else [write_series(result, out, args.series)]
    if args.json:
        print((out / "study.json").read_text(encoding="utf-8"))
        return
    print(summarize(result, catalogue))
    for report in (out / "study.html", *reports, *series):
        print(catalogue.text("terminal.written", report=str(report)))


def _plan(args: argparse.Namespace) -> tuple[StudyPlan, Path]:
    """Return the declared plan, and the folder from which its paths count."""
    from pathlib import Path

    from coregulation.study.plan import Statistic, StudyPlan

    reading = stated_reading(args)
    named = Path(args.data[0])
    if len(args.data) == 1 and named.suffix == ".toml" and named.name != "session.toml":
        if (
            reading
            or args.condition
            or args.table
            or args.covariate
            or args.lag
            or args.seed
            or args.statistic != "signed"
        ):
            raise UsageError(
                "{path}: a plan declares everything itself, so leave out the other options.", path=str(named)
            )
        return read_plan(named), named.parent
    signals = (str(reading["signal"]),) if reading.get("signal") not in (None, "rr", "beats", "ecg", "ppg") else ()
    plan = StudyPlan(
        signals=signals, statistic=Statistic(args.statistic), lag=args.lag, condition=args.condition, table=args.table, covariates=tuple(args.covariate),
        seed=args.seed, data=tuple(args.data), reading=reading,
    )  # fmt: skip
    return plan, Path()


def read_plan(path: Path) -> StudyPlan:
    """Read a plan's file; `UsageError` if that cannot be done."""
    from coregulation.io.text import missing_file
    from coregulation.study.plan import parse_plan

    try:
        return parse_plan(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise missing_file(path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "{path}: this file cannot be read as text. `coregulation new-study FOLDER > plan.toml` writes a plan.",
            path=str(path),
        ) from error


def table_of(plan: StudyPlan, base: Path) -> SessionTable:
    """Read the session table that a plan names; its path counts from `base`."""
    from coregulation.study.session_table import SessionTable, read_session_table

    needed = [*plan.covariates]
    if plan.condition not in (None, "folder", "task"):
        needed.append(str(plan.condition))
    if plan.table is not None:
        return read_session_table(base / plan.table, needed)
    if needed:
        raise UsageError(
            "{columns:and}: these are columns of a session table. Name the table with --table (table = … in the plan).",
            columns=needed,
        )
    return SessionTable({})


def engine_from(args: argparse.Namespace, out: Path) -> AbstractEngine:
    """Return where a study runs, as the options have it; Slurm keeps its files in the folder `out`."""
    import shlex

    from coregulation.study.jobs import DaskEngine, LocalEngine
    from coregulation.study.slurm import SlurmEngine

    if args.scheduler and args.engine != "dask":
        raise UsageError("--scheduler is for --engine dask; add --engine dask.")
    if args.sbatch and args.engine != "slurm":
        raise UsageError("--sbatch is for --engine slurm; add --engine slurm.")
    if args.engine == "local":
        return LocalEngine(jobs(args.jobs))
    if args.engine == "slurm":
        return SlurmEngine(str(out.resolve() / "slurm"), tuple(shlex.split(args.sbatch)))
    if not args.scheduler:
        raise UsageError("--engine dask needs the address of a scheduler: --scheduler tcp://HOST:8786.")
    return DaskEngine(args.scheduler)
