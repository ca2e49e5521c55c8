import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.clock import Clock
from coregulation.signals import Window
from coregulation.simulate.parameters import HeartParameters, Profile
from coregulation.simulate.simulated_person import inside, pulses, rsa_amplitude, simulate_person
from tests.simulate.bodies import beating, still

STEADY = HeartParameters(jitter=0.0, wander=0.0, slow_wave=0.0)


@given(st.floats(40, 180))
def test_a_constant_rate_beats_evenly(rate):
    times = pulses(np.full(2000, rate), 20.0, 0.0, np.random.default_rng(1))
    assert np.allclose(np.diff(times), 60 / rate)
    assert 0 < times[0] <= 60 / rate
    assert times[-1] > 99.9 - 60 / rate


def test_beats_come_where_the_integral_says():
    t = np.arange(20 * 300) / 20
    rate = 70 + 8 * np.sin(2 * math.pi * 0.25 * t) + 5 * np.sin(2 * math.pi * 0.1 * t)
    times = pulses(rate, 20.0, 0.0, np.random.default_rng(1))
    exact = times * 70 / 60
    exact += 8 / 60 * (1 - np.cos(2 * math.pi * 0.25 * times)) / (2 * math.pi * 0.25)
    exact += 5 / 60 * (1 - np.cos(2 * math.pi * 0.1 * times)) / (2 * math.pi * 0.1)
    assert np.abs(np.diff(exact) - 1).max() < 2e-4  # of an interval


def test_jitter_is_a_share_of_the_interval():
    times = pulses(np.full(200_000, 60.0), 20.0, 0.02, np.random.default_rng(1))
    assert np.diff(times).std() == pytest.approx(0.02, rel=0.05)


def test_a_still_person_beats_as_the_equation_says():
    person = simulate_person(still(profile=Profile(heart=replace(STEADY, rsa=0.0))), 0, np.random.default_rng(1))
    assert person.heart_rate == pytest.approx(92 - 36 * 0.55)
    stirred = simulate_person(
        still(arousal=1.0, shutdown=0.5, profile=Profile(heart=replace(STEADY, rsa=0.0))), 0, np.random.default_rng(1)
    )
    assert stirred.heart_rate == pytest.approx(92 + 24 * math.tanh(1) - 36 * 0.55 - 8)


@settings(deadline=None)
@given(st.floats(0.07, 0.5))
def test_rsa_shrinks_with_the_breathing_rate(breathing):
    person = simulate_person(still(breathing=breathing, profile=Profile(heart=STEADY)), 0, np.random.default_rng(1))
    expected = 9 * 0.55 / math.sqrt(1 + (breathing / 0.2) ** 2)
    amplitude = math.sqrt(2) * (person.heart_rate - person.heart_rate.mean()).std()
    assert amplitude == pytest.approx(expected, rel=0.08)
    assert rsa_amplitude(Profile(), np.array(0.55), np.array(0.0), np.array(breathing)) == pytest.approx(expected)


def test_slow_waves_of_two_people_are_not_coherent():
    waves = replace(STEADY, rsa=0.0, slow_wave=5.0, wander=0.0)
    rng = np.random.default_rng(1)
    a, b = (simulate_person(still(1200, profile=Profile(heart=waves)), 0, rng).heart_rate for _ in range(2))
    cross = np.abs([np.vdot(np.fft.rfft(x), np.fft.rfft(y)) for x, y in ((a - a.mean(), b - b.mean()),)])
    assert cross[0] / (np.linalg.norm(np.fft.rfft(a - a.mean())) * np.linalg.norm(np.fft.rfft(b - b.mean()))) < 0.5


def test_the_wander_has_its_size_and_memory():
    heart = HeartParameters(jitter=0.0, slow_wave=0.0, rsa=0.0, wander=3.0, wander_tau=20.0)
    rate = simulate_person(still(20_000, profile=Profile(heart=heart)), 0, np.random.default_rng(1)).heart_rate[::20]
    rate = rate - rate.mean()
    assert rate.std() == pytest.approx(3.0, rel=0.1)
    assert (rate[:-20] * rate[20:]).mean() / rate.var() == pytest.approx(math.exp(-1), abs=0.1)


def test_speech_and_movement_raise_the_heart_where_they_are():
    profile = Profile(heart=replace(STEADY, rsa=0.0))
    person = simulate_person(
        still(100, profile=profile), 0, np.random.default_rng(1), (Window(20, 30),), (Window(60, 70),)
    )
    rate = person.beating(np.array([10.0, 25.0, 65.0])) - person.beating(np.array([90.0]))
    assert rate == pytest.approx([0.0, 4.0, 6.0])


def test_spans_have_soft_edges():
    assert inside(np.array([0.0, 9.5, 10.0, 10.5, 15.0, 20.0, 21.0]), (Window(10, 20),)) == pytest.approx(
        [0, 0, 0.5, 1, 1, 0.5, 0]
    )


def test_a_wrong_clock_reads_another_time():
    late = beating(still(100), [10.0, 20.0], clock=Clock(offset=2.0, drift_ppm=1e5))
    assert late.times(5.0)[[0, 10]] == pytest.approx([2.0, 4.2])
    assert late.device_time(late.beats) == pytest.approx([8 / 1.1, 18 / 1.1])
    assert late.at(np.array([0.5]), "breathing") == pytest.approx([0.25])
