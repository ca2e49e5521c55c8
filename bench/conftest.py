"""What a timing needs beside it to mean anything: the machine, its load and the versions; and the peers' table."""

import os
import platform
from importlib import metadata
from typing import Any

import pytest

from bench import peers

LIBRARIES = ("coregulation", "numpy", "scipy", "numba")


def facts() -> dict[str, Any]:
    versions = {name: metadata.version(name) for name in LIBRARIES}
    load = [round(x, 2) for x in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {"cores": os.cpu_count(), "load": load, "python": platform.python_version(), **versions}


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    machine_info.update(facts())


def pytest_report_header() -> str:
    return "machine: " + ", ".join(f"{name} {value}" for name, value in facts().items())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if terminalreporter.stats.get("passed"):
        terminalreporter.section("the same work elsewhere, in this run")
        for line in peers.table(peers.WORKS):
            terminalreporter.write_line(line)
