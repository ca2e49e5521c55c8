"""The list of bad input in the issue: one clear error each, or a stated and counted exclusion."""

from __future__ import annotations

import gzip
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.errors import DataError, UsageError
from coregulation.io import inspect_file, open_session, open_sessions
from tests.io.write import rows, text, wave

HEART = {"signal": "heart_rate", "rate": 1}


def test_an_empty_file(tmp_path):
    with pytest.raises(DataError, match=r"pair\.csv: the file is empty"):
        open_session(text(tmp_path / "pair.csv", "", " "), **HEART)


def test_a_header_alone(tmp_path):
    with pytest.raises(DataError, match="no rows of numbers"):
        open_session(text(tmp_path / "pair.csv", "ada,ben"), **HEART)


def test_no_file(tmp_path):
    with pytest.raises(UsageError, match=r"no file.*pair\.csv"):
        open_session(tmp_path / "pair.csv", **HEART)


def test_one_person_only(tmp_path):
    session = open_session(rows(tmp_path / "one.csv", "ada", wave(30)), **HEART)
    assert session.of("A").signals["heart_rate"].values.tolist() == wave(30)
    finding = Analysis()(session)
    assert (finding.couplings, finding.verdicts) == ((), ())
    assert [found.person for found in finding.bodies] == ["A"]


def test_a_channel_without_a_value(tmp_path):
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(30), ["NaN"] * 30)
    with pytest.raises(DataError, match=r"heart_rate of B holds no value at all \(30 rows"):
        open_session(path, **HEART)


def test_text_in_a_number_column_is_named_with_file_row_and_column(tmp_path):
    values = wave(30)
    values[20] = "artefact"
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(30, phase=1), values)
    with pytest.raises(DataError, match=r"pair\.csv: row 22, column 1 \('ben'\) is 'artefact', where a number"):
        open_session(path, **HEART)


def test_text_in_a_long_table_is_named_with_its_own_row(tmp_path):
    who = ["a", "b"] * 30
    values = [str(value) for value in wave(60)]
    values[41] = "oops"
    path = rows(tmp_path / "long.csv", "who,value", who, values)
    with pytest.raises(DataError, match=r"row 43, column 1 \('value'\) is 'oops'"):
        open_session(path, long=True, person_column="who", value_column="value", **HEART)


def test_two_identical_columns(tmp_path):
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(30), wave(30))
    with pytest.raises(DataError, match=r"A and B have the same values of heart_rate.*copied"):
        open_session(path, **HEART)


def test_two_identical_lists_of_intervals(tmp_path):
    intervals = [800 + n % 13 for n in range(50)]
    one, other = (text(tmp_path / name, *intervals) for name in ("a.txt", "b.txt"))
    with pytest.raises(DataError, match="same values of beats"):
        open_session(one, other, signal="rr", unit="ms")


def test_two_flat_lines_are_not_called_a_copy(tmp_path):
    session = open_session(rows(tmp_path / "pair.csv", "a,b", [5] * 30, [5] * 30), signal="rating", rate=1)
    assert len(session.people) == 2


def test_times_that_go_back(tmp_path):
    times = [*range(20), *range(10, 20)]
    path = rows(tmp_path / "pair.csv", "time_s,ada,ben", times, wave(30), wave(30, phase=1))
    with pytest.raises(DataError, match=r"must increase, and row 21 of the values goes back by 9 s"):
        open_session(path, signal="heart_rate")


def test_a_few_repeated_stamps_are_counted(tmp_path):
    times = list(range(300))
    times[100] = 99
    path = rows(tmp_path / "pair.csv", "time_s,ada,ben", times, wave(300), wave(300, phase=1))
    session = open_session(path, signal="heart_rate")
    assert ("A", "heart_rate", 1) in {
        (remark.person, remark.channel, remark.count)
        for remark in session.remarks
        if remark.code == "read.repeated-stamps"
    }
    assert session.of("A").signals["heart_rate"].values[99] == pytest.approx(wave(300)[99])


