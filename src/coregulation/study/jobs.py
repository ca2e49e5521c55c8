"""Jobs that can be done again without harm, on one machine or on many, until each is done or has failed for good.

A job is done when its file is there, so a run goes on where it was stopped. A worker that dies takes its pool with it; what it was
doing is known from the notes of the jobs that had begun. Those are tried again one by one, so that no innocent job is blamed, and
a job that has killed three workers fails with that reason.
"""

from __future__ import annotations

import abc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coregulation.errors import DataError, UsageError
from coregulation.study.atomic import write_bytes

MAX_DEATHS = 3
"""Deaths of a worker after which the job that it was doing is given up."""
BATCH = 16
"""Jobs that a worker takes at a time: enough that handing them over costs little, few enough to share the last ones fairly."""

Progress = Callable[[str, int, int], None]


class AbstractJob(abc.ABC):
    """Something to be done once; a value that travels to other processes."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Unique among the jobs of its kind, and fit for the name of a file."""

    @abc.abstractmethod
    def is_done(self) -> bool:
        """Say whether its result is there."""

    @abc.abstractmethod
    def run(self) -> None:
        """Do it and write its result."""

    @abc.abstractmethod
    def give_up(self, deaths: int) -> None:
        """Write down that it killed so many workers."""


class AbstractEngine(abc.ABC):
    """Where jobs run."""

    @abc.abstractmethod
    def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
        """Run batches of jobs, each with the folder of its notes, and yield the number of jobs of each finished batch.

        Parameters
        ----------
        tasks
            Batches.
        workers
            At most so many; None for all.

        Yields
        ------
        int
            Jobs done.

        Raises
        ------
        WorkerDiedError
            If a worker died.
        """


class WorkerDiedError(Exception):
    """A worker process ended without an answer."""


@dataclass(frozen=True, slots=True)
class LocalEngine(AbstractEngine):
    """Processes on this machine.

    Parameters
    ----------
    workers
        Their number.
    """

    workers: int

    def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
        """Run batches in processes of this machine, each with one thread for linear algebra.

        joblib runs one worker's jobs in the calling process, where a job that dies would end the study. So there are always two
        processes, and with one worker only one of them has something to do at a time.
        """
        from joblib import Parallel, delayed, parallel_config
        from joblib.externals.loky.process_executor import BrokenProcessPool, TerminatedWorkerError

        count = workers or self.workers
        ahead = 1 if count == 1 else "2 * n_jobs"
        with parallel_config(backend="loky", n_jobs=max(2, count), inner_max_num_threads=1):
            try:
                yield from Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch=ahead)(
                    delayed(run_batch)(jobs, notes) for jobs, notes in tasks
                )
            except (TerminatedWorkerError, BrokenProcessPool) as error:
                raise WorkerDiedError from error


@dataclass(frozen=True, slots=True)
class DaskEngine(AbstractEngine):
    """An existing Dask cluster that shares the study's folder.

    Parameters
    ----------
    scheduler
        Its address, such as "tcp://10.0.0.5:8786".
    timeout
        How long to wait for its answer, s.
    """

    scheduler: str
    timeout: float = 10.0

    def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
        """Run batches on the cluster."""
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker

        try:
            client = Client(self.scheduler, timeout=self.timeout)
        except OSError as error:
            raise UsageError(
                "--scheduler {address}: no Dask scheduler answered within {seconds:g} s. Start one with `dask scheduler`, or "
                "leave out --engine to use this machine.",
                address=self.scheduler, seconds=self.timeout,
            ) from error  # fmt: skip
        with client:
            futures = [client.submit(run_batch, jobs, notes, pure=False, retries=0) for jobs, notes in tasks]
            try:
                for future in as_completed(futures):
                    yield future.result()
            except KilledWorker as error:
                raise WorkerDiedError from error


def run_batch(jobs: Sequence[AbstractJob], notes: str) -> int:
    """Do some jobs, with a note on disk while each is being done.

    Parameters
    ----------
    jobs
        What is to be done.
    notes
        Folder of the notes.

    Returns
    -------
    int
        How many were done.
    """
    for job in jobs:
        note = Path(notes) / job.name
        write_bytes(note, str(os.getpid()).encode())
        job.run()
        note.unlink(missing_ok=True)
    return len(jobs)


def run_jobs(what: str, jobs: Sequence[AbstractJob], engine: AbstractEngine, notes: Path, progress: Progress) -> None:
    """Run every job that is not done, however often a worker dies.

    Parameters
    ----------
    what
        For the progress.
    jobs
        All of them; those that are done are skipped.
    engine
        Where they run.
    notes
        Folder of the notes on jobs that have begun.
    progress
        Is called with what is done, how many, and of how many.
    """
    notes.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=notes))  # another call may fill the same folder of results
    try:
        _run_all(what, jobs, engine, own, progress)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _run_all(what: str, jobs: Sequence[AbstractJob], engine: AbstractEngine, notes: Path, progress: Progress) -> None:
    deaths: Counter[str] = Counter()
    waiting = [job for job in jobs if not job.is_done()]
    while waiting:
        _clear(notes)
        try:
            _run_once(what, waiting, len(jobs), engine, notes, deaths, progress)
            _need_results([job for job in waiting if not job.is_done()], notes.parent.parent)
        except WorkerDiedError:
            deaths.update(note.name for note in notes.iterdir())
        waiting = [job for job in waiting if not job.is_done()]
        for job in [job for job in waiting if deaths[job.name] >= MAX_DEATHS]:
            job.give_up(deaths[job.name])
            waiting.remove(job)
    progress(what, len(jobs), len(jobs))


def _run_once(
    what: str,
    waiting: Sequence[AbstractJob],
    total: int,
    engine: AbstractEngine,
    notes: Path,
    deaths: Counter[str],
    progress: Progress,
) -> None:
    suspects = [job for job in waiting if deaths[job.name]]
    others = [job for job in waiting if not deaths[job.name]]
    done = total - len(waiting)
    batches = [others[k : k + BATCH] for k in range(0, len(others), BATCH)]
    for finished in engine.run([(batch, str(notes)) for batch in batches]):
        done += finished
        progress(what, done, total)
    for suspect in suspects:  # alone, so that nobody else is in the same pool when it dies
        for finished in engine.run([([suspect], str(notes))], workers=1):
            done += finished
            progress(what, done, total)


def _need_results(missing: Sequence[AbstractJob], folder: Path) -> None:
    """Refuse to go round for ever where workers finished and their results are not here."""
    if missing:
        raise DataError(
            "{folder}: the workers finished, and {count} of their results are not in this folder; the first is of {first}. "
            "Choose a folder for the results that every worker sees under the same path.",
            folder=str(folder), count=len(missing), first=missing[0].name,
        )  # fmt: skip


def _clear(notes: Path) -> None:
    for note in notes.iterdir():
        note.unlink(missing_ok=True)
