"""`coregulation calibrate`: the size and power of every printed p, measured on simulated pairs."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.analyze import jobs
from coregulation.cli.output import say
from coregulation.cli.parsing import add_command
from coregulation.cli.progress import bar
from coregulation.cli.words import option, text
from coregulation.errors import UsageError


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "calibrate")
    parser.add_argument("--pairs", type=int, default=105, metavar="N", help=option("calibrate-pairs"))
    parser.add_argument("--law", action="append", default=[], metavar="NAME", help=option("calibrate-law"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=option("calibrate-seed"))
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help=option("jobs-processes"))
    parser.add_argument("--kept", metavar="FILE", help=option("calibrate-kept"))
    parser.add_argument("--out", metavar="FILE", help=option("calibrate-out"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the table."""
    from pathlib import Path

    from coregulation.io.text import missing_path
    from coregulation.study.calibration import TOLERATED, Calibrate, calibration_cases
    from coregulation.study.kept_batches import KeptBatches

    if args.pairs < 1:
        raise UsageError("--pairs {pairs}: a number from 1 up was expected.", pairs=args.pairs)
    if args.seed < 0:
        raise UsageError("--seed {seed}: a whole number from 0 up was expected.", seed=args.seed)
    for path in (args.out, args.kept):
        if path and not Path(path).parent.is_dir():  # said now, not after hours
            raise missing_path(Path(path).parent)
    laws = tuple(calibration_cases(args.law))
    with bar() as progress:
        kept = KeptBatches(Path(args.kept)) if args.kept else None
        calibration = Calibrate(pairs=args.pairs, seed=args.seed, laws=laws)(jobs(args.jobs), progress, kept)
    words = "".join(f" --law {name}" for name in args.law)
    call = f"coregulation calibrate --pairs {calibration.pairs} --seed {calibration.seed}{words}"
    facts = {"call": call, "tolerated": TOLERATED, "cells": len(calibration.sizes)}
    worst = [f"{cell.law}: {cell.answer}" for cell in calibration.too_large]
    key = "calibrate.too-large" if worst else "calibrate.none-too-large"
    note = text(key, **facts, worst=", ".join(worst))
    if args.out:
        Path(args.out).write_text(f"{calibration.markdown()}\n\n{note}\n", encoding="utf-8")
    print(f"{calibration.markdown()}\n")
    say(note)