def test_many_repeated_stamps_are_refused_with_advice(tmp_path):
    times = [n // 4 for n in range(300)]
    path = rows(tmp_path / "pair.csv", "time_s,ada,ben", times, wave(300), wave(300, phase=1))
    with pytest.raises(DataError, match=r"225 of 300 rows repeat.*state --rate"):
        open_session(path, signal="heart_rate")


def test_minutes_in_one_file_and_milliseconds_in_the_next(tmp_path):
    one = rows(tmp_path / "a.csv", "time,hr", [n * 1000 for n in range(300)], wave(300))
    other = rows(tmp_path / "b.csv", "time,hr", [n / 60 for n in range(300)], wave(300, phase=1))
    with pytest.raises(DataError, match=r"b\.csv: the rows of heart_rate are 1\.67e-05 s apart.*--time-unit"):
        open_session(one, other, signal="heart_rate", time_column="time", time_unit="ms", column="hr")


def test_a_time_without_a_unit_is_asked_for(tmp_path):
    path = rows(tmp_path / "pair.csv", "time,ada,ben", range(30), wave(30), wave(30, phase=1))
    with pytest.raises(UsageError, match=r"column 0 seems to be the time.*--time-unit s"):
        open_session(path, signal="heart_rate")
    with pytest.raises(UsageError, match=r"unit of the time in column 0 is not said"):
        open_session(path, signal="heart_rate", time_column=0)


def test_rr_in_seconds_called_milliseconds(tmp_path):
    one, other = (text(tmp_path / f"{k}.txt", *[0.8 + 0.01 * (n % k) for n in range(50)]) for k in (3, 7))
    with pytest.raises(DataError, match=r"3\.txt: The median of rr is 0\.00081 s.*--unit"):
        open_session(one, other, signal="rr", unit="ms")


def test_rr_without_a_unit(tmp_path):
    one, other = (text(tmp_path / f"{k}.txt", *[800 + n % k for n in range(50)]) for k in (3, 7))
    with pytest.raises(UsageError, match=r"rr is written down in more than one unit: state it with --unit"):
        open_session(one, other, signal="rr")


def test_rr_in_another_unit_than_its_stamps(tmp_path):
    times = np.cumsum([0.8 + 0.01 * (n % 3) for n in range(60)])
    paths = [rows(tmp_path / f"{k}.csv", "t,rr", times, [800 + n % k for n in range(60)]) for k in (3, 7)]
    with pytest.raises(DataError, match=r"add up to .* times the span of their time stamps.*--time-unit"):
        open_session(*paths, signal="rr", unit="ms", time_column="t", time_unit="ms")


def test_heart_rate_times_ten(tmp_path):
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(30, level=860), wave(30, level=700))
    with pytest.raises(DataError, match=r"median of heart_rate is 8\d\d\.?\d* 1/min.*--scale \(0\.1"):
        open_session(path, **HEART)
    session = open_session(path, scale=0.1, **HEART)
    assert session.of("A").signals["heart_rate"].values[0] == pytest.approx(86.0)


def test_no_common_time(tmp_path):
    one = rows(tmp_path / "a.csv", "time_s,hr", range(60), wave(60))
    other = rows(tmp_path / "b.csv", "time_s,hr", range(5000, 5060), wave(60, phase=1))
    with pytest.raises(DataError, match=r"A was never recorded at the same time.*A 0 to 59 s; B 5000 to 5059 s"):
        open_session(one, other, signal="heart_rate", column="hr")


@pytest.mark.parametrize("junk", ['{"device": "W020"}', "Recorded with a watch", "# a,b,c"])
def test_lines_before_the_header(tmp_path, junk):
    body = [f"{a},{b}" for a, b in zip(wave(30), wave(30, phase=1), strict=True)]
    path = text(tmp_path / "pair.csv", junk, junk, "ada,ben", *body)
    with pytest.raises(DataError, match="--skip-lines 2"):
        open_session(path, **HEART)
    session = open_session(path, skip_lines=2, people={"x": "ben", "y": "ada"}, **HEART)
    assert session.of("x").signals["heart_rate"].values[0] == pytest.approx(wave(1, phase=1)[0])


