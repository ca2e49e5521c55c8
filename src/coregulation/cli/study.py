"""`coregulation study`: many pairs, one answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import jobs
from coregulation.cli.progress import bar
from coregulation.cli.sources import add_reading, stated_reading
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.study.jobs import AbstractEngine
    from coregulation.study.plan import StudyPlan
    from coregulation.study.session_table import SessionTable

_ABOUT = """Analyse many pairs in one run: are real partners more alike than strangers, does a condition change it, and does it go with a
covariate? Every pair is prepared once, compared at the study's lag, and each person is compared with strangers' partners, too.

Everything is declared before data are seen, in a plan (`coregulation new-study` writes one) or by the options below. Stopped by
hand, nothing is lost: the same call goes on where it was."""

_EXAMPLES = """examples:
  coregulation new-study pairs/ > plan.toml                       a first plan, with every key explained
  coregulation study plan.toml --out results
  coregulation study pairs/ --out results                         a folder of session folders, nothing else declared
  coregulation study normal/ dropout/ --person patient=pat --person therapist=th --signal motion --rate 25
                     --condition folder --out results
  coregulation study plan.toml --out results --engine dask --scheduler tcp://10.0.0.5:8786"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "study", help="many pairs: real partners against strangers, conditions, covariates",
        description=_ABOUT, epilog=_EXAMPLES,
    )  # fmt: skip
    parser.add_argument(
        "data", nargs="+", metavar="DATA", help="a plan (plan.toml), or folders, tables, a BIDS data set"
    )
    group = parser.add_argument_group("what is declared (where there is no plan)")
    group.add_argument(
        "--lag", type=float, default=0.0, metavar="S", help="lag of the signed linkage; positive: the first leads"
    )
    group.add_argument(
        "--statistic", choices=("signed", "largest"), default="signed",
        help="signed: at the lag; largest: its size at whichever lag it is largest (default signed)",
    )  # fmt: skip
    group.add_argument("--condition", metavar="COLUMN", help="a column of --table, or folder, or task")
    group.add_argument("--table", metavar="CSV", help="one row per session: session, pair, conditions, covariates")
    group.add_argument("--covariate", action="append", default=[], metavar="COLUMN", help="a column of --table; repeat")
    group.add_argument("--seed", type=int, default=0, help="of everything random (default 0)")
    add_reading(parser)
    run_group = parser.add_argument_group("how it is run")
    run_group.add_argument("--out", default="coregulation-study", metavar="DIR", help="where the results go")
    run_group.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one for each core)")
    run_group.add_argument("--engine", choices=("local", "dask"), default="local", help="where it runs (default local)")
    run_group.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster, such as tcp://10.0.0.5:8786")
    run_group.add_argument(
        "--page", action="append", default=[], metavar="SESSION",
        help="also write the full report of this session, with other pairs as strangers; repeat",
    )  # fmt: skip
    run_group.add_argument("--dry-run", action="store_true", help="say what would run, and stop")
    run_group.add_argument("--json", action="store_true", help="print study.json instead of words")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Run a study, and say what it shows."""
    from pathlib import Path

    from coregulation.report.catalogue import Catalogue
    from coregulation.study.output import write_study
    from coregulation.study.page import render_study
    from coregulation.study.pair_report import write_pair_report
    from coregulation.study.running import run_study
    from coregulation.study.sources import find_sources
    from coregulation.study.summary import dry_run, summarize

    plan, base = _plan(args)
    sources = find_sources([base / path for path in plan.data], plan.reading)
    table = _table(plan, base)
    out, catalogue = Path(args.out), Catalogue()
    if args.dry_run:
        print(dry_run(sources, plan, catalogue))
        return
    with bar() as progress:
        result = run_study(sources, plan, table, out, _engine(args), progress)
    write_study(result, out, catalogue)
    (out / "study.html").write_text(render_study(result, catalogue), encoding="utf-8", newline="\n")
    with bar() as progress:
        reports = [write_pair_report(name, result, sources, out, progress) for name in args.page]
    if args.json:
        print((out / "study.json").read_text(encoding="utf-8"))
        return
    print(summarize(result, catalogue))
    for report in (out / "study.html", *reports):
        print(catalogue.text("terminal.written", report=str(report)))


def _plan(args: argparse.Namespace) -> tuple[StudyPlan, Path]:
    """Return the declared plan, and the folder from which its paths count."""
    from pathlib import Path

    from coregulation.study.plan import Statistic, StudyPlan, parse_plan

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
        try:
            return parse_plan(named.read_text(encoding="utf-8"), str(named)), named.parent
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("{path}: this plan cannot be read as a text file.", path=str(named)) from error
    signals = (str(reading["signal"]),) if reading.get("signal") not in (None, "rr", "beats", "ecg", "ppg") else ()
    plan = StudyPlan(
        signals=signals, statistic=Statistic(args.statistic), lag=args.lag, condition=args.condition, table=args.table, covariates=tuple(args.covariate),
        seed=args.seed, data=tuple(args.data), reading=reading,
    )  # fmt: skip
    return plan, Path()


def _table(plan: StudyPlan, base: Path) -> SessionTable:
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


def _engine(args: argparse.Namespace) -> AbstractEngine:
    from coregulation.study.jobs import DaskEngine, LocalEngine

    if args.engine == "local":
        if args.scheduler:
            raise UsageError("--scheduler is for --engine dask; add --engine dask.")
        return LocalEngine(jobs(args.jobs))
    if not args.scheduler:
        raise UsageError("--engine dask needs the address of a scheduler: --scheduler tcp://HOST:8786.")
    return DaskEngine(args.scheduler)
