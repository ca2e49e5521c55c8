"""Laws of known pairs: two people in a plan with stressors alone and together, and the verdict that would be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit
from coregulation.simulate.designs import PAIR, Design, crossed
from coregulation.simulate.laws.law import AbstractLaw, LawBody, LawClaim, LawTruth
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import ObservationSetting, Wearing, half_lives, observe_states, with_physiology
from coregulation.simulate.pair_model import PairModel, PairSeries
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import UNLINKED, Link, Truth

NO_INFLUENCE = ("self-regulating", "in-parallel")  # what may be said where nothing passes between two people


@dataclass(frozen=True, slots=True)
class PairLaw(AbstractLaw):
    """A kind of pair, met in a plan, and what would be right to say of it.

    Parameters
    ----------
    name, title, about
        See `AbstractLaw`.
    kinds
        Kinds of verdict that are right; the first is the one that full knowledge would give.
    model
        The plain pair's parameters.
    design
        The plan it is met in.
    steadied
        Who truly settles sooner because the other is there.
    link
        Linkage within the blocks together, with nothing taken out of them before.
    members
        Nervous systems instead of the plain pair, where breath is the point.
    vary
        Coefficient of variation of people's rates from seed to seed; 0: both always alike.
    traps
        Claims that look true and are false.
    """

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]
    model: PairModel = field(default_factory=PairModel)
    design: Design = crossed
    steadied: tuple[str, ...] = ()
    link: Link = UNLINKED
    members: Mapping[str, ScenarioMember] | None = None
    vary: float = 0.25
    traps: tuple[LawClaim, ...] = ()

    @property
    def truth(self) -> LawTruth:
        """What is true of every pair of this kind; burdens are those of the typical pair."""
        if self.members is not None:
            return LawTruth(LawBody.NERVOUS_SYSTEM, self.link, self.kinds, self.steadied)
        return LawTruth(LawBody.AROUSAL, self.link, self.kinds, self.steadied, self.model.burden())

    def simulate(self, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
        """Simulate a session of three stressors per person and condition; see `AbstractLaw.simulate`."""
        return self.session(seed, wearing=wearing, vary=vary)

    def session(
        self, seed: int, times: int = 3, rate: float = 1.0, wearing: Wearing | None = None, vary: float = 1.0
    ) -> tuple[Session, Truth]:
        """Simulate a session of any length.

        Parameters
        ----------
        seed
            Of everything; another seed is another pair of this kind.
        times
            Stressors per person and condition.
        rate
            Of the channel "arousal", in Hz.
        wearing
            What is worn; None gives arousal itself, measured with noise (pairs of breath get belt, skin and strap).
        vary
            How much people differ: 0 not at all, 1 as the law states.

        Returns
        -------
        tuple of Session and Truth
            The session and what is true of it.
        """
        rng = random_generator(seed)
        plan = self.design(times, rng)
        if self.members is None:
            session, truth = self._plain_pair(plan, seed, rng, rate, wearing, vary)
        else:
            run = states(self.members, plan, seed, vary=vary)
            session, truth = observe_states(run, plan, rng, wearing, ObservationSetting(self.name))
        shared = ("pacer",) if any(span.guide for span in plan.spans) else ()
        session = replace(session, id=f"{self.name}-{seed}", shared=shared)
        return session, replace(truth, link=self.link, kinds=self.kinds, steadied=self.steadied)

    def _plain_pair(
        self, plan: Plan, seed: int, rng: np.random.Generator, rate: float, wearing: Wearing | None, vary: float
    ) -> tuple[Session, Truth]:
        model = self.model.varied(rng, self.vary * vary)
        series = model.draw(rng, plan, rate)
        if wearing is None:
            session, truth = measured_arousal(series, plan, seed)
        else:
            bodies = Profile().varied(rng, vary), Profile().varied(rng, vary)
            session, truth = observe_states(with_physiology(series, plan, bodies, seed), plan, rng, wearing)
        return session, replace(truth, burden=model.burden(), model=model)


def measured_arousal(series: PairSeries, plan: Plan, seed: int) -> tuple[Session, Truth]:
    """Make a session of arousal itself, as it was measured.

    Parameters
    ----------
    series
        One pair, as drawn.
    plan
        What the two lived through.
    seed
        Of the draw, for the truth.

    Returns
    -------
    tuple of Session and Truth
        With the channel "arousal" (a.u.), and latent arousal with its half-lives.
    """
    measured, latent = (
        {name: Signal(values, series.rate, 0.0, Unit.ARBITRARY) for name, values in zip(PAIR, both.T, strict=True)}
        for both in (series.measured, series.latent)
    )
    recordings = tuple(Recording(Person(name), {"arousal": signal}) for name, signal in measured.items())
    session = Session("known", recordings, blocks=plan.blocks(), shared=(), setting="one room", simulated=True)
    return session, Truth(seed, half_lives=half_lives(latent, plan), arousal=latent, plan=plan)


def members_with(**changes: Any) -> dict[str, ScenarioMember]:
    """Make two nervous systems of a secure adult with some numbers changed.

    Parameters
    ----------
    **changes
        Fields of `Profile`.

    Returns
    -------
    dict
        A member for each of `PAIR`.
    """
    return {name: ScenarioMember(replace(Profile(), **changes)) for name in PAIR}
