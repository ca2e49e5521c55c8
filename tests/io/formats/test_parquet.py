"""Parquet tables: columns as they stand, missing cells, moments; what is no column of values is left out and told."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.formats import parquet
from tests.io.formats.reading import table


def written(path, columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_two_people_with_moments(tmp_path):
    parquet.write_example(tmp_path / "pair.parquet")
    session = open_session(tmp_path / "pair.parquet", signal="heart_rate", people={"ada": "ada", "ben": "ben"})
    ada, ben = (recording.signals["heart_rate"] for recording in session.recordings)
    assert (ada.rate, len(ada), ada.values[:2].tolist()) == (1.0, 30, [60.5, 61.5])
    assert np.flatnonzero(np.isnan(ben.values)).tolist() == [3]


def test_every_kind_of_column(tmp_path):
    moments = [datetime.datetime(2026, 5, 4, 14, 0, n, tzinfo=datetime.UTC) for n in range(3)]
    path = written(
        tmp_path / "x.pq",
        {
            "small": pa.array([1, None, 3], pa.int16()), "half": pa.array([0.5, 1, 2], pa.float32()),
            "decimal": pa.array(["1.25", "2.5", None]).cast(pa.decimal128(5, 2)), "yes": pa.array([True, False, None]),
            "moment": moments, "word": ["a", None, "b"], "sorts": pa.array(["x", "y", "x"]).dictionary_encode(),
            "lists": [[1], [2], [3]],
        },
    )  # fmt: skip
    found = table(path)
    assert found.names == ("small", "half", "decimal", "yes", "moment", "word", "sorts")
    np.testing.assert_array_equal(found.numbers("small"), [1, np.nan, 3])
    np.testing.assert_array_equal(found.numbers("decimal"), [1.25, 2.5, np.nan])
    assert (list(found.columns[4]), found.words("sorts")) == (moments, ("x", "y", "x"))
    ((reason, _),) = found.remarks
    assert (reason.code, reason.facts["part"]) == ("read.part-left-out", "lists")


def test_a_rate_and_a_unit_that_nobody_said_are_asked_for(tmp_path):
    path = written(tmp_path / "x.parquet", {"hr": [60.0 + n % 7 for n in range(60)]})
    with pytest.raises(UsageError, match="--rate"):
        open_session(path, signal="heart_rate", column="hr")
    assert open_session(path, signal="heart_rate", column="hr", rate=1).of("A").signals["heart_rate"].rate == 1


def test_two_columns_of_one_name_are_chosen_by_number(tmp_path):
    pq.write_table(
        pa.Table.from_arrays([pa.array([60.0 + n % 5 for n in range(40)])] * 2, names=["hr", "hr"]), tmp_path / "x.pq"
    )
    with pytest.raises(UsageError, match="comes more than once"):
        open_session(tmp_path / "x.pq", signal="heart_rate", column="hr", rate=1)
    assert open_session(tmp_path / "x.pq", signal="heart_rate", column=1, rate=1).people


@pytest.mark.parametrize(
    "hurt", [lambda c: c[:-20], lambda c: c[:4] + bytes(len(c) - 8) + c[-4:], lambda c: b"PAR1" + c[40:]]
)
def test_one_that_is_damaged(tmp_path, hurt):
    parquet.write_example(tmp_path / "x.parquet")
    (tmp_path / "x.parquet").write_bytes(hurt((tmp_path / "x.parquet").read_bytes()))
    with pytest.raises(DataError, match="the Parquet file is damaged, cut off, or not one"):
        table(tmp_path / "x.parquet")


def test_no_row_and_more_than_memory(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="holds no row"):
        table(written(tmp_path / "x.pq", {"hr": pa.array([], pa.float64())}))
    monkeypatch.setattr(parquet, "MAX_BYTES", 30 * 3 * 8 - 1)
    parquet.write_example(tmp_path / "y.pq")
    with pytest.raises(DataError, match="announces more values"):
        table(tmp_path / "y.pq")
    monkeypatch.setattr(parquet, "MAX_BYTES", 30 * 3 * 8)
    table(tmp_path / "y.pq")
