"""Pairs of the fresh laws: returns, couplings and inputs of forms that neither half of the zoo has."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.signals import Bools, Floats

RATE = 2.0  # Hz of arousal

States = tuple[float, float]
Slope = Callable[[States, float, float, float], States]


@dataclass(frozen=True, slots=True)
class FreshReturn:
    """How one person comes back.

    Parameters
    ----------
    slope
        From both states, the push (a.u./s), the pace and the time since the last push (s) to how fast both states change (1/s).
    read
        From both states to arousal, a.u.
    rate
        Return rate where it is the same at all heights, 1/s; else NaN.
    """

    slope: Slope
    read: Callable[[States], float]
    rate: float = math.nan


def _first(state: States) -> float:
    return state[0]


def _plain(k: float) -> FreshReturn:
    """Return at one rate; k in 1/s."""
    return FreshReturn(lambda now, push, pace, _: (push - pace * k * now[0], 0.0), _first, k)


def _second_order(k: float) -> FreshReturn:
    """Return as a spring with damping .8 of critical, so that arousal goes on for a while and then undershoots."""
    stiff = 4.0 * k * k

    def slope(now: States, push: float, pace: float, _: float) -> States:
        pull = stiff * pace
        return now[1], 2 * k * push - 1.6 * math.sqrt(pull) * now[1] - pull * now[0]

    return FreshReturn(slope, _first)


def _cascade(k: float) -> FreshReturn:
    """Let a quick part fill a slow one, as nerves fill hormones."""

    def slope(now: States, push: float, pace: float, _: float) -> States:
        return push - 5 * k * now[0], 2 * k * now[0] - pace * 0.8 * k * now[1]

    return FreshReturn(slope, lambda state: 0.6 * state[0] + state[1])


def _late_release(k: float) -> FreshReturn:
    """Return slowly at first and ever faster: the rate grows with the time since the push."""
    return FreshReturn(
        lambda now, push, pace, since: (push - pace * k * min(0.4 + since / 40.0, 2.5) * now[0], 0.0), _first
    )


def _multiplicative(k: float) -> FreshReturn:
    """Return at one rate on a logarithmic scale, so that everything multiplies."""
    return FreshReturn(lambda now, push, pace, _: (push - pace * k * now[0], 0.0), lambda state: (math.exp(1.2 * state[0]) - 1) / 1.2)  # fmt: skip


def _moving_target(k: float) -> FreshReturn:
    """Return to a level that has itself gone along and comes back within minutes."""

    def slope(now: States, push: float, pace: float, _: float) -> States:
        return push - pace * 1.3 * k * (now[0] - now[1]), pace * (0.3 * now[0] - now[1]) / 90.0

    return FreshReturn(slope, _first)


RETURNS: Mapping[str, Callable[[float], FreshReturn]] = MappingProxyType(
    {
        "one rate": _plain,
        "second order": _second_order,
        "cascade": _cascade,
        "late release": _late_release,
        "multiplicative": _multiplicative,
        "moving target": _moving_target,
    }
)


@dataclass(frozen=True, slots=True)
class FreshCoupling:
    """What reaches whom while the two are together.

    Parameters
    ----------
    pace
        Factor of each one's rate of return.
    threshold
        Own arousal from which the pace holds, a.u.; softly, within .1.
    settled
        Whether the pace holds only while the other is below .25 a.u., softly.
    drive
        How much of the other's arousal reaches each, 1/s.
    ceiling
        Arousal at which the drive levels off, a.u.
    pull
        How fast each is drawn to the other, 1/s.
    late
        After how long the other's arousal is felt, s.
    """

    pace: tuple[float, float] = (1.0, 1.0)
    threshold: float = -math.inf
    settled: bool = False
    drive: tuple[float, float] = (0.0, 0.0)
    ceiling: float = math.inf
    pull: float = 0.0
    late: float = 0.0

    def paced(self, person: int, own: float, other: float) -> float:
        """Return the factor of a person's rate of return at this arousal of both."""
        share = 1.0
        if math.isfinite(self.threshold):
            share *= 1 / (1 + math.exp(-(own - self.threshold) / 0.1))
        if self.settled:
            share *= 1 / (1 + math.exp(min((other - 0.25) / 0.08, 50.0)))
        return 1 + (self.pace[person] - 1) * share

    def pushed(self, person: int, own: float, other: float) -> float:
        """Return what the other's arousal adds to a person's push, 1/s."""
        felt = max(other, 0.0)
        if math.isfinite(self.ceiling):
            felt = self.ceiling * math.tanh(felt / self.ceiling)
        return self.drive[person] * felt + self.pull * (other - own)


@dataclass(frozen=True, slots=True, eq=False)
class FreshCourse:
    """What happens to two people, at `RATE`.

    Parameters
    ----------
    pushes
        a.u./s, shape (n, 2).
    pace
        Factor of each one's rate of return before the other's part, shape (n, 2).
    together
        Whether the two reach each other, shape (n,).
    """

    pushes: Floats
    pace: Floats
    together: Bools


def integrate_fresh(returns: tuple[FreshReturn, FreshReturn], course: FreshCourse, coupling: FreshCoupling) -> Floats:
    """Integrate both people's arousal.

    Parameters
    ----------
    returns
        How each comes back.
    course
        What happens.
    coupling
        What reaches whom while together.

    Returns
    -------
    ndarray, shape (n, 2)
        In a.u. above rest.
    """
    lag = round(coupling.late * RATE)
    pushes, paces, together = course.pushes.tolist(), course.pace.tolist(), course.together.tolist()
    states, since, rows = [(0.0, 0.0), (0.0, 0.0)], [999.0, 999.0], [[0.0, 0.0]]
    for push, pace, near in zip(pushes, paces, together, strict=True):
        then, now = rows[max(0, len(rows) - 1 - lag)], rows[-1]
        row, moved = [], []
        for i, form in enumerate(returns):
            factor, added = pace[i], push[i]
            since[i] = 0.0 if push[i] > 0.002 else since[i] + 1 / RATE
            if near:
                factor *= coupling.paced(i, now[i], then[1 - i])
                added += coupling.pushed(i, now[i], then[1 - i])
            slope = form.slope(states[i], added, factor, since[i])
            moved.append((min(states[i][0] + slope[0] / RATE, 8.0), min(states[i][1] + slope[1] / RATE, 8.0)))
            row.append(form.read(moved[i]))
        states = moved
        rows.append(row)
    return np.array(rows[1:])
