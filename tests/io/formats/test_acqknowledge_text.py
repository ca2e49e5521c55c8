"""AcqKnowledge text: rates, units, and channels that were sampled less often."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.formats import acqknowledge_text
from tests.io.formats.reading import alone, table


def example(tmp_path):
    acqknowledge_text.write_example(tmp_path / "x.txt")
    return tmp_path / "x.txt"


def test_channels_keep_their_rates_and_units(tmp_path):
    path = example(tmp_path)
    found = table(path)
    assert found.names == ("ECG", "EDA")
    assert [(found.metadata_of(n).rate, found.metadata_of(n).unit) for n in (0, 1)] == [
        (1000.0, "mV"),
        (500.0, "microsiemens"),
    ]
    np.testing.assert_allclose(found.numbers("EDA"), 4 + 0.002 * np.arange(200), atol=1e-9)
    signal = alone(path, signal="eda", column="EDA").signals["eda"]
    assert (signal.rate, len(signal), signal.values[1]) == (500.0, 200, 4.002)


@pytest.mark.parametrize("line", ["1000 samples/sec", "1 msec/sample", "0.001 sec/sample"])
def test_the_interval_is_written_in_several_ways(tmp_path, line):
    path = example(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("1 msec/sample", line, 1), encoding="utf-8")
    assert table(path).metadata_of(0).rate == pytest.approx(1000.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2 channels", "9 channels", "9 channels"),
        ("sec\tCH1", "sec\tCH0\tCH1", "has 4 columns"),
        ("0.0125", "O.O125", "line 11"),
    ],
)
def test_what_is_damaged_is_refused(tmp_path, old, new, words):
    path = example(tmp_path)
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        table(path)
