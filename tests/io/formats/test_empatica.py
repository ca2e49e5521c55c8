"""Sessions of an Empatica E4: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from coregulation.errors import CoregulationError, DataError
from coregulation.io import open_session
from coregulation.io.examples import exports
from coregulation.io.examples.values import EDA, RR
from coregulation.io.tables.contents import inspect_file
from tests.io.formats.reading import alone, table
from tests.paths import SHARED as DATA


def test_an_e4_session_is_read_whole(tmp_path):
    recording = alone(exports.e4(tmp_path / "x.zip"))
    assert recording.channels == ("eda", "ppg", "heart_rate", "beats")
    assert recording.signals["eda"].values.tolist() == EDA.tolist()
    assert (recording.signals["ppg"].rate, recording.signals["heart_rate"].start) == (64.0, 10.0)
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR, atol=1e-6)
    np.testing.assert_allclose(recording.beats.times[-1], sum(RR) / 1000, atol=1e-5)


def test_an_e4_session_as_a_folder(tmp_path):
    for name, content in exports.e4_tables().items():
        packed = name == "EDA.csv"
        target = tmp_path / (name + ".gz" if packed else name)
        target.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    (tmp_path / "IBI.csv").write_bytes(b"")
    assert alone(tmp_path).channels == ("eda", "ppg", "heart_rate")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("EDA.csv", "1644227574\n4\n0.1\nx\n", "EDA.csv holds a line that is not 1"),
        ("EDA.csv", "1644227574\n", "does not begin with a start"),
        ("EDA.csv", "1644227574\n-4\n1\n", "rate is -4 Hz"),
        ("EDA.csv", "1e300\n4\n1\n", "which is no date"),
        ("ACC.csv", "1,1\n2,2\n", "not 3 number"),
        ("IBI.csv", "1644227574, IBI\n1,2,3\n", "not 2 number"),
    ],
)
def test_e4_tables_that_are_damaged(tmp_path, name, content, words):
    with pytest.raises(DataError, match=words):
        table(exports.e4(tmp_path / "x.zip", **{name: content}))


def test_a_zip_that_is_no_session_or_unpacks_to_too_much(tmp_path, monkeypatch):
    import zipfile

    with zipfile.ZipFile(tmp_path / "y.zip", "w") as packed:
        packed.writestr("letter.txt", "dear")
    with pytest.raises(DataError, match="no rows of numbers"):
        table(tmp_path / "y.zip")
    (tmp_path / "z.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(DataError, match=r"damaged|no session|binary"):
        table(tmp_path / "z.zip")
    monkeypatch.setattr("coregulation.io.formats.empatica.MAX_BYTES", 1000)
    with pytest.raises(DataError, match="unpacks to more"):
        table(exports.e4(tmp_path / "x.zip"))


@pytest.mark.skipif(not (DATA / "stress-predict").is_dir(), reason="the E4 sessions are not beside this checkout")
def test_e4_sessions_of_real_people():
    recording = open_session(DATA / "stress-predict" / "S02").of("A")
    assert {"eda", "ppg", "heart_rate", "beats"} == set(recording.channels)
    assert recording.signals["heart_rate"].start == 10.0
    assert 0.4 < np.nanmedian(recording.beats.rr) < 1.2


@pytest.mark.parametrize(
    ("member", "name", "channel"),
    [
        ("IBI.csv", "IBI.csv", "rr"),
        ("IBI.csv", "S02.csv", "rr"),
        ("IBI.csv", "mother_ibi_visit2.csv", "rr"),
        ("HR.csv", "HR.csv", "heart_rate"),
        ("HR.csv", "S02_HR.csv", "heart_rate"),
        ("EDA.csv", "ada-eda.csv", "eda"),
        ("BVP.csv", "BVP.csv.gz", "ppg"),
    ],
)
def test_one_table_of_a_session_is_read_by_itself_with_its_own_start(tmp_path, member, name, channel):
    content = exports.e4_tables()[member].encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (column,) = inspect_file(path)[0].columns
    assert (column.means, column.kind) == (channel, "number")
    recording = open_session(path).recordings[0]
    whole = open_session(exports.e4(tmp_path / "whole.zip")).recordings[0]
    if channel == "rr":
        np.testing.assert_allclose(np.diff(recording.beats.times), np.diff(whole.beats.times), atol=1e-6)
    else:
        assert np.array_equal(recording.signals[channel].values, whole.signals[channel].values)


@pytest.mark.parametrize("name", ["S02.csv", "TEMP.csv", "chr.csv"])
def test_a_sensor_that_no_name_tells_is_asked_about(tmp_path, name):
    path = tmp_path / name
    path.write_text(exports.e4_tables()["HR.csv"])
    with pytest.raises(CoregulationError, match="look like a start time and a rate"):
        open_session(path, signal="heart_rate")
