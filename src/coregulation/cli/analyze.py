"""`coregulation analyze`: from recordings to a report."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING, Any

from coregulation.cli.progress import bar
from coregulation.cli.sources import EXAMPLES, add_sources, options_from
from coregulation.coupling.registry import DESCRIPTIONS, MEASURES, SURROGATES
from coregulation.errors import CoregulationError, DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coregulation.analysis.finding import Finding
    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import ReadOptions
    from coregulation.session import Session

_ABOUT = """Did they move together, who came first, and is it more than chance and more than what they shared? Writes a report
to read (report.html), result.json and tables. All settings are fixed before data are seen; every p stands beside its null.

Say with --shared what everybody got at once (none, or music, film, script, pacer). Where something was shared, only pairs
who lived through the same without each other can tell it apart: the other pairs of the same input, or --pseudo-from.

Of each person alone the report tells beats, variability, breath, skin and arousal against the person's own rest; of a single
person that is all of it."""

_EXAMPLES = """examples:
  coregulation analyze ada_rr.txt ben_rr.txt --person ada --person ben --signal rr --unit ms --shared none --out out
  coregulation analyze talk.csv --person patient=pat --person therapist=th --signal motion --rate 25 --out out
  coregulation analyze ada.edf --person ada --out ada-alone
  coregulation analyze session.toml --pseudo-from other_sessions/ --out out

