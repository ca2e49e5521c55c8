"""`coregulation demo`: a simulated pair in which one helps the other settle, then a real concert."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.analyze import add_common, jobs, tell
from coregulation.cli.progress import bar

PAIR = "attunement"  # the scenario of the pair

_ABOUT = """Analyse a simulated pair in which one helps the other settle, and a real recording that comes with the package: the
conductor and fifteen listeners breathing through a concert piece, where a second playing of the same music gives the
pseudo-dyads. Settings are those that everybody gets, and the answer is printed whatever it is."""

_PAIR = "1. A simulated pair, so the truth is known: one of them helps the other settle.\n"
_CONCERT = "\n2. A real recording (MIT; see SOURCE.md): 16 people breathe through a concert.\n"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "demo",
        help="see it work on a simulated pair and on a real concert",
        description=_ABOUT,
        epilog="example:\n  coregulation demo --out demo-report",
    )
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
    _say(args, _PAIR)
    tell(pair, str(out / "pair"), args)
    with data_folder("recordings", "concert") as folder, bar() as progress:
        first, second = (open_session(folder / f"playing-{k}" / "session.toml") for k in (1, 2))
        concert = analysis(first, [second], progress)
    _say(args, _CONCERT)
    tell(concert, str(out / "concert"), args)


def _say(args: argparse.Namespace, text: str) -> None:
    if not (args.json or args.quiet):
        print(text)
