"""Pairs of the unseen laws: returns and couplings of forms that neither the zoo nor the fresh laws have."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.signals import Bools, Floats

RATE = 2.0  # Hz of arousal
_SEEN = 5.0  # s: time constant of each of two stages through which each sees the other's arousal
_LONG_AGO = 40.0  # s after which talk brings a stressor back
_STARTLING = 0.004  # a.u./s: a rise that is slower alarms nobody
_ALARM = 30.0  # s: how much a rise of 1 a.u. adds, where the rate of return is 1/s
_SHED = (0.3, 0.8)  # smallest and largest share of arousal that falls off at once

States = tuple[float, ...]
Slope = Callable[[States, float, float, float], States]


@dataclass(frozen=True, slots=True)
class UnseenReturn:
    """How one person comes back.

    Parameters
    ----------
    slope
        From the states, the push (a.u./s), the pace and the arousal of eight seconds ago (a.u.) to how fast the states change
        (1/s).
    read
        From the states to arousal, a.u.
    rest
        States at rest.
    rate
        Push over arousal, both summed over time, of a weak push; 1/s.
    resets
        How often a share of arousal falls off at once, 1/s.
    rough
        Noise in proportion to arousal, per square root of s.
    """

    slope: Slope
    read: Callable[[States], float]
    rest: States
    rate: float
    resets: float = 0.0
    rough: float = 0.0


def _first(states: States) -> float:
    return states[0]


def _leaky_integral(k: float) -> UnseenReturn:
    """Return by a quick feedback and by one that adds up over a minute, so that arousal adapts while the push lasts."""
    return UnseenReturn(
        lambda now, push, pace, _: (push - pace * k * (now[0] + now[1]), (0.8 * now[0] - now[1]) / 60.0), _first, (0.0, 0.0), 1.8 * k
    )  # fmt: skip


def _late_recruitment(k: float) -> UnseenReturn:
    """Return at a rate that arousal of eight seconds ago has recruited."""

    def slope(now: States, push: float, pace: float, then: float) -> States:
        return (push - pace * k * now[0] * (0.6 + 1.2 * _hill(then, 0.3)),)

    return UnseenReturn(slope, _first, (0.0,), 0.6 * k)


def _sudden_release(k: float) -> UnseenReturn:
    """Return at a rate, and now and then at once by a part; noise grows with arousal."""
    return UnseenReturn(
        lambda now, push, pace, _: (push - pace * 0.6 * k * now[0],),
        _first,
        (0.0,),
        k,
        0.4 * k / (sum(_SHED) / 2),
        0.03,
    )


def _vagal_brake(k: float) -> UnseenReturn:
    """Return with the help of a brake that arousal takes off and that comes back within 20 s."""

    def slope(now: States, push: float, pace: float, _: float) -> States:
        return push - pace * k * (0.4 + now[1]) * now[0], (1 - _hill(now[0], 0.5) - now[1]) / 20.0

    return UnseenReturn(slope, _first, (0.0, 1.0), 1.4 * k)


def _long_memory(k: float) -> UnseenReturn:
    """Return as a power of time does, by four rates side by side."""
    shares, rates = (0.4, 0.3, 0.2, 0.1), (4 * k, 1.6 * k, 0.64 * k, 0.3 * k)

    def slope(now: States, push: float, pace: float, _: float) -> States:
        return tuple(w * push - pace * r * x for w, r, x in zip(shares, rates, now, strict=True))

    return UnseenReturn(slope, sum, (0.0,) * 4, 1 / sum(w / r for w, r in zip(shares, rates, strict=True)))


def _shunting(k: float) -> UnseenReturn:
    """Weaken each push by what has come before within a minute."""

    def slope(now: States, push: float, pace: float, _: float) -> States:
        return push / (1 + 1.2 * max(now[1], 0.0)) - pace * k * now[0], (now[0] - now[1]) / 50.0

    return UnseenReturn(slope, _first, (0.0, 0.0), k)


RETURN_FORMS: Mapping[str, Callable[[float], UnseenReturn]] = MappingProxyType(
    {
        "leaky integral": _leaky_integral,
        "late recruitment": _late_recruitment,
        "sudden release": _sudden_release,
        "vagal brake": _vagal_brake,
        "long memory": _long_memory,
        "shunting": _shunting,
    }
)


@dataclass(slots=True)
class Contact:
    """What one person and the other are like at an instant, as far as it can reach the one.

    Parameters
    ----------
    own, other
        Arousal, a.u.
    own_seen, other_seen
        The same as the other person sees it, late and smooth, a.u.
    other_change
        How fast what is seen of the other changes, a.u./s.
    long_ago
        Sum of what both were like 40 s ago, a.u.
    rate
        Own rate of return, 1/s.
    """

    own: float
    other: float
    own_seen: float
    other_seen: float
    other_change: float
    long_ago: float
    rate: float


Reach = Callable[[float, Contact], tuple[float, float]]


def _answered(strength: float, at: Contact) -> tuple[float, float]:
    return 1 + strength * _hill(at.own_seen, 0.12), 0.0


def _present(strength: float, _: Contact) -> tuple[float, float]:
    return 1 + strength, 0.0


def _soothed(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, -strength * at.rate * max(at.own_seen, 0.0)


def _buffered(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, -strength * at.rate * at.own / (abs(at.own) + 0.6)


def _stirred(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.rate * at.other_seen


def _alarmed(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.rate * _ALARM * max(at.other_change - _STARTLING, 0.0)


def _talked_over(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.rate * 0.5 * at.long_ago


def _exchanged(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.rate * 0.5 * math.tanh((at.other - at.own) / 0.5)


def _drawn(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.rate * (at.other_seen - at.own)


def _led(strength: float, at: Contact) -> tuple[float, float]:
    return 1.0, strength * at.other_change


COUPLINGS: Mapping[str, Reach] = MappingProxyType(
    {
        "answered": _answered,  # the rate of return grows with what the other sees
        "present": _present,  # the rate of return is larger
        "soothed": _soothed,  # the other takes away what they have seen
        "buffered": _buffered,  # the other takes away up to some amount per time
        "stirred": _stirred,  # what one sees of the other adds to one's own
        "alarmed": _alarmed,  # the other's rise adds to one's own, and the fall takes nothing away
        "talked over": _talked_over,  # what both were like comes back
        "exchanged": _exchanged,  # what one loses the other gets, up to some amount per time
        "drawn": _drawn,  # each is drawn to what they see of the other
        "led": _led,  # the other's rise and fall are followed
    }
)  # from the strength and the contact to the factor of the rate of return and what is added to the push (a.u./s)


@dataclass(frozen=True, slots=True)
class UnseenCoupling:
    """What reaches whom while the two are together.

    Parameters
    ----------
    name
        One of `COUPLINGS`.
    strength
        For each person whom it reaches, in units of their own rate of return where that makes sense.
    """

    name: str = "present"
    strength: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class UnseenCourse:
    """What happens to two people, at `RATE`.

    Parameters
    ----------
    pushes
        a.u./s, shape (n, 2).
    pace
        Factor of each one's rate of return before the other's part, shape (n, 2).
    together
        Whether the two reach each other, shape (n,).
    kicks
        Noise of unit variance, shape (n, 2); zero where there is none.
    lots
        Uniform from 0 to 1, shape (n, 2): who drops a part of arousal at once, and how much. None: what is dropped on average.
    """

    pushes: Floats
    pace: Floats
    together: Bools
    kicks: Floats
    lots: Floats | None = None

    @classmethod
    def still(cls, pushes: Floats, together: Bools) -> UnseenCourse:
        """Return a course without noise."""
        return cls(pushes, np.ones_like(pushes), together, np.zeros_like(pushes))


def integrate_unseen(
    returns: tuple[UnseenReturn, UnseenReturn], course: UnseenCourse, coupling: UnseenCoupling
) -> Floats:
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
    n = len(course.pushes)
    lots = [(None, None)] * n if course.lots is None else course.lots.tolist()
    steps = zip(
        course.pushes.tolist(), course.pace.tolist(), course.together.tolist(), course.kicks.tolist(), lots, strict=True
    )
    states = [form.rest for form in returns]
    rows, seen = [[form.read(form.rest) for form in returns]], [(0.0, 0.0), (0.0, 0.0)]
    reach = COUPLINGS[coupling.name]
    for push, pace, near, kick, lot in steps:
        row, past, moved = rows[-1], _contacts(rows, seen, returns), []
        for i, form in enumerate(returns):
            factor, added = reach(coupling.strength[i], past[i]) if near and coupling.strength[i] else (1.0, 0.0)
            slope = form.slope(states[i], push[i] + added, pace[i] * factor, rows[max(0, len(rows) - 17)][i])
            now = tuple(x + dx / RATE for x, dx in zip(states[i], slope, strict=True))
            kept = _kept(form, pace[i] * factor, lot[i]) + form.rough * kick[i] / math.sqrt(RATE)
            moved.append((max(min(now[0] * kept, 6.0), -2.0), *now[1:]))
        states = moved
        seen = [_seen(pair, x) for pair, x in zip(seen, row, strict=True)]
        rows.append([form.read(now) for form, now in zip(returns, states, strict=True)])
    return np.array(rows[1:])


def _contacts(
    rows: list[list[float]], seen: list[tuple[float, float]], returns: tuple[UnseenReturn, UnseenReturn]
) -> tuple[Contact, Contact]:
    now, ago = rows[-1], len(rows) - 1 - round(_LONG_AGO * RATE)
    long_ago = sum(rows[ago]) if ago >= 0 else 0.0
    first, second = (
        Contact(
            now[i], now[1 - i], seen[i][1], seen[1 - i][1], (seen[1 - i][0] - seen[1 - i][1]) / _SEEN, long_ago, returns[i].rate,
        )
        for i in (0, 1)
    )  # fmt: skip
    return first, second


def _seen(stages: tuple[float, float], arousal: float) -> tuple[float, float]:
    """Pass arousal on through two stages: late and smooth."""
    share = 1 / (_SEEN * RATE)
    return stages[0] + share * (arousal - stages[0]), stages[1] + share * (stages[0] - stages[1])


def _kept(form: UnseenReturn, pace: float, lot: float | None) -> float:
    """Return the share of arousal that a step leaves where parts fall off at once."""
    chance = form.resets * pace / RATE
    if lot is None:
        return 1 - chance * sum(_SHED) / 2
    if lot >= chance:
        return 1.0
    return 1 - _SHED[0] - (_SHED[1] - _SHED[0]) * lot / chance


def _hill(x: float, half: float) -> float:
    """Rise from 0 to 1 with the square of x; nothing below zero."""
    square = max(x, 0.0) ** 2
    return square / (square + half * half)
