"""The command line: each command is a module with `add(subparsers)`, which is cheap, and `run(args)`, which loads the rest.

Exit codes: 0 answered ("cannot tell" included), 2 the call is wrong, 3 the data are refused, 130 stopped by hand.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

from coregulation._version import __version__
from coregulation.cli.parsing import CommandParser
from coregulation.errors import CoregulationError, UsageError

COMMANDS = (
    "analyze",
    "journey",
    "demo",
    "live",
    "simulate",
    "power",
    "inspect",
    "new_manifest",
    "beats",
    "convert",
    "calibrate",
    "claims",
    "cite",
    "help",
    "completion",
)  # modules, in the order of --help
ANSWERED, WRONG_CALL, REFUSED, STOPPED = 0, 2, 3, 130

_ABOUT = """From two or more people's body signals to an honest answer: do they move together beyond chance, or not, and who
steadies whom. A research instrument; not a medical device, no diagnosis."""

_EXAMPLES = """examples:
  coregulation inspect ada.csv                       what is in a file?
  coregulation new-manifest ada.csv ben.csv          a first session.toml, to fill in
  coregulation help analyze                          every option of a command, with examples

exit codes:
  0    answered; "cannot tell" is an answer
  2    the call is wrong
  3    the data are refused
  130  stopped with Ctrl-C
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that knows no µ shows a question mark
    args = parser().parse_args(argv)
    try:
        args.run(args)
        sys.stdout.flush()
    except CoregulationError as error:
        from coregulation.report.catalogue import Catalogue

        print(f"coregulation: {Catalogue().error(error)}", file=sys.stderr)
        return WRONG_CALL if isinstance(error, UsageError) else REFUSED
    except KeyboardInterrupt:
        print("coregulation: stopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ANSWERED


def parser() -> CommandParser:
    """Return the parser of all commands; nothing heavy is imported for it."""
    top = CommandParser(prog="coregulation", description=_ABOUT, epilog=_EXAMPLES)
    top.add_argument("--version", action="version", version=f"coregulation {__version__}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"coregulation.cli.{name}").add(subparsers)
    return top
