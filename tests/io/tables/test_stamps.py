"""Dates and times as people write them: read where they are unambiguous, else asked for."""

# ruff: noqa: DTZ001 - what a device without a zone writes

from __future__ import annotations

import datetime
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.tables.stamps import parse_stamps
from coregulation.io.time_origin import ClockAnchor
from tests.io.write import rows, wave

N = 40
FORMS = ["%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d-%m-%Y %H:%M:%S", "%m/%d/%Y, %H:%M:%S"]
fuzzed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS = st.datetimes(datetime.datetime(2001, 1, 1), datetime.datetime(2050, 1, 1)).map(
    lambda t: t.replace(microsecond=0)
)


def stamps(start, form, step=1.0):
    return [(start + datetime.timedelta(seconds=step * n)).strftime(form) for n in range(N)]


def parsed(cells, **said):
    return parse_stamps(cells, lambda row: f"row {row}", **said)


@fuzzed
@given(start=DAYS, form=st.sampled_from(FORMS))
def test_each_form_is_read_or_asked_about(start, form):
    order = "month-first" if form.startswith("%m") else "day-first"
    expected = start.replace(tzinfo=datetime.UTC).timestamp() + np.arange(N)
    cells = stamps(start, form)
    told = parsed(cells, date_order=order)
    np.testing.assert_allclose(told.seconds, expected)
    assert told.anchor is ClockAnchor.LOCAL
    ambiguous = "." not in cells[0] and all(int(part) <= 12 for cell in cells for part in re.split("[-/]", cell)[:2])
    same = all(len(set(re.split("[-/]", cell)[:2])) == 1 for cell in cells)
    if ambiguous and not same:
        with pytest.raises(UsageError, match="--date-order day-first"):
            parsed(cells)
    else:
        np.testing.assert_allclose(parsed(cells).seconds, expected)


def test_a_dotted_date_has_the_day_first_and_equal_numbers_need_no_order():
    assert parsed(["04.05.2026 14:00"] * 2).seconds[0] == parsed(["2026-05-04T14:00:00"]).seconds[0]
    assert parsed(["04/04/2026 14:00"]).seconds[0] == parsed(["2026-04-04T14:00:00"]).seconds[0]
    with pytest.raises(UsageError, match=r"could be either. Say --date-order day-first or --date-order month-first"):
        parsed(["05/04/2026 14:00:00"])
    with pytest.raises(DataError, match="is no date with the month first"):
        parsed(["25/04/2026 14:00:00"], date_order="month-first")


@pytest.mark.parametrize(
    ("text", "hour"), [("12:00:03 AM", 0), ("12:00:03 PM", 12), ("1:00:03 pm", 13), ("11:00:03 a.m.", 11)]
)
def test_am_and_pm(text, hour):
    assert parsed([text]).seconds[0] == 3600 * hour + 3
    with pytest.raises(DataError, match="hour is not 1 to 12"):
        parsed(["14:00:03 PM"])


@pytest.mark.parametrize(("form", "size"), [("m:ss", 1), ("h:mm", 60)])
def test_minutes_and_seconds_are_asked_about(tmp_path, form, size):
    cells = [f"{n // 60}:{n % 60:02d}" for n in range(N)]
    path = rows(tmp_path / "x.csv", "time,hr", cells, wave(N))
    with pytest.raises(UsageError, match="say --time-unit m:ss or --time-unit h:mm".replace("say", "Say")):
        open_session(path, signal="heart_rate", column="hr")
    signal = open_session(path, signal="heart_rate", column="hr", time_unit=form).of("A").signals["heart_rate"]
    assert signal.window.length == pytest.approx(N * size)


@pytest.mark.parametrize("cells", [["00:00.0", "00:01.0"], ["45:10", "45:11"]])
def test_minutes_that_can_be_no_hours_are_not_asked_about(cells):
    assert np.diff(parsed(cells).seconds).tolist() == [1.0]
    assert parsed(cells).anchor is None


def test_midnight_adds_a_day(tmp_path):
    start = datetime.datetime(2026, 5, 4, 23, 59, 50)
    for form in ("%H:%M:%S", "%I:%M:%S %p"):
        path = rows(tmp_path / "x.csv", "time,hr", stamps(start, form), wave(N))
        signal = open_session(path, signal="heart_rate", column="hr").of("A").signals["heart_rate"]
        assert (signal.rate, signal.coverage, signal.window.length) == (1, 1.0, N)


def test_a_column_of_dates_is_the_time_whatever_its_name(tmp_path):
    path = rows(tmp_path / "x.csv", "Zeit,HR", stamps(datetime.datetime(2026, 5, 14, 14), "%d.%m.%Y %H:%M:%S"), wave(N))
    assert open_session(path, signal="heart_rate").of("A").signals["heart_rate"].rate == 1
    with pytest.raises(UsageError, match="nothing says when each row"):
        open_session(path, signal="heart_rate", column="HR", time_column="none")


