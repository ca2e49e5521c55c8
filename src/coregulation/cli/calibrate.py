"""`coregulation calibrate`: the size and power of every printed p, measured on simulated pairs."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.analyze import jobs
from coregulation.cli.progress import bar
from coregulation.errors import UsageError

_ABOUT = """Draw pairs whose linkage is known, analyse each as a user would, and count: how often does each printed p reject where it
must not (its size), where it should (its power), and how often is nothing said? Prints a table; --out keeps it."""


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "calibrate",
        help="measure the size and power of every printed p",
        description=_ABOUT,
        epilog="examples:\n  coregulation calibrate --pairs 42\n  coregulation calibrate --law common-trend --law power-law\n  coregulation calibrate --pairs 4000 --jobs 2 --out calibration.md",
    )
    parser.add_argument("--pairs", type=int, default=105, help="simulated pairs of each law (default 105)")
    parser.add_argument(
        "--law",
        action="append",
        default=[],
        metavar="NAME",
        help="only this law of series; may be repeated (default all)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the draws and the surrogates (default 1)")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one for each core)")
    parser.add_argument(
        "--kept", metavar="FILE",
        help="keep each finished batch here (JSON lines), and go on from those that the same code and settings made",
    )  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="write the table here as well (Markdown)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the table."""
    from pathlib import Path

    from coregulation.study.calibration import TOLERATED, Calibrate, calibration_cases
    from coregulation.study.kept_batches import KeptBatches

    if args.pairs < 1:
        raise UsageError("--pairs {pairs}: a number from 1 up was expected.", pairs=args.pairs)
    if args.seed < 0:
        raise UsageError("--seed {seed}: a whole number from 0 up was expected.", seed=args.seed)
    if args.out and not Path(args.out).absolute().parent.is_dir():  # said now, not after hours
        raise UsageError("--out {path}: there is no such folder to write into.", path=args.out)
    if args.kept and not Path(args.kept).absolute().parent.is_dir():
        raise UsageError("--kept {path}: there is no such folder to write into.", path=args.kept)
    laws = tuple(calibration_cases(args.law))
    with bar() as progress:
        kept = KeptBatches(Path(args.kept)) if args.kept else None
        calibration = Calibrate(pairs=args.pairs, seed=args.seed, laws=laws)(jobs(args.jobs), progress, kept)
    words = "".join(f" --law {name}" for name in args.law)
    call = f"coregulation calibrate --pairs {calibration.pairs} --seed {calibration.seed}{words}"
    worst = ", ".join(f"{cell.law}: {cell.answer}" for cell in calibration.too_large) or "none"
    text = (
        f"{calibration.markdown()}\n\nFrom `{call}`. Cells that surely reject more often than {TOLERATED:g} where they must not "
        f"(simultaneous 99 % bound over {len(calibration.sizes)} cells): {worst}."
    )
    if args.out:
        Path(args.out).write_text(text + "\n", encoding="utf-8")
    print(text)
