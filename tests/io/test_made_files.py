"""Files as other laboratories write them, made at random, whose right content is known.

Each drawn file has its values, times and gaps; whatever form they are written in, these are what is read.
"""

from __future__ import annotations

import datetime
import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io import open_session
from coregulation.io.missing_codes import missing_code
from tests.io.write import rows, text, wave

made = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
START = datetime.datetime(2026, 5, 24, 13, 58, 30, tzinfo=datetime.UTC)  # a day above 12
EXCEL, MATLAB = datetime.datetime(1899, 12, 30, tzinfo=datetime.UTC), 366 + 1  # MATLAB's day 1 is 0000-01-01


def stamped(form):
    return lambda t: (START + datetime.timedelta(seconds=t)).strftime(form)


def clock(t):
    return f"{int(t) // 60:d}:{t % 60:06.3f}"


def matlab(t):
    moment = START + datetime.timedelta(seconds=t)
    return f"{moment.toordinal() + 366 + (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 86400:.11f}"


TIMES = {  # header, how a time (s) is written, what is said of it
    "seconds in the header": ("time_s", lambda t: f"{t:.3f}", {}),
    "brackets": ("Time [ms]", lambda t: f"{1000 * t:.0f}", {}),
    "minutes": ("t (min)", lambda t: f"{t / 60:.8f}", {}),
    "a unit that is said": ("elapsed", lambda t: f"{1e6 * t:.0f}", {"time_unit": "us"}),
    "epoch": ("timestamp", lambda t: f"{START.timestamp() + t:.3f}", {"time_unit": "s"}),
    "epoch in ms": ("timestamp_ms", lambda t: f"{1000 * (START.timestamp() + t):.0f}", {}),
    "ISO": ("Time", lambda t: (START + datetime.timedelta(seconds=t)).isoformat(timespec="milliseconds"), {}),
    "ISO without a zone": ("Time", stamped("%Y-%m-%d %H:%M:%S.%f"), {}),
    "compact": ("Time", stamped("%Y%m%dT%H%M%S.%f"), {}),
    "German": ("Zeitstempel", stamped("%d.%m.%Y %H:%M:%S.%f"), {}),
    "American": ("datetime", stamped("%m/%d/%Y %I:%M:%S.%f %p"), {}),
    "the year first": ("Date Time", stamped("%Y/%m/%d %H:%M:%S.%f"), {}),
    "the month as a word": ("Time", stamped("%d-%b-%Y %H:%M:%S.%f"), {}),
    "time of day": ("time", stamped("%H:%M:%S.%f"), {}),
    "minutes and seconds": ("time", clock, {}),
    "a spreadsheet's days": (
        "time",
        lambda t: f"{((START - EXCEL).total_seconds() + t) / 86400:.11f}",
        {"time_unit": "excel"},
    ),
    "MATLAB's days": ("time", matlab, {"time_unit": "matlab"}),
}
MISSING = ["", "NaN", "n/a", "-999", "-9999", "9999", "."]


@st.composite
def files(draw):
    """Draw what is in a file, and how it is written."""
    rate = draw(st.sampled_from([1.0, 2.0, 4.0]))
    count = draw(st.integers(60, 200))
    gap = draw(st.integers(0, 60))
    times = np.arange(count) / rate + np.where(np.arange(count) >= count // 2, gap, 0)
    return {
        "rate": rate, "times": times, "gap": gap, "values": np.round(np.array(wave(count, phase=draw(st.floats(0, 6)))), 2),
        "form": draw(st.sampled_from(sorted(TIMES))), "missing": draw(st.sampled_from(MISSING)),
        "holes": draw(st.lists(st.integers(1, count - 2), max_size=9, unique=True)), "separator": draw(st.sampled_from(",;\t")),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])), "newline": draw(st.sampled_from(["\n", "\r\n"])),
        "comma": draw(st.booleans()), "packed": draw(st.booleans()), "trailing": draw(st.booleans()),
    }  # fmt: skip


