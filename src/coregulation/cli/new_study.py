"""`coregulation new-study`: a first plan, to fill in."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.sources import add_reading, stated_reading
from coregulation.cli.words import option


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "new-study")
    parser.add_argument("data", nargs="+", metavar="DATA", help=option("new-study-data"))
    add_reading(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Check that the data can be found, and print the plan."""
    import tomli_w

    from coregulation.data import data_text
    from coregulation.study.sources import find_sources

    reading = stated_reading(args)
    find_sources(args.data, reading)
    written = tomli_w.dumps({"data": args.data} | ({"reading": reading} if reading else {}))
    print(data_text("plans", "study.toml"), end="")
    print(written, end="")
    print(data_text("plans", "reporting.toml"), end="")
