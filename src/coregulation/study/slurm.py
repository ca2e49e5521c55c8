"""Jobs as a Slurm array: one task per batch, submitted with `sbatch --wait`, on nodes that share the study's folder."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from coregulation.errors import UsageError
from coregulation.study.atomic import write_bytes
from coregulation.study.jobs import AbstractEngine, AbstractJob, WorkerDiedError, run_batch
from coregulation.study.steps import PrepareJob, ValueJob

MAX_TASKS = 1000
"""Tasks of one array; Slurm's own default limit (MaxArraySize) is 1,001. More batches share tasks."""

_SCRIPT = """#!/bin/sh
#SBATCH --job-name=coregulation
#SBATCH --array=0-{last}
#SBATCH --output={folder}/%a.log
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 exec {python} -m coregulation.study.slurm {folder}/$SLURM_ARRAY_TASK_ID.task
"""


class SlurmTask(msgspec.Struct, frozen=True):
    """What one task of an array does.

    Parameters
    ----------
    notes
        Folder of the notes.
    prepare, compare
        Jobs of either kind.
    """

    notes: str
    prepare: tuple[PrepareJob, ...]
    compare: tuple[ValueJob, ...]


@dataclass(frozen=True, slots=True)
class SlurmEngine(AbstractEngine):
    """A Slurm cluster.

    Parameters
    ----------
    folder
        For the array's script, tasks and logs; every node sees it under the same path.
    options
        More options of `sbatch`, such as `--partition=short`.
    """

    folder: str
    options: tuple[str, ...] = ()

    def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
        """Submit one array and wait for it; a task that failed counts as a worker that died."""
        if not tasks:
            return
        command = self._command(tasks, workers)
        if subprocess.run(command, check=False).returncode:
            raise WorkerDiedError
        yield sum(len(jobs) for jobs, _ in tasks)

    def _command(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None) -> list[str]:
        sbatch = shutil.which("sbatch")
        if sbatch is None:
            raise UsageError(
                "--engine slurm: there is no sbatch on this machine. Run this on a login node of the cluster, or leave out "
                "--engine to use this machine."
            )
        count = min(len(tasks), workers or MAX_TASKS)
        for number in range(count):
            write_bytes(Path(self.folder) / f"{number}.task", msgspec.json.encode(_task(tasks[number::count])))
        text = _SCRIPT.format(last=count - 1, folder=shlex.quote(self.folder), python=shlex.quote(sys.executable))
        script = Path(self.folder) / "array.sh"
        write_bytes(script, text.encode())
        return [sbatch, "--wait", *self.options, str(script)]


def _task(batches: Sequence[tuple[Sequence[AbstractJob], str]]) -> SlurmTask:
    jobs = [job for batch, _ in batches for job in batch]
    return SlurmTask(
        batches[0][1],
        tuple(job for job in jobs if isinstance(job, PrepareJob)),
        tuple(job for job in jobs if isinstance(job, ValueJob)),
    )


def run_task(path: Path) -> None:
    """Run one task of an array.

    Parameters
    ----------
    path
        Its file, which the submitting program wrote.
    """
    task = msgspec.json.decode(path.read_bytes(), type=SlurmTask)
    run_batch((*task.prepare, *task.compare), task.notes)


if __name__ == "__main__":
    run_task(Path(sys.argv[1]))
