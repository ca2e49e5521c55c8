"""`coregulation bids` on a data set that `convert` made: two levels, labels, derivatives, and a stop in between."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

import coregulation as co
from coregulation.cli import main
from coregulation.study import jobs as jobs_module
from coregulation.study.bids_app import run_group, run_participants, select_sessions
from coregulation.study.jobs import AbstractEngine, AbstractJob, run_batch, run_jobs
from coregulation.study.plan import StudyPlan
from coregulation.study.running import run_study
from coregulation.study.session_table import SessionTable
from coregulation.study.sources import find_sources

PAIRS = 5


@dataclass(frozen=True)
class NotingJob(AbstractJob):
    """Runs another call of the same folder while it is being done, and looks whether its own note is still there."""

    folder: Path
    called: str
    inner: bool = True

    @property
    def name(self) -> str:
        return self.called

    def is_done(self) -> bool:
        return (self.folder / f"{self.name}.txt").exists()

    def run(self) -> None:
        notes = self.folder / "running"
        if self.inner:
            run_jobs("inner", [NotingJob(self.folder, "inner", False)], HereEngine(), notes, silent)
            assert len(list(notes.glob(f"*/{self.name}"))) == 1
        (self.folder / f"{self.name}.txt").write_text("done")

    def give_up(self, deaths: int) -> None:
        raise AssertionError(deaths)


class HereEngine(AbstractEngine):
    """Runs jobs in this process, and stops by hand after some."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.left = stop_after
        self.done: list[str] = []

    def run(self, tasks, workers=None):
        for jobs, notes in tasks:
            if self.left is not None and len(self.done) >= self.left:
                raise KeyboardInterrupt
            yield run_batch(jobs, notes)
            self.done += [job.name for job in jobs]


def call(*words: object) -> int:
    return main([str(word) for word in words])


def silent(_what: str, _done: int, _of: int) -> None:
    pass


@pytest.fixture(scope="module")
def bids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("data")
    for k in range(PAIRS):
        session, _ = co.simulated_pair(seconds=300, strength=0.5, seed=k)
        co.write_session(session, top / "pairs" / f"pair-{k}")
    assert call("convert", top / "pairs", "--to", "bids", "--out", top / "bids") == 0
    return top / "bids"


@pytest.fixture(scope="module")
def answered(bids: Path) -> Path:
    out = bids.parent / "answered"
    run_group(select_sessions(bids, (), ()), StudyPlan(data=(str(bids),)), SessionTable({}), out, HereEngine(), silent)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_several_sessions_become_one_data_set_and_come_back(bids: Path):
    pairs = {session.id: session for session in co.open_sessions(bids.parent / "pairs")}
    back = list(co.open_sessions(bids))
    assert len(back) == len(pairs) == PAIRS
    for session in back:
        own = next(pair for name, pair in pairs.items() if name.replace("-", "") == session.id)
        assert session.simulated
        assert session.people == own.people
        for mine, read in zip(own.recordings, session.recordings, strict=True):
            assert (mine.signals["heart_rate"].values == read.signals["heart_rate"].values).all()
    assert len(list(bids.glob("sub-*"))) == 2 * PAIRS


