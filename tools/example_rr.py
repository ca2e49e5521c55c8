"""Write examples/ada_rr.txt and ben_rr.txt: RR intervals (ms) of a simulated pair whose hearts are linked, as a strap's app exports them.

Run from the repository: python tools/example_rr.py. The files are simulated, and the page beside them says so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coregulation.simulate.linkage import simulated_pair
from coregulation.simulate.simulated_person import pulses

FOLDER = Path(__file__).resolve().parents[1] / "examples"


def example_rr() -> dict[str, str]:
    """Return the content of each file by its name: one whole number of milliseconds per line."""
    session, _ = simulated_pair(seconds=720.0)
    rng = np.random.default_rng(1)
    out = {}
    for recording in session.recordings:
        signal = recording.signals["heart_rate"]
        beats = pulses(signal.values, signal.rate, 0.004, rng)
        intervals = np.rint(1000 * np.diff(beats)).astype(int)
        out[f"{recording.person.id}_rr.txt"] = "".join(f"{value}\n" for value in intervals)
    return out


def main() -> None:
    """Write the files."""
    for name, text in example_rr().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
