"""One bad part does not condemn the whole, and events inside recordings are marks."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import exports, laboratory, streams
from coregulation.io.examples.values import ECG, EPOCH, RR
from tests.io.write import rows, text, wave

TIMES = np.arange(500) / 50
OFFSETS = [(1000.0 + n, 0.25 + 1e-4 * (-1) ** n) for n in range(8)]


def stream(number, **changed):
    made = {"stamps": 1000 + TIMES, "values": ECG, "offsets": OFFSETS} | changed
    return streams.stream(number, made.pop("name", "belt"), made.pop("kind", "ECG"), made.pop("rate", 50), **made)


@pytest.mark.parametrize(("form", "count"), [("double64", 1), ("float32", 8), ("int16", 3), ("string", 1)])
def test_a_stream_without_a_sample_is_passed_over(tmp_path, form, count):
    empty = stream(2, name="buttons", kind="Markers", rate=0, form=form, count=count, stamps=(), values=(), offsets=())
    session = open_session(streams.xdf(tmp_path / "x.xdf", stream(1), empty), signal="ecg", unit="mV")
    assert len(session.of("A").signals["ecg"]) == 500
    assert [dict(r.reason.facts) for r in session.remarks if r.code == "read.part-left-out"] == [{"part": "buttons"}]


@pytest.mark.parametrize("jitter", [0.03, 0.06, 0.3])
def test_stamps_of_packets_may_step_back_a_little(tmp_path, jitter):
    rng = np.random.default_rng(1)
    late = np.repeat(rng.uniform(0, jitter, 50), 10)
    path = streams.xdf(tmp_path / "x.xdf", stream(1, stamps=1000 + TIMES + late))
    session = open_session(path, signal="ecg", unit="mV")
    signal = session.of("A").signals["ecg"]
    assert signal.rate == pytest.approx(50, abs=0.02 * 50)
    assert int(np.isfinite(signal.values).sum()) == 500
    assert "read.gaps-kept" not in {remark.code for remark in session.remarks}
    assert "read.steps-back" in {remark.code for remark in session.remarks}


def test_a_clock_that_was_set_back_is_refused_by_name(tmp_path):
    stamps = 1000 + TIMES - np.where(np.arange(500) >= 250, 30.0, 0.0)
    with pytest.raises(DataError, match=r"go back by 29\.\d+ s while it was recorded .its clock may have been set"):
        open_session(streams.xdf(tmp_path / "x.xdf", stream(1, stamps=stamps)), signal="ecg", unit="mV")


def test_markers_of_xdf_are_on_the_clock_of_the_others(tmp_path):
    markers = stream(2, name="m", kind="Markers", rate=0, form="string", stamps=[1002.0, 1004.0], values=["go", "stop"])
    session = open_session(streams.xdf(tmp_path / "x.xdf", stream(1), markers), signal="ecg", unit="mV")
    assert [(round(mark.time, 3), mark.label, mark.person) for mark in session.marks] == [
        (2.0, "go", "A"),
        (4.0, "stop", "A"),
    ]


@pytest.mark.parametrize("content", ["", f"{EPOCH:.6f}, IBI\n"])
def test_an_e4_without_beats_keeps_the_rest(tmp_path, content):
    session = open_session(exports.e4(tmp_path / "x.zip", **{"IBI.csv": content}))
    assert session.of("A").channels == ("eda", "ppg", "heart_rate")
    assert ("read.part-left-out", "IBI.csv") in {(r.code, r.reason.facts.get("part")) for r in session.remarks}


def test_tags_of_an_e4_are_marks(tmp_path):
    session = open_session(exports.e4(tmp_path / "x.zip", **{"tags.csv": f"{EPOCH + 5:.2f}\n{EPOCH + 9.5:.2f}\n"}))
    assert [(mark.time, mark.label, mark.person) for mark in session.marks] == [(5.0, "tag", "A"), (9.5, "tag", "A")]


def test_annotations_of_edf_are_marks_of_all_where_the_file_is_of_two(tmp_path):
    notes = [(0.5, None, "talk"), (0.7, None, "beat"), (0.1, 0.1, "missing ECG II")]
    path = laboratory.edf(tmp_path / "x.edf", annotations=notes)
    alone = open_session(path, signal="eda", column="skin")
    assert [(mark.time, mark.label, mark.person) for mark in alone.marks] == [(0.5, "talk", "A")]
    both = open_session(path, people={"a": "ECG II", "b": "skin"}, signal="resp")
    assert [(mark.time, mark.label, mark.person) for mark in both.marks] == [(0.5, "talk", None)]


def test_a_zip_of_two_sessions_names_both_folders(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for folder in ("ada", "ben"):
            for name, content in exports.e4_tables().items():
                if folder == "ada" or name != "IBI.csv":
                    packed.writestr(f"{folder}/{name}", content)
    with pytest.raises(DataError, match=r"it holds 2 sessions, in the folders ada and ben. Unpack it"):
        open_session(tmp_path / "x.zip")


def test_a_zip_of_one_folder_and_what_a_mac_adds(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for name, content in exports.e4_tables().items():
            packed.writestr(f"s1/{name}", content)
            packed.writestr(f"__MACOSX/s1/._{name}", "x")
    assert "eda" in open_session(tmp_path / "x.zip").of("A").channels


def test_a_fit_file_in_a_zip(tmp_path):
    beats = open_session(streams.fit_in_zip(tmp_path / "x.zip"), signal="rr").of("A").beats
    np.testing.assert_allclose(beats.rr[1:] * 1000, RR)


def smart(path, every, stop=None):
    """Intervals each second with a record each `every` s only, none after `stop` s."""
    import struct

    rr = [800 + 10 * (n % 7) for n in range(300)]
    began = int(EPOCH) - 631065600
    body = struct.pack("<BBBHB3B", 0x40, 0, 0, 0, 1, 0, 1, 0) + struct.pack("<BB", 0, 4)
    body += struct.pack("<BBBHB6B", 0x41, 0, 0, 20, 2, 253, 4, 0x86, 3, 1, 2)
    body += struct.pack("<BBBHB3B", 0x42, 0, 0, 78, 1, 0, 10, 0x84)
    passed, last = 0.0, -every
    for interval in rr:
        passed += interval / 1000
        if passed >= last + every and (stop is None or passed < stop):
            last = int(passed)
            body += struct.pack("<BIB", 1, began + last, 70)
        body += struct.pack("<B5H", 2, interval, *[0xFFFF] * 4)
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    whole = head + struct.pack("<H", streams.crc(head)) + body
    path.write_bytes(whole + struct.pack("<H", streams.crc(whole)))
    return path, sum(rr) / 1000


@pytest.mark.parametrize(("every", "stop"), [(1, None), (5, None), (9, None), (1, 200)])
def test_intervals_between_the_records_of_a_watch(tmp_path, every, stop):
    path, length = smart(tmp_path / "x.fit", every, stop)
    beats = open_session(path, signal="rr").of("A").beats
    assert (len(beats), int(beats.breaks.sum())) == (301, 1)
    assert beats.times[-1] - beats.times[0] == pytest.approx(length, abs=0.01)


def test_a_table_between_tabs_may_end_in_an_empty_cell(tmp_path):
    lines = [f"{n}\t{70 + n % 5}\t" for n in range(60)]
    path = text(tmp_path / "x.txt", "time_s\theart_rate\tnote", *lines)
    assert len(open_session(path, signal="heart_rate", column="heart_rate").of("A").signals["heart_rate"]) == 60
    path = text(tmp_path / "y.txt", "time_s\theart_rate", *lines[:-1], "59\t")
    path.write_text(path.read_text().replace("\t\n", "\n").rstrip() + "\t\n\n\n", encoding="utf-8")
    values = open_session(path, signal="heart_rate").of("A").signals["heart_rate"].values
    assert (len(values), bool(np.isnan(values[-1]))) == (60, True)


@pytest.mark.parametrize("first", [(), ('"sep=\t"',), ("sep=\t",)])
@pytest.mark.parametrize("calibration", [(), ("CAL\tCAL",)])
def test_a_line_of_units_under_the_header(tmp_path, first, calibration):
    body = [f"{1000 * n}\t{5 + 0.01 * n:.2f}" for n in range(60)]
    path = text(tmp_path / "x.csv", *first, "Timestamp\tGSR", *calibration, "ms\tuS", *body)
    signal = open_session(path, signal="eda").of("A").signals["eda"]
    assert (signal.rate, signal.values[1], len(signal)) == (1, 5.01, 60)
    with pytest.raises(DataError, match="says that it is in µS, and a unit of rate was expected"):
        open_session(path, signal="heart_rate")


def test_thousands_between_tabs_are_asked_about(tmp_path):
    values = [987, "1,012", 990, "1,003", *range(960, 999)]
    path = rows(tmp_path / "x.txt", "resp\tnote", values, ["x"] * len(values), separator="\t")
    said = {"signal": "resp", "rate": 4, "column": "resp"}
    from coregulation.errors import UsageError

    with pytest.raises(UsageError, match=r"Say --decimal , if 1,012 is 1.012, or --decimal . if it is 1012"):
        open_session(path, **said)
    assert open_session(path, decimal=".", **said).of("A").signals["resp"].values[1] == 1012
    assert open_session(path, decimal=",", **said).of("A").signals["resp"].values[1] == 1.012


def test_one_persons_table_with_a_name(tmp_path):
    path = rows(tmp_path / "x.csv", "heart_rate", wave(60))
    assert open_session(path, people=["ada"], signal="heart_rate", rate=1).people[0].id == "ada"
    path = text(tmp_path / "y.txt", *RR)
    assert len(open_session(path, people=["ada"], signal="rr", unit="ms").of("ada").beats) == 41
