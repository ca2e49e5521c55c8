from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.rr_intervals import beats_from_intervals
from tests.io.write import rows, text

RR = 0.8 + 0.05 * np.sin(np.arange(80) / 5)
intervals = st.lists(st.floats(0.3, 1.9), min_size=3, max_size=60).map(np.array)


@given(intervals, st.floats(-100, 100))
def test_intervals_alone_add_up(rr, start):
    beats = beats_from_intervals(rr, None, start, "x").beats
    assert beats.times[0] == start
    np.testing.assert_allclose(beats.rr[1:], rr, atol=1e-9)
    assert beats.breaks.tolist() == [True, *[False] * len(rr)]


many_intervals = st.lists(st.floats(0.3, 1.9), min_size=20, max_size=60).map(np.array)


@given(many_intervals, st.data())
def test_exact_stamps_give_each_beat_its_stamp(rr, data):
    ends = np.cumsum(rr)
    lost = sorted(data.draw(st.sets(st.integers(1, len(rr) - 1), max_size=2)))
    kept = np.setdiff1d(np.arange(len(rr)), lost)
    beats = beats_from_intervals(rr[kept], ends[kept], 0.0, "x").beats
    np.testing.assert_allclose(
        np.intersect1d(np.round(beats.times, 6), np.round(ends[kept], 6)), np.round(ends[kept], 6)
    )
    known = beats.rr[np.isfinite(beats.rr)]
    np.testing.assert_allclose(known, rr[kept], atol=1e-6)


def test_stamps_of_when_the_radio_delivered_do_not_move_the_beats():
    ends = np.cumsum(RR)
    stamps = np.ceil(ends) + 0.2  # one packet a second, one or two intervals in each
    beats = beats_from_intervals(RR, stamps, 0.0, "x").beats
    assert beats.breaks.sum() == 1
    np.testing.assert_allclose(np.diff(beats.times), RR)


def test_a_stamp_that_comes_much_later_is_a_break():
    stamps = np.cumsum(RR)
    stamps[40:] += 12.5
    beats = beats_from_intervals(RR, stamps, 0.0, "x").beats
    assert np.flatnonzero(beats.breaks).tolist() == [0, 41]
    assert beats.times[41] - beats.times[40] == pytest.approx(12.5)
    assert len(beats) == 82


def test_an_interval_of_more_than_3_s_is_beats_that_were_lost():
    rr = RR.copy()
    rr[40] = 5.0
    alone = beats_from_intervals(rr, None, 0.0, "x").beats
    assert np.flatnonzero(alone.breaks).tolist() == [0, 41]
    stamped = beats_from_intervals(rr, np.cumsum(rr), 0.0, "x").beats
    np.testing.assert_allclose(stamped.times, alone.times)
    assert stamped.breaks.tolist() == alone.breaks.tolist()


def test_a_missing_interval_breaks_a_stamped_chain_and_refuses_a_bare_one():
    rr = RR.copy()
    rr[40] = np.nan
    beats = beats_from_intervals(rr, np.cumsum(RR), 0.0, "x").beats
    assert np.flatnonzero(beats.breaks).tolist() == [0, 41]
    with pytest.raises(DataError, match="interval 41 is missing or not positive"):
        beats_from_intervals(rr, None, 0.0, "x")


@pytest.mark.parametrize(("end", "cut"), [([0.0], 1), ([np.nan, 0.0], 2), ([], 0)])
def test_intervals_without_a_later_beat_may_be_left_out_at_the_end(end, cut):
    found = beats_from_intervals(np.concatenate((RR, end)), None, 0.0, "x")
    assert (len(found.beats), found.cut) == (81, cut)
    with pytest.raises(DataError, match="interval 41 is missing or not positive"):
        beats_from_intervals(np.concatenate((RR[:40], [0.0], RR[40:])), None, 0.0, "x")
    with pytest.raises(DataError, match="interval 81 is missing or not positive"):
        beats_from_intervals(np.concatenate((RR, [0.0] * 4)), None, 0.0, "x")


