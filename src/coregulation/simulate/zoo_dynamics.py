"""How arousal comes back in the zoo of laws: forms that are not the linear pair of `pair_model`, with rests of other colours.

A form says how fast the states of one person change; the integration is Euler's at `RATE`, which is far finer than any time
constant here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from coregulation.signals import Bools, Floats

RATE = 2.0  # Hz of arousal
STATES = 2  # of each person, at most

States = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """How one person returns.

    Parameters
    ----------
    slope
        From the states now, those of `delay` s ago, the push (a.u./s) and the pace to how fast both states change (1/s).
    slow_weight
        What the second state adds to arousal, per unit.
    delay
        Age of the states that the second argument of `slope` gives, s.
    """

    slope: Callable[[States, States, float, float], States]
    slow_weight: float = 0.0
    delay: float = 0.0

    def arousal(self, state: States) -> float:
        """Read arousal from the states."""
        return state[0] + self.slow_weight * state[1]


def _linear(tau: float) -> ReturnForm:
    """Return at a rate that is the same at every height; `tau` is in s."""
    return ReturnForm(lambda now, _, push, pace: (push - pace * now[0] / tau, 0.0))


def _two_pools(fast: float, slow: float, share: float = 0.3) -> ReturnForm:
    """Fill a fast and a slow pool at once, each of which empties by itself; times in s."""
    return ReturnForm(
        lambda now, _, push, pace: (push - pace * now[0] / fast, share * push - pace * now[1] / slow), slow_weight=1.0
    )


def _saturating_clearance(tau: float, half: float = 0.6) -> ReturnForm:
    """Clear arousal at a speed that saturates, so that high arousal returns at a slower rate; `tau` in s, `half` in a.u."""
    return ReturnForm(lambda now, _, push, pace: (push - pace * now[0] / (tau * (1 + abs(now[0]) / half)), 0.0))


def _late_feedback(tau: float, delay: float) -> ReturnForm:
    """Answer to the arousal of `delay` s ago, so that a fast return overshoots."""
    return ReturnForm(lambda _, then, push, pace: (push - pace * then[0] / tau, 0.0), delay=delay)


def _quick_at_height(tau: float) -> ReturnForm:
    """Return at a rate that grows with height: quick at first, then slow; `tau` in s."""
    return ReturnForm(lambda now, _, push, pace: (push - pace * now[0] * (0.6 + abs(now[0])) / tau, 0.0))


def _perseverating(tau: float, thought: float) -> ReturnForm:
    """Keep pushing oneself for some `thought` s after the push, so that the return begins late and softly."""
    return ReturnForm(
        lambda now, _, push, pace: (0.04 * now[1] + 0.5 * push - pace * now[0] / tau, push - pace * now[1] / thought)
    )


class RestColour(StrEnum):
    """Colour of the wander of arousal at rest."""

    AUTOREGRESSIVE = "first order, 20 s"
    PINK = "1/f from .002 to .5 Hz"
    JUMPS = "first order, 15 s, driven by Student's t with 3 degrees of freedom"
    TWO_SCALES = "first order of 4 and of 150 s"
    FLAT = "first order, 3 s"


def first_order(tau: float, n: int, rng: np.random.Generator, heavy: bool = False) -> Floats:
    """Draw a first-order process of unit variance.

    Parameters
    ----------
    tau
        Time constant, s.
    n
        Samples at `RATE`.
    rng
        Random numbers.
    heavy
        Whether Student's t with three degrees of freedom drives it.

    Returns
    -------
    ndarray, shape (n,)
        Of zero mean and unit variance over the samples.
    """
    from scipy.signal import lfilter

    keep, lead = math.exp(-1 / (tau * RATE)), round(5 * tau * RATE)
    shocks = rng.standard_t(3, n + lead) if heavy else rng.standard_normal(n + lead)
    return _unit(np.asarray(lfilter([1.0], [1.0, -keep], shocks)[lead:], float))


def pink(n: int, rng: np.random.Generator, rate: float = RATE, lowest: float = 0.002) -> Floats:
    """Draw 1/f noise of unit variance.

    Parameters
    ----------
    n
        Samples.
    rng
        Random numbers.
    rate
        In Hz.
    lowest
        Lowest frequency that it has, Hz; the highest is .5 Hz.

    Returns
    -------
    ndarray, shape (n,)
        Of zero mean and unit variance over the samples.
    """
    frequency = np.fft.rfftfreq(n, 1 / rate)
    kept = (frequency > lowest) & (frequency < 0.5)
    height = np.where(kept, np.maximum(frequency, lowest) ** -0.5, 0.0)
    turned = height * np.exp(2j * math.pi * rng.random(len(height)))
    return _unit(np.asarray(np.fft.irfft(turned, n), float))


def rest_wander(colour: RestColour, n: int, rng: np.random.Generator) -> Floats:
    """Draw how arousal wanders at rest.

    Parameters
    ----------
    colour
        Of the wander.
    n
        Samples at `RATE`.
    rng
        Random numbers.

    Returns
    -------
    ndarray, shape (n,)
        Of zero mean and unit variance over the samples.
    """
    if colour is RestColour.PINK:
        return pink(n, rng)
    if colour is RestColour.TWO_SCALES:
        return _unit(first_order(4.0, n, rng) + first_order(150.0, n, rng))
    tau = {RestColour.AUTOREGRESSIVE: 20.0, RestColour.JUMPS: 15.0, RestColour.FLAT: 3.0}[colour]
    return first_order(tau, n, rng, heavy=colour is RestColour.JUMPS)


def _unit(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std(), float)


FORMS: Mapping[str, Callable[[np.random.Generator], ReturnForm]] = MappingProxyType(
    {
        "linear": lambda rng: _linear(_near(rng, 45.0)),
        "two pools": lambda rng: _two_pools(_near(rng, 22.0), _near(rng, 85.0)),
        "saturating clearance": lambda rng: _saturating_clearance(_near(rng, 25.0)),
        "late feedback": lambda rng: _late_feedback(_near(rng, 45.0), _near(rng, 6.0)),
        "quick at height": lambda rng: _quick_at_height(_near(rng, 38.0)),
        "perseveration": lambda rng: _perseverating(_near(rng, 30.0), _near(rng, 15.0)),
    }
)


def _near(rng: np.random.Generator, middle: float) -> float:
    return float(middle * rng.lognormal(0.0, 0.2))


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What happens to two people, at `RATE`.

    Parameters
    ----------
    pushes
        a.u./s, shape (n, 2).
    pace
        Factor of each one's rate of return, shape (n, 2).
    together
        Whether the two reach each other, shape (n,).
    """

    pushes: Floats
    pace: Floats
    together: Bools


