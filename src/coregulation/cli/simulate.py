"""`coregulation simulate`: a session whose truth is known, as files, with its report."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import add_output, jobs, tell
from coregulation.cli.progress import bar
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.session import Session
    from coregulation.simulate.laws.law import AbstractLaw
    from coregulation.simulate.truth import Truth

KITS = ("arousal", "strap", "strap-and-belt", "full", "electrodes")  # of simulate.kits, which takes longer to load

_ABOUT = """Play a scenario of the articles or of a protocol: simulated people, what their sensors would have written, what was
true, and what an analysis says of it. Writes session.toml with its tables, truth.json and a report, all marked as simulated.
`coregulation analyze DIR/session.toml` gives the same numbers again.

The simulator encodes an account of how people reach each other. It does not prove it."""

_EXAMPLES = """examples:
  coregulation simulate --list
  coregulation simulate hand-on-the-back --seed 1 --out hand
  coregulation simulate car-crash-steady --wearing strap --out crash
  coregulation simulate only-one-hit --wearing strap-and-belt --out trap
  coregulation simulate my-scenario.toml --vary 0 --out mine

what is worn:
  arousal         arousal itself, which nobody can record
  strap           a chest strap: beats
  strap-and-belt  and a breath belt
  full            and skin electrodes
  electrodes      as full, with an ECG in the strap's place"""

TRUTH = "truth.json"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "simulate",
        help="play a scenario whose truth is known",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="its name, that of another law, or a TOML file of your own"
    )
    parser.add_argument("--list", action="store_true", help="list every scenario and law in a line each, and stop")
    parser.add_argument("--seed", type=int, default=1, help="another seed is other people of the same kind (default 1)")
    parser.add_argument(
        "--vary", type=float, default=1.0, metavar="X", help="how much people differ: 0 not at all, 1 as is assumed"
    )
    parser.add_argument("--wearing", choices=KITS, default="full", help="what everybody wears (default full)")
    parser.add_argument("--out", default="coregulation-simulated", metavar="DIR", help="where everything goes")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="threads (default: one for each core)")
    add_output(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Play it, write it down and analyse what was written."""
    if args.list:
        _tell_all()
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
        print(f"{law.title}. {law.about}\n")
    written = open_session(manifest)  # so that the report is of the files
    with bar() as progress:
        finding = Analysis(jobs=jobs(args.jobs))(written, (), progress)
    tell(finding, args.out, args)


def _law(name: str) -> AbstractLaw:
    from pathlib import Path

    from coregulation.simulate.laws.registry import LAWS
    from coregulation.simulate.laws.scenario import ScenarioLaw
    from coregulation.simulate.scenarios import scenario_from

    if not name.endswith(".toml"):
        return LAWS[name]
    try:
        return ScenarioLaw(scenario_from(Path(name).read_text(encoding="utf-8"), Path(name).stem))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("{file}: this scenario cannot be read as a text file.", file=name) from error


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


def _tell_all() -> None:
    from coregulation.simulate.laws.registry import LAWS

    width = max(map(len, LAWS))
    for name, law in LAWS.items():
        print(f"{name:{width}}  {law.title}. {law.about}")
