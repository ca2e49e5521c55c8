"""Motion: activity without gravity, and the breath in the chest's tilt."""

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.physiology import activity, breaths, chest_tilt
from coregulation.physiology.motion import axis_activity
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece
from tests.laws.stages import check_stage, cut
from tests.physiology.made import made_breath


def axes(values: np.ndarray, rate: float = 50.0):
    return tuple(Signal(row, rate, 0.0, Unit.ARBITRARY) for row in values)


def test_laws():
    values = np.random.default_rng(1).standard_normal(3000)
    values[700:900] = np.nan
    signal = Signal(values, 50.0, -3.37, Unit.ARBITRARY)
    check_stage(axis_activity(), Piece(signal, signal.window.end), cut(signal, [3, 500, 501, 1700]))


def test_stillness_is_zero_whatever_gravity():
    still = np.tile(np.array([[0.6], [0.0], [0.8]]), 3000)
    np.testing.assert_allclose(activity(axes(still)).values, 0.0, atol=1e-6)


def test_shaking_is_told_in_its_own_size():
    shaking = np.zeros((3, 3000))
    shaking[1] = 0.3 * np.sin(2 * np.pi * 2 * np.arange(3000) / 50)
    found = activity(axes(shaking))
    assert np.median(found.values) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert found.rate == 10.0


def test_the_breath_in_the_tilt():
    breath, truth = made_breath(9, 600, noise=0.0)
    tilt = 0.02 * breath.values
    rng = np.random.default_rng(9)
    values = np.outer([0.5, -0.3, 0.8], tilt) + np.array([[0.1], [0.2], [0.97]])
    found = breaths(chest_tilt(axes(values + 0.001 * rng.standard_normal(values.shape))))
    starts = np.array([b.start for b in found])
    error = np.abs(truth[:, 0] - starts[:, None]).min(axis=1)
    assert len(found) == pytest.approx(len(truth), abs=6)
    assert np.median(error) < 0.25


def test_axes_belong_together_and_hold_something():
    one, two, three = axes(np.zeros((3, 100)))
    with pytest.raises(DataError, match="three axes"):
        activity((one, two, Signal(three.values, 25.0, 0.0, three.unit)))
    with pytest.raises(DataError, match="10 s are needed"):
        chest_tilt((one, two, three))
