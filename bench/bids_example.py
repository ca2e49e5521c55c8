"""An example data set of a dyad in BIDS, and what the validator says of it.

`python -m bench.bids_example FOLDER` simulates a pair, writes it to FOLDER as a BIDS data set, reads it back, and writes
docs/generated/bids.md. The signals come from a simulation, which the data set says; it may be offered to anyone (CC0).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.tables import written
from coregulation.io import open_session
from coregulation.io.writers.bids import DatasetProvenance, write_bids
from coregulation.session import Session
from coregulation.simulate.scenarios import load_scenario, simulate
from coregulation.simulate.sensor_sets import sensor_set

SCENARIO, SEED = "attunement", 1
AUTHORS = ("Who offers it", "Who wrote coregulation")


def example(folder: Path) -> Session:
    """Simulate a pair and write it as a data set."""
    session, _ = simulate(load_scenario(SCENARIO), seed=SEED, wearing=sensor_set("full"))
    folder.mkdir(parents=True)
    write_bids(session, folder, DatasetProvenance(AUTHORS, "CC0"))
    return session


def is_equal(session: Session, back: Session) -> bool:
    """Return whether every value, beat and time came back to the bit."""
    for own, other in zip(session.recordings, back.recordings, strict=True):
        if set(own.channels) != set(other.channels):
            return False
        for name, signal in own.signals.items():
            read = other.signals[name]
            if (signal.rate, signal.start) != (read.rate, read.start):
                return False
            if not np.array_equal(signal.values, read.values, equal_nan=True):
                return False
        if own.beats is not None and (other.beats is None or not np.array_equal(own.beats.times, other.beats.times)):
            return False
    return True


def table(folder: Path) -> Iterator[str]:
    session = example(folder)
    back = open_session(folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    size = sum((folder / name).stat().st_size for name in files)
    yield f"{len(files)} files, {size / 1e6:.1f} MB; read back equal to the bit: {'yes' if is_equal(session, back) else 'NO'}."
    yield ""
    yield "```text"
    yield from files
    yield "```"
    yield ""
    issues = validate(folder)
    errors = sum(issue["severity"] == "error" for issue in issues)
    yield f"The validator ({version()}): {errors} errors."
    yield ""
    yield "| severity | code | what | files |"
    yield "|---|---|---|---|"
    counts = Counter((issue["severity"], issue["code"], issue.get("subCode") or "") for issue in issues)
    for (severity, code, what), count in sorted(counts.items()):
        yield f"| {severity} | {code} | {what} | {count} |"


def _validator() -> str:
    found = shutil.which(
        "bids-validator-deno", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if found is None:
        raise SystemExit("bids-validator-deno is not installed: make setup")
    return found


def version() -> str:
    """Return the validator's name and version."""
    from importlib import metadata

    return f"bids-validator-deno {metadata.version('bids-validator-deno')}"


def validate(folder: Path) -> list[dict[str, str]]:
    """Return the validator's issues."""
    run = subprocess.run(
        [_validator(), str(folder), "--format", "json"], capture_output=True, text=True, timeout=300, check=False
    )
    issues: list[dict[str, str]] = json.loads(run.stdout)["issues"]["issues"]
    return issues


def main(folder: str) -> None:
    written("bids", "python -m bench.bids_example FOLDER", table(Path(folder)), f"scenario {SCENARIO}, seed {SEED}")


if __name__ == "__main__":
    main(*sys.argv[1:])