@made
@given(files())
def test_a_table_of_one_person(tmp_path, file):
    header, write, said = TIMES[file["form"]]
    holes = set(file["holes"])
    sign = file["separator"]
    comma = file["comma"] and sign != ","
    values = [file["missing"] if n in holes else f"{value:.2f}" for n, value in enumerate(file["values"])]
    cells = [values, list(map(write, file["times"].tolist()))][::-1]
    if comma:
        cells = [
            [cell.replace(".", ",") if cell.replace(".", "").replace("-", "").isdigit() else cell for cell in column]
            for column in cells
        ]
    lines = [sign.join([header, "hr"]), *(sign.join(row) for row in zip(*cells, strict=True))]
    lines = [line + sign for line in lines] if file["trailing"] and sign != "," else lines
    content = (file["newline"].join(lines) + file["newline"]).encode(file["encoding"])
    path = tmp_path / ("a.csv.gz" if file["packed"] else "a.csv")
    path.write_bytes(gzip.compress(content) if file["packed"] else content)
    signal = (
        open_session(path, signal="heart_rate", people=["ada"], column="hr", **said).recordings[0].signals["heart_rate"]
    )
    known = np.array([n for n in range(len(values)) if n not in holes])
    assert signal.rate == pytest.approx(file["rate"], rel=1e-6)
    assert signal.window.length == pytest.approx(file["times"][-1] + 1 / file["rate"], abs=0.3 / file["rate"])
    at = np.round((file["times"] - file["times"][0]) * file["rate"]).astype(int)
    np.testing.assert_allclose(signal.values[at[known]], file["values"][known], atol=1e-9)
    half = len(values) // 2
    if at[half] - at[half - 1] > 3 * file["rate"]:
        assert np.isnan(signal.values[at[half - 1] + 1 : at[half]]).all()  # nothing is made up in a gap


@made
@given(
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from(["rr", "RR-interval [ms]", "IBI"]),
    st.integers(0, 60),
    st.sampled_from(["s", "ms"]),
)
def test_intervals_beside_their_times(tmp_path, seed, at_begin, header, lost, unit):
    rr = np.round(850 + 60 * np.sin(np.arange(120) * 0.37 * seed))
    ends = np.cumsum(rr) / 1000 + np.where(np.arange(120) >= 60, lost, 0)
    size = 1.0 if unit == "s" else 1000.0
    stamps = (ends - at_begin * rr / 1000) * size
    path = rows(tmp_path / "a.csv", f"time [{unit}],{header}", [f"{t:.3f}" for t in stamps], rr)
    beats = open_session(path, signal="rr", unit="ms", people=["ada"]).recordings[0].beats
    assert beats.times[-1] - beats.times[0] == pytest.approx(rr.sum() / 1000 + lost, abs=0.1)
    assert int(beats.breaks.sum()) - 1 == (lost > 3) or lost <= 3
    np.testing.assert_allclose(np.sort(np.diff(beats.times))[:118], np.sort(rr)[:118] / 1000, atol=0.6)


@pytest.mark.parametrize("person", ["id", "Subject", "participant_id", "Player"])
@pytest.mark.parametrize("stacked", [True, False])
def test_rows_of_several_people_are_never_one_body(tmp_path, person, stacked):
    labels = ["a"] * 60 + ["b"] * 60 if stacked else ["a", "b"] * 60
    rr = np.round(850 + 60 * np.sin(np.arange(120) * 0.37))
    path = rows(tmp_path / "a.csv", f"{person},rr", labels, rr)
    for said in ({}, {"people": ["ada"]}, {"column": "rr"}):
        with pytest.raises(UsageError, match="--long --person-column 0 --value-column 1"):
            open_session(path, signal="rr", unit="ms", **said)
    session = open_session(path, signal="rr", unit="ms", long=True, person_column=0, value_column=1)
    assert [len(recording.beats) for recording in session.recordings] == [61, 61]


def test_a_number_per_row_tells_nobody_apart(tmp_path):
    path = rows(tmp_path / "a.csv", "id,time_s,hr", range(60), range(60), wave(60))
    assert len(open_session(path, signal="heart_rate", column="hr").recordings) == 1


