"""The command line: each command is a module with `add(subparsers)`, which is cheap, and `run(args)`, which loads the rest.

Exit codes: 0 answered ("cannot tell" included), 2 the call is wrong, 3 the data are refused, 130 stopped by hand, 143 stopped by a
request to terminate.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any, TextIO, cast

from coregulation._version import __version__
from coregulation.cli.parsing import CommandParser
from coregulation.cli.words import option, text
from coregulation.errors import CoregulationError, UsageError
from coregulation.report.catalogue import Catalogue

COMMANDS = (
    "analyze",
    "study",
    "new_study",
    "bids",
    "journey",
    "natural",
    "coin",
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
ANSWERED, WRONG_CALL, REFUSED, STOPPED, TERMINATED = 0, 2, 3, 130, 143


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that knows no µ shows a question mark
    args = parser().parse_args(argv)
    end_on_sigterm()
    try:
        with plain_output():
            args.run(args)
            sys.stdout.flush()
    except CoregulationError as error:
        _complain(Catalogue().error(error))
        return WRONG_CALL if isinstance(error, UsageError) else REFUSED
    except KeyboardInterrupt:
        _complain(text("terminal.stopped"))
        return STOPPED
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise
        _complain(text("terminal.disk-full"))
        return REFUSED
    return ANSWERED


def _complain(sentence: str) -> None:
    from coregulation.report.plain_text import terminal_text

    print(f"coregulation: {terminal_text(sentence)}", file=sys.stderr)


def end_on_sigterm() -> None:
    """Let a request to terminate end the program in order, so that nothing half written stays."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(_number: int, _frame: object) -> None:
    sys.exit(TERMINATED)


class PlainOutput:
    """A stream on which names and labels from files cannot command the terminal.

    Parameters
    ----------
    stream
        Where the text goes; everything but writing text is left to it.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, raw: str) -> int:
        """Write text without control characters."""
        from coregulation.report.plain_text import terminal_text

        self._stream.write(terminal_text(raw))
        return len(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def plain_output() -> contextlib.AbstractContextManager[Any]:
    """Keep control characters that come from files away from the terminal, as long as a command runs."""
    return contextlib.redirect_stdout(cast(TextIO, PlainOutput(sys.stdout)))


def parser() -> CommandParser:
    """Return the parser of all commands; nothing heavy is imported for it."""
    top = CommandParser(
        prog="coregulation", description=text("about.coregulation"), epilog=text("examples.coregulation")
    )
    top.add_argument("--version", action="version", version=f"coregulation {__version__}", help=option("version"))
    subparsers = top.add_subparsers(title=text("help.commands"), metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"coregulation.cli.{name}").add(subparsers)
    return top
