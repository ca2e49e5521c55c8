"""BDF: 24 bits per sample, labels of BDF+, and interruptions."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.examples import laboratory
from coregulation.io.examples.values import ECG, EDA, START
from tests.io.formats.reading import alone, column, table


def test_bdf_keeps_rates_units_start_labels_and_annotations(tmp_path):
    path = laboratory.bdf(tmp_path / "x.bdf")
    values, said = column(path, "ECG II")
    np.testing.assert_allclose(values, ECG, atol=1e-6)
    assert (said.channel, said.unit, said.rate, said.start) == ("ecg", "mV", 250.0, START)
    np.testing.assert_allclose(alone(path, signal="eda", column="skin").signals["eda"].values, EDA, atol=1e-6)
    assert table(path).events.labels == ("go",)


def test_bdf_with_interruptions_is_refused(tmp_path):
    path = laboratory.bdf(tmp_path / "x.bdf")
    path.write_bytes(path.read_bytes().replace(b"BDF+C", b"BDF+D").replace(b"+1\x14\x14", b"+7\x14\x14"))
    with pytest.raises(DataError, match="interruptions"):
        table(path)
