"""Programs that start others: what becomes of these when the first is interrupted or killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.paths import ROOT

SCRIPT = """
import asyncio, os, signal, sys, time
if __name__ == "__main__":
    {begin}
    {then}
"""


def parent(folder: Path, begin: str, then: str, **how: Any) -> tuple[subprocess.Popen[str], int]:
    """Start a program that starts another and prints its number first."""
    script = folder / "parent.py"
    script.write_text(SCRIPT.format(begin=begin.strip(), then=then.strip()), encoding="utf-8")
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": paths}, **how,
    )  # fmt: skip
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def is_gone(number: int, seconds: float = 20.0) -> bool:
    """Whether a process ends soon; one that nobody waited for counts as ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{number}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
