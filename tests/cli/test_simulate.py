import json
import re

import pytest

from coregulation.cli import main
from coregulation.io import open_session
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.truth import plain
from tests.simulate.test_scenarios import GOOD


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    where = tmp_path_factory.mktemp("played")
    assert main(["simulate", "silent-sitting", "--wearing", "strap-and-belt", "--seed", "3", "--out", str(where)]) == 0
    return where


def test_what_is_written_is_an_ordinary_session_with_its_truth_and_a_report_that_says_simulated(played):
    session, truth, result = (
        open_session(played / "session.toml"), read(played / "truth.json"), read(played / "result.json"),
    )  # fmt: skip
    assert session.id == truth["session"] == "silent-sitting-3"
    assert session.simulated
    assert truth["seed"] == 3
    assert truth["simulated"] is True
    assert set(truth["beats"]) == {person.id for person in session.people} <= set(truth["model"])
    assert "simulated" in (played / "tables" / "couplings.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "silent-sitting-3" in (played / "report.html").read_text(encoding="utf-8")
    assert '"simulated":true' in json.dumps(result, separators=(",", ":"))


def test_analysed_again_the_files_give_the_same_numbers(played, tmp_path):
    assert main(["analyze", str(played / "session.toml"), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "result.json").read_bytes() == (played / "result.json").read_bytes()
    for table in (played / "tables").iterdir():
        assert (tmp_path / "tables" / table.name).read_bytes() == table.read_bytes()


def test_the_same_seed_is_the_same_session_and_another_one_is_not(played, tmp_path):
    for seed, same in (("3", True), ("4", False)):
        call = ["simulate", "silent-sitting", "--wearing", "strap-and-belt", "--seed", seed, "--out"]
        assert main([*call, str(tmp_path / seed)]) == 0
        assert ((tmp_path / seed / "truth.json").read_bytes() == (played / "truth.json").read_bytes()) == same


def test_all_are_told_in_a_line_each(capsys):
    assert main(["simulate", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(LAWS)


def test_a_person_without_a_partner_is_told_of_alone(tmp_path, capsys):
    assert main(["simulate", "nature", "--out", str(tmp_path)]) == 0
    assert "  ada  heart rate" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} >= {"session.toml", "truth.json", "report.html"}
    assert read(tmp_path / "result.json")["verdicts"] == []


def test_a_scenario_of_ones_own_and_its_result_for_programs(tmp_path, capsys):
    own = tmp_path / "mine.toml"
    own.write_text(GOOD.replace("seconds = 30", "seconds = 120"), encoding="utf-8")
    call = ["simulate", str(own), "--wearing", "arousal", "--vary", "0", "--json", "--out", str(tmp_path / "out")]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out) == read(tmp_path / "out" / "result.json")
    assert plain(open_session(tmp_path / "out").of("ada").channels) == ["arousal"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["hand-on-the-bak"], "There is no law or scenario 'hand-on-the-bak'. Did you mean hand-on-the-back"),
        ([], "--list"),
        (["pet", "--seed", "-1"], "A seed is from 0 up"),
        (["pet", "--vary", "-0.5"], "--vary from 0 to 4"),
        (["not-there.toml"], "There is no file or folder 'not-there.toml'"),
    ],
)
def test_a_wrong_call_is_told(call, told, tmp_path, capsys):
    assert main(["simulate", *call, "--out", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


GROUNDED = '"grounded" }'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title", "titel", "The key 'titel' of the scenario is not known. Did you mean title"),
        ('"grounded"', '"gruonded"', "There is no profile 'gruonded'. Did you mean grounded"),
        (GROUNDED, '"grounded", changes = { borowed = 1 } }', "Did you mean borrowed"),
        (
            GROUNDED,
            '"grounded", changes = { breathing = -0.2 } }',
            "breathing must be a number of Hz from 0.05 up; −0.2",
        ),
        (GROUNDED, '"grounded", late = -1.0 }', "A delay is a number of s from 0 up; −1 came"),
        (GROUNDED, '"grounded", changes = { tau_safety = 0.1 } }', "A step of 0.1 s cannot be used; .* at most 0.01 s"),
        (
            'kind = "talk", seconds = 30',
            'kind = "talk", seconds = 30, cues = { voce = 1 }',
            "no cue 'voce'. Did you mean voice",
        ),
        ('kind = "talk", seconds = 30', 'kind = "talk", seconds = 30, together = false', "present in no block"),
        ('about = "a"', 'about = "a"\nasks = "borrowed-regulation"', "There is no alone block with a stressor"),
    ],
)
def test_a_scenario_that_cannot_be_meant_is_told_and_writes_nothing(old, new, told, tmp_path, capsys):
    own = tmp_path / "mine.toml"
    assert old in GOOD
    own.write_text(GOOD.replace(old, new), encoding="utf-8")
    assert main(["simulate", str(own), "--out", str(tmp_path / "out")]) == 2
    assert re.search(told, capsys.readouterr().err)
    assert not (tmp_path / "out").exists()
