import numpy as np
import pytest

from coregulation.simulate.laws.power_law import LAWS


def test_power_falls_as_one_over_frequency():
    (law,) = LAWS
    x = law.generator.draw(np.random.default_rng(1), 200, 512, 2.0).reshape(-1, 1024)
    power = (np.abs(np.fft.rfft(x * np.hanning(1024))) ** 2).mean(axis=0)
    low, high = power[8:16].mean(), power[80:160].mean()
    assert np.log10(low / high) == pytest.approx(1.0, abs=0.1)
