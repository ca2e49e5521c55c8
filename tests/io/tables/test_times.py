"""Starts, stamps and clocks: how files lie to each other."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from coregulation.clock import lag_sd
from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from tests.io.write import rows, text, wave

N = 60


def stamped(path, start, form="%Y-%m-%dT%H:%M:%S", end="", phase=0.0):
    zero = datetime.datetime.fromisoformat(start)
    stamps = [(zero + datetime.timedelta(seconds=n)).strftime(form) + end for n in range(N)]
    return rows(path, "time,hr", stamps, wave(N, phase=phase))


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%H:%M:%S"])
@pytest.mark.parametrize("end", ["", "Z", "+02:00"])
def test_starts_apart_are_seen_in_the_stamps(tmp_path, form, end):
    end = "" if form.startswith("%H") else end
    one = stamped(tmp_path / "a.csv", "2026-05-04T14:00:20", form, end)
    other = stamped(tmp_path / "b.csv", "2026-05-04T14:00:00", form, end, 1)
    session = open_session(one, other, signal="heart_rate", column="hr")
    assert session.of("A").signals["heart_rate"].start == 20
    assert session.of("B").signals["heart_rate"].start == 0
    assert any(remark.code == "read.clock-begins" for remark in session.remarks)


def test_stamps_of_different_kinds_cannot_be_put_together(tmp_path):
    one = stamped(tmp_path / "a.csv", "2026-05-04T14:00:20", end="Z")
    other = stamped(tmp_path / "b.csv", "2026-05-04T14:00:00", phase=1)
    with pytest.raises(DataError, match=r"count time differently \(dates with a time zone; dates without"):
        open_session(one, other, signal="heart_rate", column="hr")
    third = rows(tmp_path / "c.csv", "time_s,hr", range(N), wave(N, phase=2))
    with pytest.raises(DataError, match="seconds since its own start"):
        open_session(one, third, signal="heart_rate", column="hr")


def test_stamps_mixed_inside_a_column(tmp_path):
    path = rows(
        tmp_path / "a.csv", "time,a,b", ["14:00:00"] * 5 + ["2026-05-04T14:00:06"] * 5, wave(10), wave(10, phase=1)
    )
    with pytest.raises(DataError, match="mixes time stamps"):
        open_session(path, signal="heart_rate")
    path = rows(tmp_path / "b.csv", "time,a,b", ["14:00:00"] * 9 + ["15:99"], wave(10), wave(10, phase=1))
    with pytest.raises(DataError, match=r"row 11, column 0 \('time'\) is not a time stamp"):
        open_session(path, signal="heart_rate")


@pytest.mark.parametrize(
    ("unit", "size"), [("s", 1), ("ms", 1e-3), ("min", 60), ("us", 1e-6), ("seconds", 1), ("h", 3600)]
)
def test_time_units(tmp_path, unit, size):
    path = rows(tmp_path / "a.csv", "t,a,b", [n / size for n in range(N)], wave(N), wave(N, phase=1))
    session = open_session(path, signal="heart_rate", time_column="t", time_unit=unit)
    np.testing.assert_allclose(session.of("A").signals["heart_rate"].times, np.arange(N), atol=1e-9)


@pytest.mark.parametrize("header", ["time_ms", "Time (ms)", "timestamp [msec]", "t [milliseconds]"])
def test_a_header_may_carry_the_unit_of_the_time(tmp_path, header):
    path = rows(tmp_path / "a.csv", f"{header},a,b", [n * 1000 for n in range(N)], wave(N), wave(N, phase=1))
    assert open_session(path, signal="heart_rate").of("A").signals["heart_rate"].rate == 1


def test_time_in_samples_and_an_unknown_unit(tmp_path):
    path = rows(tmp_path / "a.csv", "t,a,b", range(10, 10 + N), wave(N), wave(N, phase=1))
    said = {"signal": "heart_rate", "time_column": "t"}
    session = open_session(path, time_unit="sample", rate=2, **said)
    assert session.of("A").signals["heart_rate"].start == 5
    with pytest.raises(UsageError, match="needs --rate"):
        open_session(path, time_unit="sample", **said)
    with pytest.raises(UsageError, match=r"'fortnight' is not known. Did you mean d, excel, h"):
        open_session(path, time_unit="fortnight", **said)


def test_seconds_since_1970_become_seconds_of_the_session(tmp_path):
    path = rows(tmp_path / "a.csv", "Time(sec),a,b", [1644227583 + n for n in range(N)], wave(N), wave(N, phase=1))
    signal = open_session(path, signal="heart_rate").of("A").signals["heart_rate"]
    assert (signal.start, signal.rate) == (0.0, 1.0)


def test_one_table_is_one_clock_and_two_files_are_two_unknown_ones(tmp_path):
    table = rows(tmp_path / "t.csv", "a,b", wave(N), wave(N, phase=1))
    together = open_session(table, signal="heart_rate", rate=1)
    assert lag_sd(together.of("A").clock("heart_rate"), together.of("B").clock("heart_rate"), 10.0) == 0.0
    one, other = (text(tmp_path / f"{k}.txt", *wave(N, phase=k)) for k in (1, 2))
    apart = open_session(one, other, signal="heart_rate", rate=1)
    assert lag_sd(apart.of("A").clock("heart_rate"), apart.of("B").clock("heart_rate"), 10.0) is None


@pytest.mark.parametrize("start", [12.5, "12.5"])
def test_a_start_in_seconds(tmp_path, start):
    table = rows(tmp_path / "t.csv", "a,b", wave(N), wave(N, phase=1))
    assert open_session(table, signal="heart_rate", rate=1, start=start).of("A").signals["heart_rate"].start == 12.5


def test_a_start_that_is_a_moment(tmp_path):
    table = rows(tmp_path / "t.csv", "a,b", wave(N), wave(N, phase=1))
    session = open_session(table, signal="heart_rate", rate=1, start="2026-05-04T14:00:00Z")
    assert session.of("A").signals["heart_rate"].start == 0.0
    stamps = stamped(tmp_path / "a.csv", "2026-05-04T14:00:20")
    with pytest.raises(UsageError, match="tell moments already; leave out the start"):
        open_session(stamps, stamps, signal="heart_rate", column="hr", start="2026-05-04T14:00:00Z")
    with pytest.raises(UsageError, match="The start 'noon' is not a time stamp"):
        open_session(table, signal="heart_rate", rate=1, start="noon")