def integrate_course(forms: tuple[ReturnForm, ReturnForm], course: Course, drive: float, late: float) -> Floats:
    """Integrate both people's arousal without noise.

    Parameters
    ----------
    forms
        How each returns.
    course
        What happens.
    drive
        How much of the other's arousal above rest reaches each, 1/s, where they are together.
    late
        After how long it does, s.

    Returns
    -------
    ndarray, shape (n, 2)
        In a.u. above rest.
    """
    n, lag = len(course.pushes), round(late * RATE)
    back = [round(form.delay * RATE) for form in forms]
    paths: tuple[list[States], list[States]] = ([(0.0, 0.0)], [(0.0, 0.0)])
    pushes, paces, together = course.pushes.tolist(), course.pace.tolist(), course.together.tolist()
    out = np.empty((n, 2))
    for t in range(n):
        heard = [form.arousal(path[max(0, t - lag)]) for form, path in zip(forms, paths, strict=True)]
        for i, (form, path) in enumerate(zip(forms, paths, strict=True)):
            out[t, i] = form.arousal(path[t])
            push = pushes[t][i] + (drive * max(heard[1 - i], 0.0) if together[t] else 0.0)
            slope = form.slope(path[t], path[max(0, t - back[i])], push, paces[t][i])
            path.append((path[t][0] + slope[0] / RATE, path[t][1] + slope[1] / RATE))
    return out
