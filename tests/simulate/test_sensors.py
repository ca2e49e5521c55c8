import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.clock import Clock
from coregulation.signals import Unit, Window
from coregulation.simulate.behaviour_sensors import Accelerometer, Microphone, RatingDial
from coregulation.simulate.parameters import Profile, SkinParameters
from coregulation.simulate.sensors import Belt, Electrocardiograph, Photoplethysmograph, SkinElectrodes, slow_noise
from tests.simulate.bodies import beating, still

SENSORS = (
    Electrocardiograph(),
    Photoplethysmograph(),
    Belt(),
    SkinElectrodes(),
    Accelerometer(),
    Microphone(),
    RatingDial(),
)
BEATS = 0.5 + 0.8 * np.arange(70)


def read(sensor, states=None, beats=BEATS, seed=1, **changes):
    return sensor.read(beating(states or still(60), beats, **changes), np.random.default_rng(seed))


@pytest.mark.parametrize("sensor", SENSORS, ids=lambda sensor: sensor.channel)
def test_a_sensor_covers_the_whole_at_its_rate_and_again_from_its_seed(sensor):
    spans = {"speech": (Window(10, 20),), "movement": (Window(30, 33),)}
    signal = read(sensor, **spans)
    assert (signal.rate, signal.start, len(signal)) == (sensor.rate, 0.0, 60 * sensor.rate)
    assert signal.coverage == 1.0
    assert np.array_equal(signal.values, read(sensor, **spans).values)


def test_r_peaks_where_the_heart_beats_on_the_sensors_own_clock():
    clock = Clock(offset=0.2, drift_ppm=200.0)
    signal = read(Electrocardiograph(rate=1000.0, noise=0.0), clock=clock)
    assert signal.unit is Unit.MILLIVOLT
    high = (
        np.flatnonzero(
            (signal.values[1:-1] > 0.8)
            & (signal.values[1:-1] >= signal.values[:-2])
            & (signal.values[1:-1] > signal.values[2:])
        )
        + 1
    )
    assert high / 1000 == pytest.approx((BEATS - 0.2) / (1 + 200e-6), abs=0.0021)


def test_bumps_add_up_to_the_gaussians_they_are_made_of():
    from coregulation.simulate.gaussian_waves import add_gaussian_waves

    rng = np.random.default_rng(1)
    centres, widths, heights = rng.uniform(-1, 11, 40), rng.uniform(0.01, 0.3, 40), rng.normal(0, 1, 40)
    out, t = np.zeros(2500), np.arange(2500) / 250
    add_gaussian_waves(out, 250.0, centres, widths, heights)
    distance = (t - centres[:, None]) / widths[:, None]
    exact = (heights[:, None] * np.exp(-0.5 * distance**2) * (np.abs(distance) <= 4 + 1e-9)).sum(axis=0)
    assert np.allclose(out, exact, atol=1e-9)


def test_a_pulse_comes_a_quarter_second_after_its_beat():
    signal = read(Photoplethysmograph(rate=200.0, noise=0.0))
    segments = np.array([signal.values[round(b * 200) : round(b * 200) + 120] for b in BEATS[:-2]])
    assert segments.mean(axis=0).argmax() / 200 == pytest.approx(0.25, abs=0.02)


def test_the_belt_rises_over_inspiration():
    signal = read(Belt(noise=0.0, sighs=0.0), still(60, breathing=0.25))
    times = signal.times % 4
    assert signal.values[times < 0.1].max() < -0.5
    assert signal.values[np.abs(times - 2) < 0.1].min() > 0.2
    assert np.abs(np.diff(signal.values)).max() < 0.15  # no jump from breath to breath
    sighing = read(Belt(noise=0.0, sighs=600.0), still(600))
    assert np.abs(sighing.values).max() > 2 * np.median(np.abs(signal.values[np.abs(times - 2) < 0.1]))


def test_speech_breaks_the_breath_up():
    talking = read(Belt(), speech=(Window(0, 30),)).values
    step = np.abs(np.diff(np.sort(np.abs(talking[: 25 * 30]))))
    assert step.size
    power = [
        np.abs(np.fft.rfft(x - x.mean()))[np.argmin(np.abs(np.fft.rfftfreq(len(x), 1 / 25) - 0.25))]
        for x in (talking[:700], talking[800:1500])
    ]
    assert power[0] < 0.6 * power[1]


@pytest.mark.parametrize(("arousal", "rate"), [(0.0, 0.03), (1.0, 0.25)])
def test_skin_responses_come_as_often_as_arousal_says(arousal, rate):
    skin = SkinParameters(response_size=1.0, level=4.0, arousal=3.0)
    signal = read(SkinElectrodes(noise=0.0), still(4000, arousal=arousal, profile=Profile(skin=skin)))
    area = SkinElectrodes()._response(skin.rise, skin.fall).sum() / 8
    responses = (signal.values - (4 + 3 * arousal)).mean() / area
    assert responses == pytest.approx(rate * math.exp(0.125), rel=0.25)
    assert signal.unit is Unit.MICROSIEMENS


def test_the_level_of_the_skin_follows_arousal_slowly():
    states = still(200, profile=Profile(skin=SkinParameters(responses=0.0, responses_arousal=0.0)))
    values = states.values.copy()
    values[500:, 0, 0] = 1.0
    signal = read(SkinElectrodes(noise=0.0), replace(states, values=values))
    assert signal.values[: 8 * 99] == pytest.approx(4.0)
    assert signal.values[8 * 120] == pytest.approx(4 + 3 * (1 - math.exp(-1)), abs=0.03)


def test_movement_shows_in_what_it_spoils():
    for sensor in (Accelerometer(), Electrocardiograph(), Photoplethysmograph(), SkinElectrodes()):
        signal = read(sensor, beats=np.array([]), movement=(Window(20, 30),))
        edge = [
            np.diff(signal.values[round(a * sensor.rate) : round(b * sensor.rate)]).std()
            for a, b in ((21, 29), (35, 43))
        ]
        assert edge[0] > 3 * edge[1], sensor.channel


def test_a_voice_is_heard_when_it_speaks():
    signal = read(Microphone(), speech=(Window(20, 30),))
    assert signal.values[205:295].min() > 0.2 > signal.values[320:].max()


def test_the_dial_is_late_and_turns_in_half_points():
    values = still(200).values.copy()
    values[500:, 0, 0] = 1.0
    states = replace(still(200), values=values)
    signal = read(RatingDial(delay=10.0), states)
    assert set(np.unique(2 * signal.values) % 1) == {0.0}
    jump = signal.values[:225].mean(), signal.values[230:].mean()
    assert jump[1] - jump[0] > 2.5
    assert signal.values[200:218].mean() == pytest.approx(jump[0], abs=1.5)


def test_slow_noise_has_unit_variance():
    assert slow_noise(100_000, 10.0, 0.5, np.random.default_rng(1)).std() == pytest.approx(1.0, abs=0.03)
