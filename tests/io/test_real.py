"""Real recordings, each with its traps; skipped where the folder of data is not beside the repository."""

from __future__ import annotations

import time

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import inspect_file, open_session, open_sessions, write_session
from tests.io.write import rows, text, wave
from tests.paths import SHARED

DATA = SHARED
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real recordings (../shared/data) are not here")

DIAL = {
    "long": True,
    "pair_column": "couple",
    "person_column": "female",
    "value_column": "dial",
    "signal": "rating",
    "rate": 0.5,
}
WATCHES = {
    "2024-11-16_time_01-07-31_0133_W020": "2024-11-16T01:07:31.323Z",
    "2024-11-16_time_01-07-58_2cee_W010": "2024-11-16T01:07:58.577Z",
    "2024-11-16_time_01-08-07_34aa_W012": "2024-11-16T01:08:07.353Z",
    "2024-11-16_time_01-08-34_3fd9_W001": "2024-11-16T01:08:34.403Z",
    "2024-11-16_time_01-09-26_764b_W006": "2024-11-16T01:09:26.409Z",
    "2024-11-16_time_01-09-46_7eed_W004": "2024-11-16T01:09:46.000Z",
}


def test_therapy_motion():
    people = {"patient": "pat", "therapist": "th"}
    session = open_session(DATA / "therapy-motion/normal/200_01.txt", people=people, signal="motion", rate=25)
    patient, therapist = (recording.signals["motion"] for recording in session.recordings)
    assert (len(patient), patient.rate, patient.values[:3].tolist()) == (15000, 25, [1550, 1317, 1291])
    assert therapist.values[:2].tolist() == [6948, 5657]
    assert not session.remarks


def test_several_tables_of_pairs_are_several_sessions():
    paths = sorted((DATA / "therapy-motion/normal").glob("*.txt"))[:3]
    people = {"patient": "pat", "therapist": "th"}
    opened = open_sessions(*paths, people=people, signal="motion", rate=25)
    assert [session.id for session in opened] == ["session-1", "session-2", "session-3"]


def test_couples_dial_keeps_79_couples_and_says_why_not_the_other():
    opened = open_sessions(DATA / "couples-dial/couples_dial.csv.gz", **DIAL)
    assert len(opened) == 79
    assert list(opened.refused) == ["19"]
    assert {person.role for session in opened for person in session.people} == {"0", "1"}


def test_couples_dial_one_couple():
    path = DATA / "couples-dial/couples_dial.csv.gz"
    session = open_session(path, only="2", people={"woman": 1, "man": 0}, **DIAL)
    assert [person.id for person in session.people] == ["woman", "man"]
    assert session.of("woman").signals["rating"].values[:2].tolist() == [2.507211, 2.507082]
    with pytest.raises(DataError, match="same values of rating"):
        open_session(path, only="19", **DIAL)
    with pytest.raises(UsageError, match="choose one with --only"):
        open_session(path, **DIAL)


def watches(folder, extra="", known=WATCHES):
    people = []
    for number, (name, start) in enumerate(known.items()):
        people += [
            "[[person]]",
            f'id = "listener-{number}"',
            "  [[person.file]]",
            f'  path = "{(DATA / "concert-hr").resolve().as_posix()}/{name}.csv.gz"',
            '  channel = "heart_rate"',
            "  scale = 0.1",
            "  skip_lines = 2",
            "  column = 1",
            "  confidence = { column = 2, at_least = 70 }",
            '  time = { column = 0, unit = "ms" }',
            f"  start = {start}",
            extra,
        ]
    return text(folder / "session.toml", 'shared = ["music"]', "start = 2024-11-16T01:07:31.323Z", *people)


def test_six_watches_with_starts_minutes_apart(tmp_path):
    session = open_session(watches(tmp_path), allow_outside=True)
    assert len(session.people) == 6
    starts = [recording.signals["heart_rate"].start for recording in session.recordings]
    assert starts[0] == pytest.approx(13.248, abs=2)
    assert starts[1] == pytest.approx(27.254 + 5.8, abs=2)
    for recording in session.recordings:
        signal = recording.signals["heart_rate"]
        assert 40 < np.nanmedian(signal.values) < 110
        assert 22 < signal.rate < 28
        assert 5800 < signal.window.length < 6300
        assert recording.clock("heart_rate").offset_sd is None
    assert session.shared == ("music",)
    assert sum(remark.code == "read.low-confidence" for remark in session.remarks) == 6


def test_a_watch_with_nothing_said():
    path = DATA / "concert-hr" / (next(iter(WATCHES)) + ".csv.gz")
    with pytest.raises(DataError, match="--skip-lines 2 --skip-end-lines 1"):
        open_session(path, path, signal="heart_rate")
    said = {"signal": "heart_rate", "skip_lines": 2, "column": 1, "time_column": 0, "time_unit": "ms"}
    with pytest.raises(DataError, match=r"--scale \(0\.1"):
        open_session(path, path, **said)


