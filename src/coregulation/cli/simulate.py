"""`coregulation simulate`: a session whose truth is known, as files, with its report."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import add_output, jobs, tell
from coregulation.cli.output import say, say_rows
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.words import option
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.session import Session
    from coregulation.simulate.laws.law import AbstractLaw
    from coregulation.simulate.truth import Truth

KITS = ("arousal", "strap", "strap-and-belt", "full", "electrodes")  # of simulate.kits, which takes longer to load

TRUTH = "truth.json"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "simulate")
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help=option("scenario"))
    parser.add_argument("--list", action="store_true", help=option("list"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=option("simulate-seed"))
    parser.add_argument("--vary", type=float, default=1.0, metavar="X", help=option("vary"))
    parser.add_argument("--wearing", choices=KITS, default="full", help=option("wearing"))
    parser.add_argument("--out", default="coregulation-simulated", metavar="DIR", help=option("simulate-out"))
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help=option("jobs"))
    add_output(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Play it, write it down and analyse what was written."""
    if args.list:
        _list_laws()
        return
    if args.scenario is None:
        raise UsageError("Name a scenario or a law; `coregulation simulate --list` lists them all.")
    from pathlib import Path

    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import open_session

    law = _law(args.scenario)
    session, truth = _play(law, args)
    manifest = _write(session, truth, Path(args.out))
    if not (args.json or args.quiet):
        say(_described(law))
        print()
    written = open_session(manifest)  # so that the report is of the files
    with bar() as progress:
        finding = Analysis(jobs=jobs(args.jobs))(written, (), progress)
    tell(finding, args.out, args)


def _law(name: str) -> AbstractLaw:
    from pathlib import Path

    from coregulation.io.text import missing_file
    from coregulation.simulate.laws.registry import LAWS
    from coregulation.simulate.laws.scenario import ScenarioLaw
    from coregulation.simulate.scenarios import scenario_from

    if not name.endswith(".toml"):
        return LAWS[name]
    try:
        return ScenarioLaw(scenario_from(Path(name).read_text(encoding="utf-8"), Path(name).stem))
    except FileNotFoundError as error:
        raise missing_file(name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "{file}: this file cannot be read as text. A scenario in TOML was expected.", file=name
        ) from error


def _play(law: AbstractLaw, args: argparse.Namespace) -> tuple[Session, Truth]:
    from coregulation.simulate.sensor_sets import sensor_set

    if args.seed < 0 or not 0 <= args.vary <= 4:
        raise UsageError(
            "A seed is from 0 up and --vary from 0 to 4; {seed} and {vary:g} came.", seed=args.seed, vary=args.vary
        )
    return law.simulate(args.seed, sensor_set(args.wearing), args.vary)


def _write(session: Session, truth: Truth, directory: Path) -> Path:
    import msgspec

    from coregulation.io import write_session
    from coregulation.simulate.truth import plain

    manifest = write_session(session, directory)
    sidecar = {"schema": "coregulation.truth/1", "session": session.id, "simulated": True, **plain(truth)}
    (directory / TRUTH).write_bytes(msgspec.json.encode(sidecar))
    return manifest


def _list_laws() -> None:
    from coregulation.simulate.laws.registry import LAWS

    say_rows([(name, "", _described(law)) for name, law in LAWS.items()], indent=0)


def _described(law: AbstractLaw) -> str:
    from coregulation.report.catalogue import Catalogue

    catalogue = Catalogue()
    return catalogue.text("simulate.law", title=catalogue.translate(law.title), about=catalogue.translate(law.about))
