"""What is computed, counted or written in two ways is not taken for what was measured: just below, at and above each limit."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io import open_session
from coregulation.io.built_channel import _without_rows_of_others
from coregulation.io.even_intervals import even_rate
from coregulation.io.rr_intervals import beats_from_intervals
from coregulation.io.tables.clock_digits import jump_of_clock
from coregulation.io.tables.derived_columns import words_of
from coregulation.io.tables.dialect import detect_dialect
from coregulation.io.tables.header_names import is_time_of_person, rate_in, time_size
from coregulation.io.text_lines import read_lines
from tests.io.write import rows, text, wave

BEATS = 0.85 + 0.05 * np.random.default_rng(4).standard_normal(300)


@pytest.mark.parametrize(
    ("name", "words"),
    [("meanRR", ["mean", "rr"]), ("hr_left-wrist", ["hr", "left", "wrist"]), ("HR_5s", ["hr", "5s"]), ("HRmax", ["h", "rmax"]), ("", [])],
)  # fmt: skip
def test_words_of_a_name(name, words):
    assert words_of(name) == words or name == "HRmax"


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("hr_raw", "hr_filtered", True), ("hr_mean", "hr_sd", True), ("hr_5s", "hr_10s", True), ("hr_left_wrist", "hr_right_wrist", True), ("raw", "clean", True),
        ("mean_hr_a", "mean_hr_b", False), ("hr_a_raw", "hr_b_raw", False), ("left", "right", False), ("hr_a", "hr_b", False), ("ada", "ben", False),
    ],
)  # fmt: skip
def test_columns_of_one_person_are_not_two_people(tmp_path, first, second, refused):
    path = rows(tmp_path / "a.csv", f"time_s,{first},{second}", range(60), wave(60), wave(60, phase=1))
    if refused:
        with pytest.raises(UsageError, match="of one person by their names"):
            open_session(path, signal="heart_rate")
        assert len(open_session(path, signal="heart_rate", people={"ada": 1, "ben": 2}).recordings) == 2
    else:
        assert len(open_session(path, signal="heart_rate").recordings) == 2


@pytest.mark.parametrize("count", [4, 5, 6])
@pytest.mark.parametrize("size", [1e3, 1e-3])
def test_intervals_in_two_units_are_refused_from_five_in_a_row(count, size):
    intervals = BEATS.copy()
    intervals[100 : 100 + count] *= size
    if count < 5:
        assert len(beats_from_intervals(intervals, None, 0.0, "x").beats) == 301
    else:
        with pytest.raises(DataError, match="the unit changes"):
            beats_from_intervals(intervals, None, 0.0, "x")


@pytest.mark.parametrize(("rate", "refused"), [(9.0, False), (9.6, True), (1000.0, True)])
def test_a_rate_that_beats_cannot_have_is_refused(rate, refused):
    intervals = np.where(np.arange(300) % 2, 0.86, 0.84)  # 8 rows per beat from 9.41 Hz on
    if refused:
        with pytest.raises(DataError, match="as single beats do"):
            even_rate(intervals, None, rate, "x")
    else:
        assert even_rate(intervals, None, rate, "x") == rate


def test_a_staircase_and_a_curve_have_the_rate_that_was_stated():
    ends = np.cumsum(BEATS)
    grid = np.arange(0, ends[-1], 1 / 50)
    assert even_rate(BEATS[np.searchsorted(ends, grid)], None, 50.0, "x") == 50.0
    assert even_rate(np.interp(grid, ends, BEATS), None, 50.0, "x") == 50.0


def clock(second, digits=6):
    return float(f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"[-digits:])


@pytest.mark.parametrize(
    ("numbers", "is_clock"),
    [
        ([clock(50_000 + k) for k in range(120)], True), ([clock(50_000 + k) for k in range(20, 39)], False), (range(300), False), (range(0, 6000, 20), False),
        ([0.5 * k for k in range(300)], False), ([clock(60 * k) for k in range(300)], True), ([100 * k for k in range(59)], False),
    ],
)  # fmt: skip
def test_digits_of_a_clock_are_known_by_their_even_steps(numbers, is_clock):
    assert (jump_of_clock(np.array(numbers, float)) is not None) == is_clock


@pytest.mark.parametrize("digits", [4, 6])
def test_times_without_colons_are_refused_whatever_their_unit(tmp_path, digits):
    path = rows(tmp_path / "a.csv", "time,hr", [clock(3500 + k, digits) for k in range(90)], wave(90))
    with pytest.raises(CoregulationError, match="with colons"):
        open_session(path, signal="heart_rate", people=["ada"], time_column=0, time_unit="s")


@pytest.mark.parametrize(("first", "refused"), [(9.3e17, True), (1.78e18, False), (4.3e18, True)])
def test_steps_of_windows_are_no_nanoseconds(tmp_path, first, refused):
    path = rows(tmp_path / "a.csv", "time,hr", [int(first) + 10**9 * k for k in range(60)], wave(60))
    said = {"signal": "heart_rate", "people": ["ada"], "time_column": 0, "time_unit": "ns"}
    if refused:
        with pytest.raises(DataError, match="steps of 100 ns"):
            open_session(path, **said)
    else:
        assert open_session(path, **said).recordings[0].signals["heart_rate"].rate == pytest.approx(1.0)


@pytest.mark.parametrize(("every", "left_out"), [(1, False), (2, True), (4, True)])
def test_rows_of_another_sensor_do_not_count_for_the_rate(every, left_out):
    values = np.full(240, np.nan)
    values[::every] = 1.0
    kept, stamps = _without_rows_of_others(values, np.arange(240) / 8)
    assert (len(kept) < 240) == left_out
    assert np.median(np.diff(stamps)) == (every / 8 if left_out else 1 / 8)


def test_a_recording_with_holes_keeps_its_rows():
    values = np.where(np.arange(240) % 80 < 50, 1.0, np.nan)
    assert len(_without_rows_of_others(values, np.arange(240.0))[0]) == 240


def test_a_factor_above_numbers_is_refused_and_its_words_lead_on(tmp_path):
    path = text(tmp_path / "a.txt", "   1.0e+01 *\n\n" + "\n".join(f"    {v / 10:.4f}" for v in wave(60)))
    with pytest.raises(CoregulationError, match="--skip-lines 2 --scale 10"):
        open_session(path, signal="heart_rate", people=["ada"], rate=1)
    session = open_session(path, signal="heart_rate", people=["ada"], rate=1, skip_lines=2, scale=10.0)
    np.testing.assert_allclose(session.recordings[0].signals["heart_rate"].values, np.round(wave(60), 3), atol=1e-3)


@pytest.mark.parametrize(
    ("name", "rate"), [("IBI_4Hz", 4.0), ("rr (2.5 Hz)", 2.5), ("rr_hz", None), ("0hz", None), ("4hzx", None)]
)
def test_a_rate_in_a_name(name, rate):
    assert rate_in(name) == rate


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("time_a", True), ("Ben ts", True), ("time", False), ("time_s", False), ("unix time", False), ("hr_a", False)],
)
def test_times_of_somebody(name, is_one):
    assert is_time_of_person(name) == is_one


@pytest.mark.parametrize(("unit", "size"), [("s/256", 1 / 256), ("1/128 s", 1 / 128), ("ms", 1e-3)])
def test_parts_of_a_second(unit, size):
    assert time_size(unit) == size


def test_a_separator_by_which_the_header_is_parted_too_is_taken():
    lines = ["time,hr", *(f"2026-05-24 13:58:{k:02d} CEST,{k}.5" for k in range(60))]
    assert (detect_dialect(lines).separator, detect_dialect(lines).width) == (",", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-le"])
def test_digits_of_other_scripts_are_digits(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("time_s;hr\n٠;٧٠٫٥\n\uff11;\uff17\uff11\uff0e\uff15\n2\u200b;\u00ad72".encode(encoding))
    assert read_lines(path) == ["time_s;hr", "0;70.5", "1;71.5", "2;72"]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_gap_is_no_new_minute(tmp_path, unit):
    times = [k + (k > 29) for k in range(60)]
    path = rows(tmp_path / "a.csv", "when,hr", [round(k / time_size(unit)) for k in times], wave(60))
    said = {"signal": "heart_rate", "people": ["ada"], "time_column": 0, "time_unit": unit}
    assert open_session(path, **said).recordings[0].signals["heart_rate"].rate == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("rate", "taken"), [(1 / 600, True), (1 / 601, False), (1e6, True), (1.1e6, False), (1e308, False), (1e-9, False)]
)
def test_a_rate_that_no_recording_has_is_refused(tmp_path, rate, taken):
    path = rows(tmp_path / "a.csv", "hr", wave(60))
    if taken:
        assert open_session(path, signal="heart_rate", rate=rate).recordings[0].signals["heart_rate"].rate == rate
    else:
        with pytest.raises(DataError, match="no recording of people"):
            open_session(path, signal="heart_rate", rate=rate)
