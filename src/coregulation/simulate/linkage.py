"""Pairs of heart-rate-like series whose linkage is known: what every null is measured on (SCIENCE.md B.18 and D2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from coregulation.channels import CHANNELS
from coregulation.errors import UsageError
from coregulation.session import Block, Person, Recording, Session
from coregulation.signals import Floats, Signal
from coregulation.simulate.dynamics import HeartRateLike, OwnDynamics, PowerLaw
from coregulation.simulate.truth import Link, Truth

TYPICAL = HeartRateLike()
FASTER = HeartRateLike(tau=6.0, frequency=0.05)  # an input that is quicker than the people it reaches


class Linkage(Protocol):
    """A law from which pairs are drawn, and what is true of them."""

    @property
    def link(self) -> Link:
        """What is true of each pair."""
        ...

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return series of shape (pairs, 2, n), n = seconds · rate, in standard deviations of a person's slow wander.

        What a script gives to all is drawn once a call: the pairs of one call lived through the same script.
        """
        ...


@dataclass(frozen=True, slots=True)
class Independent:
    """Two people who have nothing to do with each other."""

    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Nothing."""
        return Link(beyond_own=False, beyond_script=False)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        return _each(self.own, rng, pairs, _samples(seconds, rate), rate)


@dataclass(frozen=True, slots=True)
class CommonTrend:
    """Each settles at the start of a session, in the same way: `height` · exp(−t/`tau`), tau in s."""

    height: float = 3.0
    tau: float = 150.0
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Nothing: the course is each one's own."""
        return Link(beyond_own=False, beyond_script=False)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        n = _samples(seconds, rate)
        return _each(self.own, rng, pairs, n, rate) + self.height * np.exp(-np.arange(n) / rate / self.tau)


