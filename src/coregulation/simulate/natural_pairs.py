"""Pairs in an ordinary hour together: many sessions at once, with whatever can make one person's rises end sooner without any help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coregulation.signals import Bools, Floats
from coregulation.simulate.random_streams import random_generator

_STEP = 0.5  # s
_RETURN = 1 / 45  # 1/s: how fast a level returns by itself
_RISE_EVERY = 90.0  # s between private shocks, on average
_REST_RATE, _PER_LEVEL = 66.0, 7.0  # 1/min, and 1/min per rest SD of the level


@dataclass(frozen=True, slots=True)
class NaturalPairLaw:
    """How two people move in an ordinary hour.

    Parameters
    ----------
    damping
        How much faster the first person returns beside a settled second one, 1/s; 0: no help.
    response
        How much the second person rises when the first does, 1/s.
    contagion
        How much of the second person's level the first takes on, 1/s.
    shared
        Size of an input that reaches both, 1/s.
    memory
        Its time constant, s.
    both_hit
        Share of the shocks that hit both.
    mood
        Size of a slow level that both share, rest SDs.
    mood_memory
        Its time constant, s.
    speech
        How much speaking lifts the speaker's level, rest SDs; 0: nobody speaks.
    habituation
        Share by which shocks are smaller and the return is faster at the end than at the beginning.
    drift
        Change of both levels from beginning to end, rest SDs.
    """

    damping: float = 0.0
    response: float = 0.0
    contagion: float = 0.0
    shared: float = 0.0
    memory: float = 20.0
    both_hit: float = 0.0
    mood: float = 0.0
    mood_memory: float = 300.0
    speech: float = 0.0
    habituation: float = 0.0
    drift: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class NaturalSessions:
    """Simulated sessions, one value per second.

    Parameters
    ----------
    levels
        Both people with measurement noise, rest SDs, shape (sessions, 2, seconds).
    speaking
        Who speaks, of the same shape.
    """

    levels: Floats
    speaking: Bools


HELP = NaturalPairLaw(damping=2 * _RETURN)  # three times as fast next to a settled partner
NATURAL_LAWS: Mapping[str, NaturalPairLaw] = {
    "none": NaturalPairLaw(),
    "input of 20 s": NaturalPairLaw(shared=0.05, memory=20.0),
    "input of 60 s": NaturalPairLaw(shared=0.03, memory=60.0),
    "input of 300 s": NaturalPairLaw(shared=0.015, memory=300.0),
    "strong input of 300 s": NaturalPairLaw(shared=0.03, memory=300.0),
    "both hit": NaturalPairLaw(both_hit=0.5),
    "mood of 5 min": NaturalPairLaw(mood=0.6, mood_memory=300.0),
    "mood of 15 min": NaturalPairLaw(mood=0.6, mood_memory=900.0),
    "weak mood of 5 min": NaturalPairLaw(mood=0.3, mood_memory=300.0),
    "weak mood of 15 min": NaturalPairLaw(mood=0.3, mood_memory=900.0),
    "speech": NaturalPairLaw(speech=1.5),
    "habituation": NaturalPairLaw(habituation=0.6),
    "drift": NaturalPairLaw(drift=1.0),
    "contagion": NaturalPairLaw(contagion=0.02),
    "giver responds": NaturalPairLaw(response=0.01),
    "help": HELP,
    "help, giver responds": NaturalPairLaw(damping=2 * _RETURN, response=0.01),
}
"""The reporting laws by name; contagion and help are no laws without an effect."""


def simulate_natural_sessions(law: NaturalPairLaw, sessions: int, seconds: float, seed: int) -> NaturalSessions:
    """Simulate ordinary hours together.

    Parameters
    ----------
    law
        How the two move.
    sessions
        How many.
    seconds
        Length of each, s.
    seed
        Of everything random.

    Returns
    -------
    NaturalSessions
        With a value per second.
    """
    rng = random_generator(seed)
    steps = int(seconds / _STEP)
    level, push, lift = np.zeros((sessions, 2)), np.zeros((sessions, 2)), np.zeros((sessions, 2))
    shared, mood = np.zeros(sessions), rng.standard_normal(sessions)
    speaker = rng.integers(0, 3, sessions)
    out, speaking = np.empty((sessions, 2, steps)), np.zeros((sessions, 2, steps), dtype=bool)
    for step in range(steps):
        done = step / steps
        push = _pushed(law, push, 1 - law.habituation * done, rng)
        shared, mood = _relax(shared, law.memory, rng), _relax(mood, law.mood_memory, rng)
        level = level + _STEP * _drive(law, level, push, shared, 1 + law.habituation * done)
        level += 0.03 * np.sqrt(_STEP) * rng.standard_normal((sessions, 2))
        speaker = np.where(rng.random(sessions) < _STEP / 12, rng.integers(0, 3, sessions), speaker)
        talks = speaker[:, None] == np.arange(2)
        lift += (1 - np.exp(-_STEP / 8)) * (law.speech * talks - lift)
        slow = (law.mood * mood + law.drift * done)[:, None]
        out[:, :, step] = level + lift + slow + 0.15 * rng.standard_normal((sessions, 2))
        speaking[:, :, step] = talks & (law.speech > 0)
    return NaturalSessions(out[:, :, ::2], speaking[:, :, ::2])


def beats_of_level(level: Floats, seed: int) -> Floats:
    """Make heart beats that follow a level, with breathing and slower waves that have nothing to do with it.

    Parameters
    ----------
    level
        Rest SDs, one value per second.
    seed
        Of everything random.

    Returns
    -------
    Floats
        Times of the beats in s, to a millisecond.
    """
    rng = random_generator(seed)
    times = np.arange(0, len(level) - 1, 0.25)
    breathing = 3.0 * np.sin(2 * np.pi * np.cumsum(0.25 * (0.25 + 0.03 * _wander(len(times), rng))))
    slower = 1.5 * np.sin(2 * np.pi * np.cumsum(0.25 * (0.1 + 0.02 * _wander(len(times), rng))))
    rate = _REST_RATE + _PER_LEVEL * np.interp(times, np.arange(len(level)), level) + breathing + slower
    phase = np.cumsum(np.maximum(rate, 35.0) / 60 * 0.25)
    beats = np.interp(np.arange(1, int(phase[-1])), phase, times)
    return np.asarray(np.round(beats, 3))


def _wander(count: int, rng: np.random.Generator) -> Floats:
    """Return a smooth course of about one unit, new every 20 s."""
    knots = rng.standard_normal(count // 80 + 2)
    return np.interp(np.arange(count) / 80, np.arange(len(knots)), knots)


def _pushed(law: NaturalPairLaw, push: Floats, size: float, rng: np.random.Generator) -> Floats:
    """Return the shocks that act: private ones, and those that hit both."""
    each = _STEP / _RISE_EVERY
    sizes = size * (0.22 * rng.exponential(1.0, push.shape) + 0.1)
    hit = rng.random(push.shape) < each
    both = rng.random(len(push)) < law.both_hit * each
    sizes = np.where(both[:, None], sizes[:, :1], sizes)
    return np.where(hit | both[:, None], sizes, push * np.exp(-_STEP / 6))


def _relax(value: Floats, memory: float, rng: np.random.Generator) -> Floats:
    keep = np.exp(-_STEP / memory)
    return np.asarray(value * keep + rng.standard_normal(len(value)) * np.sqrt(1 - keep**2))


def _drive(law: NaturalPairLaw, level: Floats, push: Floats, shared: Floats, faster: float) -> Floats:
    """Return how fast both levels change, 1/s, shape (sessions, 2)."""
    first, second = level.T
    settled = 1 / (1 + np.exp((second - 0.6) / 0.15))
    both = law.shared * shared
    return np.column_stack(
        [
            -(_RETURN * faster + law.damping * settled) * first + law.contagion * second + push[:, 0] + both,
            -_RETURN * faster * second + law.response * first + push[:, 1] + both,
        ]
    )
