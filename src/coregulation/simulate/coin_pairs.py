"""Pairs whose giver gets cues by a coin: many sessions at once, with inputs that both share and a partner who may pass arousal on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Bools, Floats
from coregulation.simulate.random_streams import random_generator

_STEP = 0.5  # s
_RETURN = 1 / 45  # 1/s: how fast a level returns by itself


@dataclass(frozen=True, slots=True)
class CoinPairLaw:
    """How two people who may help each other move.

    Parameters
    ----------
    damping
        How much faster the receiver returns beside a settled giver, 1/s; 0: no help.
    contagion
        How much of the giver's level the receiver takes on, 1/s.
    shared
        Size of an input that reaches both, 1/s.
    memory
        Its time constant, s.
    mood
        Size of a slow level that both share, rest SDs.
    response
        How much more the giver rises when the receiver does, 1/s.
    obeys
        How much faster the giver returns for 30 s after a cue, 1/s.
    """

    damping: float = 0.0
    contagion: float = 0.0
    shared: float = 0.0
    memory: float = 20.0
    mood: float = 0.0
    response: float = 0.0
    obeys: float = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class CoinSessions:
    """Simulated sessions.

    Parameters
    ----------
    levels
        Receiver and giver with measurement noise, rest SDs, shape (sessions, 2, seconds).
    times
        Of each session's flips, s.
    cues
        What the coin said.
    possible
        Whether a cue could be shown.
    """

    levels: Floats
    times: list[list[float]]
    cues: list[list[bool]]
    possible: list[list[bool]]


def simulate_coin_sessions(
    law: CoinPairLaw, sessions: int, seconds: float, seed: int, *, rise: float = 1.0, unsettled: float = 0.5
) -> CoinSessions:
    """Simulate sessions with a coin.

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
    rise, unsettled
        Of `CoinRules`.

    Returns
    -------
    CoinSessions
        With a level per second.
    """
    rng = random_generator(seed)
    steps = int(seconds / _STEP)
    level, push = np.zeros((sessions, 2)), np.zeros((sessions, 2))
    shared, mood = np.zeros(sessions), rng.standard_normal(sessions)
    seen, last, cued = np.zeros((sessions, 2)), np.full(sessions, -np.inf), np.full(sessions, -np.inf)
    counted = np.zeros(sessions, dtype=int)
    out = np.empty((sessions, 2, steps))
    times: list[list[float]] = [[] for _ in range(sessions)]
    cues: list[list[bool]] = [[] for _ in range(sessions)]
    possible: list[list[bool]] = [[] for _ in range(sessions)]
    for step in range(steps):
        now = step * _STEP
        new = rng.random((sessions, 2)) < _STEP / 75
        push = np.where(new, 0.22 * rng.exponential(1.0, (sessions, 2)) + 0.1, push * np.exp(-_STEP / 6))
        shared, mood = _drift(shared, law.memory, rng), _drift(mood, 600.0, rng)
        level = level + _STEP * _drive(law, level, push, shared, mood, now - cued < 30.0)
        level += 0.03 * np.sqrt(_STEP) * rng.standard_normal((sessions, 2))
        noisy = level + 0.15 * rng.standard_normal((sessions, 2))
        out[:, :, step] = noisy
        before = seen
        seen = before + (1 - np.exp(-_STEP / 3)) * (noisy - before)
        rises: Bools = (before[:, 0] <= rise) & (seen[:, 0] > rise) & (now - last >= 60.0) & (now >= 300.0)
        for k in np.flatnonzero(rises):
            cue = bool(rng.random() < 0.5)
            times[k].append(now)
            cues[k].append(cue)
            last[k] = now
            may = bool(unsettled < seen[k, 1] <= 3.0 and counted[k] < 12)
            possible[k].append(may)
            if cue and may:
                cued[k], counted[k] = now, counted[k] + 1
    return CoinSessions(out[:, :, ::2], times, cues, possible)


def _drift(value: Floats, memory: float, rng: np.random.Generator) -> Floats:
    keep = np.exp(-_STEP / memory)
    return np.asarray(value * keep + rng.standard_normal(len(value)) * np.sqrt(1 - keep**2))


def _drive(law: CoinPairLaw, level: Floats, push: Floats, shared: Floats, mood: Floats, cued: Bools) -> Floats:
    """Return how fast both levels change, 1/s, shape (sessions, 2)."""
    receiver, giver = level[:, 0], level[:, 1]
    settled = 1 / (1 + np.exp((giver - 0.6) / 0.15))
    both = law.shared * shared + _RETURN * law.mood * mood
    obeys = np.where(cued, law.obeys * np.clip(giver, 0, None), 0.0)
    return np.column_stack(
        [
            -(_RETURN + law.damping * settled) * receiver + law.contagion * giver + push[:, 0] + both,
            -_RETURN * giver + law.response * receiver + push[:, 1] + both - obeys,
        ]
    )