def test_both_levels_as_they_are_typed(bids: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out"
    assert call("bids", bids, out, "participant", "--jobs", 2) == 0
    assert capsys.readouterr().out.startswith(f"{PAIRS} of {PAIRS} sessions are ready.")
    assert not (out / "study" / "study.html").exists()
    assert call("bids", bids, out, "group", "--jobs", 2) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{PAIRS} of {PAIRS} sessions of pairs\n  Simulated: {PAIRS} sessions")
    assert (out / "study" / "study.html").exists()


def test_the_group_level_is_the_study(bids: Path, answered: Path, tmp_path: Path):
    plan = StudyPlan(data=(str(bids),))
    result = run_study(find_sources([bids], {}), plan, SessionTable({}), tmp_path / "s", HereEngine(), silent)
    from coregulation.report.catalogue import Catalogue
    from coregulation.study.output import write_study

    write_study(result, tmp_path / "s", Catalogue())
    for name in ("study.json", "answers.csv", "sessions.csv", "left_out.csv"):
        assert (tmp_path / "s" / name).read_bytes() == (answered / "study" / name).read_bytes()
    of_folders = run_study(
        find_sources([bids.parent / "pairs"], {}), StudyPlan(), SessionTable({}), tmp_path / "f", HereEngine(), silent
    )
    assert of_folders.answers == result.answers


def test_derivatives_say_what_they_are(bids: Path, answered: Path):
    described = json.loads((answered / "dataset_description.json").read_text())
    assert described["DatasetType"] == "derivative"
    assert described["GeneratedBy"] == [{"Name": "coregulation", "Version": co.__version__}]
    assert str(bids.parent) not in (answered / "dataset_description.json").read_text()
    signals = sorted(answered.glob("sub-*/ses-*/beh/*_physio.tsv.gz"))
    assert len(signals) == 2 * PAIRS
    for path in signals:
        subject, visit = path.parts[-4], path.parts[-3]
        assert path.name == f"{subject}_{visit}_task-session_recording-heartrate_desc-prepared_physio.tsv.gz"
        sidecar = json.loads(path.with_name(path.name.replace(".tsv.gz", ".json")).read_text())
        rows = gzip.decompress(path.read_bytes()).decode().split()
        assert len(rows) == 300 * sidecar["SamplingFrequency"]
    with (answered / "desc-answers_study.tsv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file, delimiter="\t")
    assert (row["condition"], row["pairs"], row["refused"]) == ("all", str(PAIRS), "n/a")


def test_a_stopped_run_goes_on_and_gives_the_same(
    bids: Path, answered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs_module, "BATCH", 1)
    study, plan, first = select_sessions(bids, (), ()), StudyPlan(data=(str(bids),)), HereEngine(2)
    with pytest.raises(KeyboardInterrupt):
        run_participants(study, plan, tmp_path / "out", first, silent)
    second = HereEngine()
    run_group(study, plan, SessionTable({}), tmp_path / "out", second, silent)
    assert len(second.done) == (PAIRS - len(first.done)) + PAIRS + PAIRS  # sessions, derivatives, comparisons
    again = HereEngine()
    run_group(study, plan, SessionTable({}), tmp_path / "out", again, silent)
    assert again.done == []
    assert files(tmp_path / "out") == files(answered)


def test_two_calls_that_fill_one_folder_leave_each_other_s_notes(tmp_path: Path):
    run_jobs("outer", [NotingJob(tmp_path, "outer")], HereEngine(), tmp_path / "running", silent)
    assert {path.name for path in tmp_path.glob("*.txt")} == {"outer.txt", "inner.txt"}
    assert list((tmp_path / "running").iterdir()) == []


def test_labels_choose_sessions_and_the_answer_says_who_was_not_asked(bids: Path, tmp_path: Path):
    labels = sorted(path.name for path in bids.glob("sub-*/ses-*"))[::2]
    by_person = select_sessions(bids, ("01", "sub-04"), ())
    assert by_person.selected == {label.removeprefix("ses-") for label in labels[:2]}
    one = select_sessions(bids, (), (labels[2],))
    assert one.selected == {labels[2].removeprefix("ses-")}
    engine = HereEngine()
    run_participants(by_person, StudyPlan(), tmp_path / "out", engine, silent)
    run_participants(one, StudyPlan(), tmp_path / "out", HereEngine(), silent)
    assert len(list((tmp_path / "out").glob("sub-*"))) == 6
    result = run_group(one, StudyPlan(), SessionTable({}), tmp_path / "out", HereEngine(), silent)
    assert result.sessions == PAIRS
    assert {row.session.name for row in result.rows} == one.selected
    assert {item.reason.code for item in result.left_out} == {"study.not-asked"}
    assert len(result.left_out) == PAIRS - 1


def test_a_session_that_cannot_be_read_is_told_and_does_not_stop_the_rest(
    bids: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    broken = shutil.copytree(bids, tmp_path / "bids")
    path = next(broken.glob("sub-01/ses-*/beh/*_physio.tsv.gz"))
    path.write_bytes(b"no gzip")
    assert call("bids", broken, tmp_path / "one", "participant", "--participant-label", "01", "--jobs", 1) == 3
    assert "No session of this study can be used; the first:" in capsys.readouterr().err
    assert not list((tmp_path / "one").glob("sub-*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("participant", "--participant-label", "1"),
            "--participant-label '1': the data set has no such label. Did you mean 01?",
        ),
        (("group", "--group-label", "ses-simulatedpair9"), "Did you mean simulatedpair"),
        (("participant", "--participant_label", "01", "--group_label", "simulatedpair3"), "No session has both"),
        (("subject",), "participant"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is_near(
    bids: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
):
    try:
        code = call("bids", bids, tmp_path / "out", *words)
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_does_not_exist_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert call("bids", tmp_path / "nowhere", tmp_path / "out", "participant") == 2
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert "dataset_description" not in said
    assert not (tmp_path / "out").exists()


def test_folders_that_are_something_else_are_left_alone(bids: Path, capsys: pytest.CaptureFixture[str]):
    before = files(bids)
    assert call("bids", bids, bids, "participant") == 2
    assert "it holds something else" in capsys.readouterr().err
    assert files(bids) == before
    assert call("bids", bids.parent / "pairs", bids.parent / "x", "group") == 2
    assert "not a BIDS data set" in capsys.readouterr().err


def test_version_and_help(capsys: pytest.CaptureFixture[str]):
    for word, said in (("--version", co.__version__), ("--help", "--participant-label")):
        with pytest.raises(SystemExit) as stopped:
            call("bids", word)
        assert stopped.value.code == 0
        assert said in capsys.readouterr().out


def test_two_sessions_of_one_label_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("a-b", "ab"):
        session, _ = co.simulated_pair(seconds=60, seed=len(name))
        co.write_session(co.Session(name, session.recordings), tmp_path / "pairs" / name)
    assert call("convert", tmp_path / "pairs", "--to", "bids", "--out", tmp_path / "bids") == 3
    assert "would both get the BIDS label" in capsys.readouterr().err
