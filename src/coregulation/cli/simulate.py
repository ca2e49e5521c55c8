"""`coregulation simulate`: a session whose truth is known, as files, with its report."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.analyze import jobs, tell
from coregulation.cli.progress import bar
from coregulation.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.session import Session
    from coregulation.simulate.scenarios import Scenario
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
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help="its name, or a TOML file of your own")
    parser.add_argument("--list", action="store_true", help="tell every scenario in a line, and stop")
    parser.add_argument("--seed", type=int, default=1, help="another seed is other people of the same kind (default 1)")
    parser.add_argument(
        "--vary", type=float, default=1.0, metavar="X", help="how much people differ: 0 not at all, 1 as is assumed"
    )
    parser.add_argument("--wearing", choices=KITS, default="full", help="what everybody wears (default full)")
    parser.add_argument("--out", default="coregulation-simulated", metavar="DIR", help="where everything goes")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="threads (default: one for each core)")
    parser.add_argument("--json", action="store_true", help="print result.json instead of words")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Play it, write it down and analyse what was written."""
    if args.list:
        _tell_all()
        return
    if args.scenario is None:
        raise UsageError("Name a scenario; `coregulation simulate --list` tells them all.")
    from pathlib import Path

    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import open_session

    played = _scenario(args.scenario)
    session, truth = _play(played, args)
    manifest = _write(session, truth, Path(args.out))
    if not args.json:
        print(f"{played.title}. {played.about}{' ' if played.limits else ''}{played.limits}\n")
    written = open_session(manifest)  # so that the report is of the files
    with bar() as progress:
        finding = Analysis(jobs=jobs(args.jobs))(written, (), progress)
    tell(finding, args.out, args.json)


def _scenario(named: str) -> Scenario:
    from pathlib import Path

    from coregulation.simulate.scenarios import load_scenario, scenario_from

    if not named.endswith(".toml"):
        return load_scenario(named)
    try:
        return scenario_from(Path(named).read_text(encoding="utf-8"), Path(named).stem)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{named}: this scenario cannot be read as a text file.") from error


def _play(played: Scenario, args: argparse.Namespace) -> tuple[Session, Truth]:
    from dataclasses import replace

    from coregulation.simulate.scenarios import simulate
    from coregulation.simulate.sensor_sets import sensor_set

    if args.seed < 0 or not 0 <= args.vary <= 4:
        raise UsageError(f"A seed is from 0 up and --vary from 0 to 4; {args.seed} and {args.vary:g} came.")
    return simulate(played, args.seed, replace(sensor_set(args.wearing), speech=played.speech), args.vary)


def _write(session: Session, truth: Truth, directory: Path) -> Path:
    import msgspec

    from coregulation.io import write_session
    from coregulation.simulate.truth import plain

    manifest = write_session(session, directory)
    told = {"schema": "coregulation.truth/1", "session": session.id, "simulated": True, **plain(truth)}
    (directory / TRUTH).write_bytes(msgspec.json.encode(told))
    return manifest


def _tell_all() -> None:
    from coregulation.simulate.scenarios import load_scenario, scenario_names

    names = scenario_names()
    width = max(map(len, names))
    for name in names:
        told = load_scenario(name)
        print(f"{name:{width}}  {told.title}. {told.about}")
