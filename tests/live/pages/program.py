"""The real program behind the pages: `coregulation live` as a process of its own, some times faster than a clock."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.paths import ROOT

SOURCE = ROOT / "src"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Program:
    """Starts, tells its address, and can be killed and started again on the same port and store."""

    def __init__(self, store: Path, speed: float):
        self.store, self.speed, self.port = store, speed, free_port()
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self) -> Program:
        call = [sys.executable, "-m", "coregulation", "live", "--no-browser", "--port", str(self.port), "--store", str(self.store), "--speed", str(self.speed)]  # fmt: skip
        env = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(call, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout
        began, said = time.monotonic(), ""
        while time.monotonic() - began < 60:
            said += self.process.stdout.readline()
            if found := re.search(r"http://\S+#token=\S+", said):
                self.address = found.group(0)
                return self
        raise AssertionError(f"It did not start: {said}")

    @property
    def origin(self) -> str:
        return self.address.split("/#")[0]

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    def stop(self) -> str:
        assert self.process
        if self.process.poll() is None:
            self.process.terminate()
        try:
            said, _ = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            said, _ = self.process.communicate()
        return said
