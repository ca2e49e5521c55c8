"""The peers' answers, from a Python of their own: `PEERS_PYTHON=…/bin/python make bench`; without it, ours, where none may be."""

from __future__ import annotations

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench import detectors
from coregulation.signals import Floats

PYTHON = os.environ.get("PEERS_PYTHON", sys.executable)
PROGRAM = pathlib.Path(__file__).with_name("detectors.py")
CELLS = pathlib.Path(__file__).parents[1] / "out" / "peers"
ABSENT = "not installed here"


@dataclass(frozen=True)
class Answers:
    """What one detector found: beats of each signal, in s, and the processor's seconds for all of them."""

    beats: tuple[Floats, ...]
    seconds: float


def answers(signals: Sequence[tuple[Floats, float]], *wanted: str) -> dict[str, Answers | None]:
    """Return what each peer finds in signals (values without gaps, Hz); None where it is not installed."""
    names = wanted or tuple(detectors.PEERS)
    cell = CELLS / f"{_key(signals, names)}.npz"
    if not cell.exists():
        _run(signals, wanted, cell)
    with np.load(cell) as found:
        return {name: _of(found, name, len(signals)) if f"{name}|seconds" in found else None for name in names}


def _key(signals: Sequence[tuple[Floats, float]], names: tuple[str, ...]) -> str:
    """Return what the answers hang on: the signals, the program that asks the peers, and which Python has them."""
    digest = hashlib.sha256(PROGRAM.read_bytes() + repr((names, PYTHON)).encode())
    for values, rate in signals:
        digest.update(np.asarray(values, float).tobytes() + repr(rate).encode())
    return digest.hexdigest()[:24]


def _run(signals: Sequence[tuple[Floats, float]], wanted: tuple[str, ...], cell: pathlib.Path) -> None:
    """Ask the peers, and keep their answers, so that a table that was stopped goes on where it was."""
    cell.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        given, out = pathlib.Path(folder) / "signals.npz", pathlib.Path(folder) / "found.npz"
        arrays = {f"values_{number}": values for number, (values, _) in enumerate(signals)}
        rates = {f"rate_{number}": np.array(rate) for number, (_, rate) in enumerate(signals)}
        np.savez(given, **arrays, **rates)
        subprocess.run([PYTHON, PROGRAM, given, out, *wanted], check=True, stdout=subprocess.DEVNULL)
        shutil.move(out, cell)


def _of(found: np.lib.npyio.NpzFile, name: str, count: int) -> Answers:
    beats = tuple(found[f"{name}|{number}|beats"] for number in range(count))
    return Answers(beats, float(found[f"{name}|seconds"]))
