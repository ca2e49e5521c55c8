"""`coregulation journey`: several visits of the same people, one after the other."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.settings import Z_LEVEL

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.regulation.interval import Interval
    from coregulation.regulation.journey import Journey
    from coregulation.report.journeys import JourneyReport, VisitedSession

_ABOUT = """Tell how soon each settles alone and with the other, over several visits of the same people: half-lives with
intervals, the furthest that somebody came back from, how much company adds, and from five visits on a trend. Each visit is a
report (a folder with result.json, or that file), or a session that was not analysed yet (its folder, or session.toml); a
folder of such folders is all of them. Visits are put in order by the date in session.toml."""

_EXAMPLES = """examples:
  coregulation journey visits/
  coregulation journey monday/out tuesday/out wednesday/session.toml
  coregulation journey visits/ --json"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "journey",
        help="several visits of the same people",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument("visits", nargs="+", metavar="VISIT", help="a report, a session, or a folder of them")
    parser.add_argument("--seed", type=int, default=0, help="of the draws, for sessions that are analysed now")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Read every visit and tell the journey of each set of people."""
    from pathlib import Path

    from coregulation.report.journeys import make_journeys, over_people

    found = [_visit(path, args.seed) for named in args.visits for path in _visits(Path(named))]
    told = make_journeys(found)
    if args.json:
        print(_json(told))
        return
    print("\n\n".join(_words(one) for one in told))
    mean = over_people(told)
    print(*(["\nOver people"] if mean else []), *(_slope(name, one) for name, one in mean.items()), sep="\n")


def _visits(path: Path) -> list[Path]:
    """Return a visit's file: a result where there is one, else a session; of a folder of folders, each one's.

    Raises
    ------
    UsageError
        If there is none.
    """
    from coregulation.errors import UsageError

    if path.is_file():
        return [path]
    folders = sorted(path.iterdir()) if path.is_dir() else []
    inside = _inside(path) or [one for folder in folders for one in _inside(folder)]
    if not inside:
        raise UsageError(
            "{path}: no visit is there. A folder with result.json or session.toml was expected, or such folders.",
            path=path,
        )
    return inside


def _inside(folder: Path) -> list[Path]:
    names = ("result.json", "out/result.json", "session.toml")
    return next(([folder / name] for name in names if (folder / name).is_file()), [])


def _visit(path: Path, seed: int) -> VisitedSession:
    from coregulation.errors import DataError, UsageError
    from coregulation.report.journeys import read_visit

    if path.suffix == ".toml":
        return _asked(path, seed)
    try:
        return read_visit(path.read_bytes())
    except OSError as error:
        raise UsageError("{path}: this file cannot be read.", path=path) from error
    except DataError as error:
        raise DataError("{path}: {error}", path=path, error=error) from error


def _asked(path: Path, seed: int) -> VisitedSession:
    """Ask a session nothing but who steadies whom."""
    import numpy as np

    from coregulation.analysis.regulation import RegulationAnalysis
    from coregulation.io import open_session
    from coregulation.report.journeys import ComparedVisit, VisitedSession
    from coregulation.report.regulation_output import regulation_output
    from coregulation.report.result import PersonResult, SessionResult

    session = open_session(path)
    account = RegulationAnalysis()(session, np.random.default_rng(seed))
    date = session.date.isoformat() if session.date else None
    about = SessionResult(session.id, session.task, date, session.setting)
    told = regulation_output(account)
    compared = None if told is None else ComparedVisit(told.recoveries, told.comparisons)
    return VisitedSession(about, [PersonResult(person.id, person.role) for person in session.people], compared)


def _words(one: JourneyReport) -> str:
    from coregulation.report.journeys import said

    lines = [" and ".join(one.people), ""]
    lines += [
        f"  visit {k}: {visit.id}{f', {visit.date}' if visit.date else ''}" for k, visit in enumerate(one.visits, 1)
    ]
    if not one.each:
        lines += [
            "",
            "  No visit compared anybody alone and together; three hard moments alone and three together would.",
        ]
    for who, told in one.each.items():
        lines += [
            "",
            f"  {who}",
            *_table(told),
            *_slopes(told),
            "",
            *(f"    {sentence}" for sentence in said(who, told)),
        ]
    return "\n".join(lines)


def _table(told: Journey) -> list[str]:
    head = "    visit   alone, s          together, s       window   dependence"
    return [head] + [
        f"    {one.number + 1:5.0f}   {_seconds(one.alone):16}  {_seconds(one.together):16}  {one.window:6.1f}   {one.dependence:.2f}"
        for one in told.visits
    ]


def _seconds(told: tuple[float, float]) -> str:
    import math

    value, error = told
    if not math.isfinite(error):
        return f"{math.exp(value):.0f} (open)"
    return f"{math.exp(value):.0f} ({math.exp(value - Z_LEVEL * error):.0f} to {math.exp(value + Z_LEVEL * error):.0f})"


def _slopes(told: Journey) -> list[str]:
    parts = (("alone", told.alone), ("together", told.together), ("together over alone", told.borrowed))
    return [_slope(name, slope) for name, slope in parts if slope is not None]


def _slope(name: str, slope: Interval) -> str:
    return f"    a visit, ln half-life {name}: {slope.value:+.3f} ({slope.low:+.3f} to {slope.high:+.3f})"


def _json(told: tuple[JourneyReport, ...]) -> str:
    import json

    from coregulation.report.journeys import plain

    return json.dumps([plain(one) for one in told], indent=2)
