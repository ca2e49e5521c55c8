"""`coregulation convert`: sessions as BIDS or EDF, for other programs."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.sources import add_sources, sessions_from
from coregulation.cli.words import option, text
from coregulation.errors import DataError, UsageError


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "convert")
    add_sources(parser)
    parser.add_argument("--to", required=True, choices=("bids", "edf"), help=option("to"))
    parser.add_argument("--out", required=True, metavar="DIR", help=option("convert-out"))
    parser.add_argument("--author", action="append", default=[], metavar="NAME", help=option("author"))
    parser.add_argument("--licence", metavar="NAME", help=option("licence"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write one session, or several as one BIDS data set."""
    from pathlib import Path

    from coregulation.io.writers.bids import DatasetProvenance, write_bids_sessions
    from coregulation.io.writers.edf import write_edf

    opened, folder = sessions_from(args), Path(args.out)
    if len(opened) != 1 and args.to == "edf":
        raise UsageError(
            "There are {sessions:n session|sessions}; choose one, such as --only {first}.",
            sessions=len(opened),
            first=opened[0].id,
        )
    if opened.refused and args.only is None:
        raise next(iter(opened.refused.values()))
    if folder.exists():
        raise UsageError("{folder} exists already. Choose a new folder with --out.", folder=str(folder))
    if args.to == "edf" and (args.author or args.licence):
        raise UsageError("--author and --licence belong to BIDS; EDF has no place for them.")
    try:
        folder.mkdir(parents=True)
        if args.to == "bids":
            name = opened[0].id if len(opened) == 1 else folder.resolve().name
            write_bids_sessions(list(opened), folder, name, DatasetProvenance(tuple(args.author), args.licence))
        else:
            write_edf(opened[0], folder)
    except OSError as error:
        raise DataError(
            "{folder}: the session could not be written here ({strerror}).",
            folder=str(folder),
            strerror=error.strerror,
        ) from error
    say(text("convert.written", count=sum(len(session.recordings) for session in opened), folder=folder))
