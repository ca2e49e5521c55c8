"""`coregulation live`: two people, now, in a browser on this computer."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import option, text
from coregulation.errors import UsageError

PORT = 8765
PASSPHRASE = "COREGULATION_PASSPHRASE"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "live")
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=option("port", port=str(PORT)))
    parser.add_argument("--no-browser", action="store_true", help=option("no-browser"))
    parser.add_argument("--store", metavar="DIR", help=option("store"))
    parser.add_argument("--host", default="127.0.0.1", metavar="NAME", help=option("host"))
    parser.add_argument("--tls", nargs="+", metavar="FILE", help=option("tls"))
    parser.add_argument("--encrypted", action="store_true", help=option("encrypted", variable=PASSPHRASE))
    parser.add_argument("--speed", type=float, default=1.0, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Serve until stopped by hand."""
    from coregulation.live.server.serving import ServeOptions, run_server

    if not 0 < args.port < 65536 or not 0 < args.speed <= 1000:
        raise UsageError("A port lies between 1 and 65535; {port} came.", port=args.port)
    folder = Path(args.store) if args.store else usual_folder()
    passphrase = _passphrase(args.encrypted)
    how = ServeOptions(folder, args.port, args.host, args.tls, passphrase, args.speed, browser=not args.no_browser)
    run_server(how, say=print)


def usual_folder() -> Path:
    """Return where sessions are kept on this system, unless another folder is given."""
    import sys

    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "coregulation"


def _passphrase(wanted: bool) -> str | None:
    if not wanted:
        return None
    passphrase = os.environ.get(PASSPHRASE)
    if passphrase is None:
        import getpass

        passphrase = getpass.getpass(f"{text('live.passphrase')} ")
    if not passphrase:
        raise UsageError("The passphrase is empty. Type at least one character, or leave out --encrypted.")
    return passphrase
