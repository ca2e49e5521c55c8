"""Sensors: each reads one channel of an organism, on its own clock, with its own noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from coregulation.channels import CHANNELS, EDA
from coregulation.signals import Floats, Signal, Unit
from coregulation.simulate.simulated_person import SimulatedPerson, inside


class Sensor(Protocol):
    """Something worn that gives a regularly sampled signal."""

    @property
    def channel(self) -> str:
        """The channel's name."""
        ...

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read one channel of a person.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            Stamped by the sensor's own clock, from 0 s.
        """
        ...


@dataclass(frozen=True, slots=True)
class Electrocardiograph:
    """One chest lead: P, Q, R, S and T as Gaussian waves around each beat, which is where R peaks.

    Timings shrink with the square root of the interval before the beat (Bazett), the wander follows the breath; sizes
    (mV) and widths (s) of the waves are those of a textbook lead II, assumed.

    Parameters
    ----------
    rate
        In Hz.
    noise
        Standard deviation, in mV.
    wander
        Amplitude of the baseline that follows the breath, in mV.
    channel
        Its name.

    References
    ----------
    McSharry PE et al. (2003), IEEE Trans Biomed Eng 50:289, doi:10.1109/TBME.2003.808805 (the idea of a wave of Gaussians)
    """

    rate: float = 250.0
    noise: float = 0.02  # mV
    wander: float = 0.08  # mV
    channel: str = "ecg"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the ECG.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In mV.
        """
        times = organism.times(self.rate)
        beats = organism.device_time(organism.beats)
        pace = np.sqrt(np.clip(np.diff(beats, prepend=beats[:1] - 0.85) / 0.85, 0.4, 1.8))
        breath = np.sin(organism.at(times, "phase"))
        moving = inside(times, organism.movement) if organism.movement else 0.0
        values = self.wander * breath + (self.noise + 0.25 * moving) * rng.standard_normal(len(times))
        swelling = 1 + 0.05 * np.sin(organism.at(organism.beats, "phase"))
        _add(values, self.rate, beats, pace, swelling, _ECG_WAVES)
        return Signal(values, self.rate, 0.0, CHANNELS["ecg"].unit)


@dataclass(frozen=True, slots=True)
class Photoplethysmograph:
    """A pulse wave: systolic and dicrotic wave, 0.25 s after each beat give or take 10 ms, spoilt by movement.

    Parameters
    ----------
    rate
        In Hz.
    noise
        Standard deviation, in heights of a typical pulse.
    channel
        Its name.
    """

    rate: float = 64.0
    noise: float = 0.02
    channel: str = "ppg"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the pulse wave.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In heights of a typical pulse.
        """
        times = organism.times(self.rate)
        pulses = organism.device_time(organism.beats) + 0.01 * rng.standard_normal(len(organism.beats))
        breath = np.sin(organism.at(times, "phase"))
        moving = inside(times, organism.movement) if organism.movement else 0.0
        values = 0.15 * breath + (self.noise + 0.6 * moving) * rng.standard_normal(len(times))
        swelling = 1 + 0.1 * np.sin(organism.at(organism.beats, "phase"))
        _add(values, self.rate, pulses, np.ones(len(pulses)), swelling, _PPG_WAVES)
        return Signal(values, self.rate, 0.0, Unit.ARBITRARY)


@dataclass(frozen=True, slots=True)
class Belt:
    """A breath belt, which rises over inspiration; breaths differ in depth, some are sighs, speech breaks the wave up.

    Parameters
    ----------
    rate
        In Hz.
    noise
        Standard deviation, in half depths of a typical breath.
    sighs
        Per hour.
    channel
        Its name.
    """

    rate: float = 25.0
    noise: float = 0.03
    sighs: float = 12.0  # an hour
    channel: str = "resp"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the stretch of the belt.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In half depths of a typical breath; −1 is the end of an expiration.
        """
        times = organism.times(self.rate)
        phase = organism.at(times, "phase")
        number = np.floor(phase / (2 * math.pi)).astype(np.int64)
        breaths = int(number[-1] - number[0]) + 1
        depth = np.exp(0.15 * rng.standard_normal(breaths))
        depth[rng.random(breaths) < self.sighs / 3600 / organism.profile.breathing] *= 2.5
        wave = depth[number - number[0]] * (1 - np.cos(phase)) - 1  # breaths differ above one resting level
        if organism.speech:
            talk = inside(times, organism.speech)
            wave = wave * (1 - 0.6 * talk) + 0.3 * talk * slow_noise(len(times), self.rate, 0.5, rng)
        return Signal(wave + self.noise * rng.standard_normal(len(times)), self.rate, 0.0, Unit.ARBITRARY)


