"""`coregulation demo`: a real recording that comes with the package, then a simulated pair."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.analyze import add_common, jobs, tell
from coregulation.cli.progress import bar

_ABOUT = """Analyse a real recording with the settings as they stand before anyone looks, and print whatever the answer is: the
conductor and fifteen listeners breathing through a concert piece; a second playing of the same music gives the
pseudo-dyads. Then do the same for a short simulated pair whose coupling and lag are known."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "demo",
        help="see it work on a real concert and on a simulated pair",
        description=_ABOUT,
        epilog="example:\n  coregulation demo --out demo-report",
    )
    add_common(parser)
    parser.set_defaults(run=run, out="demo-report")


def run(args: argparse.Namespace) -> None:
    """Analyse both."""
    from pathlib import Path

    from coregulation.analysis.pipeline import Analysis
    from coregulation.data import data_folder
    from coregulation.io import open_session
    from coregulation.simulate.linkage import simulated_pair

    analysis = Analysis(seed=args.seed, jobs=jobs(args.jobs))
    with data_folder("recordings", "concert") as folder:
        first, second = (open_session(folder / f"playing-{k}" / "session.toml") for k in (1, 2))
    _say(
        args,
        "A real recording: a conductor and fifteen listeners breathe through a concert piece (MIT; see SOURCE.md).",
    )
    with bar() as progress:
        finding = analysis(first, [second], progress)
    tell(finding, str(Path(args.out) / "concert"), args.json)
    session, truth = simulated_pair()
    lag = truth.link.lag if truth.link is not None else None
    _say(args, f"\nA simulated pair, not a recording: ben follows ada by {lag:g} s, at a known strength.")
    tell(analysis(session), str(Path(args.out) / "simulated-pair"), args.json)


def _say(args: argparse.Namespace, text: str) -> None:
    if not args.json:
        print(text)
