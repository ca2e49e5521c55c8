"""`coregulation completion SHELL`: a script that completes commands and options in a shell."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command

SHELLS = ("bash", "zsh", "tcsh")


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "completion")
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the script."""
    import shtab

    from coregulation.cli import parser

    print(shtab.complete(parser(), args.shell))
