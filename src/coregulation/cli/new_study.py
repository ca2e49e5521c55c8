"""`coregulation new-study`: a first plan, to fill in."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.sources import add_reading, stated_reading

_ABOUT = """Print a study plan (TOML) with every key explained. Fill it in before you look at the data; `coregulation study` refuses a key
that it does not know, and a results folder of another plan."""

_EXAMPLES = """examples:
  coregulation new-study pairs/ > plan.toml
  coregulation new-study normal/ dropout/ --person patient=pat --person therapist=th --signal motion --rate 25 > plan.toml"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "new-study", help="a first study plan, to fill in", description=_ABOUT, epilog=_EXAMPLES
    )
    parser.add_argument("data", nargs="+", metavar="DATA", help="folders, tables, or a BIDS data set")
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
