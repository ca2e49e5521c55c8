"""A whole recording taken apart: the parts add up, the driver is where the bursts are."""

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.physiology import decompose_recording
from coregulation.signals import Signal, Unit, Window
from tests.physiology.made import made_skin


def test_the_parts_add_up_and_the_driver_is_where_the_bursts_are():
    signal, truth = made_skin(21, 900, rate=20.0, noise=0.005)
    found = decompose_recording(signal)
    assert found.left < 0.03
    assert np.nanmin(found.driver.values) >= 0
    near = np.abs(found.driver.times[:, None] - truth[:, 0]).min(axis=1) < 1.0
    driver = np.nan_to_num(found.driver.values)
    assert driver[near].sum() > 0.85 * driver.sum()
    clear = truth[truth[:, 1] > 0.2]
    area = [driver[np.abs(found.driver.times - at) < 1.0].sum() / 4 for at in clear[:, 0]]
    expected = clear[:, 1] / 0.2844  # a response of unit area is 0.2844 high
    assert np.median(area / expected) == pytest.approx(1.0, abs=0.15)


def test_what_is_missing_stays_missing_and_a_minute_is_needed():
    signal, _ = made_skin(22, 300, rate=20.0)
    found = decompose_recording(signal.without(Window(100, 150)))
    assert np.isnan(found.driver.within(Window(105, 145)).values).all()
    with pytest.raises(DataError, match="60 s are needed"):
        decompose_recording(Signal(signal.values[:600], 20.0, 0.0, Unit.MICROSIEMENS))
