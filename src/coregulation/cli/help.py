"""`coregulation help COMMAND`: the same as `coregulation COMMAND --help`."""

from __future__ import annotations

import argparse
from typing import Any


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("help", help="explain a command", epilog="example:\n  coregulation help analyze")
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="which one; without it, the overview")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the help that was asked for."""
    from coregulation.cli import parser

    parser().parse_args([*([args.command] if args.command else []), "--help"])
