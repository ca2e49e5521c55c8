"""A Slurm array with a stand-in for `sbatch` that runs every task here, one after the other."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from coregulation.errors import UsageError
from coregulation.study.slurm import SlurmEngine
from tests.study.folders import write_study
from tests.study.test_running import study

_SBATCH = """#!/bin/sh
for script; do :; done
last=$(sed -n 's/^#SBATCH --array=0-//p' "$script")
echo "$@" >> "$(dirname "$script")/calls"
for k in $(seq 0 "$last"); do SLURM_ARRAY_TASK_ID=$k sh "$script" || failed=1; done
exit ${failed:-0}
"""


@pytest.fixture
def sbatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "sbatch"
    program.parent.mkdir()
    program.write_text(_SBATCH)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


@pytest.mark.skipif(os.name == "nt", reason="Slurm does not run on Windows")
def test_an_array_gives_what_this_machine_gives(tmp_path: Path, sbatch: Path):
    data = write_study(tmp_path / "data", 6, seconds=150)
    engine = SlurmEngine(str(tmp_path / "array"), ("--partition=short",))
    assert study(data, tmp_path / "there", engine=engine) == study(data, tmp_path / "here")
    calls = (tmp_path / "array" / "calls").read_text().splitlines()
    assert len(calls) == 2
    assert all(call.startswith("--wait --partition=short") for call in calls)


def test_a_machine_without_sbatch_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    data = write_study(tmp_path / "data", 5, seconds=150)
    with pytest.raises(UsageError, match="login node"):
        study(data, tmp_path / "out", engine=SlurmEngine(str(tmp_path / "array")))
