"""A body whose states a test sets by hand."""

import math

import numpy as np

from coregulation.clock import Clock
from coregulation.simulate.nervous_system import States
from coregulation.simulate.parameters import Profile
from coregulation.simulate.simulated_person import SimulatedPerson


def still(seconds=300.0, arousal=0.0, vagal=0.55, breathing=0.25, shutdown=0.0, profile=None):
    """States of one person in whom nothing changes but the breath's phase."""
    n = round(seconds * 5)
    values = np.zeros((n, 1, 7))
    phase = 2 * math.pi * breathing * np.arange(n) / 5
    for column, value in enumerate((arousal, 0.0, vagal, shutdown, breathing, phase)):
        values[:, 0, column] = value
    return States(values, 5.0, ("ada",), (profile or Profile(),))


def beating(states, beats, **changes):
    """An organism with beats of one's own choice."""
    n = round(len(states.values) / states.rate * 20)
    person = {"clock": Clock(), "speech": (), "movement": ()} | changes
    return SimulatedPerson(states, 0, np.full(n, 60.0), np.asarray(beats, dtype=float), **person)
