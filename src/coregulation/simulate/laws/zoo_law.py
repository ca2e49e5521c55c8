"""A law of the zoo: two people whose return, rest, heart and company are of a stated form, for tests of a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Floats, Signal, Unit
from coregulation.simulate.designs import PAIR
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import Truth
from coregulation.simulate.zoo_body import ZooBody
from coregulation.simulate.zoo_dynamics import (
    FORMS,
    RATE,
    Course,
    RestColour,
    ReturnForm,
    first_order,
    integrate_course,
    rest_wander,
)

if TYPE_CHECKING:
    from coregulation.simulate.observe import Wearing

_PEAK, _REST_SD, _MEASURED_SD = 0.85, 0.075, 0.05  # a.u.: a lone response, wander at rest, noise of a measured arousal
_PUSH = 40.0  # s of a stressor
_WATCHED = 640.0  # s over which a push is followed where its burden is computed


class LawSet(StrEnum):
    """Which set a law is in: thresholds are chosen on the first, and the others are for reports; only the first two are halves."""

    DEVELOPMENT = "development"
    REPORTING = "reporting"
    FRESH = "fresh"
    FRESH_AGAIN = "fresh again"


class ZooOrder(StrEnum):
    """How hard moments alone and together follow each other."""

    CROSSED = "all of one condition first, by lot which"
    MIXED = "every moment by lot"
    ALONE_FIRST = "alone first"


@dataclass(frozen=True, slots=True)
class ZooCompany:
    """What being together changes.

    Parameters
    ----------
    pace
        Factor of each one's rate of return.
    net_effect
        What a push costs both, over what it costs alone; the drive of each on the other is solved for it. None: no drive.
    late
        After how long the other's arousal is felt, s.
    rise
        Factor of a stressor's size.
    level
        Shift of the resting level, a.u.
    hits_both
        Whether every stressor reaches both.
    declared
        Whether the session says so, where it does.
    partner
        Kind of partner.
    """

    pace: tuple[float, float] = (1.0, 1.0)
    net_effect: float | None = None
    late: float = 0.0
    rise: float = 1.0
    level: float = 0.0
    hits_both: bool = False
    declared: bool = False
    partner: str = "live"


@dataclass(frozen=True, slots=True)
class ZooInput:
    """A random input that both get, without a script.

    Parameters
    ----------
    size
        Standard deviation of what it adds to arousal, a.u.
    tau
        Time constant, s.
    always
        Whether it is there alone as well, as a mood or a day is; else only together, as a room is.
    """

    size: float = 0.0
    tau: float = 20.0
    always: bool = False


@dataclass(frozen=True, slots=True)
class ZooLaw(AbstractLaw):
    """A law of the zoo.

    Parameters
    ----------
    name, title, about
        See `AbstractLaw`.
    half
        Which half of the zoo it is in.
    kinds
        Kinds of verdict that are right; the first is the one that full knowledge would give.
    steadied
        Who truly settles sooner because the other is there.
    form
        How people return: a name of `FORMS`.
    rest
        Colour of the wander at rest.
    body
        Hearts.
    company
        What being together changes.
    shared
        A random input that both get.
    moment_sd
        Standard deviation of ln rate of return from moment to moment.
    tiring
        Share by which each further push of a person reaches less; the rate of return grows by the same.
    order
        How moments follow each other.
    traps
        Claims that look true and are false.
    """

    name: str
    title: str
    about: str
    half: LawSet
    kinds: tuple[str, ...]
    steadied: tuple[str, ...] = ()
    form: str = "linear"
    rest: RestColour = RestColour.AUTOREGRESSIVE
    body: ZooBody = field(default_factory=ZooBody)
    company: ZooCompany = field(default_factory=ZooCompany)
    shared: ZooInput = field(default_factory=ZooInput)
    moment_sd: float = 0.15
    tiring: float = 0.0
    order: ZooOrder = ZooOrder.MIXED
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
        forms = FORMS[self.form](rng), FORMS[self.form](rng)
        gains = _gain(forms[0]), _gain(forms[1])
        drive = self._drive(forms, gains)
        blocks = self._blocks(times, rng)
        arousal = integrate_course(forms, self._course(blocks, gains, rng), drive, self.company.late)
        arousal += self._added(blocks, len(arousal), rng)
        recordings = tuple(self._recorded(who, arousal[:, i], worn, rng) for i, who in enumerate(PAIR))
        session = Session(
            f"{self.name}-{seed}", recordings, blocks=blocks, shared=(), setting="one room", simulated=True
        )
        latent = {who: Signal(arousal[:, i], RATE, 0.0, Unit.ARBITRARY) for i, who in enumerate(PAIR)}
        return session, Truth(seed, kinds=self.kinds, steadied=self.steadied, arousal=latent)

    def burden(self, seed: int) -> tuple[float, float]:
        """Compute the own burden of a push to the first person, and its net effect, of the pair of a seed; 1 = as alone."""
        rng = random_generator(seed, *map(ord, self.name))
        forms = FORMS[self.form](rng), FORMS[self.form](rng)
        gains = _gain(forms[0]), _gain(forms[1])
        return self._burden(forms, gains, self._drive(forms, gains))

    def _drive(self, forms: tuple[ReturnForm, ReturnForm], gains: tuple[float, float]) -> float:
        wanted = self.company.net_effect
        if wanted is None:
            return 0.0
        low, high = 0.0, 0.2
        for _ in range(14):
            middle = (low + high) / 2
            low, high = (low, middle) if self._burden(forms, gains, middle)[1] > wanted else (middle, high)
        return low

    def _burden(
        self, forms: tuple[ReturnForm, ReturnForm], gains: tuple[float, float], drive: float
    ) -> tuple[float, float]:
        n = round(_WATCHED * RATE)
        pushes = np.zeros((n, 2))
        pushes[: round(_PUSH * RATE), 0] = gains[0]
        alone = Course(pushes, np.ones((n, 2)), np.zeros(n, bool))
        near = Course(pushes, np.tile(self.company.pace, (n, 1)), np.ones(n, bool))
        complete = integrate_course(forms, alone, 0.0, 0.0)[:, 0].sum()
        with np.errstate(over="ignore", invalid="ignore"):
            own, cost = integrate_course(forms, near, drive, self.company.late).sum(axis=0)
        return (
            (float(own / complete), float((own + cost) / complete)) if math.isfinite(own + cost) else (np.inf, np.inf)
        )

    def _blocks(self, times: int, rng: np.random.Generator) -> tuple[Block, ...]:
        apart = [("alone", PAIR)] * times
        near = [("together", PAIR[:1])] * times + [("together", PAIR[1:])] * times
        if self.company.partner != "live":
            near = near[:times]
        moments = apart + near
        if self.order is ZooOrder.MIXED:
            moments = [moments[at] for at in rng.permutation(len(moments))]
        elif self.order is ZooOrder.CROSSED and rng.random() < 0.5:
            moments = near + apart
        spans: list[tuple[str, float, tuple[str, ...]]] = [("alone-rest", 180.0, ()), ("together-rest", 120.0, ())]
        for where, hit in moments:
            spans.append((f"perturb-{where}", float(rng.integers(35, 46)), hit))
            spans.append((f"recover-{where}", float(rng.integers(165, 196)), ()))
        ends = np.cumsum([seconds for _, seconds, _ in spans])
        return tuple(self._block(*span, float(end)) for span, end in zip(spans, ends, strict=True))

    def _block(self, kind: str, seconds: float, hit: tuple[str, ...], end: float) -> Block:
        near = "together" in kind
        if hit and near and self.company.hits_both and self.company.declared:
            hit = PAIR
        dose = 1.0 if hit else None
        partner = self.company.partner if near else None
        return Block(kind, end - seconds, end, hit, dose, PAIR if near else (), partner=partner)

    def _course(self, blocks: tuple[Block, ...], gains: tuple[float, float], rng: np.random.Generator) -> Course:
        n = round(blocks[-1].end * RATE)
        pushes, pace, together = np.zeros((n, 2)), np.ones((n, 2)), np.zeros(n, bool)
        before = [0, 0]
        for block in blocks:
            here = slice(round(block.start * RATE), round(block.end * RATE))
            near = bool(block.present)
            together[here] = near
            for i, who in enumerate(PAIR):
                if who in block.perturbed or (block.perturbed and near and self.company.hits_both):
                    size = rng.lognormal(0.0, 0.12) * (self.company.rise if near else 1.0)
                    pushes[here, i] = gains[i] * size * (1 - self.tiring) ** before[i]
                    factor = rng.lognormal(0.0, self.moment_sd) * (1 - self.tiring) ** -before[i]
                    pace[here.start :, i] = factor * (self.company.pace[i] if near else 1.0)
                    before[i] += 1
                elif block.kind.startswith("perturb"):
                    pace[here.start :, i] = self.company.pace[i] if near else 1.0
        return Course(pushes, pace, together)

    def _added(self, blocks: tuple[Block, ...], n: int, rng: np.random.Generator) -> Floats:
        """Return what is added to arousal whatever the stressors do, shape (n, 2)."""
        together = np.zeros(n)
        for block in blocks:
            together[round(block.start * RATE) : round(block.end * RATE)] = bool(block.present)
        from scipy.signal import lfilter

        keep = math.exp(-1 / (8 * RATE))
        level = self.company.level * np.asarray(lfilter([1 - keep], [1, -keep], together), float)
        room = self.shared.size * first_order(self.shared.tau, n, rng) * (1.0 if self.shared.always else together)
        own = np.column_stack([rest_wander(self.rest, n, rng) for _ in PAIR])
        return np.asarray(_REST_SD * own + (level + room)[:, None], float)

    def _recorded(self, who: str, arousal: Floats, worn: bool, rng: np.random.Generator) -> Recording:
        if worn:
            belt, beats = self.body.record(arousal, rng)
            return Recording(Person(who), {"resp": belt}, beats)
        seen = arousal + _MEASURED_SD * rng.standard_normal(len(arousal))
        return Recording(Person(who), {"arousal": Signal(seen[:: round(RATE)], 1.0, 0.0, Unit.ARBITRARY)})


def _gain(form: ReturnForm) -> float:
    """Solve for the arousal per s that a push gives, so that a lone response is `_PEAK` high."""
    n = round(_PUSH * RATE) + 20
    low, high = 0.0, 0.3
    for _ in range(12):
        middle = (low + high) / 2
        pushes = np.zeros((n, 2))
        pushes[: round(_PUSH * RATE)] = middle
        peak = integrate_course((form, form), Course(pushes, np.ones((n, 2)), np.zeros(n, bool)), 0.0, 0.0).max()
        low, high = (middle, high) if peak < _PEAK else (low, middle)
    return low
