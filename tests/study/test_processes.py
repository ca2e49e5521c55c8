"""Work over processes gives every result once, and no process outlives the program, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from coregulation.study.processes import spread
from tests.paths import ROOT

PROGRAM = """
import os, sys, time
from coregulation.cli import end_on_sigterm
from coregulation.study.processes import spread

def work(task):
    os.write(1, f"{os.getpid()}\\n".encode())  # in one piece
    time.sleep(60)

if __name__ == "__main__":
    end_on_sigterm()
    try:
        for _ in spread(work, [1, 2], 2):
            pass
    except KeyboardInterrupt:
        sys.exit(130)
"""


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_done_once(jobs: int):
    with closing(spread(square, [3, 4, 5], jobs)) as running:
        assert sorted(running) == [(0, 9), (1, 16), (2, 25)]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _hear_interrupts() -> None:
    """Undo what a shell does to programs in the background: it makes them deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_workers_end_with_the_program(sent: signal.Signals, code: int, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=_hear_interrupts
    ) as program:
        assert program.stdout is not None
        workers = [int(program.stdout.readline()) for _ in range(2)]
        assert all(map(alive, workers))
        program.send_signal(sent)
        assert program.wait(30) == code
    until = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, workers))
