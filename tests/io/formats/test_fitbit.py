"""Heart rates of Fitbit: times and values; a damaged file is refused."""

from __future__ import annotations

import datetime

import pytest

from coregulation.errors import DataError
from coregulation.io.formats import fitbit
from tests.io.formats.reading import alone, table


def test_rates_with_their_times(tmp_path):
    fitbit.write_example(tmp_path / "x.json")
    signal = alone(tmp_path / "x.json").signals["heart_rate"]
    assert (signal.rate, len(signal), signal.values[:2].tolist()) == (0.2, 60, [60.0, 61.0])
    assert table(tmp_path / "x.json").metadata_of(0).start == datetime.datetime(2026, 5, 4, 14)  # noqa: DTZ001 - none is stated


@pytest.mark.parametrize(("old", "new"), [("05/04/26 14:00:05", "soon"), ('"bpm": 61', '"bpm": "x"'), ("]", "")])
def test_one_that_is_damaged(tmp_path, old, new):
    path = tmp_path / "x.json"
    fitbit.write_example(path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"not a list of heart rates of Fitbit, or a damaged one"):
        table(path)
