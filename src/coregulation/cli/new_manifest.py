"""`coregulation new-manifest`: a first session.toml from the files somebody has."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.errors import UsageError

_ABOUT = """Write a first session.toml from what the files tell. What they cannot tell (units, rates, who is who) is left as
lines that begin with FILL IN; the manifest is refused until they are filled in."""

_EXAMPLES = """examples:
  coregulation new-manifest ada.csv ben.csv                    one file for each person; writes session.toml beside them
  coregulation new-manifest pair.csv --out visit-1/session.toml
  coregulation new-manifest pair.csv --out -                   print it instead
"""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "new-manifest",
        help="write a first session.toml from the files you have",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="one table, or one file for each person")
    parser.add_argument(
        "--out", metavar="FILE", help="where to write it (default session.toml beside the first; - prints)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write or print the manifest."""
    from pathlib import Path

    from coregulation.io import new_manifest
    from coregulation.io.manifest import FILL_IN, MANIFEST

    if args.out == "-":
        print(new_manifest(args.files, Path.cwd()), end="")
        return
    path = Path(args.files[0]).parent / MANIFEST if args.out is None else Path(args.out)
    text = new_manifest(args.files, path.parent)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError("{path} is there already; choose another place with --out.", path=str(path)) from error
    except OSError as error:
        raise UsageError(
            "{path} could not be written ({strerror}); choose another place with --out.",
            path=str(path),
            strerror=error.strerror,
        ) from error
    print(f"Wrote {path}. Fill in the {text.count(FILL_IN)} lines that begin with {FILL_IN}, then:")
    print(f"  coregulation inspect {path}")
