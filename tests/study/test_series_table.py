"""The table of everybody's signals: means of epochs, own beside partner's, and other packages can use it as it is."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from coregulation.cli import main
from coregulation.study.folder import StudyFolder
from coregulation.study.partners import StudySession
from coregulation.study.prepared import PreparedFacts, PreparedPerson, PreparedSession
from coregulation.study.series_table import session_series
from tests.study.folders import WORDS, write_study

SESSION = StudySession("visit", "=pair", "quiet")


def prepared(ada, ben, starts=(0.0, 0.0), rate=2.0):
    people = tuple(
        PreparedPerson(who, role, {"heart_rate": start}, {}, {})
        for who, role, start in (("ada", "mother", starts[0]), ("ben", None, starts[1]))
    )
    facts = PreparedFacts("visit", "", None, (), people, {"heart_rate": rate}, "key", 0, False)
    values = {"0/heart_rate": np.asarray(ada, float), "1/heart_rate": np.asarray(ben, float)}
    return PreparedSession(facts, values)


def rows(session, epoch):
    return list(session_series(SESSION, session, ["heart_rate"], epoch))


def test_own_and_partner_stand_side_by_side():
    first, second, third, fourth = rows(prepared([1, 3, 5, 7], [10, 20, 30, 40]), 1.0)
    assert first == ["'=pair", "visit", "quiet", "'=pair/ada", "mother", 1, 0.0, 2.0, 15.0]
    assert second[-3:] == [1.0, 6.0, 35.0]
    assert third == ["'=pair", "visit", "quiet", "'=pair/ben", "", 0, 0.0, 15.0, 2.0]
    assert fourth[-3:] == [1.0, 35.0, 6.0]


def test_epochs_are_whole_multiples_of_session_time_whoever_began_when():
    table = rows(prepared([1, 1, 1, 1], [2, 2, 2, 2], starts=(3.0, 5.0)), 2.0)
    assert [row[6:] for row in table[:3]] == [[2.0, 1.0, ""], [4.0, 1.0, 2.0], [6.0, "", 2.0]]


@pytest.mark.parametrize(("valid", "filled"), [(4, False), (5, True), (6, True)])
def test_half_of_an_epoch_must_be_valid(valid, filled):
    ada = np.full(10, 60.0)
    ada[valid:] = np.nan
    (own, _) = rows(prepared(ada, np.full(10, 70.0)), 5.0)
    assert (own[7] == 60.0) is filled
    assert own[8] == 70.0


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    out = tmp_path_factory.mktemp("series")
    write_study(out / "data", 6, link=0.8, seconds=200)
    words = ["study", str(out / "data"), *WORDS, "--jobs", "1", "--series", "10", "--out", str(out / "out")]
    assert main([str(word) for word in words]) == 0
    return out / "out"


def test_a_study_writes_it_for_everybody(study: Path):
    with (study / "series.csv").open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 6 * 2 * 20
    assert {row["person"] for row in table} >= {"pair-000/ada", "pair-005/ben"}
    sessions = list(StudyFolder(study).all_facts())
    assert {row["session"] for row in table} == {facts.name for facts in sessions}


def test_a_model_of_clustered_rows_runs_on_it_as_it_is(study: Path):
    table = pd.read_csv(study / "series.csv")
    fit = smf.gee("heart_rate ~ partner_heart_rate", "pair", table).fit()
    assert fit.params["partner_heart_rate"] > 3 * fit.bse["partner_heart_rate"]


@pytest.mark.parametrize("epoch", ["0", "-1", "nan", "inf"])
def test_an_epoch_must_be_a_positive_number(tmp_path: Path, capsys: pytest.CaptureFixture[str], epoch: str):
    assert main(["study", str(tmp_path), *WORDS, "--series", epoch]) == 2
    assert "a positive number of seconds was expected" in capsys.readouterr().err
