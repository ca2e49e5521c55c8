"""`coregulation analyze`: from recordings to a report."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING, Any

from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.sources import add_sources, options_from
from coregulation.cli.words import option, text
from coregulation.coupling.registry import MEASURES, SECONDARY, SURROGATES
from coregulation.errors import CoregulationError, DataError, UsageError, nearest_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coregulation.analysis.finding import Finding
    from coregulation.analysis.pipeline import Analysis
    from coregulation.io import ReadOptions
    from coregulation.session import Session


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "analyze")
    add_sources(parser)
    group = parser.add_argument_group(text("help.how-analysed"))
    add = group.add_argument
    add("--pseudo-from", action="append", default=[], metavar="PATH", help=option("pseudo-from"))
    add("--measure", choices=tuple(MEASURES), default="correlation", help=option("measure"))
    add("--null", choices=tuple(SURROGATES), default=None, help=option("null"))
    add("--window", type=float, default=None, metavar="S", help=option("window"))
    add("--max-lag", type=float, default=None, metavar="S", help=option("max-lag"))
    add("--measures", action="append", default=[], metavar="NAMES",
        help=option("measures", names=", ".join(SECONDARY)))  # fmt: skip
    add("--multiverse", action="store_true", help=option("multiverse"))
    add("--series", action="append", default=[], choices=("rsa", "rmssd", "scr_rate"), help=option("series"))
    add("--surrogates", type=int, default=1999, metavar="N", help=option("surrogates"))
    add_common(parser)
    parser.set_defaults(run=run)


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command with a report has."""
    group = parser.add_argument_group(text("help.how-run"))
    group.add_argument("--out", default="coregulation-report", metavar="DIR", help=option("out"))
    group.add_argument("--seed", type=int, default=0, metavar="N", help=option("seed"))
    group.add_argument("--jobs", type=int, default=0, metavar="N", help=option("jobs"))
    add_output(group)


def add_output(group: Any) -> None:
    """Add how much is printed."""
    much = group.add_mutually_exclusive_group()
    much.add_argument("--json", action="store_true", help=option("json"))
    much.add_argument("--verbose", action="store_true", help=option("verbose"))
    much.add_argument("--quiet", action="store_true", help=option("quiet"))


def run(args: argparse.Namespace) -> None:
    """Analyse what the call names."""
    analysis = _analysis(args)
    session, pseudo = _with_series(args, *_completed(args))
    try:
        with bar() as progress:
            finding = analysis(session, pseudo, progress)
    except DataError:
        _tell_remarks(session)
        raise
    tell(finding, args.out, args)


def _with_series(
    args: argparse.Namespace, session: Session, pseudo: Sequence[Session]
) -> tuple[Session, Sequence[Session]]:
    """Return the sessions with the slow series that were asked for as channels."""
    if not args.series:
        return session, pseudo
    from coregulation.analysis.slow_series import with_series

    names = [f"{name}_series" for name in args.series]
    return with_series(session, names), [with_series(other, names) for other in pseudo]


def _completed(args: argparse.Namespace) -> tuple[Session, Sequence[Session]]:
    """Return what `_chosen` does; what is missing is asked for on a terminal, and the answers are kept in a manifest."""
    only = args.only
    try:
        return _chosen(args)
    except UsageError as error:
        from coregulation.cli import conversation

        args.only = only
        conversation.complete_options(args, error)
    with conversation.answers_kept(args):
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
    from coregulation.report import save
    from coregulation.report.summary import summary
    from coregulation.report.text_table import terminal_width

    report = save(finding, out)
    if args.json:
        print(report.with_name("result.json").read_text(encoding="utf-8"))
    elif not args.quiet:
        print(summary(finding, width=terminal_width(), verbose=args.verbose))
        say(text("terminal.written", report=str(report)))


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
        raise UsageError(
            "--jobs {wanted}: a number of threads from 1 up was expected, or 0 for one per core.", wanted=wanted
        )
    return wanted or os.cpu_count() or 1


