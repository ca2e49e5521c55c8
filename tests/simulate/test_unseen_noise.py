"""Noise of the unseen laws: its size and its colour."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.simulate.unseen_noise import WANDERS, low_pass, power_law_noise, switching
from coregulation.simulate.unseen_pair import RATE


@pytest.mark.parametrize("name", WANDERS)
def test_a_wander_has_unit_variance_from_its_first_sample_on(name):
    values = WANDERS[name](5000, np.random.default_rng(1))
    assert values.shape == (5000,)
    assert (values.mean(), values.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    assert max(abs(WANDERS[name](500, np.random.default_rng(seed))[0]) for seed in range(40)) < 6


@pytest.mark.parametrize("exponent", [0.6, 1.5])
def test_power_falls_as_the_power_of_frequency_that_is_stated(exponent):
    rng = np.random.default_rng(2)
    power = np.mean([np.abs(np.fft.rfft(power_law_noise(exponent, 4096, rng)))[1:] ** 2 for _ in range(60)], axis=0)
    frequency = np.fft.rfftfreq(4096, 1 / RATE)[1:]
    used = (frequency > 0.005) & (frequency < 0.9)
    slope = np.polyfit(np.log(frequency[used]), np.log(power[used]), 1)[0]
    assert slope == pytest.approx(-exponent, abs=0.1)


def test_two_levels_alternate_and_last_as_long_as_stated():
    values = switching(10.0, 20.0, 4000, np.random.default_rng(3))
    changes = np.flatnonzero(np.diff(values > 0))
    assert np.diff(changes).min() >= 20
    assert np.diff(changes).max() <= 44
    assert len(np.unique(np.round(switching(60.0, 90.0, 4000, np.random.default_rng(3), levels=5), 2))) > 5


def test_a_low_pass_begins_at_the_first_value_and_takes_its_time():
    step = np.where(np.arange(200) < 50, 1.0, 3.0)
    passed = low_pass(step, 10.0)
    assert passed[:50] == pytest.approx(1)
    assert passed[50 + round(10 * RATE)] == pytest.approx(3 - 2 / np.e, abs=0.05)


def test_volatile_noise_has_quiet_and_busy_spells_and_heavy_noise_has_large_pulses():
    rng = np.random.default_rng(4)
    sizes = np.std(WANDERS["volatile"](12000, rng).reshape(100, 120), axis=1)
    assert np.quantile(sizes, 0.9) > 3 * np.quantile(sizes, 0.1)
    assert np.mean(WANDERS["heavy"](20000, rng) ** 4) > 4
