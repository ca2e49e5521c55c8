"""`coregulation new-manifest`: a first session.toml from the files somebody has."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.words import option, text
from coregulation.errors import UsageError


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "new-manifest")
    parser.add_argument("files", nargs="+", metavar="FILE", help=option("manifest-files"))
    parser.add_argument("--out", metavar="FILE", help=option("manifest-out"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write or print the manifest."""
    from pathlib import Path

    from coregulation.io import new_manifest
    from coregulation.io.manifest import FILL_IN, MANIFEST
    from coregulation.report.catalogue import Catalogue

    if args.out == "-":
        print(new_manifest(args.files, Path.cwd(), Catalogue().translate), end="")
        return
    path = Path(args.files[0]).parent / MANIFEST if args.out is None else Path(args.out)
    manifest = new_manifest(args.files, path.parent, Catalogue().translate)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(manifest)
    except FileExistsError as error:
        raise UsageError("{path} exists already. Choose another place with --out.", path=str(path)) from error
    except OSError as error:
        raise UsageError(
            "{path} could not be written ({strerror}); choose another place with --out.",
            path=str(path),
            strerror=error.strerror,
        ) from error
    say(text("manifest.written", path=path, count=manifest.count(FILL_IN), mark=FILL_IN))
    print(f"  coregulation inspect {path}")
