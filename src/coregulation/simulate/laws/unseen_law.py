"""An unseen law: a pair and a protocol of forms that neither the zoo nor the fresh laws have, to test frozen rules on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coregulation.events import Block
from coregulation.session import Person, Recording, Session
from coregulation.signals import Bools, Floats, Signal, Unit
from coregulation.simulate.designs import PAIR
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.laws.zoo_law import LawSet
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import Truth
from coregulation.simulate.unseen_body import UnseenBody
from coregulation.simulate.unseen_noise import WANDERS, low_pass, switching
from coregulation.simulate.unseen_pair import (
    RATE,
    RETURN_FORMS,
    UnseenCoupling,
    UnseenCourse,
    UnseenReturn,
    integrate_unseen,
)

if TYPE_CHECKING:
    from coregulation.simulate.observe import Wearing

_REST_SD = 0.07  # a.u.: wander at rest
_WATCHED = 1200.0  # s over which a push is followed where its burden is computed
_BEFORE = 15.0  # s by which an anticipated stressor begins too early


@dataclass(frozen=True, slots=True)
class UnseenMoments:
    """What the hard moments are like.

    Parameters
    ----------
    apart
        Whether alone, too, one person is stressed at a time; else both at once, in two rooms.
    alone_first
        Whether all moments alone come before those together; else every moment by lot.
    shape
        "even", "ramp and hold", "gamma" or "anticipated".
    length
        Shortest and longest stressor, s.
    rest
        Rest alone and rest together, s.
    recovery
        Shortest and longest time to recover, s.
    size_sd
        Standard deviation of ln size of a stressor.
    rate_sd
        Standard deviation of the factor of the rate of return, which is gamma-distributed.
    tiring
        By how much each further stressor of a person reaches less: the size is divided by 1 + tiring · number before.
    ruminated
        Size of a second push within the recovery, as a share of the first.
    together_size
        Factor of a stressor's size together.
    hits_both
        Whether every stressor together reaches both.
    declared
        Whether the session says so.
    partner
        Kind of partner.
    """

    apart: bool = False
    alone_first: bool = False
    shape: str = "even"
    length: tuple[int, int] = (30, 60)
    rest: tuple[float, float] = (210.0, 150.0)
    recovery: tuple[int, int] = (120, 210)
    size_sd: float = 0.2
    rate_sd: float = 0.2
    tiring: float = 0.0
    ruminated: float = 0.0
    together_size: float = 1.0
    hits_both: bool = False
    declared: bool = False
    partner: str = "live"


@dataclass(frozen=True, slots=True)
class UnseenInput:
    """What moves people without a script; sizes are standard deviations in a.u.

    Parameters
    ----------
    wander
        Colour of what is added at rest: a name of `WANDERS`.
    lived
        Share of the variance at rest that passes through the return and so reaches the other.
    mood
        Of a slow mood that both share, alone and together.
    room
        Of a noise that is switched on and off and that both hear while together.
    level
        Shift of the resting level together, a.u.
    """

    wander: str = "shallow"
    lived: float = 0.5
    mood: float = 0.0
    room: float = 0.0
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class UnseenLaw(AbstractLaw):
    """A law that was written without reading the code of the rules.

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
        How people return: a name of `RETURN_FORMS`.
    rates
        Median return rate of each person, 1/s.
    alike
        Whether both return alike.
    peak
        Height of a lone response of each, a.u.
    coupling
        What reaches whom while together.
    moments
        What the hard moments are like.
    unscripted
        What moves people without a script.
    body
        Hearts, breaths and sensors.
    traps
        Claims that look true and are false.
    """

    name: str
    title: str
    about: str
    half: LawSet
    kinds: tuple[str, ...]
    steadied: tuple[str, ...] = ()
    form: str = "leaky integral"
    rates: tuple[float, float] = (0.028, 0.034)
    alike: bool = False
    peak: tuple[float, float] = (0.85, 0.85)
    coupling: UnseenCoupling = field(default_factory=UnseenCoupling)
    moments: UnseenMoments = field(default_factory=UnseenMoments)
    unscripted: UnseenInput = field(default_factory=UnseenInput)
    body: UnseenBody = field(default_factory=UnseenBody)
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
        arousal = integrate_unseen(returns, course, self.coupling) + self._added(course.together, rng)
        recordings = tuple(self._recorded(i, arousal[:, i], worn, rng) for i in (0, 1))
        session = Session(
            f"{self.name}-{seed}", recordings, blocks=blocks, shared=(), setting="one room", simulated=True
        )
        latent = {who: Signal(arousal[:, i], RATE, 0.0, Unit.ARBITRARY) for i, who in enumerate(PAIR)}
        return session, Truth(seed, kinds=self.kinds, steadied=self.steadied, arousal=latent)

    def burden(self, seed: int, hit: int = 0) -> tuple[float, float]:
        """Compute the own burden of a push to one person, and its net effect, of the pair of a seed; 1 = as alone.

        The equations are integrated without noise. Where the session says that every stressor together hits both, of such a
        push.

        Parameters
        ----------
        seed
            Of the pair.
        hit
            0 or 1, the person whom the push reaches.

        Returns
        -------
        tuple of float
            Own burden and net effect.
        """
        returns = self._returns(random_generator(seed, *map(ord, self.name)))
        n, length = round(_WATCHED * RATE), self._usual_length()
        people = [0, 1] if self.moments.hits_both and self.moments.declared else [hit]
        pushes = np.zeros((n, 2))
        for i in people:
            pushes[:length, i] = self._gain(returns[i], i) * stressor_shape(self.moments.shape, length)
        alone = integrate_unseen(returns, UnseenCourse.still(pushes, np.zeros(n, bool)), self.coupling)
        near = integrate_unseen(returns, UnseenCourse.still(pushes, np.ones(n, bool)), self.coupling).sum(axis=0)
        return float(near[hit] / alone[:, hit].sum()), float(near.sum() / alone[:, people].sum())

    def _returns(self, rng: np.random.Generator) -> tuple[UnseenReturn, UnseenReturn]:
        first, second = (k * rng.lognormal(0.0, 0.15) for k in self.rates)
        form = RETURN_FORMS[self.form]
        return form(first), form(first if self.alike else second)

    def _usual_length(self) -> int:
        return round(sum(self.moments.length) / 2 * RATE)

    def _gain(self, form: UnseenReturn, person: int) -> float:
        """Solve for the arousal per s that a push of the usual length gives, so that a lone response is `peak` high."""
        n, push = self._usual_length() + round(20 * RATE), stressor_shape(self.moments.shape, self._usual_length())
        low, high = 0.0, 0.4
        pushes = np.zeros((n, 2))
        for _ in range(10):
            middle = (low + high) / 2
            pushes[: len(push), 0] = middle * push
            course = UnseenCourse.still(pushes, np.zeros(n, bool))
            reached = integrate_unseen((form, form), course, UnseenCoupling())[:, 0].max()
            low, high = (middle, high) if reached < self.peak[person] else (low, middle)
        return low

    def _blocks(self, times: int, rng: np.random.Generator) -> tuple[Block, ...]:
        more = self.moments
        apart = [("alone", PAIR[:1]), ("alone", PAIR[1:])] if more.apart else [("alone", PAIR)]
        near = [("together", PAIR[:1]), ("together", PAIR[1:])] if more.partner == "live" else [("together", PAIR[:1])]
        groups = [apart * times, near * times] if more.alone_first else [(apart + near) * times]
        order = [group[at] for group in groups for at in rng.permutation(len(group))]
        spans: list[tuple[str, float, tuple[str, ...]]] = [
            (f"{where}-rest", seconds, ()) for where, seconds in zip(("alone", "together"), more.rest, strict=True)
        ]
        for where, hit in order:
            spans.append((f"perturb-{where}", float(rng.integers(*more.length, endpoint=True)), hit))
            spans.append((f"recover-{where}", float(rng.integers(*more.recovery, endpoint=True)), ()))
        ends = np.cumsum([seconds for _, seconds, _ in spans])
        return tuple(self._block(*span, float(end)) for span, end in zip(spans, ends, strict=True))

    def _block(self, kind: str, seconds: float, hit: tuple[str, ...], end: float) -> Block:
        near = "together" in kind
        if hit and near and self.moments.hits_both and self.moments.declared:
            hit = PAIR
        partner = self.moments.partner if near else None
        return Block(kind, end - seconds, end, hit, 1.0 if hit else None, PAIR if near else (), partner=partner)

    def _course(
        self, blocks: tuple[Block, ...], returns: tuple[UnseenReturn, UnseenReturn], rng: np.random.Generator
    ) -> UnseenCourse:
        n, lived = round(blocks[-1].end * RATE), _REST_SD * self.unscripted.lived**0.5
        pushes = np.column_stack([lived * (2 * RATE * form.rate) ** 0.5 * rng.standard_normal(n) for form in returns])
        pace, together = np.ones((n, 2)), np.zeros(n, bool)
        gains, before = [self._gain(form, i) for i, form in enumerate(returns)], [0, 0]
        for block in blocks:
            here, near = slice(round(block.start * RATE), round(block.end * RATE)), bool(block.present)
            together[here] = near
            for i, who in enumerate(PAIR) if block.kind.startswith("perturb") else ():
                tired = 1 + self.moments.tiring * before[i]
                pace[here.start :, i] = rng.gamma(self.moments.rate_sd**-2, self.moments.rate_sd**2) * tired**0.5
                if who in block.perturbed or (near and self.moments.hits_both):
                    before[i] += 1
                    self._push(pushes[:, i], here, gains[i] / tired * self._size(near, rng), rng)
        return UnseenCourse(pushes, pace, together, rng.standard_normal((n, 2)), rng.random((n, 2)))

    def _size(self, near: bool, rng: np.random.Generator) -> float:
        return float(rng.lognormal(0.0, self.moments.size_sd)) * (self.moments.together_size if near else 1.0)

    def _push(self, pushes: Floats, here: slice, size: float, rng: np.random.Generator) -> None:
        """Add a stressor to one person's pushes (in place), and its return in thought where there is one."""
        shape = stressor_shape(self.moments.shape, here.stop - here.start)
        early = round(_BEFORE * RATE) if self.moments.shape == "anticipated" else 0
        pushes[here] += size * shape
        pushes[here.start - early : here.start] += 0.35 * size
        if self.moments.ruminated:
            again = here.stop + round(rng.uniform(35, 60) * RATE)
            pushes[again : again + round(20 * RATE)] += self.moments.ruminated * size

    def _added(self, together: Bools, rng: np.random.Generator) -> Floats:
        """Return what is added to arousal whatever the stressors do, shape (n, 2)."""
        n, more = len(together), self.unscripted
        near = low_pass(together.astype(float), 4.0)
        mood = low_pass(rng.standard_normal(n + 4000), 150.0)[4000:]
        common = more.mood * mood / mood.std() + more.room * near * switching(5.0, 25.0, n, rng)
        common = common + more.level * low_pass(near, 30.0)
        own = np.column_stack([WANDERS[more.wander](n, rng) for _ in PAIR])
        return np.asarray(_REST_SD * (1 - more.lived) ** 0.5 * own + common[:, None], float)

    def _recorded(self, person: int, arousal: Floats, worn: bool, rng: np.random.Generator) -> Recording:
        if worn:
            belt, beats = self.body.record(arousal, rng)
            return Recording(Person(PAIR[person]), {"resp": belt}, beats)
        return Recording(Person(PAIR[person]), {"arousal": self.body.measure(arousal, rng)})


def stressor_shape(name: str, n: int) -> Floats:
    """Return how a stressor's push is spread over its length.

    Parameters
    ----------
    name
        "even", "ramp and hold", "gamma" or "anticipated", which is even once the stressor is there.
    n
        Samples.

    Returns
    -------
    ndarray, shape (n,)
        Mean 1.
    """
    at = (np.arange(n) + 0.5) / n
    if name == "ramp and hold":
        shape = np.minimum(at / 0.4, 1.0)
    elif name == "gamma":
        shape = at * np.exp(-at / 0.2)
    else:
        shape = np.ones(n)
    return np.asarray(shape / shape.mean(), float)
