"""`coregulation analyze`: what it prints, and that what it names is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coregulation.cli import main
from coregulation.simulate.linkage import simulated_pair
from tests.files.write import rows


@pytest.fixture
def call(tmp_path):
    session, _ = simulated_pair(seconds=400, seed=2)
    ada, ben = (recording.signals["heart_rate"] for recording in session.recordings)
    path = rows(tmp_path / "pair.csv", "ada,ben", ada.values, ben.values)
    read = ["--person", "ada=ada", "--person", "ben=ben", "--signal", "heart_rate", "--rate", f"{ada.rate:g}"]
    run = ["--shared", "none", "--surrogates", "99", "--jobs", "1", "--out", str(tmp_path / "out")]
    return ["analyze", str(path), *read, *run]


def test_the_page_that_is_named_is_there(call, capsys):
    assert main(call) == 0
    told = capsys.readouterr().out
    assert "ada and ben" in told
    page = Path(re.search(r"The report is (.+): open it", told)[1])
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (page.parent / "result.json").is_file()


def test_json_prints_result_json(call, tmp_path, capsys):
    assert main([*call, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert told["schema"] == "coregulation.result/1"


def test_too_few_surrogates_are_a_wrong_call(call, capsys):
    assert main([*call, "--surrogates", "98"]) == 2
    assert "at least 99" in capsys.readouterr().err
