import json

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.io import open_session, write_session
from coregulation.signals import Signal, Unit
from tests.bodies import alone, ppg_of, raw_recording, raw_truth
from tests.paths import SHARED
from tests.sessions import follower, wander

DATA = SHARED


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pairs of one script as tables: the first linked, the others not, and one that is cut off."""
    folder = tmp_path_factory.mktemp("pairs")
    for k in range(13):
        ada = wander(3 * k)
        ben = follower(ada, 3 * k + 1, 0.9 if k == 0 else 0.0)
        np.savetxt(folder / f"pair{k:02d}.csv", np.c_[ada, ben], "%.4f", ",", header="ada,ben", comments="")
    return folder


READ = ["--person", "ada=ada", "--person", "ben=ben", "--signal", "heart_rate", "--rate", "2"]
QUICK = ["--surrogates", "199", "--jobs", "1"]


def analyze(*words):
    return main(["analyze", *map(str, words), *QUICK])


def result(folder):
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_it_prints_the_answer_and_writes_the_report(folder, tmp_path, capsys):
    assert analyze(folder / "pair00.csv", *READ, "--shared", "none", "--out", tmp_path / "out") == 0
    out = capsys.readouterr().out
    assert "rose and fell together more than coincidence would explain" in " ".join(out.split())
    assert f"Report: {tmp_path / 'out' / 'report.html'}" in " ".join(out.split())
    assert len(out.splitlines()) <= 12
    assert max(map(len, out.splitlines()[:-1])) <= 80
    found = result(tmp_path / "out")
    assert found["verdicts"][0]["kind"] == "linked-steadying-unknown"
    assert (tmp_path / "out" / "report.html").stat().st_size < 1.5e6


def test_quiet_prints_nothing_and_verbose_every_pair(folder, tmp_path, capsys):
    words = [folder / "pair00.csv", *READ, "--shared", "none", "--out", tmp_path / "out"]
    assert analyze(*words, "--quiet") == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "out" / "report.html").is_file()
    assert analyze(*words) == 0
    usual = capsys.readouterr().out
    assert analyze(*words, "--verbose") == 0
    assert len(capsys.readouterr().out) > len(usual)
    with pytest.raises(SystemExit):
        analyze(*words, "--verbose", "--quiet")


def test_json_is_what_is_written_and_nothing_else(folder, tmp_path, capsys):
    assert analyze(folder / "pair00.csv", *READ, "--out", tmp_path / "out", "--seed", 5, "--json") == 0
    streams = capsys.readouterr()
    assert json.loads(streams.out) == result(tmp_path / "out")
    assert json.loads(streams.out)["provenance"]["seeds"] == {"analysis": 5}
    assert streams.err == ""


def test_a_folder_gives_the_pseudo_dyads_and_the_pair_itself_is_none_of_them(folder, tmp_path):
    out = tmp_path / "out"
    assert analyze(folder / "pair00.csv", *READ, "--shared", "film", "--pseudo-from", folder, "--out", out) == 0
    found = result(out)
    (g2,) = [c for c in found["couplings"] if c["gate"] == "G2"]
    assert g2["n_null"] == 24  # ada with twelve others in ben's place, and the other way round
    assert g2["p"] <= 0.05


@pytest.mark.parametrize("null", ["segments", "phases"])
def test_another_null(folder, tmp_path, null):
    out = tmp_path / "out"
    assert analyze(folder / "pair00.csv", *READ, "--null", null, "--out", out) == 0
    primary, segments = result(out)["couplings"]
    assert primary["p"] == pytest.approx(1 / 200)
    assert segments["null"] == "segment shuffle"
    assert segments["p"] == pytest.approx(1 / 200)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--surrogates", "98"], 2, "at least 99"),
        (["--jobs", "-1"], 2, "threads from 1 up"),
        (["--seed", "-1"], 2, "from 0 up"),
        (["--signal", "sweat"], 2, "sweat"),
        (["--pseudo-from", "EMPTY"], 2, "no recording in this folder"),
        (["--pseudo-from", "NOWHERE"], 2, "NOWHERE"),
    ],
)
def test_a_wrong_call(folder, tmp_path, capsys, words, code, said):
    (tmp_path / "EMPTY").mkdir()
    words = [str(tmp_path / word) if word in ("EMPTY", "NOWHERE") else word for word in words]
    call = ["analyze", str(folder / "pair00.csv"), *READ, *QUICK, "--out", str(tmp_path / "out"), *words]
    assert main(call) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_data_that_cannot_be_used(folder, tmp_path, capsys):
    flat = tmp_path / "flat.csv"
    np.savetxt(flat, np.c_[np.full(1200, 60.0), np.full(1200, 70.0)], "%.4f", ",", header="ada,ben", comments="")
    assert analyze(flat, *READ, "--out", tmp_path / "out") == 3
    assert "ben" in capsys.readouterr().err


def test_a_pair_of_whom_one_can_be_read_is_answered_with_what_would_settle_it(folder, tmp_path, capsys):
    half = tmp_path / "half.csv"
    np.savetxt(half, np.c_[wander(1), np.full(1200, 70.0)], "%.4f", ",", header="ada,ben", comments="")
    assert analyze(half, *READ, "--out", tmp_path / "out") == 0
    assert "so we cannot tell" in " ".join(capsys.readouterr().out.split())
    assert "never changes (it is 70 throughout)" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_stopped_by_hand(folder, tmp_path, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("coregulation.coupling.nulls.surrogates.AbstractSurrogate.profiles", stop)
    assert analyze(folder / "pair00.csv", *READ, "--out", tmp_path / "out") == 130
    assert capsys.readouterr().err == "coregulation: stopped.\n"
    assert not (tmp_path / "out").exists()


DIAL = DATA / "couples-dial/couples_dial.csv.gz"
LONG = [
    "--long", "--pair-column", "couple", "--person-column", "female", "--value-column", "dial", "--signal", "rating",
    "--rate", "0.5",
]  # fmt: skip


@pytest.mark.skipif(not DIAL.exists(), reason="the couples' dials are not here; they may not ship")
def test_one_couple_of_many(tmp_path, capsys):
    assert analyze(DIAL, *LONG, "--shared", "none", "--only", "2", "--out", tmp_path / "out") == 0
    (g2,) = [c for c in result(tmp_path / "out")["couplings"] if c["gate"] == "G2"]
    assert g2["n_null"] > 40
    capsys.readouterr()
    assert analyze(DIAL, *LONG, "--only", "19", "--out", tmp_path / "twins") == 3
    assert "same" in capsys.readouterr().err
    for words in ([], ["--only", "999"]):
        assert analyze(DIAL, *LONG, *words, "--out", tmp_path / "none") == 2
        assert "--only" in capsys.readouterr().err or words
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(
    not (DATA / "therapy-motion").exists(), reason="the therapy recordings are not here; they may not ship"
)
def test_a_therapist_and_a_patient(tmp_path):
    words = ["--person", "patient=pat", "--person", "therapist=th", "--signal", "motion", "--rate", "25"]
    assert analyze(DATA / "therapy-motion/normal/200_01.txt", *words, "--out", tmp_path / "out") == 0
    found = result(tmp_path / "out")
    assert found["schema"] == "coregulation.result/2"
    assert found["verdicts"][0]["kind"] == "cannot-tell"  # nobody said whether something was shared


def test_one_person_alone(tmp_path, capsys):
    folder = tmp_path / "ada"
    write_session(alone(raw_recording(eda=None)), folder)
    assert main(["analyze", str(folder), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "  ada  heart rate 79" in said
    assert " and " not in said.splitlines()[0]
    found = result(tmp_path / "out")
    assert (found["answer"], found["couplings"], [body["person"] for body in found["bodies"]]) == (None, [], ["ada"])


def test_beats_corrected_by_hand_reach_the_report(tmp_path):
    write_session(alone(raw_recording(eda=None)), tmp_path / "ada")
    assert main(["beats", str(tmp_path / "ada"), "--out", str(tmp_path / "checked")]) == 0
    beats = open_session(tmp_path / "checked").of("ada").beats.times
    rows = f"kind,time,to,person,why\nremove,{beats[100]:.6f},,ada,a step\nexclude,300,310,ada,cough\n"
    (tmp_path / "checked" / "corrections.csv").write_text(rows, encoding="utf-8")
    assert main(["analyze", str(tmp_path / "checked"), "--out", str(tmp_path / "out")]) == 0
    (body,) = result(tmp_path / "out")["bodies"]
    assert (body["beats"]["source"], body["beats"]["by_hand"], body["excluded"]) == ("beats", 1, [[300.0, 310.0]])
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "beat removed by hand: a step" in page
    assert "◇: corrected by hand" in page


def test_a_body_of_which_nothing_can_be_told(tmp_path):
    flat = Signal(np.zeros(75_000), 250.0, 0.0, Unit.MILLIVOLT)
    write_session(alone(raw_recording(ecg=flat, resp=None, eda=None), blocks=()), tmp_path / "ada")
    assert main(["analyze", str(tmp_path / "ada"), "--out", str(tmp_path / "out")]) == 3
    assert not (tmp_path / "out").exists()


def test_pulses_stay_pulses_once_their_beats_are_written_down(tmp_path):
    pulse = ppg_of(raw_truth()[0], 480.0, lead=-1.0)
    write_session(alone(raw_recording(ecg=None, resp=None, eda=None, ppg=pulse)), tmp_path / "ada")
    assert main(["beats", str(tmp_path / "ada"), "--out", str(tmp_path / "checked")]) == 0
    assert main(["analyze", str(tmp_path / "checked"), "--out", str(tmp_path / "out")]) == 0
    (body,) = result(tmp_path / "out")["bodies"]
    assert (body["beats"]["source"], body["beats"]["variability"]) == ("beats", "PRV")
    assert body["beats"]["count"] == pytest.approx(len(raw_truth()[0]), abs=4)


def test_a_refusal_is_told_with_what_was_left_out(tmp_path, capsys):
    values = np.round(np.clip(512 + 900 * np.sin(np.arange(10_000) * 2 * np.pi / 100), 0, 1023)).astype(int)  # 10 bits
    (tmp_path / "belt.csv").write_text("resp\n" + "\n".join(map(str, values)), encoding="utf-8")
    assert (
        analyze(tmp_path / "belt.csv", "--person", "ada", "--signal", "resp", "--rate", "25", "--out", tmp_path / "out")
        == 3
    )
    assert "samples at a limit of the converter were left out" in capsys.readouterr().err


def test_other_ways_are_compared_where_asked_for(folder, tmp_path, capsys):
    assert analyze(folder / "pair00.csv", *READ, "--shared", "none", "--multiverse", "--out", tmp_path / "out") == 0
    ways = result(tmp_path / "out")["multiverse"]
    assert sum(way["declared"] for way in ways) == 1
    assert f"of {sum(way['p'] is not None for way in ways)} ways" in " ".join(capsys.readouterr().out.split())
