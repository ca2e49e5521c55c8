"""XDF: whose clock each stream is on, how sure that is, and what a damaged file is answered with."""

from __future__ import annotations

import io

import numpy as np
import pytest

from coregulation.clock import lag_sd
from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.examples.streams import chunk, stream, two_laptops, xdf
from coregulation.io.examples.values import ECG
from tests.io.formats.reading import table

TIMES = np.arange(500) / 50
STEADY = [(1000.0 + n, 0.25 + 1e-4 * (-1) ** n) for n in range(8)]


def test_two_computers_meet_on_the_recorders_clock(tmp_path):
    path = two_laptops(tmp_path / "x.xdf")
    session = open_session(path, people={"ada": "near", "ben": "far"}, unit="mV")
    ada, ben = (session.of(who) for who in ("ada", "ben"))
    for recording, values in ((ada, ECG), (ben, ECG[::-1])):
        signal = recording.signals["ecg"]
        np.testing.assert_allclose(signal.values, values)
        assert signal.start == pytest.approx(0, abs=2e-4)
        assert signal.rate == pytest.approx(50, rel=1e-4)
    clock = ben.clock("ecg")
    assert clock.drift_ppm == pytest.approx(50, abs=5)
    assert 5e-5 < clock.offset_sd < 2e-4  # the offsets were written with 0.1 ms of scatter
    assert lag_sd(ada.clock("ecg"), clock, 5.0) >= clock.offset_sd


def test_our_clocks_are_those_of_pyxdf(tmp_path):
    import pyxdf

    path = two_laptops(tmp_path / "x.xdf")
    theirs, _ = pyxdf.load_xdf(io.BytesIO(path.read_bytes()), dejitter_timestamps=False)
    found = table(path)
    begin = min(float(one["time_stamps"][0]) for one in theirs[:2])
    for number, one in enumerate(theirs[:2]):
        said = found.metadata_of(number)
        ours = said.clock.session_time(said.times)
        np.testing.assert_allclose(ours, one["time_stamps"] - begin, atol=3e-4)


def test_a_stream_without_offsets_has_a_clock_of_unknown_uncertainty(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "Respiration", 50, stamps=TIMES, values=ECG))
    clock = open_session(path).of("A").clock("resp")
    assert (clock.offset_sd, clock.name) == (None, "laptop")


def test_one_offset_alone_shifts_and_says_nothing_of_its_scatter_or_drift(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG, offsets=[(0.0, 3.0)]))
    clock = table(path).metadata_of(0).clock
    assert (clock.offset, clock.drift_ppm, clock.drift_sd_ppm, clock.offset_sd) == (0.0, 0.0, 0.0, None)


def test_a_clock_that_jumps_is_refused(tmp_path):
    offsets = [(1000.0 + n, 0.25 if n < 4 else 90.25) for n in range(8)]
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG, offsets=offsets))
    with pytest.raises(DataError, match="clock of a stream jumped by more than 1 s"):
        table(path)


def test_stamps_are_evened_between_gaps_and_it_is_told(tmp_path):
    rng = np.random.default_rng(1)
    stamps = 1000 + TIMES + np.where(TIMES > 5, 7.0, 0.0) + 0.004 * rng.random(500)
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=stamps, values=ECG, offsets=STEADY))
    session = open_session(path)
    signal = session.of("A").signals["resp"]
    assert int(np.isnan(signal.values).sum()) == pytest.approx(7 * 50, abs=2)
    told = [remark.reason.facts["moved"] for remark in session.remarks if remark.code == "read.stamps-evened"]
    assert len(told) == 1
    assert 0.8 < told[0] < 1.6  # a uniform jitter of 4 ms has an sd of 1.15


def test_beats_of_a_belt_come_with_their_times(tmp_path):
    stamps = np.cumsum([0.8 + 0.01 * (n % 5) for n in range(60)])
    rr = np.diff(stamps, prepend=stamps[0] - 0.8)
    path = xdf(tmp_path / "x.xdf", stream(1, "strap", "RR", 0, stamps=1000 + stamps, values=rr, offsets=STEADY))
    beats = open_session(path, unit="s").of("A").beats
    np.testing.assert_allclose(beats.rr[1:], rr, rtol=2e-5)  # on the recorder's clock, 10 ppm slower


def test_channels_of_a_stream_have_their_own_types_and_units(tmp_path):
    desc = "<channels>" + "".join(
        f"<channel><label>{label}</label><type>{kind}</type><unit>{unit}</unit></channel>"
        for label, kind, unit in (("chest", "ECG", "microvolts"), ("x", "ACC", "g"))
    ) + "</channels>"  # fmt: skip
    values = np.stack([1000 * ECG, ECG], axis=1)
    path = xdf(
        tmp_path / "x.xdf", stream(1, "H10", "EEG", 50, count=2, desc=desc, stamps=TIMES, values=values, form="float32")
    )
    found = table(path)
    assert (found.names, found.metadata_of(0).channel, found.metadata_of(1).channel) == (
        ("H10 chest", "H10 x"),
        "ecg",
        None,
    )
    signal = open_session(path).of("A").signals["ecg"]
    np.testing.assert_allclose(signal.values, ECG, atol=1e-6)


def test_several_channels_without_a_description_are_asked_about(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "H10", "ECG", 50, count=2, stamps=TIMES, values=np.stack([ECG, ECG], 1)))
    with pytest.raises(UsageError, match=r"nothing says what kind of signal.*0 'H10 0', 1 'H10 1'"):
        open_session(path)


@pytest.mark.parametrize(
    "footer", ["<sample_count>500.0</sample_count>", "<other>1</other>", "<sample_count>501</sample_count>"]
)
def test_a_broken_footer(tmp_path, footer):
    path = xdf(
        tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG, offsets=STEADY, footer=footer)
    )
    with pytest.raises(DataError, match=r"x\.xdf: the XDF file is damaged.*(footer|500 are there)"):
        table(path)


@pytest.mark.parametrize("footer", [b"<info><sample_count>500", b"<?xml version='1.0' encoding='UTG-8'?><info/>"])
def test_a_footer_that_is_no_xml(tmp_path, footer):
    good = stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG, offsets=STEADY, footer="")
    path = xdf(tmp_path / "x.xdf", good, chunk(6, b"\x01\x00\x00\x00" + footer))
    with pytest.raises(DataError, match="damaged"):
        table(path)


def test_without_a_footer_the_samples_count(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG, offsets=STEADY, footer=""))
    assert len(open_session(path).of("A").signals["resp"]) == 500


def test_a_stream_whose_stamps_go_back(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES[::-1], values=ECG, offsets=STEADY))
    with pytest.raises(DataError, match="go back"):
        table(path)


def test_a_count_that_would_not_fit_into_the_file(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "belt", "RESP", 50, stamps=TIMES, values=ECG))
    content = path.read_bytes().replace(
        b"\x01\x00\x00\x00\x04\x32\x00\x00\x00", b"\x01\x00\x00\x00\x04\xff\xff\xff\x7f", 1
    )
    path.write_bytes(content)
    with pytest.raises(DataError, match="does not hold what it announces"):
        table(path)


def test_markers_alone_are_no_signal(tmp_path):
    path = xdf(tmp_path / "x.xdf", stream(1, "notes", "Markers", 0, form="string", stamps=[1.0], values=["go"]))
    with pytest.raises(DataError, match="holds no signal"):
        table(path)