def test_json_at_the_end(tmp_path):
    body = [f"{a},{b}" for a, b in zip(wave(30), wave(30, phase=1), strict=True)]
    path = text(tmp_path / "pair.csv", '{"start": 1}', *body, '{"stop": 2}')
    with pytest.raises(DataError, match="--skip-lines 1 --skip-end-lines 1"):
        open_session(path, **HEART)
    for said in ({"skip_lines": 1}, {"skip_lines": 1, "skip_end_lines": 1}):
        session = open_session(path, **said, **HEART)
        assert len(session.of("A").signals["heart_rate"]) == 30
        assert any(remark.code == "read.lines-after-left-out" for remark in session.remarks)


def test_spikes_at_the_rails_are_left_out_and_counted(tmp_path):
    values = [500 + 40 * math.sin(n / 9) for n in range(400)]
    spiked = list(values)
    spiked[50:56] = [1023] * 6
    spiked[200:204] = [0] * 4
    path = rows(tmp_path / "pair.csv", "a,b", spiked, [2 * value for value in values])
    session = open_session(path, signal="resp", rate=25)
    assert [remark.count for remark in session.remarks if remark.code == "read.saturated"] == [10]
    assert np.flatnonzero(np.isnan(session.of("A").signals["resp"].values)).tolist() == [
        *range(50, 56),
        *range(200, 204),
    ]


def test_a_rate_that_contradicts_the_time_column(tmp_path):
    path = rows(tmp_path / "pair.csv", "t,a,b", [n / 4 for n in range(60)], wave(60), wave(60, phase=1))
    with pytest.raises(DataError, match=r"rate of 1 Hz was stated, and the time column says 4 Hz"):
        open_session(path, time_column="t", time_unit="s", **HEART)


def test_nothing_says_when(tmp_path):
    path = rows(tmp_path / "pair.csv", "a,b", wave(60), wave(60, phase=1))
    with pytest.raises(UsageError, match=r"Say --rate HZ"):
        open_session(path, signal="heart_rate")
    with pytest.raises(UsageError, match="State it, such as --signal heart_rate"):
        open_session(path, rate=1)
    with pytest.raises(UsageError, match=r"'sweat' has no unit of its own"):
        open_session(path, rate=1, signal="sweat")


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00\x01\x02"])
@pytest.mark.parametrize("name", ["pair.csv", "pair.xlsx"])
def test_a_binary_file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"binary file|not a readable|compressed file is damaged"):
        open_session(path, **HEART)


def test_a_file_that_vanishes_half_way(tmp_path, monkeypatch):
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(30), wave(30, phase=1))

    def vanish(self, *mode):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", vanish)
    with pytest.raises(DataError, match="could not be read to its end"):
        open_session(path, **HEART)


def test_a_compressed_file_that_is_cut_off(tmp_path):
    path = tmp_path / "pair.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"71.5,72.5\n" * 500)[:-20])
    with pytest.raises(DataError, match="damaged or cut off"):
        open_session(path, **HEART)


def test_a_file_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = tmp_path / "pair.csv.gz"
    path.write_bytes(gzip.compress(b"71.5,72.5\n" * 5000))
    monkeypatch.setattr("coregulation.io.unpacking.MAX_BYTES", 1000)
    with pytest.raises(DataError, match="unpacks to more than"):
        open_session(path, **HEART)


def test_a_table_that_is_cut_off_inside_a_row(tmp_path):
    body = [f"{a},{b}" for a, b in zip(wave(30), wave(30, phase=1), strict=True)]
    with pytest.raises(DataError, match=r"last row \(32\) has 1 value where 2 were expected.*--skip-end-lines 1"):
        open_session(text(tmp_path / "pair.csv", "a,b", *body, "71.2"), **HEART)


@pytest.mark.parametrize("missing", ["", "NaN", "n/a", "-", "NA", "#N/A"])
def test_nan_in_the_middle_stays_missing(tmp_path, missing):
    values = [str(value) for value in wave(30)]
    values[10:13] = [missing] * 3
    session = open_session(rows(tmp_path / "pair.csv", "a,b", values, wave(30, phase=1)), **HEART)
    assert np.flatnonzero(np.isnan(session.of("A").signals["heart_rate"].values)).tolist() == [10, 11, 12]


