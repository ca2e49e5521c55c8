"""`coregulation convert`: a session as BIDS or EDF, for other programs."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.sources import EXAMPLES, add_sources, sessions_from
from coregulation.errors import DataError, UsageError

_ABOUT = """Write a session for other programs: BIDS (a table for each channel, every digit kept) or EDF+ (a file for each person;
16 bits a sample, so that values are rounded to 1/65,535 of their range and starts to the nearest sample). People are numbered."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "convert",
        help="write a session as BIDS or EDF",
        description=_ABOUT,
        epilog="examples:\n  coregulation convert session.toml --to bids --out bids\n"
        "  coregulation convert watch.zip --person ada --to edf --out edf\n\n" + EXAMPLES,
    )
    add_sources(parser)
    parser.add_argument("--to", required=True, choices=("bids", "edf"), help="which format")
    parser.add_argument("--out", required=True, metavar="DIR", help="a new folder to write into")
    parser.add_argument("--author", action="append", default=[], metavar="NAME", help="of the data (BIDS); repeat")
    parser.add_argument("--licence", metavar="NAME", help="of the data (BIDS), such as CC0 or PDDL")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write one session."""
    from pathlib import Path

    from coregulation.io.writers.bids import DatasetProvenance, write_bids
    from coregulation.io.writers.edf import write_edf

    opened, folder = sessions_from(args), Path(args.out)
    if len(opened) != 1:
        raise UsageError(
            "There are {sessions} sessions; choose one, such as --only {first}.",
            sessions=len(opened),
            first=opened[0].id,
        )
    if folder.exists():
        raise UsageError("{folder} is there already; choose a new folder with --out.", folder=str(folder))
    if args.to == "edf" and (args.author or args.licence):
        raise UsageError("--author and --licence belong to BIDS; EDF has no place for them.")
    try:
        folder.mkdir(parents=True)
        if args.to == "bids":
            write_bids(opened[0], folder, DatasetProvenance(tuple(args.author), args.licence))
        else:
            write_edf(opened[0], folder)
    except OSError as error:
        raise DataError(
            "{folder}: the session could not be written here ({strerror}).",
            folder=str(folder),
            strerror=error.strerror,
        ) from error
    print(f"Wrote {len(opened[0].recordings)} people's recordings into {folder}.")
