"""Write a session of every kind of pair that the simulator knows: `python -m tests.recorded.known_pairs FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from coregulation.io import write_session
from coregulation.simulate.confounds import KNOWN, known_answer


def write_pairs(folder: Path) -> None:
    """Write one folder for each kind of pair.

    Parameters
    ----------
    folder
        Where they go; must not exist.
    """
    for name in KNOWN:
        write_session(known_answer(name, 1)[0], folder / name)


if __name__ == "__main__":
    write_pairs(Path(sys.argv[1]))
