"""`coregulation claims`: what is said about co-regulation, claim by claim, with what evidence there is."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import option


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "claims")
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help=option("claims-numbers"))
    parser.add_argument("--table", action="store_true", help=option("claims-table"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the claims."""
    from coregulation.regulation.claims import claim, claims
    from coregulation.report.claims_text import claim_lines, claims_table
    from coregulation.report.text_table import terminal_width

    chosen = tuple(claim(number) for number in args.numbers) or claims()
    if args.table:
        print(claims_table(chosen))
        return
    for item in chosen:
        print("\n".join(claim_lines(item, terminal_width())))
