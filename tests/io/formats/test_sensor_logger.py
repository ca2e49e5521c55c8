"""Tables of Sensor Logger: what was written is what is read, and what is damaged is refused."""

from __future__ import annotations

import pytest

from coregulation.io.examples import exports
from coregulation.io.examples.values import EPOCH
from tests.io.formats.reading import alone, table


def test_sensor_logger(tmp_path):
    rates = alone(exports.sensor_logger(tmp_path / "hr.csv")).signals["heart_rate"]
    assert (rates.rate, rates.start, rates.values[:2].tolist()) == (1.0, 0.0, [60.0, 61.0])
    assert table(tmp_path / "hr.csv").metadata_of(0).times[0] == pytest.approx(EPOCH)
