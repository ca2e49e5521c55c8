"""`coregulation bids`: a study of a BIDS data set, called as every BIDS App is."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation._version import __version__
from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.study import add_engine, engine_from, read_plan, table_of
from coregulation.cli.words import option, text


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "bids")
    add = parser.add_argument
    add("bids_dir", metavar="BIDS_DIR", help=option("bids-dir"))
    add("output_dir", metavar="OUT_DIR", help=option("bids-out"))
    add("level", metavar="LEVEL", choices=("participant", "group"), help=option("bids-level"))
    _add_labels(add, "participant", "participants", option("bids-participant"))
    _add_labels(add, "group", "groups", option("bids-group"))
    add("--plan", metavar="PLAN", help=option("bids-plan"))
    add("--version", action="version", version=f"coregulation {__version__}", help=option("version"))
    add_engine(parser.add_argument_group(text("help.how-run")).add_argument)
    parser.set_defaults(run=run)


def _add_labels(add: Any, of: str, dest: str, explained: str) -> None:
    """Add an option in both spellings that are in use among BIDS Apps."""
    names = (f"--{of}-label", f"--{of}_label")
    add(*names, dest=dest, nargs="+", action="extend", default=[], metavar="LABEL", help=explained)


def run(args: argparse.Namespace) -> None:
    """Run one level, and say what came of it."""
    from pathlib import Path

    import msgspec

    from coregulation.report.catalogue import Catalogue
    from coregulation.study.bids_app import run_group, run_participants, select_sessions
    from coregulation.study.derivatives import KEPT
    from coregulation.study.plan import StudyPlan
    from coregulation.study.summary import left_out_sentences, summarize

    study = select_sessions(Path(args.bids_dir), args.participants, args.groups)
    out, catalogue = Path(args.output_dir), Catalogue()
    plan = StudyPlan() if args.plan is None else read_plan(Path(args.plan))
    plan = msgspec.structs.replace(plan, data=(args.bids_dir,), reading={})
    table = table_of(plan, Path() if args.plan is None else Path(args.plan).parent)
    engine = engine_from(args, out / KEPT)
    with bar(lines=True) as progress:
        if args.level == "group":
            result = run_group(study, plan, table, out, engine, progress)
        else:
            failed = run_participants(study, plan, out, engine, progress)
    if args.level == "group":
        print(summarize(result, catalogue))
        print(text("terminal.written", report=str(out / KEPT / "study.html")))
        return
    say(text("bids.prepared", ready=len(study.selected) - len(failed), sessions=len(study.selected)))
    for sentence in left_out_sentences(failed, catalogue):
        say(sentence)
    say(text("bids.next", source=args.bids_dir, folder=args.output_dir))
