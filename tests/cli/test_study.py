"""`coregulation study` and `new-study`, typed as a laboratory types them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import coregulation as co
from coregulation.cli import main
from tests.study.folders import WORDS, write_study


def call(*words: object) -> int:
    return main([str(word) for word in words])


def test_a_folder_of_tables_gives_an_answer_and_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = write_study(tmp_path / "data", 8, link=0.7, seconds=200)
    assert call("study", data, *WORDS, "--jobs", 2, "--out", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("8 of 8 sessions of pairs\n  Real partners' heart rates rose and fell together more")
    assert {"study.html", "study.json", "answers.csv", "sessions.csv", "left_out.csv", "sessions.parquet"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    with (tmp_path / "out" / "sessions.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert all(float(row["value"]) > float(row["strangers"]) for row in rows)
    page = (tmp_path / "out" / "study.html").read_text(encoding="utf-8")
    assert "://" not in page.replace("http://www.w3.org", "")


def test_the_plan_that_new_study_prints_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write_study(Path("data"), 6, seconds=150)
    assert call("new-study", "data", *WORDS) == 0
    Path("plan.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert call("study", "plan.toml", "--dry-run") == 0
    assert "Would read 6 sources, from pair-000 to pair-005." in capsys.readouterr().out
    assert call("study", "plan.toml", "--jobs", 2, "--out", "out") == 0
    assert "6 of 6 sessions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--condition", "task-name"), "Name the table with --table"),
        (("--covariate", "empathy"), "Name the table with --table"),
        (("--scheduler", "tcp://127.0.0.1:1"), "add --engine dask"),
        (("--engine", "dask"), "--scheduler tcp://HOST:8786"),
    ],
)
def test_what_does_not_go_together_says_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str
):
    data = write_study(tmp_path / "data", 5, seconds=80)
    assert call("study", data, *WORDS, *words, "--out", tmp_path / "out") == 2
    assert error in capsys.readouterr().err


def test_a_plan_takes_no_other_declarations(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "plan.toml").write_text("lag = 1.0\n")
    assert call("study", tmp_path / "plan.toml", "--lag", 2) == 2
    assert "leave out the other options" in capsys.readouterr().err


def test_simulated_sessions_are_marked_and_a_page_of_one_pair_is_made_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for k in range(5):
        session, _ = co.simulated_pair(seconds=400, strength=0.5, seed=k)
        co.write_session(session, tmp_path / "pairs" / f"pair-{k}")
    assert call("study", tmp_path / "pairs", "--jobs", 2, "--out", tmp_path / "out", "--page", "pair-3") == 0
    assert "Simulated: 5 sessions were made by a program" in capsys.readouterr().out.replace("\n    ", " ")
    assert "Simulated" in (tmp_path / "out" / "study.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "sessions" / "pair-3_" / "report" / "report.html").exists()
    assert call("study", tmp_path / "pairs", "--jobs", 2, "--out", tmp_path / "out", "--page", "pair3") == 2
    assert "Did you mean pair-3" in capsys.readouterr().err
