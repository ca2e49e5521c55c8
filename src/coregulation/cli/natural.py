"""`coregulation natural`: ordinary hours together, pooled over the sessions of each pair and over all pairs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coregulation.cli.parsing import add_command
from coregulation.cli.sources import add_reading, stated_reading
from coregulation.cli.words import option, text

if TYPE_CHECKING:
    from coregulation.analysis.natural import NaturalFinding
    from coregulation.session import Session

_MAX_PAIRS = 6  # pairs that are printed by themselves


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "natural")
    parser.add_argument("data", nargs="+", metavar="DATA", help=option("natural-data"))
    add_reading(parser)
    group = parser.add_argument_group(text("help.how-analysed"))
    group.add_argument("--stand-in", metavar="CHANNEL", help=option("stand-in"))
    group.add_argument("--shifts", type=int, default=999, metavar="N", help=option("shifts"))
    group.add_argument("--seed", type=int, default=0, metavar="N", help=option("seed"))
    group.add_argument("--json", action="store_true", help=option("json-only"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Pool the sessions of each pair, and of all pairs, and print what may be said."""
    from coregulation.analysis.natural import NaturalAnalysis, pool_pairs, pool_study
    from coregulation.errors import DataError

    analysis = NaturalAnalysis(args.shifts, args.stand_in)
    sessions = _sessions(args)
    pairs = list(pool_pairs(sessions, analysis, args.seed))
    if not pairs:
        raise DataError("Natural mode is about two people; no session has exactly two. Name sessions of two people.")
    study = pool_study(sessions, analysis, args.seed)
    findings = [*pairs, *((study,) if study is not None else ())]
    if args.json:
        print(_json(findings))
        return
    _print(pairs, study)


def _sessions(args: argparse.Namespace) -> list[Session]:
    """Read every session, and say of each other one why it cannot be used.

    Raises
    ------
    CoregulationError
        If none can be used: why the first cannot.
    """
    import sys

    from coregulation.errors import CoregulationError
    from coregulation.report.catalogue import Catalogue
    from coregulation.study.sources import find_sources

    catalogue = Catalogue()
    sessions, refused = [], []
    for source in find_sources(args.data, stated_reading(args)):
        for name, item in source.read():
            if isinstance(item, CoregulationError):
                refused.append(item)
                print(text("natural.not-used", session=name, why=catalogue.error(item)), file=sys.stderr)
            else:
                sessions.append(item)
    if refused and not sessions:
        raise refused[0]
    return sessions


def _json(findings: list[NaturalFinding]) -> str:
    import msgspec

    from coregulation.report.natural_output import natural_output

    return msgspec.json.format(msgspec.json.encode([natural_output(item) for item in findings]), indent=1).decode()


def _print(pairs: list[NaturalFinding], study: NaturalFinding | None) -> None:
    from coregulation.report.natural_text import natural_counts, natural_lines
    from coregulation.report.text_table import terminal_width

    width = terminal_width()
    parts = (
        [natural_lines(pair, width) for pair in pairs] if len(pairs) <= _MAX_PAIRS else [natural_counts(pairs, width)]
    )
    if study is not None:
        parts.append(natural_lines(study, width, pairs=len(pairs)))
    print("\n\n".join("\n".join(lines) for lines in parts))