def test_a_gap_in_the_rows_of_more_than_3_s_stays_a_gap(tmp_path):
    times = [*range(30), *range(40, 70)]
    path = rows(tmp_path / "pair.csv", "time_s,a,b", times, wave(60), wave(60, phase=1))
    session = open_session(path, signal="heart_rate")
    signal = session.of("A").signals["heart_rate"]
    assert np.flatnonzero(np.isnan(signal.values)).tolist() == list(range(30, 40))
    assert any(remark.code == "read.gaps-kept" and remark.count == 1 for remark in session.remarks)


def test_infinite_values(tmp_path):
    path = rows(tmp_path / "pair.csv", "a,b", [*wave(29), "inf"], wave(30, phase=1))
    with pytest.raises(DataError, match=r"row 31, column 0 .*is infinite"):
        open_session(path, **HEART)


def test_empatica_lines_before_the_values(tmp_path):
    paths = [text(tmp_path / f"{k}.csv", "1644227584.0", "1.0", *wave(30, phase=k)) for k in (1, 2)]
    with pytest.raises(DataError, match=r"--skip-lines 2 --rate 1 --start 1644227584\.0"):
        open_session(*paths, signal="heart_rate", rate=1)


def test_one_bad_pair_does_not_stop_the_others(tmp_path):
    pairs = ["p", "p", "q", "q"] * 30
    who = ["a", "b"] * 60
    values = [70 + (n % 4 if n % 4 < 2 else 2) + 0.1 * (n // 4) for n in range(120)]
    path = rows(tmp_path / "long.csv", "pair,who,value", pairs, who, values)
    said = {"long": True, "pair_column": "pair", "person_column": "who", "value_column": "value", **HEART}
    opened = open_sessions(path, **said)
    assert [session.id for session in opened] == ["p"]
    assert "same values" in str(opened.refused["q"])
    with pytest.raises(DataError, match="same values"):
        open_session(path, only="q", **said)
    with pytest.raises(UsageError, match=r"no session 'r'\. Did you mean p or q"):
        open_session(path, only="r", **said)


def test_a_stray_stamp_does_not_stretch_the_grid_over_years(tmp_path):
    times = [*range(59), 59 + 40_000_000]
    path = rows(tmp_path / "pair.csv", "time_s,ada,ben", times, wave(60), wave(60, phase=1))
    with pytest.raises(DataError, match=r"heart_rate span 463 days with only 60 rows at 1 Hz.*split them"):
        open_session(path, signal="heart_rate")


def test_an_unknown_unit_is_told_with_its_file_and_channel(tmp_path):
    path = rows(tmp_path / "pair.csv", "ada,ben", wave(60), wave(60, phase=1))
    with pytest.raises(UsageError, match=r"pair\.csv, eda: The unit 'arb' is not known\. Known units: .*µS"):
        open_session(path, signal="eda", unit="arb", rate=1.0)


@pytest.mark.parametrize(
    ("name", "content"),
    [("times.csv", "time_s\n1\n2\n3\n"), ("heart_rate-2026-05-04.json", '[{"dateTime": "05/04/26 14:00:00"')],
)
def test_a_file_of_times_alone_is_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"holds times and no values\. Export the values with their times"):
        open_session(tmp_path / name, **HEART)


@pytest.mark.parametrize("first", ["811 822", "811'822"])
def test_an_interval_that_lost_its_line_break_is_a_number_of_six_digits_and_no_crash(tmp_path, first):
    path = tmp_path / "ada_rr.txt"
    path.write_text("\n".join([first, *(str(800 + n % 40) for n in range(60))]), encoding="utf-8")
    (contents,) = inspect_file(path)
    assert contents.columns[0].kind == "number"


def test_a_member_of_a_zip_that_lost_its_name_is_none(tmp_path):
    path = tmp_path / "pair.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", "1\n2\n")
    path.write_bytes(path.read_bytes().replace(b"a.csv", b"\0.csv"))
    with pytest.raises(DataError, match="the zip holds 0 files"):
        inspect_file(path)
