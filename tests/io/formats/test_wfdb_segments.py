"""WFDB records of several segments: one recording with gaps; what contradicts the record is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.examples import physionet
from coregulation.io.examples.values import ECG, START
from coregulation.io.formats import wfdb_segments
from tests.io.formats.reading import column, table


@pytest.fixture
def record(tmp_path):
    return physionet.segmented(tmp_path / "segments.hea")


def changed(path, old, new):
    text = path.read_text(encoding="ascii")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="ascii")
    return path


def beside(path, name):
    return path.with_name(name)


@pytest.mark.parametrize("fixed", [True, False])
def test_segments_are_one_recording_with_gaps(tmp_path, fixed):
    path = physionet.segmented(tmp_path / "segments.hea", fixed=fixed)
    values, said = column(path, "II")
    np.testing.assert_allclose(values, [*ECG[:200], *[np.nan] * 125, *ECG[200:]], atol=0.0011)
    assert (said.unit, said.rate, said.start) == ("mV", 250.0, START)
    breath, said = column(path, "RESP")
    assert np.isfinite(breath).sum() == (500 if fixed else 200)
    assert (said.unit, len(breath)) == ("NU", 625)


def test_a_session_of_segments(record):
    signal = open_session(record, signal="ecg", column="II").of("A").signals["ecg"]
    assert (signal.window.length, round(signal.coverage, 3)) == (2.5, 0.8)


@pytest.mark.parametrize("hurt", ["missing header", "missing samples", "checksum"])
def test_a_segment_that_cannot_be_read_is_a_gap_and_is_told(record, hurt):
    if hurt == "checksum":
        samples = beside(record, "segments_2.dat")
        samples.write_bytes(bytes(2) + samples.read_bytes()[2:])
    else:
        beside(record, f"segments_2.{'hea' if hurt == 'missing header' else 'dat'}").unlink()
    found = table(record)
    assert np.isfinite(found.numbers("II")).sum() == 200
    ((reason, count),) = found.remarks
    assert (reason.code, reason.facts["part"], count) == ("read.part-left-out", "segments_2", 1)


def test_no_segment_that_can_be_read(record):
    for number in (1, 2):
        samples = beside(record, f"segments_{number}.dat")
        samples.write_bytes(samples.read_bytes()[:-4])
    with pytest.raises(DataError, match=r"segments_2.dat: it holds 298 samples"):
        table(record)
    for number in (1, 2):
        beside(record, f"segments_{number}.dat").unlink()
    with pytest.raises(DataError, match="not one of its segments is beside it"):
        table(record)


def test_a_fixed_layout_without_its_segments(tmp_path):
    path = physionet.segmented(tmp_path / "segments.hea", fixed=True)
    for number in (1, 2):
        beside(path, f"segments_{number}.hea").unlink()
    with pytest.raises(DataError, match="not one of its segments is beside it"):
        table(path)


def test_a_layout_that_is_not_there(record):
    beside(record, "segments_layout.hea").unlink()
    with pytest.raises(UsageError, match="no file"):
        table(record)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("segments.hea", "625", "626", "announces 626 samples of each signal, and its segments have 625"),
        ("segments.hea", "segments_2 300", "../segments_2 300", "not that of a segment"),
        ("segments.hea", "segments_2 300", "segments_2 many", "not that of a segment"),
        ("segments_2.hea", " 250 300", " 200 300", "250 Hz and 300 samples .* 200 Hz and 300"),
        ("segments_2.hea", " 250 300", " 250 299", "250 Hz and 300 samples .* 250 Hz and 299"),
        ("segments_2.hea", "segments_2 1", "segments_2/1 1", "not that of a segment|segments of its own"),
        ("segments_2.hea", "/mV", "/uV", r"II \(mV, 1/frame\), and its segment segments_2 lists II \(uV, 1/frame\)"),
        ("segments_2.hea", "0 II", "0 III", "the signals II, RESP, and its segment segments_2 lists III"),
        ("segments_1.hea", "0 RESP", "0 II", "lists II, II"),
    ],
)
def test_what_contradicts_the_record(record, file, old, new, words):
    changed(beside(record, file), old, new)
    with pytest.raises(DataError, match=words):
        table(record)


def test_segments_of_segments(record):
    beside(record, "segments_2.hea").write_text("segments_2/1 1 250 300\nsegments_1 300\n", encoding="ascii")
    with pytest.raises(DataError, match="segments_2 has segments of its own"):
        table(record)


def test_another_order_in_a_fixed_layout(tmp_path):
    path = physionet.segmented(tmp_path / "segments.hea", fixed=True)
    second = beside(path, "segments_2.hea")
    head, one, two = second.read_text(encoding="ascii").splitlines()
    second.write_text("\n".join([head, two, one]) + "\n", encoding="ascii")
    with pytest.raises(DataError, match="lists the signals II, RESP, and its segment segments_2 lists RESP, II"):
        table(path)


@pytest.mark.parametrize("most", ["MAX_BYTES", "_MOST_ROOM"])
def test_a_gap_that_no_memory_would_hold(record, monkeypatch, most):
    """625 frames of two signals need 10,000 bytes; the samples have 1,400."""
    enough = {"MAX_BYTES": 10_000, "_MOST_ROOM": 10_000 / 1_400}[most]
    monkeypatch.setattr(wfdb_segments, most, enough)
    table(record)
    monkeypatch.setattr(wfdb_segments, most, enough * 0.999)
    with pytest.raises(DataError, match="together need"):
        table(record)


def test_a_gap_of_a_year_in_one_line(record):
    changed(changed(record, "~ 125", "~ 7884000000"), " 625 ", " 7884000500 ")
    with pytest.raises(DataError, match="together need 120300 MiB, and 0 MiB at most"):
        table(record)
