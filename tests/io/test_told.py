"""What a reader leaves out or doubts is told and counted: values that no body has, ends that were cut off, rows that stand reversed."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from coregulation.channels import CHANNELS
from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.even_intervals import looks_resampled
from coregulation.io.examples import laboratory
from coregulation.io.examples.physionet import annotation
from coregulation.io.impossible_values import refuse_lost_decimals, without_impossible
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.table_reading import read_table
from tests.io.write import rows, text, wave

N = 60
RR = np.round(850 + 60 * np.sin(0.9 * np.arange(80)) + 20 * np.random.default_rng(0).standard_normal(80))


def codes(session):
    return {remark.code: remark.count for remark in session.remarks}


@pytest.mark.parametrize(
    ("channel", "value", "kept"),
    [
        ("heart_rate", 19.9, False), ("heart_rate", 20.0, True), ("heart_rate", 299.9, True), ("heart_rate", 300.0, False),
        ("eda", 0.0, False), ("eda", 1e-4, True), ("eda", -1e-4, True), ("resp", 0.0, True),
    ],
)  # fmt: skip
def test_a_value_that_no_body_has(channel, value, kept):
    values, notes = without_impossible(np.array([70.0, value, 71.0]), CHANNELS[channel])
    assert np.isnan(values).sum() == len(notes) == (not kept)


@pytest.mark.parametrize(("jumps", "refused"), [(3, False), (4, True)])
def test_a_decimal_sign_that_was_lost(jumps, refused):
    numbers = np.full(100, 512.0)
    numbers[5 : 5 + 10 * ((jumps + 1) // 2) : 10] = 51.0
    numbers[-1] = 51.0 if jumps % 2 else 512.0
    if jumps % 2:
        numbers[5 + 10 * ((jumps + 1) // 2) - 10] = 512.0
    steps = int((np.abs(np.diff(np.log10(numbers))) > 0.8).sum())
    assert steps == jumps
    if refused:
        with pytest.raises(DataError, match="jump tenfold between rows 4 times"):
            refuse_lost_decimals(numbers, CHANNELS["eda"], "x")
    else:
        refuse_lost_decimals(numbers, CHANNELS["eda"], "x")
    refuse_lost_decimals(numbers + 0.5, CHANNELS["eda"], "x")  # with decimals none was lost
    refuse_lost_decimals(numbers, CHANNELS["ppg"], "x")


def test_a_sum_below_intervals_is_no_interval(tmp_path):
    session = open_session(text(tmp_path / "a.txt", *RR, RR.sum()), signal="rr", unit="ms")
    assert codes(session) == {"read.sum-at-end": 1}
    assert len(session.recordings[0].beats) == 81


@pytest.mark.parametrize("how", ["step", "line", "spline", "beats"])
def test_intervals_that_look_resampled(how):
    from scipy.interpolate import CubicSpline

    rr = RR / 1000
    ends = np.cumsum(rr)
    even = np.arange(ends[0], ends[-1], 0.1)
    made = {
        "step": rr[np.searchsorted(ends, even)],
        "line": np.interp(even, ends, rr),
        "spline": CubicSpline(ends, rr)(even),
        "beats": rr,
    }
    assert looks_resampled(made[how]) == (how != "beats")
    assert not looks_resampled(made[how][:59])


@pytest.mark.parametrize(
    ("cut", "code", "length"),
    [
        (0, None, 60),
        (1, "read.last-line-open", 60),
        (2, "read.last-line-cut", 59),
        (6, "read.last-line-cut", 59),
        (8, "read.last-line-cut", 59),
    ],
)
def test_a_table_that_is_cut_off(tmp_path, cut, code, length):
    path = rows(tmp_path / "a.csv", "time_s,hr", range(N), [f"{value:.3f}" for value in wave(N)])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) - cut])
    session = open_session(path, signal="heart_rate")
    assert len(session.recordings[0].signals["heart_rate"]) == length
    assert {c for c in codes(session) if "last" in c} == ({code} if code else set())


def test_what_is_no_row_is_left_out_and_counted(tmp_path):
    lines = [f"{n},{value}" for n, value in enumerate(wave(N))]
    lines[20:20] = ["# pause", "", "Marker: hard moment", "%, of what?"]
    table = read_table(text(tmp_path / "a.csv", "time_s,hr", *lines), TableShape())
    assert table.numbers("time_s").tolist() == list(range(N))
    assert (table.lines[19], table.lines[20]) == (21, 26)
    ((remark, count),) = table.remarks
    assert (remark.code, count) == ("read.lines-no-rows", 3)


def test_rows_at_the_beginning_that_are_missing_stay(tmp_path):
    for head, first in (("hr", 5), ("time_s,hr", 4)):
        blank = "n/a" if head == "hr" else ","
        lines = [*[blank] * 4, *(f"{value}" if head == "hr" else f"{n},{value}" for n, value in enumerate(wave(N)))]
        table = read_table(text(tmp_path / f"{first}.csv", head, *lines), TableShape())
        assert len(table) == N + 4
        assert np.isnan(table.numbers("hr")[:4]).all()


def test_zeros_where_a_device_lost_its_power(tmp_path):
    path = rows(tmp_path / "a.csv", "time_s,hr", range(N), wave(N))
    path.write_bytes(path.read_bytes() + bytes(500))
    assert "read.zeros-at-end" in codes(open_session(path, signal="heart_rate"))
    path.write_bytes(path.read_bytes() + b"1,70")
    with pytest.raises(DataError, match="binary"):
        open_session(path, signal="heart_rate")


def test_rows_with_the_last_one_first(tmp_path):
    path = rows(tmp_path / "a.csv", "time_s,hr", range(N - 1, -1, -1), wave(N)[::-1])
    session = open_session(path, signal="heart_rate")
    np.testing.assert_allclose(session.recordings[0].signals["heart_rate"].values, wave(N))
    assert codes(session)["read.rows-reversed"] == N


@pytest.mark.parametrize("damage", ["behind the end", "back in time", "no type", "twice"])
def test_annotations_that_are_damaged(tmp_path, damage):
    path = laboratory.wfdb_annotations(tmp_path / "x.atr")
    content = path.read_bytes()
    step = annotation(1, 200)
    added = {
        "behind the end": content + step,
        "back in time": content[:-2] + struct.pack("<HhHH", 59 << 10, -1, 0xF000, 1 << 10) + content[-2:],
        "no type": content[:-2] + annotation(55, 3) + content[-2:],
        "twice": content[:-2] + annotation(1, 0, chn=1) + content[-2:],
    }
    path.write_bytes(added[damage])
    if damage == "twice":
        assert codes(open_session(path)).get("read.repeated-stamps") == 1
    else:
        with pytest.raises(DataError, match="damaged"):
            open_session(path)


def test_beats_that_no_heart_has_are_told(tmp_path):
    times = np.cumsum(RR) / 1000
    assert codes(open_session(text(tmp_path / "b.txt", *times), signal="beats", unit="s")) == {}
    path = text(tmp_path / "a.txt", *np.sort([*times, times[20] + 0.19, times[40] + 0.21]))
    assert codes(open_session(path, signal="beats", unit="s")).get("read.beats-close") == 1
