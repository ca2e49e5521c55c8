"""Files of an EmbracePlus: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.examples import streams
from coregulation.io.examples.values import EDA, RR
from tests.io.formats.reading import alone, column, table


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_an_embraceplus_file(tmp_path, codec):
    recording = alone(streams.embrace(tmp_path / "x.avro", codec=codec))
    assert recording.channels == ("eda", "ppg", "beats")
    np.testing.assert_allclose(recording.signals["eda"].values, EDA, rtol=1e-6)
    np.testing.assert_allclose(recording.beats.rr[1:] * 1000, RR[1:], atol=1e-3)
    x, said = column(tmp_path / "x.avro", "acceleration x")
    assert (x[0], said.unit) == (1.0, "g")


def test_a_folder_of_embraceplus_files_is_joined_and_its_hole_stays_one(tmp_path):
    streams.embrace(tmp_path / "2.avro", begin=60.0)
    streams.embrace(tmp_path / "1.avro")
    eda = alone(tmp_path).signals["eda"]
    assert (eda.rate, len(eda), int(np.isfinite(eda.values).sum())) == (4.0, 290, 100)
    np.testing.assert_allclose(eda.values[240:], EDA, rtol=1e-6)


def test_avro_that_is_not_of_a_watch(tmp_path):
    import fastavro

    empty = {"type": "record", "name": "x", "fields": [{"name": "rawData", "type": {"type": "array", "items": "null"}}]}
    with open(tmp_path / "x.avro", "wb") as out:
        fastavro.writer(out, empty, [{"rawData": [None] * 9}])
    with pytest.raises(DataError, match="not one of Empatica"):
        table(tmp_path / "x.avro")
    with pytest.raises(DataError, match="its rate of eda is not a positive number"):
        table(streams.embrace(tmp_path / "x.avro", rate=0.0))


def test_avro_with_too_many_sessions_or_with_a_choice_of_types(tmp_path):
    import fastavro

    record = {"type": "record", "name": "x", "fields": [{"name": "rawData", "type": ["null", "int"]}]}
    with open(tmp_path / "x.avro", "wb") as out:
        fastavro.writer(out, record, [{"rawData": None}] * 1001)
    with pytest.raises(DataError, match="more sessions than a file has"):
        table(tmp_path / "x.avro")
