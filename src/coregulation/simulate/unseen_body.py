"""Bodies of the unseen laws: breath from a relaxation oscillator with sighs, two-branch hearts, packets that are lost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.signals import Beats, Bools, Floats, Signal, Unit
from coregulation.simulate.unseen_noise import low_pass, power_law_noise
from coregulation.simulate.unseen_pair import RATE

_BELT = 12.5  # Hz
_STIFF = 1.2  # of the oscillator: 0 is a sine, and the larger, the more suddenly the breath turns
_SIGH = 6.0  # s from the beginning of a sigh to the next breath


def _two_slopes(x: Floats) -> Floats:
    return 0.22 * x + 0.4 * 0.08 * np.logaddexp(0.0, (x - 0.4) / 0.08)


def _hysteresis(x: Floats, width: float = 0.07) -> Floats:
    """Follow arousal only once it has moved by `width`, as a gear with play does."""
    now, out = 0.0, []
    for value in x.tolist():
        now = min(max(now, value - width), value + width)
        out.append(now)
    return 0.42 * low_pass(np.array(out), 3.0)


def _two_branches(x: Floats) -> Floats:
    """Add a slow sympathetic and a quick vagal branch, each of which weakens the other where both are strong."""
    late = np.maximum(np.concatenate([np.full(4, x[0]), x[:-4]]), 0.0)
    gas = low_pass(late / (late + 0.8), 10.0)
    brake = 0.2 / (1 + (np.maximum(low_pass(x, 1.5) + 0.3, 0.0) / 0.7) ** 2)
    return (1 + 0.45 * gas * (1 - brake)) * (1 - brake) / (1 - 0.169) - 1


def _interval(x: Floats) -> Floats:
    """Shorten the interval between beats in proportion to arousal, so that the rate follows a hyperbola."""
    return 1 / (1 - 0.29 * np.clip(x, -1.0, 1.8)) - 1


HEARTS: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {"two slopes": _two_slopes, "hysteresis": _hysteresis, "two branches": _two_branches, "interval": _interval}
)  # arousal at `RATE` in a.u. to the share by which the rate at rest grows; a response of .85 a.u. gives .3 to .4


@dataclass(frozen=True, slots=True)
class UnseenBody:
    """One kind of heart, breath and sensor.

    Parameters
    ----------
    heart
        Name of one of `HEARTS`.
    own
        Standard deviation of the heart's own noise, as a share of its rate; its power falls as 1/f.
    lost
        Packets lost, per hour and signal; each takes 3 to 25 s.
    doubled
        Beats of which the strap makes two, per hour.
    electrode
        How far a measured arousal settles over the first quarter of an hour, a.u.
    noise
        Standard deviation of the noise of a measured arousal, a.u.; Student's t with four degrees of freedom.
    sighs
        Per hour.
    """

    heart: str = "two branches"
    own: float = 0.02
    lost: float = 0.0
    doubled: float = 1.0
    electrode: float = 0.0
    noise: float = 0.05
    sighs: float = 12.0

    def measure(self, arousal: Floats, rng: np.random.Generator) -> Signal:
        """Measure arousal at 1 Hz, with heavy-tailed noise, an electrode that settles and packets that are lost."""
        seen = arousal[:: round(RATE)]
        n = len(seen)
        settling = self.electrode * rng.choice((-1.0, 1.0)) * np.exp(-np.arange(n) / 900)
        values = seen + self.noise / math.sqrt(2) * rng.standard_t(4, n) + settling
        return Signal(np.where(self._lost(np.arange(n, dtype=float), rng), np.nan, values), 1.0, 0.0, Unit.ARBITRARY)

    def record(self, arousal: Floats, rng: np.random.Generator) -> tuple[Signal, Beats]:
        """Record a belt and beats of a person with this arousal (at `RATE`, a.u. above rest)."""
        n = len(arousal)
        grid, at = np.arange(n) / RATE, np.arange(round(n / RATE * _BELT)) / _BELT
        breath = self._breath(np.interp(at, grid, arousal), np.interp(at, grid, power_law_noise(1.0, n, rng)), rng)
        even, odd = (low_pass(rng.standard_normal(n), 15.0) for _ in range(2))
        wave = even * np.cos(0.6 * grid) + odd * np.sin(0.6 * grid)  # near 0.1 Hz
        answer = HEARTS[self.heart](arousal) + self.own * power_law_noise(1.0, n, rng) + 0.06 * wave
        depth = rng.uniform(0.02, 0.05) / (1 + 1.5 * np.maximum(arousal, 0.0))
        swing = np.interp(at, grid, depth) * np.interp(at - 0.4, at, breath)
        heart = rng.normal(68.0, 7.0) * (1 + np.interp(at, grid, answer)) * (1 + swing)
        belt = np.where(self._lost(at, rng), np.nan, breath + 0.05 * rng.standard_normal(len(at)))
        return Signal(belt, _BELT, 0.0, Unit.ARBITRARY), self._beats(np.maximum(heart, 35.0), rng)

    def _breath(self, arousal: Floats, wander: Floats, rng: np.random.Generator) -> Floats:
        """Integrate van der Pol's oscillator, whose pace follows arousal; a sigh adds a large breath and a pause after it."""
        pace = np.clip(13.0 + 4.0 * np.clip(arousal, -0.5, 1.5) + 1.5 * wander, 6.0, 30.0)
        n, added = len(arousal), np.zeros(len(arousal))
        shape = 2.0 * np.exp(-0.5 * ((np.arange(round(_SIGH * _BELT)) / _BELT - 1.5) / 0.8) ** 2)
        for start in rng.integers(0, n - len(shape), rng.poisson(self.sighs * n / _BELT / 3600)):
            added[start : start + len(shape)] = shape
            pace[start : start + len(shape)] *= 0.6
        x, v, out = 2.0, 0.0, []
        for turn in (2 * math.pi * 1.09 * pace / 60 / _BELT).tolist():  # the stiff oscillator is 9 % slower
            v += turn * (_STIFF * (1 - x * x) * v - x)
            x += turn * v
            out.append(x)
        return np.array(out) / 2 + added

    def _beats(self, heart: Floats, rng: np.random.Generator) -> Beats:
        """Let a pulse fall whenever the integral of the rate has grown by about one."""
        turns = np.concatenate([[0.0], np.cumsum(heart / 60 / _BELT)])
        counts = np.arange(1, int(turns[-1]))
        times = np.interp(counts + 0.004 * rng.standard_normal(len(counts)), turns, np.arange(len(turns)) / _BELT)
        doubled = rng.choice(len(times) - 1, rng.poisson(self.doubled * times[-1] / 3600), replace=False)
        times = np.sort(np.concatenate([times, times[doubled] + 0.36 * np.diff(times)[doubled]]))
        kept = ~self._lost(times, rng)
        after = np.concatenate([[True], ~kept[:-1]])
        return Beats(times[kept], breaks=after[kept])

    def _lost(self, times: Floats, rng: np.random.Generator) -> Bools:
        lost = np.zeros(len(times), bool)
        for start in rng.uniform(0, times[-1], rng.poisson(self.lost * times[-1] / 3600)):
            lost |= (times >= start) & (times < start + rng.uniform(3.0, 25.0))
        return lost
