"""The compiled parts, against what they must give in closed form."""

import numpy as np
import pytest

from coregulation.physiology import candidates
from coregulation.physiology.ecg import wavelet


def test_an_impulse_is_taken_out_and_a_slope_is_not():
    slope = np.arange(50.0)
    spiked = slope.copy()
    spiked[20:23] += 100.0
    np.testing.assert_array_equal(candidates.spikeless(slope, 3), slope)
    assert np.abs(candidates.spikeless(spiked, 3) - slope).max() <= 3.0
    np.testing.assert_array_equal(candidates.spikeless(spiked, 0), spiked)


@pytest.mark.parametrize("step", [1, 2, 5])
def test_decimation_keeps_a_slope(step):
    slope = np.arange(100.0)
    np.testing.assert_allclose(candidates.decimated(slope, 10, step, 8), 10.0 + step * np.arange(8))


@pytest.mark.parametrize("rate", [100.0, 125.0, 200.0])
def test_the_wavelet_hears_a_qrs_and_neither_a_slope_nor_mains(rate):
    t = np.arange(400) / rate
    taps = wavelet(rate)
    for frequency, low, high in ((13.0, 0.3, 1.1), (1.0, 0.0, 0.02), (46.0, 0.0, 0.01)):
        _, envelope = candidates.analytic(np.sin(2 * np.pi * frequency * t), taps, False)
        assert low <= envelope.min() <= envelope.max() <= high
    assert not candidates.analytic(np.full(100, 1e6), taps, False)[1].any()
    np.testing.assert_allclose(candidates.analytic(1e3 * t, taps, False)[1], 0.0, atol=1e-9)


@pytest.mark.parametrize("at", [-0.4, 0.0, 0.3])
def test_the_apex_of_a_parabola_is_its_vertex(at):
    k = np.arange(-10.0, 11.0)
    for sign in (1.0, -1.0):
        assert candidates.vertex(-sign * (k - at) ** 2, 10, sign, 3) == pytest.approx(10 + at)
    assert candidates.vertex(k, 10, 1.0, 3) == 10


def test_a_peak_is_above_all_before_and_not_below_any_after():
    envelope = np.array([0.0, 1.0, 3.0, 3.0, 1.0, 0.0, 0.0])
    assert [candidates.is_peak(envelope, i, 2) for i in (2, 3, 4)] == [True, False, False]
    assert not candidates.is_peak(np.zeros(7), 3, 2)
