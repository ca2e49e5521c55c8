"""`coregulation coin`: because of the partner, from cues that a coin decided."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import option


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "coin")
    parser.add_argument("visits", nargs="+", metavar="VISIT", help=option("coin-visits"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=option("coin-seed"))
    parser.add_argument("--json", action="store_true", help=option("json-only"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Read each visit and its coin, and say what the coin says."""
    import shutil
    import textwrap
    from pathlib import Path

    import msgspec

    from coregulation.analysis.coin import analyze_coin
    from coregulation.errors import UsageError
    from coregulation.io import open_session
    from coregulation.io.coin_log import COIN_LOG, read_coin_log
    from coregulation.io.text import missing_path
    from coregulation.report.catalogue import Catalogue

    visits = []
    for folder in map(Path, args.visits):
        if not folder.exists():
            raise missing_path(folder)
        if not (folder / COIN_LOG).is_file():
            raise UsageError(
                "{folder}: there is no {name} in this folder. Name the folder of a session in which a coin was used.",
                folder=str(folder), name=COIN_LOG,
            )  # fmt: skip
        visits.append((open_session(folder), read_coin_log(folder / COIN_LOG)))
    finding = analyze_coin(visits, seed=args.seed)
    if args.json:
        print(msgspec.json.format(msgspec.json.encode(finding), indent=1).decode())
        return
    width = min(shutil.get_terminal_size().columns, 100)
    for statement in finding.statements:
        print(textwrap.fill(Catalogue().sentence(statement), width))