def _analysis(args: argparse.Namespace) -> Analysis:
    """Return the analysis that the options describe."""
    from coregulation.analysis.multiverse import Multiverse
    from coregulation.analysis.pipeline import Analysis
    from coregulation.coupling.settings import LINKAGE

    if args.surrogates < LINKAGE.min_nulls:
        raise UsageError(
            "--surrogates {surrogates}: at least {needed} are needed, since fewer make the p-value too coarse.",
            surrogates=args.surrogates, needed=LINKAGE.min_nulls,
        )  # fmt: skip
    usual = Analysis()
    measure = MEASURES[args.measure]
    added = [SECONDARY[name]() for name in measure_names(args.measures)]
    return Analysis(
        null=None if args.null is None else SURROGATES[args.null](),
        measure=None if any(type(plan.measure) is measure for plan in usual.plans.values()) else measure,
        descriptions=(*usual.descriptions, *(m for m in added if m.quantities and m not in usual.descriptions)),
        measures=tuple(added),
        multiverse=Multiverse() if args.multiverse else None,
        surrogates=args.surrogates,
        window=args.window,
        max_lag=args.max_lag,
        seed=args.seed,
        jobs=jobs(args.jobs),
    )


def measure_names(words: Sequence[str]) -> tuple[str, ...]:
    """Return the names of secondary measures that were asked for.

    Parameters
    ----------
    words
        Names with commas between them; "all" for every one.

    Returns
    -------
    tuple of str
        Each once, in the order asked for.
    """
    names = [name.strip() for word in words for name in word.split(",") if name.strip()]
    return tuple(SECONDARY) if "all" in names else tuple(dict.fromkeys(names))


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
            "There are {count:n session|sessions}; choose one, such as --only {first}: {names} …",
            count=len(names),
            first=shlex.quote(names[0]),
            names=", ".join(names[:8]),
        )
    if only is not None and str(only) not in names:
        raise UsageError(
            "There is no session {only!r}. Did you mean {near:or}?", only=only, near=nearest_names(str(only), names)[:8]
        )
    chosen = opened[names.index(str(only))] if only is not None else opened[0]
    others = [session for session in opened if session is not chosen]
    return chosen, [*others, *_pseudo(args.pseudo_from, args.files, options)]


def _pseudo(paths: Sequence[str], analysed: Sequence[str], options: ReadOptions) -> list[Session]:
    from dataclasses import replace
    from pathlib import Path

    own = {Path(name).resolve() for name in analysed}
    own |= {path / "session.toml" for path in own}
    others = [path for name in paths for path in _sessions_in(Path(name)) if path.resolve() not in own]
    sessions: list[Session] = []
    refused: list[CoregulationError] = []
    for path in others:
        _open_pseudo(path, replace(options, only=None), sessions, refused)
    if refused and not sessions:
        raise refused[0]
    for error in refused:
        print(f"coregulation: {text('analyze.pseudo-left-out', why=error)}", file=sys.stderr)
    return sessions


def _open_pseudo(path: Path, options: ReadOptions, sessions: list[Session], refused: list[CoregulationError]) -> None:
    """Open one file of other people; one that is bad is left out and does not stop the others."""
    from coregulation.io import ReadOptions, open_sessions

    try:
        opened = open_sessions(
            path, options=ReadOptions(allow_outside=options.allow_outside) if path.suffix == ".toml" else options
        )
    except DataError as error:
        refused.append(error)
        return
    sessions += list(opened)
    refused += list(opened.refused.values())


def _sessions_in(path: Path) -> list[Path]:
    """Return a file itself; of a folder, its manifests, or else each of its files."""
    if not path.is_dir():
        return [path]  # one that does not exist is refused where it is opened
    manifests = sorted(path.glob("**/session.toml"))
    files = sorted(item for item in path.iterdir() if item.is_file() and not item.name.startswith("."))
    if not manifests and not files:
        raise UsageError("--pseudo-from {path}: there is no recording in this folder.", path=path)
    return manifests or files
