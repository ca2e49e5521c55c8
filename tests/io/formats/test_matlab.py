"""MATLAB files: what BIOPAC exports, plain vectors, and what cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.io import savemat

from coregulation.errors import DataError
from coregulation.io.formats import matlab
from tests.io.formats.reading import alone, table


def test_an_export_of_biopac_says_rate_labels_and_units(tmp_path):
    matlab.write_example(tmp_path / "x.mat")
    found = table(tmp_path / "x.mat")
    assert (found.names, [found.metadata_of(n).unit for n in (0, 1)], found.metadata_of(0).rate) == (
        ("ECG", "EDA"),
        ["mV", "uS"],
        500.0,
    )
    signal = alone(tmp_path / "x.mat", signal="eda", column="EDA").signals["eda"]
    np.testing.assert_allclose(signal.values, 4 + 0.001 * np.arange(400))


def test_intervals_as_a_vector_and_arrays_of_several_columns(tmp_path):
    rr = 0.85 + 0.05 * np.sin(np.arange(50))
    savemat(
        tmp_path / "x.mat",
        {"RR": rr, "table": np.stack([np.arange(9), np.arange(9) ** 2], axis=1), "n": 3, "s": "word"},
    )
    assert table(tmp_path / "x.mat").names == ("RR", "table 0", "table 1")
    np.testing.assert_allclose(alone(tmp_path / "x.mat", signal="rr", unit="s", column="RR").beats.rr[1:], rr)


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "x.mat").write_bytes(b"MATLAB 7.3 MAT-file" + b"\0" * 600)
    with pytest.raises(DataError, match="Save it with the option -v7"):
        table(tmp_path / "x.mat")
    savemat(tmp_path / "y.mat", {"s": "word", "z": np.ones(9) * 1j})
    with pytest.raises(DataError, match="no signal"):
        table(tmp_path / "y.mat")


def test_more_values_than_a_file_can_hold(tmp_path, monkeypatch):
    savemat(tmp_path / "x.mat", {"zeros": np.zeros(100_000)}, do_compression=True)
    monkeypatch.setattr("coregulation.io.formats.matlab._MAX_RATIO", 2)
    with pytest.raises(DataError, match="announces more values"):
        table(tmp_path / "x.mat")
