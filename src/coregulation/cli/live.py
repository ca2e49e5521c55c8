"""`coregulation live`: two people, now, in a browser on this computer."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from coregulation.errors import UsageError

_ABOUT = """Open a room for two people on this computer: guide a practice, show what helps, keep what both agreed to keep, and report
honestly afterwards. Chest straps by the browser's Bluetooth (Chrome, Edge); a simulated pair works without any. Nothing
leaves this computer."""

_EXAMPLES = """examples:
  coregulation live
  coregulation live --port 9000 --no-browser
  coregulation live --host 192.168.1.20 --tls own       other devices in this room; they must trust this computer once
  coregulation live --host room.example --tls cert.pem key.pem

Ctrl-C ends it; sessions that are on go on at the next start."""

PORT = 8765
PASSPHRASE = "COREGULATION_PASSPHRASE"


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "live",
        help="two people, now: practise together and see it",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"where (default {PORT})")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    parser.add_argument("--store", metavar="DIR", help="the one folder in which sessions are kept")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="NAME",
        help="this computer's name or address for other devices; needs --tls",
    )
    parser.add_argument(
        "--tls", nargs="+", metavar="FILE", help='"own" (a certificate of its own), or a certificate and its key'
    )
    parser.add_argument(
        "--encrypted", action="store_true", help=f"keep sessions under a passphrase (asked for, or from {PASSPHRASE})"
    )
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
    given = os.environ.get(PASSPHRASE)
    if given is None:
        import getpass

        given = getpass.getpass("Passphrase of the store: ")
    if not given:
        raise UsageError("An empty passphrase protects nothing.")
    return given