def test_words_beside_the_values_are_asked_about(tmp_path):
    path = rows(tmp_path / "a.csv", "time_s,bpm,source", range(60), wave(60), ["awake", "rest"] * 30)
    with pytest.raises(UsageError, match="--person A=1"):
        open_session(path, signal="heart_rate")


@pytest.mark.parametrize(
    ("channel", "values", "code"),
    [
        ("eda", [5.0, 5.2, -999.0, 5.1], -999.0), ("skin", [33.1, 33.2, 9999.0], 9999.0), ("heart_rate", [61.0, 70.0, 255.0], 255.0),
        ("rr", [800.0, 900.0, 65535.0], 65535.0), ("resp", [-998.0, -999.0, 1000.0, 0.0], None), ("eda", [-999.0], None),
        ("eda", [2.5, -1.0, 2.6], -1.0), ("eda", [15.0, 13.0, -1.0], -1.0), ("heart_rate", [70.0, -1.0, 71.0], -1.0),
        ("eda", [2.5, -9.99, 2.6, -9.99], -9.99), ("eda", [2.5, 99.99, 2.6, 99.99], 99.99), ("eda", [2.5, 99.99, 2.6], None),
        ("eda", [2.5, -0.01, 2.6], None), ("eda", [0.5, -0.01, -0.02], None), ("motion", [2.5, -1.0, 2.6, -1.0], None),
        ("eda", [-1.0, -1.0], None), ("eda", [2.5, -0.25, 2.6, -0.25], -0.25), ("rr", [800.0, -1.0, 810.0], -1.0), ("resp", [9.99, 9.98, 9.99, 9.97], None),
        ("resp", [254.0, 255.0, 100.0], None), ("skin", [99.0, 98.5, 97.0], None), ("eda", [np.nan, np.nan], None),
    ],
)  # fmt: skip
def test_a_code_for_missing_is_far_from_everything(channel, values, code):
    assert missing_code(np.array(values), channel) == code


def test_codes_are_left_out_and_told(tmp_path):
    values = [-999 if 20 <= n < 30 else value for n, value in enumerate(wave(60))]
    session = open_session(rows(tmp_path / "a.csv", "time_s,glow", range(60), values), signal="glow", unit="a.u.")
    assert np.isnan(session.recordings[0].signals["glow"].values).sum() == 10
    (remark,) = (remark for remark in session.remarks if remark.reason.code == "read.missing-codes")
    assert (remark.count, remark.reason.facts["number"]) == (10, -999)


def test_an_interval_of_65535_is_none(tmp_path):
    rr = [65535 if n == 40 else 850 + n % 9 for n in range(80)]
    with pytest.raises(DataError, match="interval 41 is missing"):
        open_session(text(tmp_path / "a.txt", *rr), signal="rr", unit="ms")


@pytest.mark.parametrize(("low", "refused"), [(-0.09, False), (-0.11, True)])
@pytest.mark.parametrize("share", [0.04, 0.06])
def test_a_conductance_below_zero_is_none(tmp_path, low, refused, share):
    n = np.arange(200)
    values = np.where(n < 200 * share, low - 0.0001 * n if refused else low + 0.0001 * n, 4 + np.sin(n / 9))
    path = rows(tmp_path / "a.csv", "time_s,eda", np.arange(200) / 4, values)
    if refused and share > 0.05:
        with pytest.raises(DataError, match="lie below 0"):
            open_session(path, signal="eda")
    else:
        assert open_session(path, signal="eda").recordings[0].signals["eda"].rate == 4


@pytest.mark.parametrize(
    "cell", ["2026-13-05", "2026/13/05 10:00:00", "31-Fev-2026 10:00:00", "20261305T100000", "24/13/2026"]
)
def test_a_date_that_is_none_is_refused(tmp_path, cell):
    stamps = [*map(stamped("%Y-%m-%d %H:%M:%S"), range(50)), cell, *map(stamped("%Y-%m-%d %H:%M:%S"), range(51, 60))]
    with pytest.raises(CoregulationError):
        open_session(rows(tmp_path / "a.csv", "time,hr", stamps, wave(60)), signal="heart_rate")
