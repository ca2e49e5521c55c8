"""The compiled sum of waves is the formula, also as plain Python."""

import numpy as np
import pytest

from coregulation.simulate.gaussian_waves import add_gaussian_waves

RATE = 100.0
CENTRES, WIDTHS, HEIGHTS = np.array([0.02, 1.003, 1.99]), np.array([0.05, 0.1, 0.03]), np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize("add", [add_gaussian_waves, add_gaussian_waves.py_func], ids=["compiled", "python"])
def test_each_wave_is_a_gaussian_over_four_widths(add):
    values, times = np.ones(200), np.arange(200) / RATE
    add(values, RATE, CENTRES, WIDTHS, HEIGHTS)
    away = (times[:, None] - CENTRES) / WIDTHS
    expected = 1 + (HEIGHTS * np.exp(-(away**2) / 2) * (np.abs(away) <= 4 + 1e-9)).sum(axis=1)
    assert np.allclose(values, expected, atol=1e-12)


@pytest.mark.parametrize("add", [add_gaussian_waves, add_gaussian_waves.py_func], ids=["compiled", "python"])
def test_a_wave_outside_the_record_adds_nothing(add):
    values = np.zeros(50)
    add(values, RATE, np.array([-1.0, 3.0]), np.array([0.1, 0.1]), np.array([1.0, 1.0]))
    assert not values.any()
