"""ISHNE Holter recordings: leads in mV; a header that was changed and a file that is cut off are refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import holter
from coregulation.io.examples.values import ECG, START
from coregulation.io.formats.ishne import is_ishne
from tests.io.formats.reading import column, table


def test_leads_with_their_resolution(tmp_path):
    path = holter.ishne(tmp_path / "holter.ecg")
    for name, tolerance in (("II", 0.0006), ("V1", 0.0003)):
        values, said = column(path, name)
        np.testing.assert_allclose(values, ECG, atol=tolerance)
        assert (said.channel, said.unit, said.rate, said.start) == ("ecg", "mV", 250.0, START)
    assert open_session(path, column="V1").of("A").signals["ecg"].window.length == 2.0


def test_nobody_is_named(tmp_path):
    found = table(holter.ishne(tmp_path / "holter.ecg"))
    assert "Ada" not in repr(found.names) + repr(found.carried)


def test_the_least_number_is_a_missing_sample(tmp_path):
    values, _ = column(holter.ishne(tmp_path / "holter.ecg", missing=[3, 4]), "II")
    assert np.flatnonzero(np.isnan(values)).tolist() == [3, 4]


@pytest.mark.parametrize("samples", [500, 1000])
def test_samples_of_a_lead_or_of_all(tmp_path, samples):
    assert len(column(holter.ishne(tmp_path / "holter.ecg", samples=samples), "II")[0]) == 500


@pytest.mark.parametrize("block", [b"", b"x" * 1000])
def test_a_block_of_any_length(tmp_path, block):
    assert len(column(holter.ishne(tmp_path / "holter.ecg", block=block), "II")[0]) == 500


@pytest.mark.parametrize("said", [{"date": (31, 2, 2026)}, {"date": (-9, -9, -9)}, {"time": (25, 0, 0)}])
def test_a_date_that_is_none_leaves_the_start_open(tmp_path, said):
    assert column(holter.ishne(tmp_path / "holter.ecg", **said), "II")[1].start is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"samples": 499}, "500 samples of each lead and 0 bytes more, and its header announces 499"),
        ({"resolutions": (1000, 0)}, "resolution of a lead is 0 nV"),
        ({"resolutions": (1000, -9)}, "resolution of a lead is -9 nV"),
        ({"rate": 0}, "cannot be"),
        ({"rate": -250}, "cannot be"),
        ({"leads": 0}, "announces 0 leads"),
        ({"leads": 13}, "announces 13 leads"),
    ],
)
def test_headers_that_cannot_be_meant(tmp_path, said, words):
    with pytest.raises(DataError, match=words):
        table(holter.ishne(tmp_path / "holter.ecg", **said))


def test_a_header_that_was_changed(tmp_path):
    path = holter.ishne(tmp_path / "holter.ecg")
    content = bytearray(path.read_bytes())
    content[272] += 1  # the rate
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="does not add up to its checksum"):
        table(path)


@pytest.mark.parametrize("length", [9, 300, 521, 530, -1])
def test_a_file_that_is_cut_off(tmp_path, length):
    path = holter.ishne(tmp_path / "holter.ecg")
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DataError, match=r"cut off|checksum"):
        table(path)


def test_a_file_of_annotations_under_this_ending_is_another_format(tmp_path):
    (tmp_path / "x.ecg").write_bytes(b"\0\0")
    assert not is_ishne(tmp_path / "x.ecg")
    (tmp_path / "y.ecg").mkdir()
    assert not is_ishne(tmp_path / "y.ecg")
