"""Simulated sensors of behaviour: movement, voice and what people say of themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Signal, Unit
from coregulation.simulate.sensors import slow_noise
from coregulation.simulate.simulated_person import SimulatedPerson, inside


@dataclass(frozen=True, slots=True)
class Accelerometer:
    """Chest acceleration beside gravity: a trace of breath, sway, and bursts where the person moved.

    Parameters
    ----------
    rate
        In Hz.
    channel
        Its name.
    """

    rate: float = 25.0
    channel: str = "motion"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the acceleration.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In thousandths of gravity.
        """
        times = organism.times(self.rate)
        quiet = 4.0 * np.sin(organism.at(times, "phase")) + 2.0 * rng.standard_normal(len(times))
        bursts = (
            150.0 * inside(times, organism.movement) * rng.standard_normal(len(times)) if organism.movement else 0.0
        )
        return Signal(quiet + bursts, self.rate, 0.0, Unit.ARBITRARY)


@dataclass(frozen=True, slots=True)
class Microphone:
    """Loudness of the own voice: 1 when speaking, 0 when not, with the roughness of both.

    Parameters
    ----------
    rate
        In Hz.
    channel
        Its name.
    """

    rate: float = 10.0
    channel: str = "voice"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the loudness.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            In loudness of typical speech.
        """
        times = organism.times(self.rate)
        talk = inside(times, organism.speech)
        values = talk * np.exp(0.3 * rng.standard_normal(len(times))) + 0.05 * np.abs(rng.standard_normal(len(times)))
        return Signal(values, self.rate, 0.0, Unit.ARBITRARY)


@dataclass(frozen=True, slots=True)
class RatingDial:
    """Arousal as the person rates it, 0 to 10, turned by hand: late, smoothed and in steps of half a point.

    Parameters
    ----------
    rate
        In Hz.
    delay
        In s.
    channel
        Its name.
    """

    rate: float = 2.0
    delay: float = 2.0  # s
    channel: str = "rating"

    def read(self, organism: SimulatedPerson, rng: np.random.Generator) -> Signal:
        """Read the position of the dial.

        Parameters
        ----------
        organism
            The person.
        rng
            Random numbers.

        Returns
        -------
        Signal
            0 to 10.
        """
        times = organism.times(self.rate)
        felt = 2.0 + 4.0 * organism.at(times - self.delay, "arousal")
        turned = felt + 0.4 * slow_noise(len(times), self.rate, 0.05, rng)
        return Signal(np.clip(np.rint(2 * turned) / 2, 0.0, 10.0), self.rate, 0.0, Unit.ARBITRARY)
