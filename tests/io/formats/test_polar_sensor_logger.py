"""Tables of Polar Sensor Logger: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io.examples import exports
from coregulation.io.examples.values import ECG, START
from coregulation.signals import Unit
from tests.io.formats.reading import alone, table


def test_polar_sensor_logger_counts_by_the_sensors_own_time(tmp_path):
    signal = alone(exports.polar_logger(tmp_path / "ecg.txt")).signals["ecg"]
    assert (signal.rate, signal.unit, len(signal)) == (125.0, Unit.MILLIVOLT, 500)
    np.testing.assert_allclose(signal.values, ECG, atol=1e-3)
    assert table(tmp_path / "ecg.txt").metadata_of(0).start == START
    rates = alone(exports.polar_rates(tmp_path / "hr.txt")).signals["heart_rate"]
    assert (rates.rate, rates.values[0]) == (1.0, 60.0)


def test_polar_sensor_logger_without_a_date(tmp_path):
    path = exports.polar_logger(tmp_path / "ecg.txt")
    path.write_text(
        path.read_text(encoding="utf-8").replace("2026-05-04T14:00:00.000", "14:00:00", 1), encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"row 2.* is no date and time"):
        table(path)
