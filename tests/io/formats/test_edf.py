"""EDF and EDF+: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.examples import laboratory
from coregulation.io.examples.values import ECG, EDA, START
from coregulation.signals import Unit
from tests.io.formats.reading import alone, column, table


def test_edf_keeps_rates_units_start_and_the_type_of_a_label(tmp_path):
    values, said = column(laboratory.edf(tmp_path / "x.edf", annotations=[(1.0, None, "go")]), "ECG II")
    np.testing.assert_allclose(values, ECG, atol=6 / 65535)
    assert (said.channel, said.unit, said.rate, said.start) == ("ecg", "mV", 250.0, START)
    skin, said = column(tmp_path / "x.edf", "skin")
    np.testing.assert_allclose(skin, EDA, atol=10 / 65535)
    assert (said.channel, said.unit, said.rate) == (None, "uS", 25.0)


def test_edf_without_plus_types_no_label_and_the_user_says_what_it_is(tmp_path):
    path = laboratory.edf(tmp_path / "x.edf")
    with pytest.raises(UsageError, match=r"nothing says what kind of signal.*0 'ECG II', 1 'skin'"):
        open_session(path)
    signal = alone(path, signal="eda", column="skin").signals["eda"]
    assert (signal.rate, signal.unit, len(signal)) == (25.0, Unit.MICROSIEMENS, 50)


def test_edf_of_two_people_and_an_anonymous_one(tmp_path):
    path = laboratory.edf(tmp_path / "x.edf", start=None)
    session = open_session(path, people={"ada": "ECG II", "ben": "skin"}, signal="resp")
    assert [len(session.of(who).signals["resp"]) for who in ("ada", "ben")] == [500, 50]
    assert table(path).metadata_of(0).start is None


def test_edf_gaps_that_an_annotation_names_are_missing(tmp_path):
    path = laboratory.edf(
        tmp_path / "x.edf", annotations=[(0.4, 0.2, "missing ECG II"), (0.1, None, "beat"), (0.9, None, "beat")]
    )
    values, _ = column(path, "ECG II")
    assert np.flatnonzero(np.isnan(values)).tolist() == list(range(100, 150))
    assert column(path, "beats")[0].tolist() == [0.1, 0.9]
    assert alone(path).beats.times.tolist() == [0.1, 0.9]


def test_edf_with_interruptions_is_refused(tmp_path):
    path = laboratory.edf(tmp_path / "x.edf", annotations=[(0.5, None, "go")])
    content = path.read_bytes().replace(b"EDF+C", b"EDF+D").replace(b"+1\x14\x14", b"+7\x14\x14")
    path.write_bytes(content)
    with pytest.raises(DataError, match="interruptions"):
        table(path)


@pytest.mark.parametrize(("found", "put"), [(b"-3      ", b"nan     "), (b"-3      ", b"3       "), (b"250 ", b"0   ")])
def test_edf_without_a_usable_range_or_rate_is_refused(tmp_path, found, put):
    path = laboratory.edf(tmp_path / "x.edf")
    path.write_bytes(path.read_bytes().replace(found, put, 1))
    with pytest.raises(DataError, match=r"x\.edf"):
        table(path)


def test_edf_without_a_record(tmp_path):
    path = laboratory.edf(tmp_path / "x.edf")
    path.write_bytes(path.read_bytes()[: 256 * 3].replace(b"EDF+C", b"     "))
    with pytest.raises(DataError, match=r"x\.edf: the EDF file"):
        table(path)