@dataclass(frozen=True, slots=True)
class SkinElectrodes:
    """Skin conductance: a slow level, and responses at a rate that grows with arousal, through a Bateman cascade.

    Parameters
    ----------
    rate
        In Hz.
    noise
        Standard deviation, in µS.
    channel
        Its name.

    References
    ----------
    Benedek M, Kaernbach C (2010), J Neurosci Methods 190:80, doi:10.1016/j.jneumeth.2010.04.028
    """

    rate: float = 8.0
    noise: float = 0.005  # µS
    channel: str = EDA

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the conductance.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In µS, at least 0.02.
        """
        from scipy.signal import lfilter

        skin, times = organism.profile.skin, organism.times(self.rate)
        arousal, shut = organism.at(times, "arousal"), organism.at(times, "shutdown")
        rate = (skin.responses + skin.responses_arousal * np.maximum(arousal, 0.0)) * (1 - 0.6 * shut)
        events = (
            (rng.random(len(times)) < rate / self.rate)
            * skin.response_size
            * np.exp(0.5 * rng.standard_normal(len(times)))
        )
        wished = skin.level + skin.arousal * arousal * (1 - 0.5 * shut)
        keep = math.exp(-1 / (skin.tau * self.rate))
        level = lfilter([1 - keep], [1.0, -keep], wished, zi=[keep * wished[0]])[0]
        values = level + np.convolve(events, self._response(skin.rise, skin.fall))[: len(times)]
        if organism.movement:
            values = values + 0.3 * inside(times, organism.movement) * rng.standard_normal(len(times))
        return Signal(
            np.maximum(values + self.noise * rng.standard_normal(len(times)), 0.02), self.rate, 0.0, Unit.MICROSIEMENS
        )

    def _response(self, rise: float, fall: float) -> Floats:
        """Return the Bateman function with a peak of 1, over ten times its slower constant."""
        t = np.arange(math.ceil(10 * max(rise, fall) * self.rate)) / self.rate
        wave = np.exp(-t / fall) - np.exp(-t / rise)
        return np.asarray(wave / np.abs(wave).max())


# s from the beat, width in s, height; the ECG's offsets stretch with the interval, Q, R and S hardly do
_ECG_WAVES = (
    (-0.16, 0.025, 0.12),
    (-0.035, 0.010, -0.10),
    (0.0, 0.011, 1.10),
    (0.033, 0.012, -0.25),
    (0.28, 0.050, 0.30),
)
_PPG_WAVES = ((0.25, 0.09, 1.0), (0.52, 0.12, 0.35))


def _add(
    values: Floats,
    rate: float,
    beats: Floats,
    pace: Floats,
    swelling: Floats,
    waves: tuple[tuple[float, float, float], ...],
) -> None:
    from coregulation.simulate.gaussian_waves import add_gaussian_waves

    for offset, width, height in waves:
        stretch = pace if abs(offset) > 0.1 else np.ones(len(beats))
        add_gaussian_waves(values, rate, beats + offset * stretch, width * stretch, height * swelling)


def slow_noise(n: int, rate: float, corner: float, rng: np.random.Generator) -> Floats:
    """Draw noise of unit variance with a low corner frequency.

    Parameters
    ----------
    n
        Samples.
    rate
        In Hz.
    corner
        In Hz.
    rng
        Random numbers.

    Returns
    -------
    ndarray, shape (n,)
        A first-order autoregressive series.
    """
    from scipy.signal import lfilter

    decay = math.exp(-2 * math.pi * corner / rate)
    noise: Floats = lfilter([math.sqrt(1 - decay**2)], [1.0, -decay], rng.standard_normal(n))
    return noise
