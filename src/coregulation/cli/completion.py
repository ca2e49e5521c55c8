"""`coregulation completion SHELL`: a script that completes commands and options in a shell."""

from __future__ import annotations

import argparse
from typing import Any

SHELLS = ("bash", "zsh", "tcsh")

_EXAMPLES = """examples:
  coregulation completion bash > ~/.local/share/bash-completion/completions/coregulation
  coregulation completion zsh > ~/.zfunc/_coregulation"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("completion", help="print a script for completion in your shell", epilog=_EXAMPLES)
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the script."""
    import shtab

    from coregulation.cli import parser

    print(shtab.complete(parser(), args.shell))
