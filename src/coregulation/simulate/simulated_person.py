"""One simulated person as sensors meet them: states on any clock, a heart rate, beats, spans of speech and movement."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import UsageError
from coregulation.signals import Floats, Window
from coregulation.simulate.nervous_system import States
from coregulation.simulate.parameters import Profile

RIGHT = Clock()
_FINE = 20.0  # Hz, of the heart rate that is integrated to beats: an interval's error is then below .2 ms


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPerson:
    """One person.

    Parameters
    ----------
    states
        The states of everybody, of which column `person` counts.
    person
        Which.
    heart_rate
        Instantaneous, at 20 Hz from 0 s, in 1/min.
    beats
        When the heart beat, in s.
    speech
        When the person spoke.
    movement
        When the person moved.
    clock
        That of the person's sensors; they do not know that it may be wrong.
    """

    states: States
    person: int
    heart_rate: Floats
    beats: Floats
    speech: tuple[Window, ...] = ()
    movement: tuple[Window, ...] = ()
    clock: Clock = RIGHT

    @property
    def profile(self) -> Profile:
        """The person as drawn."""
        return self.states.profiles[self.person]

    def times(self, rate: float) -> Floats:
        """Compute the session times at which a sensor reads, evenly by its own clock.

        Parameters
        ----------
        rate
            Of the sensor, in Hz.

        Returns
        -------
        ndarray, shape (n,)
            In s.
        """
        if not (math.isfinite(rate) and rate > 0):
            raise UsageError("A sensor reads at a positive rate in Hz; {rate} came.", rate=rate)
        n = math.floor(len(self.states.values) / self.states.rate * rate)
        return self.clock.session_time(np.arange(n) / rate)

    def device_time(self, times: Floats) -> Floats:
        """Turn session times into what the person's sensors take them for.

        Parameters
        ----------
        times
            In s.

        Returns
        -------
        ndarray
            In s by the sensors' clock.
        """
        return (times - self.clock.offset) / (1 + self.clock.drift_ppm * 1e-6)

    def at(self, times: Floats, state: str) -> Floats:
        """Read a state at session times, linearly between samples.

        Parameters
        ----------
        times
            In s, shape (n,).
        state
            A property of `States`.

        Returns
        -------
        ndarray, shape (n,)
            In the state's unit.
        """
        values: Floats = np.interp(times, self.states.times, getattr(self.states, state)[:, self.person])
        return values

    def beating(self, times: Floats) -> Floats:
        """Read the heart rate at session times.

        Parameters
        ----------
        times
            In s, shape (n,).

        Returns
        -------
        ndarray, shape (n,)
            In 1/min.
        """
        fine = np.arange(len(self.heart_rate)) / _FINE
        values: Floats = np.interp(times, fine, self.heart_rate)
        return values


def simulate_person(
    states: States,
    person: int,
    rng: np.random.Generator,
    speech: tuple[Window, ...] = (),
    movement: tuple[Window, ...] = (),
    clock: Clock = RIGHT,
) -> SimulatedPerson:
    """Give a person a heart that beats by integral pulse frequency modulation.

    Parameters
    ----------
    states
        What the nervous systems did.
    person
        Which.
    rng
        Random numbers.
    speech, movement
        When the person spoke and moved; both raise the heart rate.
    clock
        Of the person's sensors.

    Returns
    -------
    SimulatedPerson
        What sensors read.
    """
    rate = (
        _heart_rate(states, person, rng) + 4.0 * inside(_grid(states), speech) + 6.0 * inside(_grid(states), movement)
    )
    beats = pulses(rate, _FINE, states.profiles[person].heart.jitter, rng)
    return SimulatedPerson(states, person, rate, beats, speech, movement, clock)


def pulses(heart_rate: Floats, rate: float, jitter: float, rng: np.random.Generator) -> Floats:
    """Compute when the integral of a heart rate passes each threshold.

    Thresholds are 1 apart, give or take a share `jitter`; the first is uniform (Hyndman & Mohn 1975).

    Parameters
    ----------
    heart_rate
        In 1/min, shape (n,).
    rate
        Samples per second, in Hz.
    jitter
        Standard deviation of the distance between thresholds, as a share of 1.
    rng
        Random numbers.

    Returns
    -------
    ndarray, shape (beats,)
        In s from the first sample.

    References
    ----------
    Hyndman BW, Mohn RK (1975), Automedica 1:239
    """
    beat = (heart_rate[1:] + heart_rate[:-1]) / (120 * rate)
    passed = np.concatenate(([0.0], np.cumsum(beat)))
    count = math.ceil(passed[-1] * (1 + 5 * jitter)) + 2
    gaps = np.maximum(1 + jitter * rng.standard_normal(count), 0.2)
    thresholds = rng.random() + np.cumsum(gaps) - gaps[0]
    times: Floats = np.interp(thresholds[thresholds <= passed[-1]], passed, np.arange(len(passed)) / rate)
    return times


def inside(times: Floats, windows: tuple[Window, ...]) -> Floats:
    """Weigh times by whether they lie in a window, eased over 1 s at its edges.

    Parameters
    ----------
    times
        In s, shape (n,).
    windows
        Of session time.

    Returns
    -------
    ndarray, shape (n,)
        0 to 1.
    """
    share = np.zeros(len(times))
    for window in windows:
        edge = np.minimum(times - window.start, window.end - times)
        share = np.maximum(share, np.clip(edge + 0.5, 0.0, 1.0))
    return share


def rsa_amplitude(person: Profile, vagal: Floats, shutdown: Floats, breathing: Floats) -> Floats:
    """Compute the amplitude of respiratory sinus arrhythmia, which falls with breathing frequency.

    Parameters
    ----------
    person
        Whose.
    vagal, shutdown
        States, 0 to 1.
    breathing
        In Hz.

    Returns
    -------
    ndarray
        In 1/min.

    References
    ----------
    Hirsch JA, Bishop B (1981), Am J Physiol 241:H620, doi:10.1152/ajpheart.1981.241.4.H620
    """
    corner = np.sqrt(1 + (breathing / person.heart.rsa_corner) ** 2)
    return person.heart.rsa * vagal * (1 - 0.7 * shutdown) / corner


def _heart_rate(states: States, person: int, rng: np.random.Generator) -> Floats:
    who, heart, fine = states.profiles[person], states.profiles[person].heart, _grid(states)
    coarse = {name: getattr(states, name)[:, person] for name in ("arousal", "vagal", "shutdown", "breathing", "phase")}
    a, v, d, f, phase = (np.interp(fine, states.times, values) for values in coarse.values())
    slow = heart.slow_wave * (0.4 + v) * np.sin(_unsteady_phase(heart.slow_wave_frequency, len(fine), rng))
    level = heart.ceiling + heart.arousal * np.tanh(a) - heart.vagal * v - heart.shutdown * d
    rate = (
        level + rsa_amplitude(who, v, d, f) * np.sin(phase) + slow + _wander(heart.wander, heart.wander_tau, fine, rng)
    )
    return np.asarray(np.clip(rate, 35.0, 230.0))


def _grid(states: States) -> Floats:
    return np.arange(math.floor(len(states.values) / states.rate * _FINE)) / _FINE


def _unsteady_phase(frequency: float, n: int, rng: np.random.Generator) -> Floats:
    # two people with steady phases would look coherent without anything between them
    drifting = np.cumsum(rng.standard_normal(n)) * 0.25 / math.sqrt(_FINE)
    return rng.uniform(0, 2 * math.pi) + 2 * math.pi * frequency * np.arange(n) / _FINE + drifting


def _wander(size: float, tau: float, grid: Floats, rng: np.random.Generator) -> Floats:
    from scipy.signal import lfilter

    knots = np.arange(0.0, grid[-1] + 2.0) if len(grid) else np.zeros(0)
    decay = math.exp(-1 / tau)
    pushes = rng.standard_normal(len(knots))
    pushes[1:] *= math.sqrt(1 - decay**2)
    values: Floats = np.interp(grid, knots, size * lfilter([1.0], [1.0, -decay], pushes))
    return values