def test_concert_breathing_has_its_rails_left_out():
    path = DATA / "concert-respiration/Case1_Saev_OtherResp.csv.gz"
    session = open_session(path, signal="resp", time_column=0, time_unit="s")
    assert len(session.people) == 18
    assert {recording.signals["resp"].rate for recording in session.recordings} == {25.0}
    assert session.recordings[0].signals["resp"].start == -15.0
    railed = {remark.person: remark.count for remark in session.remarks if remark.code == "read.saturated"}
    assert railed == {"A": 12, "B": 2}
    with pytest.raises(UsageError, match="with --time-column and --time-unit"):
        open_session(path, signal="resp")


def test_the_featured_listener_is_one_of_the_audience(tmp_path):
    folder = (DATA / "concert-respiration").resolve().as_posix()
    file = '[[person]]\nid = "{}"\n[[person.file]]\npath = "{}/{}.csv.gz"\nchannel = "resp"\ncolumn = "{}"\ntime = {{column = 0, unit = "s"}}'
    pair = [("x", "Case2_Play1_Feats", "Resp_wave"), ("y", "Case2_Sae1_AudResp", "AU815")]
    path = text(tmp_path / "session.toml", *[file.format(who, folder, name, column) for who, name, column in pair])
    with pytest.raises(DataError, match="x and y have the same values of resp"):
        open_session(path, allow_outside=True)
    pair[0] = ("conductor", "Conductor_Play1_Feats", "Resp_wave")
    path = text(tmp_path / "session.toml", *[file.format(who, folder, name, column) for who, name, column in pair])
    assert [person.id for person in open_session(path, allow_outside=True).people] == ["conductor", "y"]


@pytest.mark.parametrize("name", ["HR", "EDA", "IBI"])
def test_empatica_tables_with_generic_options(name):
    paths = [DATA / f"stress-predict/{who}/{name}.csv.gz" for who in ("S02", "S03")]
    said = {
        "HR": {"signal": "heart_rate", "rate": 1, "skip_lines": 2},
        "EDA": {"signal": "eda", "rate": 4, "skip_lines": 2},
        "IBI": {"signal": "rr", "unit": "s", "time_column": 0, "time_unit": "s"},
    }[name]
    session = open_session(*paths, **said)
    if name == "IBI":
        assert session.of("A").beats.rr[1] == 0.6875
        assert session.of("A").beats.times[1] == 604.0
    else:
        with pytest.raises(DataError, match="never recorded at the same time"):  # by their own starts
            open_session(*paths, **{**said, "skip_lines": 0})


def test_mist_heart_rates_of_28_people():
    path = DATA / "mist-stress-hr/hr_ensemble_sample.xlsx"
    said = {"signal": "heart_rate", "time_column": "time", "time_unit": "s"}
    with pytest.raises(UsageError, match="Phase1, Phase2, Phase3"):
        open_session(path, **said)
    session = open_session(path, sheet="Phase1", setting="apart", **said)
    assert (len(session.people), session.setting) == (28, "apart")
    assert session.of("A").signals["heart_rate"].rate == 1
    assert len(inspect_file(path)) == 3


def test_mist_intervals_with_dates_as_stamps():
    paths = [DATA / f"mist-stress-hr/rpeaks_result_Vp0{n}.xlsx" for n in (1, 2)]
    with pytest.raises(DataError, match="never recorded at the same time"):
        open_session(*paths, signal="rr", unit="s", column="RR_Interval", sheet="Stress")


def test_a_real_session_is_kept_and_reads_back(tmp_path):
    people = {"patient": "pat", "therapist": "th"}
    session = open_session(DATA / "therapy-motion/normal/200_01.txt", people=people, signal="motion", rate=25)
    again = open_session(write_session(session, tmp_path))
    np.testing.assert_array_equal(
        again.of("patient").signals["motion"].values, session.of("patient").signals["motion"].values
    )


def quickest(work, times=3):
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def test_an_hour_at_10_hz_opens_quickly(tmp_path):
    path = rows(tmp_path / "pair.csv", "time_s,a,b", [n / 10 for n in range(36000)], wave(36000), wave(36000, phase=1))
    assert quickest(lambda: open_session(path, signal="resp")) < 0.5


def test_a_watch_opens_quickly(tmp_path):
    path = watches(tmp_path, known=dict(list(WATCHES.items())[:2]))
    assert quickest(lambda: open_session(path, allow_outside=True)) < 2.0  # two files of 1 MB
