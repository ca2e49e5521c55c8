"""`coregulation claims`: what is said about co-regulation, claim by claim, with what evidence there is."""

from __future__ import annotations

import argparse
from typing import Any

_ABOUT = """Print the claims that are made about co-regulation, in our words, each with how it stands: supported, mixed, disputed,
largely untested, a metaphor or value, or a practice rather than a claim; what this package can measure of it, and what is known."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "claims",
        help="what is said about co-regulation, and what evidence there is",
        description=_ABOUT,
        epilog="examples:\n  coregulation claims\n  coregulation claims 1 8 33\n  coregulation claims --table",
    )
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="only these (1 to 76)")
    parser.add_argument("--table", action="store_true", help="as a Markdown table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the claims."""
    from coregulation.regulation.claims import claim, claims, table

    chosen = tuple(claim(number) for number in args.numbers) or claims()
    if args.table:
        print(table(chosen))
        return
    for one in chosen:
        print(one)
