"""`coregulation journey`: several visits of the same people, one after the other."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import option, text
from coregulation.report.text_table import Row, aligned, terminal_width, wrap

if TYPE_CHECKING:
    from pathlib import Path

    from coregulation.regulation.interval import Interval
    from coregulation.regulation.journey import Journey, Visit
    from coregulation.report.journeys import JourneyReport, VisitedSession

_MAX_LOG = 700.0  # the largest exponent that a float can hold


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "journey")
    parser.add_argument("visits", nargs="+", metavar="VISIT", help=option("visits"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=option("journey-seed"))
    parser.add_argument("--json", action="store_true", help=option("json-only"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Read every visit and print the journey of each set of people."""
    from pathlib import Path

    from coregulation.report.journeys import make_journeys, over_people

    visits = [_visit(path, args.seed) for name in args.visits for path in _visits(Path(name))]
    journeys = make_journeys(visits)
    if args.json:
        print(_json(journeys))
        return
    print("\n\n".join("\n".join(_lines(journey)) for journey in journeys))
    mean = over_people(journeys)
    if mean:
        print("\n".join(["", text("journey-table.mean"), *aligned(_slope_rows(mean.items()), terminal_width())]))


def _visits(path: Path) -> list[Path]:
    """Return a visit's file: a result where there is one, else a session; of a folder of folders, each one's.

    Raises
    ------
    UsageError
        If there is none.
    """
    from coregulation.errors import UsageError
    from coregulation.io.text import missing_path

    if not path.exists():
        raise missing_path(path)
    if path.is_file():
        return [path]
    folders = sorted(path.iterdir()) if path.is_dir() else []
    inside = _inside(path) or [file for folder in folders for file in _inside(folder)]
    if not inside:
        raise UsageError(
            "{path}: no visit was found. Name a folder with result.json or session.toml, or a folder of such folders.",
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
        return _analyse(path, seed)
    try:
        return read_visit(path.read_bytes())
    except OSError as error:
        raise UsageError("{path}: this file cannot be read. Check its name and who may read it.", path=path) from error
    except DataError as error:
        raise DataError("{path}: {error}", path=path, error=error) from error


def _analyse(path: Path, seed: int) -> VisitedSession:
    """Analyse of a session nothing but who steadies whom."""
    import numpy as np

    from coregulation.analysis.regulation import RegulationAnalysis
    from coregulation.io import open_session
    from coregulation.report.journeys import ComparedVisit, VisitedSession
    from coregulation.report.regulation_output import regulation_output
    from coregulation.report.result import PersonResult, SessionResult

    session = open_session(path)
    date = session.date.isoformat() if session.date else None
    about = SessionResult(session.id, session.task, date, session.setting)
    output = regulation_output(RegulationAnalysis()(session, np.random.default_rng(seed)))
    compared = None if output is None else ComparedVisit(output.recoveries, output.comparisons, output.directions)
    return VisitedSession(about, [PersonResult(person.id, person.role) for person in session.people], compared)


def _lines(report: JourneyReport) -> Iterator[str]:
    from coregulation.report.journeys import journey_sentences

    width = terminal_width()
    yield from wrap(text("journey-table.people", names=report.people, count=len(report.visits)), width)
    for number, visit in enumerate(report.visits, 1):
        key = "journey-table.visit-date" if visit.date else "journey-table.visit"
        yield from wrap(text(key, number=number, session=visit.id, date=visit.date), width, "  ", "  ")
    if not report.each:
        yield from wrap(text("journey-table.nothing"), width, "  ")
    for who, journey in report.each.items():
        yield from ["", who]
        yield from aligned(map(_visit_row, journey.visits), width)
        yield from aligned(_slope_rows(_slopes(journey)), width)
        for sentence in journey_sentences(who, journey):
            yield from wrap(sentence, width, "  ")


def _visit_row(visit: Visit) -> Row:
    import math

    facts = {"alone": _seconds(visit.alone), "together": _seconds(visit.together), "peak": visit.window}
    key = "journey-table.row-peak" if math.isfinite(visit.window) else "journey-table.row"
    return text("journey-table.row-visit", number=int(visit.number) + 1), "", text(key, **facts)


def _seconds(estimate: tuple[float, float]) -> str:
    import math

    from coregulation.settings import Z_LEVEL

    value, error = estimate
    if not math.isfinite(value):
        return text("journey-table.unknown")
    if not math.isfinite(error):
        return text("journey-table.open", value=math.exp(value))
    ends = (min(value + side * Z_LEVEL * error, _MAX_LOG) for side in (-1, 1))
    return text("journey-table.seconds", interval=(math.exp(value), *map(math.exp, ends)))


def _slopes(journey: Journey) -> list[tuple[str, Interval]]:
    from coregulation.report.journeys import SLOPES

    return [(name, slope) for name in SLOPES if (slope := getattr(journey, name)) is not None]


def _slope_rows(slopes: Any) -> Iterator[Row]:
    for name, slope in slopes:
        value, low, high = (_percent_change(end) for end in (slope.value, slope.low, slope.high))
        yield text(f"journey-table.slope-{name}"), "", text("journey-table.slope", value=value, low=low, high=high)


def _percent_change(log_ratio: float) -> float:
    import math

    return 100 * math.expm1(min(log_ratio, _MAX_LOG))


def _json(journeys: tuple[JourneyReport, ...]) -> str:
    import json

    from coregulation.report.journeys import plain

    return json.dumps([plain(journey) for journey in journeys], indent=2)
