"""`coregulation demo`: a simulated pair in which one helps the other settle, then a real concert."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.analyze import add_common, jobs, tell
from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.words import text

PAIR = "attunement"  # the scenario of the pair


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "demo")
    add_common(parser)
    parser.set_defaults(run=run, out="demo-report")


def run(args: argparse.Namespace) -> None:
    """Analyse both, the pair first."""
    from pathlib import Path

    from coregulation.analysis.pipeline import Analysis
    from coregulation.data import data_folder
    from coregulation.io import open_session
    from coregulation.simulate.scenarios import load_scenario, simulate
    from coregulation.simulate.sensor_sets import sensor_set

    analysis, out = Analysis(seed=args.seed, jobs=jobs(args.jobs)), Path(args.out)
    with bar() as progress:
        session, _ = simulate(load_scenario(PAIR), seed=1, wearing=sensor_set("full"))
        pair = analysis(session, (), progress)
    _head(args, "demo.pair")
    tell(pair, str(out / "pair"), args)
    with data_folder("recordings", "concert") as folder, bar() as progress:
        first, second = (open_session(folder / f"playing-{k}" / "session.toml") for k in (1, 2))
        concert = analysis(first, [second], progress)
    if not (args.json or args.quiet):
        print()
    _head(args, "demo.concert")
    tell(concert, str(out / "concert"), args)


def _head(args: argparse.Namespace, key: str) -> None:
    if not (args.json or args.quiet):
        say(text(key))
        print()
