"""Sessions of an Empatica E4: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import exports
from coregulation.io.examples.values import EDA, RR
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