def test_stamps_that_go_back():
    stamps = np.cumsum(RR)
    stamps[30] -= 20
    with pytest.raises(DataError, match="go back at interval 31"):
        beats_from_intervals(RR, stamps, 0.0, "x")


def test_intervals_that_run_ahead_of_their_stamps():
    stamps = np.cumsum(RR)
    doubled = np.concatenate((RR[:40], RR[:40], RR[40:]))
    times = np.concatenate((stamps[:40], np.full(40, stamps[39]), stamps[40:]))
    with pytest.raises(DataError, match="more than their time stamps allow"):
        beats_from_intervals(doubled, times, 0.0, "x")


@pytest.mark.parametrize(
    ("header", "stamp"),
    [
        ("Phone timestamp;RR-interval [ms]", lambda t: f"2026-05-04T14:{int(t // 60):02d}:{t % 60:06.3f}"),
        ("date;rr [ms]", lambda t: f"2026-05-04 14:{int(t // 60):02d}:{t % 60:06.3f} +0000"),
    ],
)
def test_loggers_with_a_header_need_no_options(tmp_path, header, stamp):
    ends = np.cumsum(RR)
    paths = []
    for name, shift in (("a.txt", 0.0), ("b.txt", 7.0)):
        lines = [f"{stamp(t + shift)};{1000 * rr + shift:.0f}" for t, rr in zip(ends, RR, strict=True)]
        paths.append(text(tmp_path / name, header, *lines))
    session = open_session(*paths, **({} if header.startswith("Phone") else {"time_column": 0}))
    first, second = session.of("A").beats, session.of("B").beats
    assert first.times[1] == pytest.approx(0.0)
    assert second.times[1] == pytest.approx(7.0, abs=1e-3)
    np.testing.assert_allclose(first.rr[1:], np.round(RR, 3))
    assert session.of("A").clock("beats").offset_sd is None
    assert session.of("A").clock("beats").name != session.of("B").clock("beats").name


def test_plain_numbers_in_ms(tmp_path):
    one, other = (text(tmp_path / f"{k}.txt", *np.round(1000 * RR + k)) for k in (1, 2))
    session = open_session(one, other, signal="rr", unit="ms", people=("ada", "ben"), roles={"ada": "client"})
    assert session.of("ada").beats.rr[1] == pytest.approx(round(1000 * RR[0] + 1) / 1000)
    assert session.of("ada").person.role == "client"
    assert session.of("ada").channels == ("beats",)


def test_a_header_that_says_another_unit_than_was_stated(tmp_path):
    one, other = (rows(tmp_path / f"{k}.csv", "rr_ms", np.round(1000 * RR + k)) for k in (1, 2))
    assert len(open_session(one, other).people) == 2
    with pytest.raises(DataError, match="says that it is in ms, and s was expected"):
        open_session(one, other, signal="rr", unit="s")


def test_beats_given_in_samples(tmp_path):
    samples = np.round(360 * np.cumsum(RR))
    one, other = (rows(tmp_path / f"{k}.csv", "sample,symbol", samples + k * np.arange(80), "N" * 80) for k in (0, 1))
    session = open_session(one, other, signal="beats", unit="s", scale=1 / 360, column="sample")
    assert session.of("A").beats.times[0] == pytest.approx(samples[0] / 360)


def test_beat_times_that_do_not_increase(tmp_path):
    one, other = (text(tmp_path / f"{k}.txt", *np.cumsum(RR), 3.0) for k in (1, 2))
    with pytest.raises(DataError, match="do not increase at beat 81"):
        open_session(one, other, signal="beats", unit="s")
    third = text(tmp_path / "n.txt", "1.0", "nan", "3.0", "4.0")
    with pytest.raises(DataError, match="beat 2 has no time"):
        open_session(third, other, signal="beats", unit="s")
