"""`coregulation help COMMAND`: the same as `coregulation COMMAND --help`."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import option


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "help")
    parser.add_argument("command", nargs="?", metavar="COMMAND", help=option("help-command"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the help that was asked for."""
    from coregulation.cli import parser

    parser().parse_args([*([args.command] if args.command else []), "--help"])
