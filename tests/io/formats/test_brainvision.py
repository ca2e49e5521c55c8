"""BrainVision recordings: samples in their units, markers as marks, interruptions as gaps; contradictions are refused."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import brainvision
from coregulation.io.examples.values import ECG, START
from tests.io.formats.reading import column, table


@pytest.fixture
def recording(tmp_path):
    return brainvision.recording(tmp_path / "x.vhdr")


def change(path, old, new):
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("big", [True, False])
@pytest.mark.parametrize("orientation", ["MULTIPLEXED", "VECTORIZED"])
@pytest.mark.parametrize("kind", ["INT_16", "INT_32", "IEEE_FLOAT_32"])
def test_every_packing(tmp_path, kind, orientation, big):
    path = brainvision.recording(tmp_path / "x.vhdr", kind=kind, orientation=orientation, big=big)
    values, said = column(path, "ECG")
    np.testing.assert_allclose(values, 1000 * ECG, atol=0.26)
    assert (said.unit, said.rate, said.start) == ("µV", 250.0, START)
    values, said = column(path.with_suffix(".eeg"), "skin")
    np.testing.assert_allclose(values, brainvision.SKIN, atol=0.0006)
    assert said.unit == "µS"


def test_what_pybv_writes(tmp_path):
    """An independent writer."""
    import pybv

    data = np.stack([1e-3 * ECG, 2e-3 * ECG])
    when = datetime.datetime(2026, 5, 4, 14, 0, 0, 250000)  # noqa: DTZ001 - as the format writes it
    events = [{"onset": 125, "duration": 1, "type": "Comment", "description": "talk"}]
    for kind in ("binary_float32", "binary_int16"):
        pybv.write_brainvision(
            data=data, sfreq=250, ch_names=["a", "b,c"], fname_base=kind, folder_out=str(tmp_path), events=events,
            resolution=0.1, fmt=kind, meas_date=when,
        )  # fmt: skip
        values, said = column(tmp_path / f"{kind}.vhdr", "b,c")
        np.testing.assert_allclose(1e-6 * values, data[1], atol=1e-7)
        assert (said.unit, said.rate, said.start) == ("µV", 250.0, when)
        assert table(tmp_path / f"{kind}.vhdr").events.labels == ("talk",)


def test_markers_become_marks(recording):
    session = open_session(recording.with_suffix(".vmrk"), signal="ecg", column="ECG")
    assert [(mark.time, mark.label) for mark in session.marks] == [(0.5, "talk, loud"), (1.0, "S 1")]


def test_a_marker_outside_is_left_out_and_told(tmp_path):
    path = brainvision.recording(tmp_path / "x.vhdr", markers=[*brainvision.MARKERS, "Comment,late,501,1,0"])
    found = table(path)
    ((reason, count),) = found.remarks
    assert (reason.code, count, len(found.events.labels)) == ("read.events-left-out", 1, 2)


def test_an_interruption_is_a_gap(tmp_path):
    begins = (
        "New Segment,,1,1,0,20260504140000000000",
        "New Segment,,251,1,0,20260504140011000000",
        "Comment,x,252,1,0",
    )
    path = brainvision.recording(tmp_path / "x.vhdr", markers=begins)
    _, said = column(path, "ECG")
    assert (said.rate, said.times[249], said.times[250], said.times[-1]) == (None, 249 / 250, 11.0, 11 + 249 / 250)
    session = open_session(path, signal="ecg", column="ECG")
    assert session.marks[0].time == pytest.approx(11.004)
    assert session.of("A").signals["ecg"].coverage == pytest.approx(500 / 3000, abs=0.01)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("New Segment,,251,1,0", "do not say when each piece began"),
        ("New Segment,,251,1,0,20260504140000500000", "begins before the one before it ends"),
        ("New Segment,,251,1,0,20261399", "no position or no date"),
        ("Comment,x,soon,1,0", "no position or no date"),
    ],
)
def test_interruptions_and_markers_that_cannot_be_placed(tmp_path, second, words):
    path = brainvision.recording(tmp_path / "x.vhdr", markers=(brainvision.MARKERS[0], second))
    with pytest.raises(DataError, match=words):
        table(path)


def test_without_markers_it_counts_from_its_own_zero(recording):
    change(recording, "MarkerFile=$b.vmrk\n", "")
    assert (column(recording, "ECG")[1].start, table(recording).events) == (0.0, None)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_other_encodings(recording, encoding):
    recording.write_bytes(recording.read_text(encoding="utf-8").encode(encoding))
    assert column(recording, "skin")[1].unit == "µS"


def test_the_unit_that_is_left_out_is_that_of_the_specification(recording):
    change(recording, "Ch2=skin,,0.001,µS", "Ch2=skin")
    values, said = column(recording, "skin")
    assert (said.unit, values[0]) == ("µV", 4000)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Brain Vision Data", "Other Data", "first line is not"),
        ("SamplingInterval=4000", "SamplingInterval=-4000", "SamplingInterval is '-4000'"),
        ("SamplingInterval=4000", "SamplingInterval=4 ms", "SamplingInterval is '4 ms'"),
        ("SamplingInterval=4000", "SamplingInterval=1e-30", "cannot be"),
        ("ECG,,0.5", "ECG,,0", "resolution is '0'"),
        ("NumberOfChannels=2", "NumberOfChannels=3", "announces 3 channels and describes 2"),
        ("NumberOfChannels=2", "NumberOfChannels=nan", "NumberOfChannels is 'nan'"),
        ("Ch2=skin", "Ch1=skin", "ch1 comes twice|Ch1 comes twice"),
        ("DataFile=x.eeg", "DataFile=y.eeg", "DataFile is 'y.eeg', and no such file is beside it"),
        ("DataFile=x.eeg", "DataFile=../x.eeg", "does not lie beside it"),
        ("DataFile=x.eeg", r"DataFile=..\x.eeg", "does not lie beside it"),
        ("DataFile=x.eeg\n", "", "names no DataFile"),
        ("MarkerFile=$b.vmrk", "MarkerFile=y.vmrk", "MarkerFile is 'y.vmrk'"),
        ("DataFormat=BINARY", "DataFormat=ASCII", "DataFormat=ASCII"),
        ("BinaryFormat=INT_16", "BinaryFormat=INT_12", "BinaryFormat=INT_12"),
        ("DataOrientation=MULTIPLEXED", "DataOrientation=", "DataOrientation=nothing"),
        ("[Binary Infos]", "DataType=FREQUENCYDOMAIN\n[Binary Infos]", "DataType=FREQUENCYDOMAIN"),
        (
            "[Binary Infos]",
            "DataPoints=501\n[Binary Infos]",
            r"2,?000 bytes are not the rows of 2 channels that x.vhdr announces \(501\)",
        ),
    ],
)
def test_headers_that_cannot_be_meant(recording, old, new, words):
    change(recording, old, new)
    with pytest.raises(DataError, match=words):
        table(recording)


def test_samples_that_are_cut_off(recording):
    samples = recording.with_suffix(".eeg")
    samples.write_bytes(samples.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"1,?999 bytes are not the rows of 2 channels that x.vhdr announces"):
        table(recording)


def test_two_channels_of_one_name_are_chosen_by_number(recording):
    change(recording, "Ch2=skin", "Ch2=ECG")
    assert open_session(recording, signal="eda", column=1).of("A").signals["eda"].unit.symbol == "µS"
