import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.simulate.dynamics import HeartRateLike, PowerLaw


@settings(deadline=None)  # the first call loads scipy
@given(st.floats(3, 60), st.floats(0.05, 0.3))
def test_own_dynamics_have_the_stated_variance_and_memory(tau, frequency):
    law = HeartRateLike(tau=tau, frequency=frequency, noise=0.0, oscillation=0.0)
    x = law.draw(np.random.default_rng(1), 4000, 9, 2.0)
    assert np.allclose(x.var(axis=0), 1, atol=0.15)
    assert (x[:, 0] * x[:, 8]).mean() == pytest.approx(math.exp(-4 / tau), abs=0.1)


def test_the_oscillation_has_its_size_and_its_place():
    x = HeartRateLike(tau=1e-3, oscillation=0.6, noise=0.0, bandwidth=0.005).draw(
        np.random.default_rng(1), 200, 1024, 2.0
    )
    power = (np.abs(np.fft.rfft(x)) ** 2).mean(axis=0)
    frequency = np.fft.rfftfreq(1024, 0.5)
    assert frequency[np.argmax(power)] == pytest.approx(0.1, abs=0.006)
    assert x.var() == pytest.approx(1.36, abs=0.06)  # a wander without memory is white, variance 1


def test_power_law_noise_falls_as_stated():
    x = PowerLaw(1.0).draw(np.random.default_rng(1), 400, 2048, 1.0)
    power = (np.abs(np.fft.rfft(x * np.hanning(2048))) ** 2).mean(axis=0)
    frequency = np.fft.rfftfreq(2048)
    slope = np.polyfit(np.log(frequency[8:800]), np.log(power[8:800]), 1)[0]
    assert slope == pytest.approx(-1, abs=0.05)


def test_power_law_noise_has_unit_variance():
    assert PowerLaw(0.0).draw(np.random.default_rng(1), 400, 64, 1.0).var() == pytest.approx(1, abs=0.02)


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(UsageError, match="positive"):
        HeartRateLike(tau=0.0)
    with pytest.raises(UsageError, match=r"more than 0\.2 Hz"):
        HeartRateLike().draw(np.random.default_rng(1), 1, 60, 0.15)
