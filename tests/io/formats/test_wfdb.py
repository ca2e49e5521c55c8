"""WFDB records: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import laboratory
from coregulation.io.examples.values import ECG, START
from coregulation.signals import Unit
from tests.io.formats.reading import column, table
from tests.paths import SHARED as DATA


@pytest.mark.parametrize("code", laboratory.WRITTEN)
def test_wfdb_formats(tmp_path, code):
    path = laboratory.wfdb(tmp_path / "x.hea", code)
    values, said = column(path, "MLII")
    np.testing.assert_allclose(values, ECG, atol=0.011 if code == "80" else 0.0011)
    assert (said.unit, said.rate, said.start) == ("mV", 250.0, START)
    second, said = column(path.with_suffix(".dat"), "resp")
    np.testing.assert_allclose(second, (np.arange(500) % 100 - 60) / 20)
    assert said.unit == "NU"


def test_wfdb_212_with_an_odd_number_of_samples(tmp_path):
    (tmp_path / "y.dat").write_bytes(laboratory.packed_212([5, -7, 2047])[:5])
    (tmp_path / "y.hea").write_text("y 1\ny.dat 212\n", encoding="ascii")
    found = table(tmp_path / "y.hea")
    said = found.metadata_of(0)
    assert found.numbers(0).tolist() == [5, -7, 2047]
    assert (said.rate, said.unit) == (250.0, "")


def test_wfdb_lost_samples_are_missing_and_several_in_a_frame_are_faster(tmp_path):
    (tmp_path / "y.dat").write_bytes(np.array([1, 2, 9, 3, -32768, 8], "<i2").tobytes())
    (tmp_path / "y.hea").write_text("y 2 10 2\ny.dat 16x2 1/mV\ny.dat 16 1/mV\n", encoding="ascii")
    found = table(tmp_path / "y.hea")
    np.testing.assert_array_equal(found.numbers(0), [1, 2, 3, np.nan])
    assert (found.metadata_of(0).rate, found.metadata_of(1).rate) == (20.0, 10.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("x 2 250", "x/9 2 250", "announces 9 segments and names 2"),
        ("x 2 250", "x/2 2 250", "is not that of a segment"),
        ("x 2 250", "x two 250", "first line is not"),
        ("x 2 250", "x 3 250", "announces 3 signals and describes 2"),
        ("x 2 250", "x 2 1e9", "which cannot be"),
        ("x 2 250", "x 2 1.2.3", "rate is '1.2.3'"),
        ("x.dat 212 500", "../x.dat 212 500", "beside the header"),
        ("x.dat 212 500", "z.dat 212 500", "names this file, and it is not there"),
        ("x.dat 212 500", "x.dat 508 500", "is not read"),
        ("x.dat 212 500", "x.dat 212:3 500", "without skew"),
        ("x.dat 212 500", "x.dat 212 5-00", "cannot be read"),
        ("x.dat 212 500(0)/mV", "x.dat 212 x", "cannot be read"),
        ("12 0 ", "12 o ", "a number in the line"),
        ("250 500 14", "250 501 14", "cut off"),
        (" 0 MLII", "1 0 MLII", "checksum"),
    ],
)
def test_wfdb_headers_that_cannot_be_meant(tmp_path, old, new, words):
    path = laboratory.wfdb(tmp_path / "x.hea")
    path.write_text(path.read_text(encoding="ascii").replace(old, new, 1), encoding="ascii")
    with pytest.raises(DataError, match=words):
        table(path)


def test_wfdb_times_without_a_date_tell_no_moment(tmp_path):
    for record, start in (("x 2 250 500 14:00:00", None), ("x 2 250 500 25:00:00 04/05/2026", None)):
        assert table(laboratory.wfdb(tmp_path / "x.hea", record=record)).metadata_of(0).start == start


@pytest.mark.parametrize("code", ["310", "311"])
def test_wfdb_three_samples_of_10_bits_in_four_bytes(tmp_path, code):
    """Words by hand from signal(5)."""
    samples = [5, -7, 511, -511, 0, -1]
    raw = b""
    for one, two, three in (samples[:3], samples[3:]):
        one, two, three = one & 1023, two & 1023, three & 1023
        if code == "310":
            raw += ((one << 1) | (three & 31) << 11).to_bytes(2, "little")
            raw += ((two << 1) | (three >> 5) << 11).to_bytes(2, "little")
        else:
            raw += (one | two << 10 | three << 20).to_bytes(4, "little")
    (tmp_path / "y.dat").write_bytes(raw)
    (tmp_path / "y.hea").write_text(f"y 1\ny.dat {code}\n", encoding="ascii")
    assert table(tmp_path / "y.hea").numbers(0).tolist() == samples


@pytest.mark.skipif(not (DATA / "mitdb").is_dir(), reason="the MIT-BIH records are not beside this checkout")
@pytest.mark.parametrize(("record", "first"), [("100", 995), ("104", 994), ("223", 838)])
def test_mitdb_against_a_slow_decoding(record, first):
    raw = (DATA / "mitdb" / f"{record}.dat").read_bytes()
    slow = []
    for a, b, c in zip(raw[0:3000:3], raw[1:3000:3], raw[2:3000:3], strict=True):
        low, high = a + 256 * (b % 16), c + 256 * (b // 16)
        slow.append([low - 4096 * (low > 2047), high - 4096 * (high > 2047)])
    found = table(DATA / "mitdb" / f"{record}.hea")
    assert slow[0][0] == first  # the header's own first value
    for lead in (0, 1):
        own = found.numbers(lead)
        np.testing.assert_array_equal(own[:1000], (np.array(slow)[:, lead] - 1024) / 200)
        assert (len(own), found.metadata_of(lead).rate, found.metadata_of(lead).unit) == (650_000, 360.0, "mV")
    session = open_session(DATA / "mitdb" / f"{record}.dat", signal="ecg", column=0)
    assert session.of("A").signals["ecg"].unit is Unit.MILLIVOLT