"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "analyze",
        help="from recordings of two or more people, or of one alone, to a report",
        description=_ABOUT,
        epilog=_EXAMPLES + EXAMPLES,
    )
    add_sources(parser)
    group = parser.add_argument_group("how it is analysed")
    group.add_argument(
        "--pseudo-from", action="append", default=[], metavar="PATH",
        help="sessions of other people under the same script (a folder, files or manifests); repeat",
    )  # fmt: skip
    group.add_argument(
        "--measure",
        choices=tuple(MEASURES),
        default="correlation",
        help="how signals are compared (default correlation)",
    )
    group.add_argument(
        "--null",
        choices=tuple(SURROGATES),
        default=None,
        help="the primary null beyond own dynamics (default: by length and gaps)",
    )
    group.add_argument(
        "--window", type=float, default=None, metavar="S",
        help="length of a window, s, for every signal (default: each signal's own plan)",
    )  # fmt: skip
    group.add_argument(
        "--max-lag", type=float, default=None, metavar="S",
        help="longest lag either way, s, for every signal (default: each signal's own plan)",
    )  # fmt: skip
    group.add_argument(
        "--also", action="append", default=[], choices=tuple(DESCRIPTIONS), metavar="NAME",
        help=f"a secondary measure to add, without a test ({', '.join(DESCRIPTIONS)}; peaks and concordance are always "
        "there); repeat",
    )  # fmt: skip
    group.add_argument("--surrogates", type=int, default=1999, metavar="N", help="how many at most (default 1999)")
    add_common(parser)
    parser.set_defaults(run=run)


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command with a report has."""
    group = parser.add_argument_group("how it is run")
    group.add_argument("--out", default="coregulation-report", metavar="DIR", help="where the report goes")
    group.add_argument("--seed", type=int, default=0, help="of everything random; stored in the result (default 0)")
    group.add_argument("--jobs", type=int, default=0, metavar="N", help="threads (default: one for each core)")
    add_output(group)


def add_output(group: Any) -> None:
    """Add how much is printed."""
    much = group.add_mutually_exclusive_group()
    much.add_argument("--json", action="store_true", help="print result.json instead of words")
    much.add_argument("--verbose", action="store_true", help="also print every pair and every person")
    much.add_argument("--quiet", action="store_true", help="print nothing; errors still go to standard error")


def run(args: argparse.Namespace) -> None:
    """Analyse what the call names."""
    analysis = _analysis(args)
    session, pseudo = _completed(args)
    try:
        with bar() as progress:
            finding = analysis(session, pseudo, progress)
    except DataError:
        _tell_remarks(session)
        raise
    tell(finding, args.out, args)


def _completed(args: argparse.Namespace) -> tuple[Session, Sequence[Session]]:
    """Return what `_chosen` does; what is missing is asked for on a terminal, and the answers are kept in a manifest."""
    only = args.only
    try:
        return _chosen(args)
    except UsageError as error:
        from coregulation.cli import conversation

        args.only = only
        conversation.complete_options(args, error)
    chosen = _chosen(args)
    path = conversation.keep_answers(args, options_from(args))
    if path is not None:
        from coregulation.report.catalogue import Catalogue

        command = shlex.join(["coregulation", "analyze", str(path)])
        print(Catalogue().text("terminal.ask-written", path=str(path), command=command))
    return chosen


def _tell_remarks(session: Session) -> None:
    """Print what the reader noticed, since it may be why a session cannot be analysed."""
    from coregulation.report.catalogue import Catalogue

    catalogue = Catalogue()
    for remark in session.remarks:
        whose = " ".join(word for word in (remark.person, remark.channel) if word)
        print(
            f"{whose}: {catalogue.sentence(remark.counted)}" if whose else catalogue.sentence(remark.counted),
            file=sys.stderr,
        )


def tell(finding: Finding, out: str, args: argparse.Namespace) -> None:
    """Save a finding, and print its answer and where it went, as much as was asked for."""
    import shutil

    from coregulation.report import save
    from coregulation.report.catalogue import Catalogue
    from coregulation.report.summary import summary

    report = save(finding, out)
    if args.json:
        print(report.with_name("result.json").read_text(encoding="utf-8"))
    elif not args.quiet:
        catalogue = Catalogue()
        print(summary(finding, catalogue, width=shutil.get_terminal_size().columns, verbose=args.verbose))
        print(catalogue.text("terminal.written", report=str(report)))


def jobs(wanted: int) -> int:
    """Return how many threads to use.

    Parameters
    ----------
    wanted
        As the option has it; 0 for one for each core.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    UsageError
        If it is negative.
    """
    import os

    if wanted < 0:
        raise UsageError("--jobs {wanted}: a number of threads from 1 up was expected.", wanted=wanted)
    return wanted or os.cpu_count() or 1


def _analysis(args: argparse.Namespace) -> Analysis:
    """Return the analysis that the options describe."""
    from coregulation.analysis.pipeline import Analysis
    from coregulation.coupling.settings import LINKAGE

    if args.surrogates < LINKAGE.min_nulls:
        raise UsageError(
            "--surrogates {surrogates}: at least {needed} are needed for a p worth printing.",
            surrogates=args.surrogates, needed=LINKAGE.min_nulls,
        )  # fmt: skip
    usual = Analysis()
    measure = MEASURES[args.measure]
    added = [DESCRIPTIONS[name]() for name in dict.fromkeys(args.also)]
    return Analysis(
        null=None if args.null is None else SURROGATES[args.null](),
        measure=None if any(type(plan.measure) is measure for plan in usual.plans.values()) else measure,
        descriptions=(*usual.descriptions, *(d for d in added if d not in usual.descriptions)),
        surrogates=args.surrogates,
        window=args.window,
        max_lag=args.max_lag,
        seed=args.seed,
        jobs=jobs(args.jobs),
    )


def _chosen(args: argparse.Namespace) -> tuple[Session, Sequence[Session]]:
    """Return the session asked for, and every other one of the same script."""
    from coregulation.io import open_sessions

    options = options_from(args)
    only, args.only = args.only, None
    opened = open_sessions(*args.files, options=options_from(args))
    names = [session.id for session in opened]
    if only is not None and str(only) in opened.refused:
        raise opened.refused[str(only)]
    if only is None and len(names) > 1:
        raise UsageError(
            "There are {count} sessions; choose one with --only: {names} …",
            count=len(names),
            names=", ".join(names[:8]),
        )
    if only is not None and str(only) not in names:
        raise UsageError("There is no session {only!r}; there are {names} …", only=only, names=", ".join(names[:8]))
    chosen = opened[names.index(str(only))] if only is not None else opened[0]
    others = [session for session in opened if session is not chosen]
    return chosen, [*others, *_pseudo(args.pseudo_from, args.files, options)]


def _pseudo(paths: Sequence[str], analysed: Sequence[str], options: ReadOptions) -> list[Session]:
    from dataclasses import replace
    from pathlib import Path

    own = {Path(name).resolve() for name in analysed}
    own |= {path / "session.toml" for path in own}
    found = [path for name in paths for path in _sessions_in(Path(name)) if path.resolve() not in own]
    sessions: list[Session] = []
    refused: list[CoregulationError] = []
    for path in found:
        _open_pseudo(path, replace(options, only=None), sessions, refused)
    if refused and not sessions:
        raise refused[0]
    for error in refused:
        print(f"coregulation: left out of --pseudo-from: {error}", file=sys.stderr)
    return sessions


def _open_pseudo(path: Path, options: ReadOptions, sessions: list[Session], refused: list[CoregulationError]) -> None:
    """Open one file of other people; one that is bad is left out and does not stop the others."""
    from coregulation.io import ReadOptions, open_sessions

    try:
        opened = open_sessions(path, options=ReadOptions() if path.suffix == ".toml" else options)
    except DataError as error:
        refused.append(error)
        return
    sessions += list(opened)
    refused += list(opened.refused.values())


def _sessions_in(path: Path) -> list[Path]:
    """Return a file itself; of a folder, its manifests, or else each of its files."""
    if not path.is_dir():
        return [path]
    manifests = sorted(path.glob("**/session.toml"))
    files = sorted(item for item in path.iterdir() if item.is_file() and not item.name.startswith("."))
    if not manifests and not files:
        raise UsageError("--pseudo-from {path}: there is no recording in this folder.", path=path)
    return manifests or files
