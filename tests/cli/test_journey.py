"""`coregulation journey`: reports, sessions and folders of them, in words and as JSON; what is no visit is refused."""

from __future__ import annotations

import datetime
import json
import pathlib
from dataclasses import replace

import pytest

from coregulation.cli import main
from coregulation.io import write_session
from coregulation.simulate.confounds import known_answer
from tests.report.test_journeys import printed


@pytest.fixture
def reports(tmp_path: pathlib.Path) -> pathlib.Path:
    for k in range(1, 7):
        folder = tmp_path / "visits" / f"v{k}" / ("out" if k % 2 else "")
        folder.mkdir(parents=True)
        (folder / "result.json").write_bytes(printed(k, 60.0 * 0.8**k, 20.0))
    (tmp_path / "visits" / "notes").mkdir()
    return tmp_path / "visits"


def test_a_folder_of_reports_is_a_journey(reports: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journey", str(reports)]) == 0
    told = capsys.readouterr().out
    assert "visit 6: visit-6, 2026-01-06" in told
    assert "half-life changes by −20 % per visit" in told
    assert "what carrying it along would look like" in told
    assert "Mean over people" not in told
    assert main(["journey", str(reports / "v1"), str(reports / "v2" / "result.json"), "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)
    assert [one["session"] for one in pair["visits"]] == ["visit-1", "visit-2"]


def test_a_third_person_makes_a_mean(reports: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    for k in range(1, 6):
        (reports / f"cy{k}").mkdir()
        (reports / f"cy{k}" / "result.json").write_bytes(printed(k, 60.0 * 0.8**k, 20.0, people=("cy",)))
    assert main(["journey", str(reports)]) == 0
    assert "Mean over people" in capsys.readouterr().out


def test_sessions_are_asked_on_the_way(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = replace(known_answer("lent", 2)[0], date=datetime.date(2026, 3, 1))
    write_session(session, tmp_path / "one")
    write_session(replace(session, id="bare", blocks=(), date=None), tmp_path / "two")
    assert main(["journey", str(tmp_path / "one"), str(tmp_path / "two" / "session.toml")]) == 0
    told = capsys.readouterr().out
    assert "visit 2: bare" in told
    assert "Together it took 0.6 times as long as alone." in told
    assert main(["journey", str(tmp_path / "two")]) == 0
    assert "In no visit were hard moments recorded" in capsys.readouterr().out


def test_what_is_no_visit_is_refused(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journey", str(tmp_path)]) == 2
    assert "no visit was found" in capsys.readouterr().err
    assert main(["journey", str(tmp_path / "nowhere")]) == 2
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    assert main(["journey", str(tmp_path)]) == 3
    assert "A result.json was expected" in capsys.readouterr().err
