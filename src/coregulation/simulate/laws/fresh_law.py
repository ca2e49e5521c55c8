"""A fresh law: a pair and a protocol of forms that neither half of the zoo has, to test frozen rules on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Floats, Signal, Unit
from coregulation.simulate.designs import PAIR
from coregulation.simulate.fresh_body import FreshBody, smooth_noise
from coregulation.simulate.fresh_pair import (
    RATE,
    RETURNS,
    FreshCoupling,
    FreshCourse,
    FreshReturn,
    integrate_fresh,
)
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.laws.zoo_law import LawSet
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import Truth

if TYPE_CHECKING:
    from coregulation.simulate.observe import Wearing

_PEAK, _REST_SD = 0.85, 0.07  # a.u.: a lone response, wander at rest
_WATCHED = 700.0  # s over which a push is followed where its burden is computed


@dataclass(frozen=True, slots=True)
class FreshMoments:
    """What the hard moments are like.

    Parameters
    ----------
    apart
        Whether alone, too, one person is stressed at a time; else both at once, in two rooms.
    shape
        "even", "rising" or "in three bursts".
    length
        Shortest and longest stressor, s.
    recovery
        Shortest and longest time to recover, s.
    rate_sd
        Standard deviation of ln rate of return from moment to moment.
    together_size
        Factor of a stressor's size together.
    hits_both
        Whether every stressor together reaches both.
    declared
        Whether the session says so.
    leaves
        How long after a stressor's end the other leaves, undeclared, s.
    partner
        Kind of partner.
    """

    apart: bool = False
    shape: str = "even"
    length: tuple[int, int] = (30, 60)
    recovery: tuple[int, int] = (140, 200)
    rate_sd: float = 0.2
    together_size: float = 1.0
    hits_both: bool = False
    declared: bool = False
    leaves: float = math.inf
    partner: str = "live"


@dataclass(frozen=True, slots=True)
class FreshInput:
    """What moves people without a script; each is a standard deviation in a.u.

    Parameters
    ----------
    mood
        Of a random walk of the session's level that both share, alone and together, over its whole length.
    music
        Of slow swells that both hear while together.
    warmth
        By how much the room warms both, together, from beginning to end.
    doors
        Of bursts that both hear while together, most small and some large.
    bursts
        Of bursts that each has alone, most small and some large.
    mimicry
        Share of the other's quick movements that each copies three seconds later while together.
    quiet
        Factor of the wander at rest while together.
    level
        Shift of the resting level together.
    """

    mood: float = 0.0
    music: float = 0.0
    warmth: float = 0.0
    doors: float = 0.0
    bursts: float = 0.0
    mimicry: float = 0.0
    quiet: float = 1.0
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class FreshLaw(AbstractLaw):
    """A law that was written after the rules were frozen.

    Parameters
    ----------
    name, title, about
        See `AbstractLaw`.
    half
        Which set of laws it is in.
    kinds
        Kinds of verdict that are right; the first is the one that full knowledge would give.
    steadied
        Who truly settles sooner because the other is there.
    form
        How people return: a name of `RETURNS`.
    rates
        Median return rate of each person, 1/s.
    coupling
        What reaches whom while together.
    moments
        What the hard moments are like.
    unscripted
        What moves people without a script.
    body
        Hearts and sensors.
    traps
        Claims that look true and are false.
    """

    name: str
    title: str
    about: str
    half: LawSet
    kinds: tuple[str, ...]
    steadied: tuple[str, ...] = ()
    form: str = "one rate"
    rates: tuple[float, float] = (0.026, 0.034)
    coupling: FreshCoupling = field(default_factory=FreshCoupling)
    moments: FreshMoments = field(default_factory=FreshMoments)
    unscripted: FreshInput = field(default_factory=FreshInput)
    body: FreshBody = field(default_factory=FreshBody)
    traps: tuple[LawClaim, ...] = ()

    @property
    def truth(self) -> LawTruth:
        """Who is steadied, and the verdicts that are right."""
        return LawTruth(LawBody.AROUSAL, None, self.kinds, self.steadied)

    def simulate(self, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
        """Simulate three stressors per person and condition; anything worn gives a belt and a strap. See `AbstractLaw`."""
        return self.session(seed, 3, wearing is not None)

    def session(self, seed: int, times: int = 3, worn: bool = False) -> tuple[Session, Truth]:
        """Simulate a session of any length.

        Parameters
        ----------
        seed
            Of everything.
        times
            Stressors per person and condition.
        worn
            Whether beats and breath are recorded; else the channel "arousal", measured with noise.

        Returns
        -------
        tuple of Session and Truth
            The session and what is true of it.
        """
        rng = random_generator(seed, *map(ord, self.name))
        returns = self._returns(rng)
        blocks = self._blocks(times, rng)
        course = self._course(blocks, returns, rng)
        arousal = integrate_fresh(returns, course, self.coupling)
        near = np.zeros(len(arousal))
        for block in blocks:
            near[round(block.start * RATE) : round(block.end * RATE)] = bool(block.present)
        arousal = arousal + self._wander(near, rng)
        recordings = tuple(self._recorded(i, arousal[:, i], near, worn, rng) for i in (0, 1))
        session = Session(
            f"{self.name}-{seed}", recordings, blocks=blocks, shared=(), setting="one room", simulated=True
        )
        latent = {who: Signal(arousal[:, i], RATE, 0.0, Unit.ARBITRARY) for i, who in enumerate(PAIR)}
        return session, Truth(seed, kinds=self.kinds, steadied=self.steadied, arousal=latent)

    def burden(self, seed: int) -> tuple[float, float]:
        """Compute the own burden of a push to the first person, and its net effect, of the pair of a seed; 1 = as alone.

        Where the session says that every stressor together hits both, of such a push.
        """
        returns = self._returns(random_generator(seed, *map(ord, self.name)))
        n, push = round(_WATCHED * RATE), round(40 * RATE)
        pushes, near = np.zeros((n, 2)), np.ones(n, bool)
        hit = (0, 1) if self.moments.hits_both and self.moments.declared else (0,)
        for i in hit:
            pushes[:push, i] = _gain(returns[i])
        near[round(min((40 + self.moments.leaves) * RATE, n)) :] = False
        alone = integrate_fresh(returns, FreshCourse(pushes, np.ones((n, 2)), np.zeros(n, bool)), self.coupling)
        both = integrate_fresh(returns, FreshCourse(pushes, np.ones((n, 2)), near), self.coupling).sum(axis=0)
        return float(both[0] / alone[:, 0].sum()), float(both.sum() / alone[:, list(hit)].sum())

    def linear_rates(self, seed: int) -> tuple[float, float, float] | None:
        """Return k, d and p (1/s) of the first person where the law has such, else None."""
        plain = not (self.coupling.settled or math.isfinite(self.coupling.threshold + self.coupling.ceiling))
        if self.form != "one rate" or not plain or self.moments.leaves < math.inf or self.moments.hits_both:
            return None
        k = self._returns(random_generator(seed, *map(ord, self.name)))[0].rate
        return k, k * (self.coupling.pace[0] - 1) + self.coupling.pull, self.coupling.drive[0] + self.coupling.pull

    def _returns(self, rng: np.random.Generator) -> tuple[FreshReturn, FreshReturn]:
        first, second = (RETURNS[self.form](float(k * rng.lognormal(0.0, 0.15))) for k in self.rates)
        return first, second

    def _blocks(self, times: int, rng: np.random.Generator) -> tuple[Block, ...]:
        live = self.moments.partner == "live"
        apart = [("alone", PAIR[:1]), ("alone", PAIR[1:])] if self.moments.apart else [("alone", PAIR)]
        near = [("together", PAIR[:1]), ("together", PAIR[1:])] if live else [("together", PAIR[:1])]
        moments = (apart + near) * times
        order = [moments[at] for at in rng.permutation(len(moments))]
        spans: list[tuple[str, float, tuple[str, ...]]] = [("alone-rest", 240.0, ()), ("together-rest", 150.0, ())]
        for where, hit in order:
            spans.append((f"perturb-{where}", float(rng.integers(*self.moments.length, endpoint=True)), hit))
            spans.append((f"recover-{where}", float(rng.integers(*self.moments.recovery, endpoint=True)), ()))
        ends = np.cumsum([seconds for _, seconds, _ in spans])
        return tuple(self._block(*span, float(end)) for span, end in zip(spans, ends, strict=True))

    def _block(self, kind: str, seconds: float, hit: tuple[str, ...], end: float) -> Block:
        near = "together" in kind
        if hit and near and self.moments.hits_both and self.moments.declared:
            hit = PAIR
        partner = self.moments.partner if near else None
        return Block(kind, end - seconds, end, hit, 1.0 if hit else None, PAIR if near else (), partner=partner)

    def _course(
        self, blocks: tuple[Block, ...], returns: tuple[FreshReturn, FreshReturn], rng: np.random.Generator
    ) -> FreshCourse:
        n = round(blocks[-1].end * RATE)
        pushes, pace, together = np.zeros((n, 2)), np.ones((n, 2)), np.zeros(n, bool)
        gains, ended = [_gain(form) for form in returns], -math.inf
        for block in blocks:
            here, near = slice(round(block.start * RATE), round(block.end * RATE)), bool(block.present)
            until = min(block.end, ended + self.moments.leaves) if block.kind.startswith("recover") else block.end
            together[here.start : round(until * RATE)] = near
            if block.kind.startswith("perturb"):
                ended = block.end
                shape = _shape(self.moments.shape, here.stop - here.start)
                for i, who in enumerate(PAIR):
                    pace[here.start :, i] = rng.lognormal(0.0, self.moments.rate_sd)
                    if who in block.perturbed or (near and self.moments.hits_both):
                        size = gains[i] * rng.lognormal(0.0, 0.15) * 40.0 / (block.end - block.start)
                        pushes[here, i] = size * shape * (self.moments.together_size if near else 1.0)
        return FreshCourse(pushes, pace, together)

    def _wander(self, near: Floats, rng: np.random.Generator) -> Floats:
        """Return what is added to arousal whatever the stressors do, shape (n, 2)."""
        n, more = len(near), self.unscripted
        fading = np.convolve(near, np.ones(20) / 20, mode="same")
        walk = np.cumsum(rng.standard_normal(n))
        walk = more.mood * (walk - walk.mean()) / max(float(walk.std()), 1e-9)
        swell = np.sin(2 * math.pi * np.arange(n) / RATE / 75 + np.cumsum(rng.normal(0, 0.05, n)))
        common = walk + fading * (
            more.music * math.sqrt(2) * swell
            + more.warmth * np.arange(n) / n
            + more.doors * _bursts(n, rng)
            + more.level
        )
        own = np.column_stack([self._own(fading, rng) for _ in PAIR])
        if more.mimicry:
            quick = own - np.column_stack([np.convolve(x, np.ones(60) / 60, mode="same") for x in own.T])
            own = own + more.mimicry * fading[:, None] * np.roll(quick[:, ::-1], round(3 * RATE), axis=0)
        return np.asarray(own + common[:, None], float)

    def _own(self, fading: Floats, rng: np.random.Generator) -> Floats:
        n, more = len(fading), self.unscripted
        wander = 0.8 * smooth_noise(12.0, n, rng) + 0.6 * smooth_noise(70.0, n, rng)
        return np.asarray(_REST_SD * wander * (1 + (more.quiet - 1) * fading) + more.bursts * _bursts(n, rng), float)

    def _recorded(self, person: int, arousal: Floats, near: Floats, worn: bool, rng: np.random.Generator) -> Recording:
        if worn:
            belt, beats = self.body.record(arousal, np.asarray(near > 0), rng)
            return Recording(Person(PAIR[person]), {"resp": belt}, beats)
        return Recording(Person(PAIR[person]), {"arousal": self.body.measure(arousal, person, rng)})


def _bursts(n: int, rng: np.random.Generator) -> Floats:
    """Draw bursts of some 12 s, one in a minute, of heavy-tailed heights; unit variance, shape (n,)."""
    shocks = np.where(rng.random(n) < 1 / (60 * RATE), rng.pareto(2.5, n) + 0.3, 0.0)
    out = np.convolve(shocks, np.exp(-np.arange(120) / RATE / 12))[:n]
    return np.asarray((out - out.mean()) / max(float(out.std()), 1e-9), float)


def _shape(name: str, n: int) -> Floats:
    """Return how a stressor's push is spread over its length; mean 1, shape (n,)."""
    at = (np.arange(n) + 0.5) / n
    if name == "rising":
        return 2 * at
    if name == "in three bursts":
        return np.where((at * 6).astype(int) % 2 == 0, 2.0, 0.0)
    return np.ones(n)


def _gain(form: FreshReturn) -> float:
    """Solve for the arousal per s that a push of 40 s gives, so that a lone response is `_PEAK` high."""
    n, push = round(120 * RATE), round(40 * RATE)
    low, high = 0.0, 0.4
    for _ in range(11):
        middle = (low + high) / 2
        pushes = np.zeros((n, 2))
        pushes[:push] = middle
        course = FreshCourse(pushes, np.ones((n, 2)), np.zeros(n, bool))
        low, high = (
            (middle, high) if integrate_fresh((form, form), course, FreshCoupling()).max() < _PEAK else (low, middle)
        )
    return low