@dataclass(frozen=True, slots=True)
class CommonInput:
    """Both get the same random input, `weight` times; the same for all pairs (a script), or private to each pair."""

    weight: float = 0.7
    shared: bool = True
    input: OwnDynamics = FASTER
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Beyond own dynamics always; beyond the script only where the input was not in it."""
        return Link(beyond_own=self.weight != 0, beyond_script=self.weight != 0 and not self.shared)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        n = _samples(seconds, rate)
        common = self.input.draw(rng, 1 if self.shared else pairs, n, rate)
        return _each(self.own, rng, pairs, n, rate) + self.weight * common[:, None, :]


@dataclass(frozen=True, slots=True)
class PacedRhythm:
    """Both follow one pacer, each a little early or late.

    Args:
        frequency: of the pacer, in Hz.
        height: amplitude of the response.
        phase_sd: how far people differ in phase, in rad.
        own: what else each one does.
    """

    frequency: float = 0.1
    height: float = 1.0
    phase_sd: float = 0.5
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """Beyond own dynamics, not beyond the pacer."""
        return Link(beyond_own=True, beyond_script=False)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        n = _samples(seconds, rate)
        phase = rng.normal(0.0, self.phase_sd, (pairs, 2, 1))
        pacer = np.sin(2 * math.pi * self.frequency * np.arange(n) / rate + phase)
        return _each(self.own, rng, pairs, n, rate) + self.height * pacer


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """They speak in turns, and speaking raises the speaker's series: opposite, and by no body's doing.

    Args:
        turn: mean length of a turn (exponential), in s.
        rise: by how much speech raises the series, as a first-order response with time constant `tau` s.
        tau: of that response, in s.
        shared: the turns are in the script (an interview read out), not each pair's own.
        own: what else each one does.
    """

    turn: float = 8.0
    rise: float = 1.0
    tau: float = 3.0
    shared: bool = False
    own: OwnDynamics = TYPICAL

    @property
    def link(self) -> Link:
        """As for an input that both get."""
        return Link(beyond_own=True, beyond_script=not self.shared)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        n = _samples(seconds, rate)
        switches = rng.random((1 if self.shared else pairs, n)) < 1 / (self.turn * rate)
        first = (np.cumsum(switches, axis=1) % 2).astype(np.float64)
        speech = np.stack([first, 1 - first], axis=1)
        return _each(self.own, rng, pairs, n, rate) + self.rise * _smoothed(speech, self.tau * rate)


@dataclass(frozen=True, slots=True)
class Coupled:
    """The second follows the first: √(1 − g²) of its own and g of the first's, `lag` s later; the variance is kept.

    Raises:
        UsageError: if the strength is not within −1 to 1, the lag is negative, or it is no whole number of samples.
    """

    strength: float
    lag: float = 0.0
    own: OwnDynamics = TYPICAL

    def __post_init__(self) -> None:
        if not -1 <= self.strength <= 1:
            raise UsageError(f"A coupling strength lies between -1 and 1; {self.strength} came.")
        if not (math.isfinite(self.lag) and self.lag >= 0):
            raise UsageError(f"A lag is a number of s from 0 up; {self.lag} came. To let A follow, name B first.")

    @property
    def link(self) -> Link:
        """Both gates hold, with the first as leader, unless the strength is zero."""
        if self.strength == 0:
            return Link(beyond_own=False, beyond_script=False)
        return Link(True, True, coupled=True, leader=0 if self.lag else None, lag=self.lag)

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        n, late = _samples(seconds, rate), round(self.lag * rate)
        if abs(late - self.lag * rate) > 1e-6:
            raise UsageError(f"A lag of {self.lag:g} s is no whole number of samples at {rate:g} Hz.")
        series = _each(self.own, rng, pairs, late + n, rate)
        first, second = series[:, 0, late:], series[:, 1, late:]
        follower = math.sqrt(1 - self.strength**2) * second + self.strength * series[:, 0, :n]
        return np.stack([first, follower], axis=1)


@dataclass(frozen=True, slots=True)
class Drifting:
    """As another law, but the second person's clock is off: its series is read at t · (1 + `ppm`/10⁶) + `offset` s."""

    of: Linkage
    ppm: float = 100.0
    offset: float = 0.0

    @property
    def link(self) -> Link:
        """As without the drift; the lag then only holds before it."""
        return self.of.link

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says; between samples by linear interpolation."""
        n = _samples(seconds, rate)
        at = np.arange(n) * (1 + self.ppm * 1e-6) + self.offset * rate
        early = max(0, math.ceil(-at.min()))
        whole = max(n, math.ceil(at.max()) + 1) + early
        series = self.of.draw(rng, pairs, whole / rate, rate)
        left = np.minimum(np.floor(at + early).astype(np.int64), whole - 2)
        share = at + early - left
        second = (1 - share) * series[:, 1, left] + share * series[:, 1, left + 1]
        return np.stack([series[:, 0, early : early + n], second], axis=1)


@dataclass(frozen=True, slots=True)
class UnequallySampled:
    """As another law, but each was read at an own, uneven pace and laid on the grid by linear interpolation.

    Args:
        of: the law.
        rates: mean readings per second of the two people, in Hz.
        jitter: standard deviation of a reading's time, as a share of the mean interval (at most .3).
    """

    of: Linkage
    rates: tuple[float, float] = (2.0, 0.9)
    jitter: float = 0.15

    def __post_init__(self) -> None:
        if min(self.rates) <= 0 or not 0 <= self.jitter <= 0.3:
            raise UsageError(f"Rates must be positive and the jitter in 0 to .3; {self.rates} and {self.jitter} came.")

    @property
    def link(self) -> Link:
        """As on an even grid."""
        return self.of.link

    def draw(self, rng: np.random.Generator, pairs: int, seconds: float, rate: float) -> Floats:
        """Return pairs, as `Linkage.draw` says."""
        series = self.of.draw(rng, pairs, seconds, rate)
        grid = np.arange(series.shape[2]) / rate
        out = np.empty_like(series)
        for pair, person in np.ndindex(pairs, 2):
            read = self._readings(rng, self.rates[person], grid[-1])
            out[pair, person] = np.interp(grid, read, np.interp(read, grid, series[pair, person]))
        return out

    def _readings(self, rng: np.random.Generator, pace: float, end: float) -> Floats:
        k = np.arange(math.ceil(end * pace) + 2)
        wobble = np.clip(rng.normal(0.0, self.jitter, len(k)), -0.45, 0.45)
        return (k - rng.random() + wobble) / pace


def own_dynamics_nulls() -> dict[str, Linkage]:
    """Return the laws under which G1 ("beyond own dynamics") is false, by name: its size is measured on each."""
    slow = {f"time constant {tau:g} s": Independent(HeartRateLike(tau=tau)) for tau in (5.0, 12.0, 30.0, 60.0)}
    return {
        **slow,
        "common trend": CommonTrend(),
        "1/f": Independent(PowerLaw()),
        "unequal sampling": UnequallySampled(Independent()),
        "clock drift": Drifting(Independent()),
    }


def script_nulls() -> dict[str, Linkage]:
    """Return the laws under which G2 ("beyond the scripted input") is false: those of G1, and what a script gives."""
    return {
        **own_dynamics_nulls(),
        "common input": CommonInput(),
        "paced rhythm": PacedRhythm(),
        "scripted turns": TurnTaking(shared=True),
    }


_RESTING = {"ada": 72.0, "ben": 66.0}  # 1/min
_SWING = 3.5  # 1/min for each standard deviation of the slow wander


def simulated_pair(
    seconds: float = 600, strength: float = 0.6, lag: float = 2.0, seed: int = 1
) -> tuple[Session, Truth]:
    """Return a session of two people's heart rate (4 Hz, 1/min), ben's following ada's, and what is true of it."""
    if seed < 0:
        raise UsageError(f"A seed is a whole number from 0 up; {seed} came.")
    law, rate = Coupled(strength, lag), 4.0
    series = law.draw(np.random.default_rng(seed), 1, seconds, rate)[0]
    unit = CHANNELS["heart_rate"].unit
    recordings = tuple(
        Recording(Person(name), {"heart_rate": Signal(level + _SWING * values, rate, 0.0, unit)})
        for (name, level), values in zip(_RESTING.items(), series, strict=True)
    )
    blocks = (Block("talk", 0.0, series.shape[1] / rate, present=tuple(_RESTING), partner="live"),)
    session = Session(
        f"simulated-pair-{seed}", recordings, blocks=blocks, shared=(), setting="one room", simulated=True
    )
    return session, Truth(seed, law.link)


def _each(own: OwnDynamics, rng: np.random.Generator, pairs: int, n: int, rate: float) -> Floats:
    return own.draw(rng, 2 * pairs, n, rate).reshape(pairs, 2, n)


def _samples(seconds: float, rate: float) -> int:
    if not (math.isfinite(seconds) and seconds > 0 and math.isfinite(rate) and rate > 0):
        raise UsageError(f"Seconds and rate must be positive numbers; {seconds} and {rate} came.")
    return max(2, round(seconds * rate))


def _smoothed(values: Floats, samples: float) -> Floats:
    from scipy.signal import lfilter

    decay = math.exp(-1 / samples)
    smooth: Floats = lfilter([1 - decay], [1.0, -decay], values, axis=-1)
    return smooth
