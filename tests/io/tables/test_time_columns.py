"""What is said about time is used or refused: rates, columns and units against each other, and columns nobody named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.examples import exports, laboratory
from tests.io.write import rows, wave

fuzzed = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEART = {"signal": "heart_rate", "column": "hr"}


def with_gap(rate, lost):
    """Times (s) of 400 rows at a rate, `lost` s missing in the middle."""
    times = np.arange(400) / rate
    return times + np.where(np.arange(400) >= 200, lost, 0.0)


@fuzzed
@given(rate=st.sampled_from([1, 2, 4, 25]), lost=st.integers(5, 60), unit=st.sampled_from(["s", "ms", "none"]))
def test_a_stated_rate_keeps_the_gap_of_the_time_column(tmp_path, rate, lost, unit):
    size = 1000 if unit == "ms" else 1
    header = "time,hr" if unit == "none" else f"time [{unit}],hr"
    path = rows(tmp_path / "x.csv", header, with_gap(rate, lost) * size, wave(400))
    signal = open_session(path, rate=rate, **HEART).of("A").signals["heart_rate"]
    assert signal.window.length == pytest.approx(400 / rate + lost, abs=2 / rate)
    assert signal.coverage < 1
    if (unit, rate) == ("none", 1):
        return  # a column that goes up by one counts samples at any rate
    with pytest.raises(DataError, match=r"Hz w(as|ere) stated.*(time column|seems to be the time)"):
        open_session(path, rate=9 * rate, **HEART)


def test_a_rate_without_a_unit_of_time_leads_on(tmp_path):
    path = rows(tmp_path / "x.csv", "time,hr", np.arange(50) * 7.0, wave(50))
    with pytest.raises(DataError, match="or leave the column out with --time-column none"):
        open_session(path, rate=4, **HEART)
    assert open_session(path, rate=4, time_column="none", **HEART).of("A").signals["heart_rate"].rate == 4


def test_stamps_that_are_coarser_than_the_rows(tmp_path):
    times = np.floor(with_gap(4, 30))
    path = rows(tmp_path / "x.csv", "time_s,hr", times, wave(400))
    with pytest.raises(DataError, match="state --rate HZ as well"):
        open_session(path, **HEART)
    session = open_session(path, rate=4, **HEART)
    signal = session.of("A").signals["heart_rate"]
    assert (signal.rate, signal.window.length) == (4, pytest.approx(130, abs=1.5))
    assert "read.coarse-stamps" in {remark.code for remark in session.remarks}
    with pytest.raises(DataError, match="4 rows per second by the time column"):
        open_session(path, rate=8, **HEART)


def test_a_time_unit_that_contradicts_the_header_names_both(tmp_path):
    path = rows(tmp_path / "x.csv", "time [ms],hr", 1000.0 * np.arange(60), wave(60))
    with pytest.raises(DataError, match="says that its time is in ms, and s was stated"):
        open_session(path, time_unit="s", **HEART)
    assert open_session(path, time_unit="msec", **HEART).of("A").signals["heart_rate"].rate == 1


def test_a_rate_that_contradicts_the_format_names_both(tmp_path):
    e4, edf = exports.e4(tmp_path / "x.zip"), laboratory.edf(tmp_path / "x.edf")
    for path, said, own in ((e4, {"signal": "eda"}, 4), (edf, {"signal": "ecg", "column": 0}, 250)):
        with pytest.raises(DataError, match=f"the file says that column 0 has {own} Hz, and 100 Hz were stated"):
            open_session(path, rate=100, **said)
        assert open_session(path, rate=own, **said).recordings
    (tmp_path / "session.toml").write_text(
        '[[person]]\nid = "a"\n[[person.file]]\npath = "x.zip"\nchannel = "eda"\nrate = 8.0\n', encoding="utf-8"
    )
    with pytest.raises(DataError, match="has 4 Hz, and 8 Hz were stated"):
        open_session(tmp_path / "session.toml")


def opened(path, **said):
    """Return the session, or None and what the refusal says."""
    try:
        return open_session(path, **said), ""
    except (UsageError, DataError) as error:
        return None, str(error)


HEADERS = [
    "unix_time", "epoch", "since start", "Elapsed (s)", "ts", "timestamps", "LocalTimestamp", "UTC", "date", "Unix Timestamp (ms)",
    "time since start [ms]", "sec", "Beat time", "onset", "R_peak_time", "wann", "x",
]  # fmt: skip


@fuzzed
@given(header=st.sampled_from(HEADERS), unit=st.sampled_from(["s", "ms", "us", "moments"]), seed=st.integers(0, 99))
def test_intervals_beside_any_column_of_times_keep_their_gap_or_ask(tmp_path, header, unit, seed):
    rng = np.random.default_rng(seed)
    rr = np.round(850 + 60 * np.sin(np.arange(300) * 0.4) + rng.normal(0, 15, 300))
    times = np.cumsum(rr) / 1000 + np.where(np.arange(300) >= 150, 120.0, 0.0)
    zero = np.datetime64("2026-05-04T14:00:00")
    written = {"s": np.round(times, 3), "ms": np.round(1e3 * times), "us": np.round(1e6 * times),
               "moments": [str(zero + np.timedelta64(int(1000 * t), "ms")).replace("T", " ") for t in times]}[unit]  # fmt: skip
    path = rows(tmp_path / "x.csv", f"{header},rr_ms", written, rr)
    word = {"s": "s", "ms": "ms", "us": "us", "moments": None}[unit]
    session, error = opened(path, signal="rr", unit="ms", column="rr_ms")
    if session is None:
        assert any(words in error for words in ("column 0", "time stamps"))
        if (header in ("sec", "Elapsed (s)") and unit != "s") or ("ms" in header and unit != "ms"):
            return  # the header says another unit than the numbers have
        session = open_session(path, signal="rr", unit="ms", column="rr_ms", time_column=0, time_unit=word)
    beats = session.of("A").beats
    span = times[-1] - times[0] + rr[0] / 1000
    assert beats.times[-1] - beats.times[0] == pytest.approx(span, abs=1.0)
    assert int(beats.breaks.sum()) == 2


def test_intervals_whose_neighbour_is_no_time_are_added_up(tmp_path):
    rr = np.round(850 + 60 * np.sin(np.arange(300) * 0.4))
    for other in (np.arange(300) % 7, 300 - np.arange(300), np.sqrt(np.arange(300))):
        path = rows(tmp_path / "x.csv", "flag,rr_ms", other, rr)
        assert len(open_session(path, signal="rr", unit="ms", column="rr_ms").of("A").beats) == 301
    path = rows(tmp_path / "y.csv", "flag,rr_ms", np.cumsum(rr), rr)
    assert len(open_session(path, signal="rr", unit="ms", column="rr_ms", time_column="none").of("A").beats) == 301


def test_a_manifest_finds_the_time_column_as_the_command_line_does(tmp_path):
    rr = np.round(850 + 60 * np.sin(np.arange(300) * 0.4))
    times = np.cumsum(rr) / 1000 + np.where(np.arange(300) >= 150, 120.0, 0.0)
    rows(tmp_path / "x.csv", "time_s,rr_ms", times, rr)
    (tmp_path / "session.toml").write_text(
        '[[person]]\nid = "a"\n[[person.file]]\npath = "x.csv"\nchannel = "rr"\ncolumn = "rr_ms"\nunit = "ms"\n',
        encoding="utf-8",
    )
    beats = open_session(tmp_path / "session.toml").of("a").beats
    assert beats.times[-1] - beats.times[0] == pytest.approx(times[-1], abs=1)
    assert beats.breaks.sum() == 2