@fuzzed
@given(hours=st.integers(-12, 14), half=st.booleans())
def test_a_zone_puts_local_dates_beside_utc(tmp_path, hours, half):
    offset = datetime.timedelta(hours=hours, minutes=30 * half * (1 if hours >= 0 else -1))
    zero = datetime.datetime(2026, 5, 4, 12)
    one = rows(tmp_path / "a.csv", "time,hr", stamps(zero, "%Y-%m-%dT%H:%M:%SZ"), wave(N))
    local = zero + offset + datetime.timedelta(seconds=10)
    other = rows(tmp_path / "b.csv", "time,hr", stamps(local, "%Y-%m-%d %H:%M:%S"), wave(N, phase=1))
    total = int(offset.total_seconds() // 60)
    zone = f"{'-' if total < 0 else '+'}{abs(total) // 60:02d}:{abs(total) % 60:02d}"
    said = {"signal": "heart_rate", "column": "hr"}
    with pytest.raises(DataError, match=r"--zone \+02:00"):
        open_session(one, other, **said)
    session = open_session(one, other, zone=zone, **said)
    assert [recording.signals["heart_rate"].start for recording in session.recordings] == [0.0, 10.0]


def test_a_zone_that_is_of_no_use_is_refused(tmp_path):
    zero = datetime.datetime(2026, 5, 4, 12)
    zoned = rows(tmp_path / "a.csv", "time,hr", stamps(zero, "%Y-%m-%dT%H:%M:%SZ"), wave(N))
    said = {"signal": "heart_rate", "column": "hr", "zone": "+02:00"}
    with pytest.raises(UsageError, match="no file has dates without a time zone; leave it out"):
        open_session(zoned, **said)
    clock = rows(tmp_path / "b.csv", "time,hr", stamps(zero, "%H:%M:%S"), wave(N))
    with pytest.raises(UsageError, match="times of day have no date"):
        open_session(clock, **said)
    for wrong in ("Berlin", "+25:00", "2", "+02:75"):
        with pytest.raises(UsageError, match="is not known: an offset from UTC"):
            open_session(clock, **(said | {"zone": wrong}))


def test_a_zone_in_a_manifest_is_of_one_file(tmp_path):
    zero = datetime.datetime(2026, 5, 4, 12)
    rows(tmp_path / "a.csv", "time,hr", stamps(zero, "%Y-%m-%dT%H:%M:%SZ"), wave(N))
    rows(tmp_path / "b.csv", "time,hr", stamps(zero.replace(hour=14), "%Y-%m-%d %H:%M:%S"), wave(N, phase=1))
    people = "".join(
        f'[[person]]\nid = "{who}"\n[[person.file]]\npath = "{who}.csv"\nchannel = "heart_rate"\ncolumn = "hr"\n{zone}'
        for who, zone in (("a", ""), ("b", 'zone = "+02:00"\n'))
    )
    (tmp_path / "session.toml").write_text(people, encoding="utf-8")
    session = open_session(tmp_path / "session.toml")
    assert [recording.signals["heart_rate"].start for recording in session.recordings] == [0.0, 0.0]
    (tmp_path / "session.toml").write_text(people.replace('"hr"\n[[', '"hr"\nzone = "+01:00"\n[['), encoding="utf-8")
    with pytest.raises(UsageError, match="its times have one already"):
        open_session(tmp_path / "session.toml")


@pytest.mark.parametrize(
    ("start", "end"), [("0:00", "0:25"), ("00:00:00", "00:00:25"), ("0", "25"), (["0:00", "5"][0], "0:25")]
)
def test_blocks_in_minutes_and_seconds(tmp_path, start, end):
    path = rows(tmp_path / "x.csv", "time_s,hr", range(N), wave(N))
    (tmp_path / "blocks.csv").write_text(f"kind,start,end\nalone-rest,{start},{end}\n", encoding="utf-8")
    (block,) = open_session(path, signal="heart_rate", column="hr", blocks=tmp_path / "blocks.csv").blocks
    assert (block.start, block.end) == (0, 25)


def test_blocks_in_a_session_of_times_of_day(tmp_path):
    path = rows(tmp_path / "x.csv", "time,hr", stamps(datetime.datetime(2026, 5, 4, 14), "%H:%M:%S"), wave(N))
    (tmp_path / "blocks.csv").write_text("kind,start,end\na,14:00:05,14:00:35\nb,0:00:05,0:00:35\n", encoding="utf-8")
    first, second = open_session(path, signal="heart_rate", column="hr", blocks=tmp_path / "blocks.csv").blocks
    assert (first.start, first.end) == (second.start, second.end) == (5, 35)


def test_blocks_outside_and_too_short_are_told(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,hr", range(N), wave(N))
    (tmp_path / "blocks.csv").write_text("kind,start,end\nalone-rest,0,5\ntalk,5000,6000\n", encoding="utf-8")
    session = open_session(path, signal="heart_rate", column="hr", blocks=tmp_path / "blocks.csv")
    told = {remark.code: dict(remark.reason.facts) for remark in session.remarks}
    assert told["read.block-short"] == {"kind": "alone-rest", "length": 5.0, "needed": 20.0}
    assert told["read.block-outside"] == {"kind": "talk", "start": 5000.0, "end": 6000.0}
