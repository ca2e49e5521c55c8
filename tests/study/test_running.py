"""A study run as a laboratory would: to the end, again, stopped, with workers that die, on a cluster, with bad sessions."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.report.catalogue import Catalogue
from coregulation.study.jobs import MAX_DEATHS, AbstractEngine, AbstractJob, LocalEngine, run_batch, run_jobs
from coregulation.study.output import write_study as write_results
from coregulation.study.plan import ExcludedSession, StudyPlan
from coregulation.study.reasons import StudyReason
from coregulation.study.result import StudyResult
from coregulation.study.running import run_study
from coregulation.study.session_table import SessionTable
from coregulation.study.sources import find_sources
from tests.study.folders import READING, write_pair, write_study

PLAN = StudyPlan(permutations=199, signals=("heart_rate",))


@dataclass(frozen=True, slots=True)
class Here(AbstractEngine):
    """Runs jobs in this process."""

    def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
        for jobs, notes in tasks:
            yield run_batch(jobs, notes)


def study(
    data: Path,
    out: Path,
    plan: StudyPlan = PLAN,
    engine: AbstractEngine | None = None,
    table: SessionTable | None = None,
) -> StudyResult:
    sources = find_sources([data], READING)
    return run_study(sources, plan, table or SessionTable({}), out, engine or Here(), lambda *_: None)


def results(out: Path) -> dict[str, bytes]:
    names = ("study.json", "answers.csv", "sessions.csv", "left_out.csv", "sessions.parquet")
    return {name: (out / name).read_bytes() for name in names}


def reasons(result: StudyResult) -> dict[str, str]:
    return {item.session: item.reason.code for item in result.left_out}


def test_linked_pairs_are_more_alike_than_strangers_and_others_are_not(tmp_path: Path):
    linked = study(write_study(tmp_path / "linked", 12, link=0.6), tmp_path / "a")
    apart = study(write_study(tmp_path / "apart", 12), tmp_path / "b")
    (shown,), (hidden,) = linked.answers, apart.answers
    assert shown.estimate is not None
    assert hidden.estimate is not None
    assert shown.estimate.p <= 0.01
    assert shown.estimate.difference > 0.3
    assert hidden.estimate.p > 0.05


def test_a_finished_study_is_not_run_again_and_a_changed_file_is(tmp_path: Path):
    data = write_study(tmp_path / "data", 6)
    first = study(data, tmp_path / "out")
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("prepared.bin")}
    assert study(data, tmp_path / "out") == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("prepared.bin")} == written
    write_pair(data / "pair-003.csv", np.random.default_rng(99))
    changed = study(data, tmp_path / "out")
    assert changed.rows[3] != first.rows[3]
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("prepared.bin")}
    assert [path.parent.name for path in again if again[path] != written[path]] == ["pair-003_"]


def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(tmp_path: Path):
    data = write_study(tmp_path / "data", 8)
    whole = study(data, tmp_path / "whole")
    write_results(whole, tmp_path / "whole", Catalogue())

    @dataclass(frozen=True, slots=True)
    class Stops(Here):
        def run(self, tasks: Sequence[tuple[Sequence[AbstractJob], str]], workers: int | None = None) -> Iterator[int]:
            (jobs, notes), *_ = tasks
            yield run_batch(jobs[:3], notes)
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            study(data, tmp_path / "out", engine=Stops())
    write_results(study(data, tmp_path / "out"), tmp_path / "out", Catalogue())
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_one_worker_two_and_a_cluster_give_the_same_bytes(tmp_path: Path):
    from distributed import LocalCluster

    from coregulation.study.jobs import DaskEngine

    data = write_study(tmp_path / "data", 8, seconds=150)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        engines = {"here": Here(), "two": LocalEngine(2), "cluster": DaskEngine(cluster.scheduler_address)}
        for name, engine in engines.items():
            write_results(study(data, tmp_path / name, engine=engine), tmp_path / name, Catalogue())
    assert results(tmp_path / "two") == results(tmp_path / "here")
    assert results(tmp_path / "cluster") == results(tmp_path / "here")


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path):
    from coregulation.study.jobs import DaskEngine

    data = write_study(tmp_path / "data", 6, seconds=150)
    with pytest.raises(UsageError, match="no Dask scheduler answered"):
        study(data, tmp_path / "out", engine=DaskEngine("tcp://127.0.0.1:9", timeout=1.0))


@dataclass(frozen=True, slots=True)
class Deadly(AbstractJob):
    """A job that kills its worker so many times, or for ever, and then writes its file."""

    folder: str
    number: int
    kills: int

    @property
    def name(self) -> str:
        return f"job-{self.number}"

    def is_done(self) -> bool:
        return (Path(self.folder) / self.name).exists()

    def run(self) -> None:
        tried = Path(self.folder) / f"tried-{self.number}"
        count = len(tried.read_text()) if tried.exists() else 0
        tried.write_text("x" * (count + 1))
        if count < self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        (Path(self.folder) / self.name).write_text("done")

    def give_up(self, deaths: int) -> None:
        (Path(self.folder) / self.name).write_text(f"given up after {deaths}")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_job_that_kills_workers_is_given_up_and_no_other_is_blamed(tmp_path: Path):
    jobs = [Deadly(str(tmp_path), k, {4: 99}.get(k, 0)) for k in range(24)]
    run_jobs("jobs", jobs, LocalEngine(2), tmp_path / "notes", lambda *_: None)
    ends = [(tmp_path / f"job-{k}").read_text() for k in range(24)]
    assert ends[4] == f"given up after {MAX_DEATHS}"
    assert ends[:4] + ends[5:] == ["done"] * 23


def test_a_plan_that_changed_is_refused_with_the_difference(tmp_path: Path):
    data = write_study(tmp_path / "data", 6, seconds=150)
    study(data, tmp_path / "out")
    with pytest.raises(UsageError, match=r"lag \(0.0, now 2.0\)"):
        study(data, tmp_path / "out", StudyPlan(permutations=199, signals=("heart_rate",), lag=2.0))


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path):
    data = write_study(tmp_path / "data", 6, seconds=150)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        study(data, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.docx"]


def test_bad_sessions_are_rows_with_their_reason_and_the_others_go_on(tmp_path: Path):
    data = write_study(tmp_path / "data", 8, seconds=200)
    shutil.copy(data / "pair-001.csv", data / "twin.csv")
    (data / "cut.csv").write_text("a,b\n", encoding="utf-8")
    (data / "short.csv").write_text("a,b\n" + "\n".join(f"{60 + k % 7},{70 + k % 5}" for k in range(50)))
    rows = (data / "pair-002.csv").read_text().splitlines()
    (data / "flat.csv").write_text("\n".join([rows[0], *(f"70,{row.split(',')[1]}" for row in rows[1:-1])]))
    result = study(data, tmp_path / "out")
    assert reasons(result)["pair-001"] == reasons(result)["twin"] == StudyReason.COPIED
    assert reasons(result)["short"] == StudyReason.TOO_SHORT
    assert reasons(result)["flat"] in (StudyReason.ONE_SIGNAL_MISSING, StudyReason.COPIED)
    assert "cut" in reasons(result)
    (answer,) = result.answers
    assert answer.estimate is not None
    assert answer.estimate.pairs >= 6
    write_results(result, tmp_path / "out", Catalogue())
    assert json.loads((tmp_path / "out" / "study.json").read_text())["schema"] == "coregulation.study-result/1"


def test_what_the_plan_excludes_is_left_out_with_its_reason(tmp_path: Path):
    data = write_study(tmp_path / "data", 7, seconds=150)
    plan = StudyPlan(permutations=199, exclude=(ExcludedSession("pair-002", "strap fell off"),))
    assert reasons(study(data, tmp_path / "out", plan)) == {"pair-002": StudyReason.EXCLUDED}
    wrong = StudyPlan(permutations=199, exclude=(ExcludedSession("pair-02", "strap fell off"),))
    with pytest.raises(UsageError, match="pair-02"):
        study(data, tmp_path / "other", wrong)


@pytest.mark.parametrize(("pairs", "answered"), [(4, False), (5, True)])
def test_five_pairs_are_needed(tmp_path: Path, pairs: int, answered: bool):
    (answer,) = study(write_study(tmp_path / "data", pairs, seconds=150), tmp_path / "out").answers
    assert (answer.estimate is not None) is answered
    assert answer.refused is None or answer.refused.code == StudyReason.FEW_PAIRS


def test_a_study_in_which_nothing_can_be_used_says_why(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("a,b\n")
    with pytest.raises(DataError, match="No session of this study can be used"):
        study(tmp_path / "data", tmp_path / "out")


def test_sessions_of_one_pair_are_one_pair_and_no_strangers(tmp_path: Path):
    data = write_study(tmp_path / "data", 10, seconds=150)
    rows = {f"pair-{k:03}": {"session": f"pair-{k:03}", "pair": f"couple-{k // 2}"} for k in range(10)}
    result = study(data, tmp_path / "out", table=SessionTable(rows, ("session", "pair")))
    (answer,) = result.answers
    assert answer.estimate is not None
    assert answer.estimate.pairs == 5
    assert {row.stand_ins for row in result.rows} == {8}


def test_a_condition_with_one_pair_and_a_constant_covariate_are_told(tmp_path: Path):
    data = write_study(tmp_path / "data", 7, seconds=150)
    rows = {f"pair-{k:03}": {"session": f"pair-{k:03}", "task": "talk" if k else "rest", "age": "30"} for k in range(7)}
    plan = StudyPlan(permutations=199, condition="task", covariates=("age",))
    result = study(data, tmp_path / "out", plan, table=SessionTable(rows, ("session", "task", "age")))
    by_condition = {answer.condition: answer for answer in result.answers}
    assert by_condition["rest"].estimate is None
    assert by_condition["talk"].estimate is not None
    assert [reason.code for reason in result.refused] == ["study.contrast-refused", *["study.association-refused"] * 2]


@dataclass(frozen=True, slots=True)
class Elsewhere(Deadly):
    """A job whose result nobody here sees."""

    def run(self) -> None:
        pass


def test_workers_that_do_not_share_the_folder_are_told_and_not_asked_for_ever(tmp_path: Path):
    with pytest.raises(DataError, match="every worker sees"):
        run_jobs("jobs", [Elsewhere(str(tmp_path), 0, 0)], Here(), tmp_path / "notes", lambda *_: None)


def test_paths_from_the_current_folder_mean_the_same_to_every_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_study(tmp_path / "data", 6, seconds=150)
    # the workers of an earlier study keep the folder that was current then
    list(LocalEngine(2).run([([Deadly(str(tmp_path), 99, 0)], str(tmp_path / "notes"))]))
    monkeypatch.chdir(tmp_path)
    assert study(Path("data"), Path("out"), engine=LocalEngine(2)).sessions == 6
