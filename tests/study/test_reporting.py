"""The reporting checklist: what ran is told, what was declared stands in its words, and the rest is not known."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from coregulation.cli import main
from coregulation.data import data_text
from coregulation.errors import UsageError
from coregulation.report.catalogue import Catalogue
from coregulation.study.pair_values import Linkage
from coregulation.study.partners import StudySession
from coregulation.study.plan import ReportingItem, StudyPlan, parse_plan
from coregulation.study.reporting import AnswerSource, reporting_answer, reporting_checklist
from coregulation.study.result import PairRow, StudyResult
from tests.study.folders import WORDS, write_study


def call(*words: object) -> int:
    return main([str(word) for word in words])


def nothing(**reporting: str) -> StudyResult:
    plan = StudyPlan(reporting={ReportingItem(key.replace("_", "-")): text for key, text in reporting.items()})
    return StudyResult(plan, 0, (), (), (), (), (), (), 0)


def answers(result: StudyResult) -> dict[str, tuple[str, str]]:
    return {row.item: (row.source, reporting_answer(row, Catalogue())) for row in reporting_checklist(result)}


def test_every_item_is_answered_or_not_known():
    rows = answers(nothing())
    assert list(rows) == list(ReportingItem)
    assert rows["posture"] == (AnswerSource.NOT_KNOWN, "not known")
    assert rows["length"] == (AnswerSource.NOT_KNOWN, "not known")
    assert rows["software"][0] == AnswerSource.COMPUTED


def test_the_plan_s_own_words_stand_as_they_are():
    rows = answers(nothing(posture=" seated, face to face ", software="and R 4.4"))
    assert rows["posture"] == (AnswerSource.DECLARED, "seated, face to face")
    assert rows["software"][1].endswith("and R 4.4")


def test_lengths_are_told_from_the_shortest_to_the_longest():
    rows = tuple(
        PairRow(
            StudySession(f"s{k}", f"p{k}", None), "heart_rate", Linkage(0.1, 0.2, 0.0, 9.0), 0.1, 0.0, 3, 60.0 * minutes
        )
        for k, minutes in enumerate((10, 2, 5))
    )
    result = replace(nothing(), rows=rows)
    assert (
        answers(result)["length"][1] == "Heart rate: 5.0 min of common valid time in the median pair (2.0 to 10.0 min)."
    )


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_words_say_nothing(blank: str):
    assert answers(nothing(posture=blank))["posture"][0] == AnswerSource.NOT_KNOWN


def test_an_item_that_does_not_exist_gets_the_near_one():
    with pytest.raises(UsageError, match=r"no item 'postures'\. Did you mean posture"):
        parse_plan('[reporting]\npostures = "seated"', "plan.toml")


def test_what_is_declared_decides_no_number():
    before, after = StudyPlan(), StudyPlan(reporting={ReportingItem.POSTURE: "seated"})
    assert before.key() == after.key()
    assert after.differences(before) == ()


def test_every_item_that_nothing_computes_stands_in_the_first_plan():
    first = set(tomllib.loads(data_text("plans", "reporting.toml"))["reporting"])
    unknown = {row.item.value for row in reporting_checklist(nothing()) if row.source is not AnswerSource.COMPUTED}
    assert first == unknown - {"length", "filtering", "test", "family"}


def test_a_study_fills_in_what_it_knows_and_words_can_come_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    write_study(Path("data"), 6, link=0.5, seconds=150)
    assert call("new-study", "data", *WORDS) == 0
    plan = capsys.readouterr().out
    Path("plan.toml").write_text(plan, encoding="utf-8")
    assert call("study", "plan.toml", "--jobs", 1, "--out", "out") == 0
    written = plan.replace('posture = ""', 'posture = "seated"')
    Path("plan.toml").write_text(written, encoding="utf-8")
    assert call("study", "plan.toml", "--jobs", 1, "--out", "out") == 0
    with Path("out", "reporting.csv").open(encoding="utf-8-sig") as file:
        rows = {row["item"]: row for row in csv.DictReader(file)}
    assert rows["posture"]["answer"] == "seated"
    assert rows["device"]["source"] == "not-known"
    assert rows["length"]["answer"].startswith("Heart rate: 2.")
    assert rows["loss"]["answer"].startswith("0 of 6 sessions")
    assert rows["test"]["answer"] == "Heart rate: partners permuted 9,999 times."
    assert rows["filtering"]["answer"] == "Heart rate: at most 2 Hz, levels, windows of 30 s, lags up to 5 s."
    page = Path("out", "study.html").read_text(encoding="utf-8")
    assert "Reporting checklist" in page
    assert page.count("not known") >= 11
