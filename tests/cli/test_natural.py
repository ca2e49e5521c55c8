"""`coregulation natural`: sessions of a pair and of several pairs, from their folders to sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coregulation as co
from coregulation.cli import main
from coregulation.report.catalogue import Catalogue
from coregulation.report.natural_text import natural_counts, natural_lines, rises_row
from tests.analysis.test_natural import answer, evening
from tests.paths import SHARED

FAST = ("--shifts", "399")
DIAL = SHARED / "couples-dial" / "couples_dial.csv.gz"
MOTION = SHARED / "therapy-motion"


def natural(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["natural", *map(str, words), *FAST]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_two_evenings_of_a_pair_are_pooled(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for seed in (1, 2):
        co.write_session(evening(seed=seed, id=f"evening-{seed}"), tmp_path / str(seed))
    printed = natural(capsys, tmp_path / "1", tmp_path / "2")
    assert "ada and ben: 2 sessions, 80 minutes with both" in printed
    assert "own rises in 80 minutes (2 sessions)" in printed
    assert "Nobody was alone" in printed
    (result,) = json.loads(natural(capsys, tmp_path / "1", tmp_path / "2", "--json"))
    assert result["index"] == "heart_rate"
    assert {rise["session"] for rise in result["rises"]} == {"1", "2"}
    assert [d["receiver"] for d in result["directions"]] == ["ada", "ben"]


def test_several_pairs_get_an_answer_over_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for seed, names in enumerate((("ada", "ben"), ("cem", "dan")), 1):
        co.write_session(evening(seed=seed, names=names, id=f"e{seed}"), tmp_path / str(seed))
    printed = natural(capsys, tmp_path / "1", tmp_path / "2")
    assert "ada and ben: 1 session" in printed
    assert "All 2 pairs together: 2 sessions, 80 minutes with both A is the first person of each pair" in printed


def test_a_session_of_one_person_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    session = evening()
    co.write_session(co.Session("alone", session.recordings[:1]), tmp_path / "alone")
    assert main(["natural", str(tmp_path / "alone")]) == 3
    assert "about two people" in " ".join(capsys.readouterr().err.split())
    assert main(["natural", str(tmp_path / "alone"), "--shifts", "9"]) == 2
    assert "99 shifts" in capsys.readouterr().err


def test_many_pairs_are_counted():
    lines = natural_counts([answer(evening(seed=seed)) for seed in (1, 2)], 80)
    assert "Each of 2 pairs by itself" in lines[0]
    assert sum(int(line.split()[-2]) for line in lines[1:]) == 4


def test_a_refused_pair_says_why_and_a_stand_in_speaks_of_nobody_s_calm():
    session = evening()
    ada, ben = session.recordings
    copied = answer(co.Session("copied", (ada, co.Recording(ben.person, ada.signals))))
    assert "copied" in " ".join(natural_lines(copied, 80))
    finding = answer(session)
    assert (
        rises_row(finding.directions[0], Catalogue(), stand_in=True)[0] == "ada's rises pass sooner with ben settled?"
    )
    assert rises_row(finding.directions[0], Catalogue())[0] == "ada's rises pass sooner with ben calm?"


@pytest.mark.skipif(not DIAL.exists(), reason="the couples' dials are not here; they may not ship")
def test_real_couples_cannot_be_told_since_something_moved_both(capsys: pytest.CaptureFixture[str]):
    printed = natural(
        capsys, DIAL, "--long", "--pair-column", "couple", "--person-column", "female", "--value-column", "dial", "--signal",
        "rating", "--rate", "0.5", "--scale=-1", "--person", "man:man=0", "--person", "woman:woman=1", "--stand-in", "rating",
    )  # fmt: skip
    assert "79 sessions" in printed
    assert "An input common to both may explain this" in printed
    assert "stands in for arousal" in printed


@pytest.mark.skipif(not MOTION.exists(), reason="the therapy intakes are not here; they may not ship")
def test_movement_in_therapy_is_said_to_stand_in(capsys: pytest.CaptureFixture[str]):
    printed = natural(
        capsys, MOTION / "normal", MOTION / "dropout", "--person", "patient=pat", "--person", "therapist=th", "--signal",
        "motion", "--rate", "25", "--stand-in", "motion",
    )  # fmt: skip
    assert "20 sessions" in printed
    assert "stands in for arousal" in printed
