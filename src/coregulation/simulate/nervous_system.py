"""Coupled nervous systems: states from a plan.

Against the prototype: contagion grows with the share of cues that get through (there a partner behind one weak cue was
caught as strongly as one in full contact); a partner moves the resting heart by a few beats, not nine; vagal drive has a
floor, so RSA stays physiological; people differ; a person can also learn alone. The account is the articles', encoded:
that a calm partner helps here says nothing about people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from coregulation.errors import UsageError, nearest_names
from coregulation.signals import Floats
from coregulation.simulate.cues import CUES, cue_weights
from coregulation.simulate.parameters import Profile, pack_profiles
from coregulation.simulate.plan import Plan
from coregulation.simulate.random_streams import random_generator

STEP = 0.1  # s
_KEPT = 2  # every second step is kept: 5 Hz
_FIELDS = ("arousal", "safety", "vagal", "shutdown", "breathing", "phase", "openness")


@dataclass(frozen=True, slots=True)
class ScenarioMember:
    """Somebody, or something, in a simulated meeting.

    Parameters
    ----------
    profile
        Its nervous system.
    hears
        Whose cues reach it; None is everybody's. A recording hears nobody.
    emits
        How much of each cue it can give; None is all. A voice on a loudspeaker gives voice alone.
    late
        S that its cues are delayed besides each cue's own delay (a delayed playback).
    recorded
        Whether it wears sensors and is in the session.
    role
        Kept in the session.
    """

    profile: Profile
    hears: tuple[str, ...] | None = None
    emits: Mapping[str, float] | None = None
    late: float = 0.0
    recorded: bool = True
    role: str | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.late) and self.late >= 0):
            raise UsageError("A delay is a number of s from 0 up; {late} came.", late=self.late)
        for name in self.emits or {}:
            if name not in CUES:
                near = nearest_names(name, CUES)
                raise UsageError("There is no cue {name!r}. Did you mean {near:or}?", name=name, near=near)
        object.__setattr__(self, "emits", None if self.emits is None else MappingProxyType(dict(self.emits)))

    def gain(self, cue: str) -> float:
        """Look up how much of a cue it can give.

        Parameters
        ----------
        cue
            By name.

        Returns
        -------
        float
            0 to 1.
        """
        return 1.0 if self.emits is None else self.emits.get(cue, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """What the nervous systems did.

    Parameters
    ----------
    values
        Shape (n, people, 7), in the order of the properties.
    rate
        Samples per second, in Hz.
    people
        Names, in order.
    profiles
        The people as drawn.
    seed
        Of the draw, and the index of the pair.
    """

    values: Floats
    rate: float
    people: tuple[str, ...]
    profiles: tuple[Profile, ...]
    seed: tuple[int, int] = field(default=(0, 0))

    def _state(self, name: str) -> Floats:
        values: Floats = self.values[..., _FIELDS.index(name)]
        return values

    @property
    def arousal(self) -> Floats:
        """Above own rest, shape (n, people), in a.u."""
        return self._state("arousal")

    @property
    def safety(self) -> Floats:
        """Felt safety, −1 to 1."""
        return self._state("safety")

    @property
    def vagal(self) -> Floats:
        """Cardiac-vagal drive, 0 to 1."""
        return self._state("vagal")

    @property
    def shutdown(self) -> Floats:
        """Shutdown, 0 to 1."""
        return self._state("shutdown")

    @property
    def breathing(self) -> Floats:
        """Own breathing frequency, in Hz."""
        return self._state("breathing")

    @property
    def phase(self) -> Floats:
        """Breath phase, unwrapped, in rad; inspiration is 0 to π."""
        return self._state("phase")

    @property
    def openness(self) -> Floats:
        """Share of all cues that was open to each person, 0 to 1."""
        return self._state("openness")

    @property
    def times(self) -> Floats:
        """Shape (n,), in s."""
        return np.arange(len(self.values)) / self.rate


def states(
    members: Mapping[str, ScenarioMember], plan: Plan, seed: int, index: int = 0, vary: float = 0.0, step: float = STEP
) -> States:
    """Simulate what the members' nervous systems do in a plan.

    Parameters
    ----------
    members
        Who meets, by name.
    plan
        What happens; its people are the members.
    seed
        Of everything.
    index
        Of the pair: the same whatever ran before.
    vary
        How much people of one profile differ: 1 as stated in `parameters`, 0 all alike.
    step
        Of the integration, in s.

    Returns
    -------
    States
        At 5 Hz where the step is 0.1 s.

    Raises
    ------
    UsageError
        If the plan's people are not the members, nobody ever hears anybody in a plan that is together, or the step is
        too coarse.

    References
    ----------
    Kloeden PE, Platen E (1992), Numerical Solution of Stochastic Differential Equations, doi:10.1007/978-3-662-12616-5

    Butler EA, Randall AK (2013), Emotion Review 5:202, doi:10.1177/1754073912451630
    """
    if vary < 0:
        raise UsageError("People differ by 0 or more times what is stated; vary = {vary} came.", vary=vary)
    rng = random_generator(seed, index)
    profiles = tuple(m.profile.varied(rng, vary) if vary else m.profile for m in members.values())
    _check(members, plan, profiles, step)
    return _integrated(members, plan, profiles, rng, step, (seed, index))


def many_states(
    members: Mapping[str, ScenarioMember], plan: Plan, pairs: int, seed: int, vary: float = 1.0, workers: int = 2
) -> Iterator[States]:
    """Simulate many pairs, one after the other; memory does not grow with their number.

    Parameters
    ----------
    members
        Who meets, by name.
    plan
        What happens.
    pairs
        How many.
    seed
        Of everything.
    vary
        How much people of one profile differ; see `states`.
    workers
        Threads; the states do not depend on them.

    Yields
    ------
    States
        Of each pair, in order.
    """
    if workers < 1:
        raise UsageError("At least one worker is needed; {workers} came.", workers=workers)
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[Future[States]] = []
        for index in range(pairs):
            waiting.append(pool.submit(states, members, plan, seed, index, vary))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def coarsest_step(profiles: tuple[Profile, ...]) -> float:
    """Compute the largest allowed step: a tenth of the fastest time constant of any state.

    Parameters
    ----------
    profiles
        Who meets.

    Returns
    -------
    float
        In s.
    """
    fastest = min(min(p.tau_vagal, p.tau_safety, p.tau_breathing, p.tau_arousal / (1 + p.borrowed)) for p in profiles)
    return fastest / 10


def _check(members: Mapping[str, ScenarioMember], plan: Plan, profiles: tuple[Profile, ...], step: float) -> None:
    if tuple(members) != plan.people:
        raise UsageError(
            "The plan is for {people:and}; the members are {members:and}.", people=plan.people, members=tuple(members)
        )
    bound = coarsest_step(profiles)
    if not 0 < step <= bound:
        raise UsageError(
            "A step of {step:g} s cannot be used; these people need more than 0 and at most {bound:.3g} s.",
            step=step,
            bound=bound,
        )
    if any(name not in members for member in members.values() for name in member.hears or ()):
        raise UsageError("A member hears somebody who is not there.")


def _integrated(
    members: Mapping[str, ScenarioMember],
    plan: Plan,
    profiles: tuple[Profile, ...],
    rng: np.random.Generator,
    step: float,
    seed: tuple[int, int],
) -> States:
    from coregulation.simulate.integrate import integrate

    steps = max(1, round(plan.seconds / step))
    ends = np.rint(np.cumsum([span.seconds for span in plan.spans]) / step).astype(np.int64)
    ends[-1] = steps
    begin = _beginning(profiles, rng)
    common = _common(plan, ends, steps, step, rng)
    noise = rng.standard_normal((steps, len(profiles), 2))
    reach, rhythm, lag = _reach(members, plan, step)
    dose = np.array([[span.dose.get(name, 0.0) for name in members] for span in plan.spans])
    guide = np.array([(span.guide or 0.0) / 60 for span in plan.spans])
    values = np.empty((-(-steps // _KEPT), len(profiles), len(_FIELDS)))
    integrate(
        pack_profiles(profiles),
        step,
        ends,
        dose,
        reach,
        rhythm,
        lag,
        cue_weights(),
        guide,
        common,
        noise,
        begin,
        _KEPT,
        values,
    )
    values.setflags(write=False)
    return States(values, 1 / (step * _KEPT), tuple(members), profiles, seed)


def _beginning(profiles: tuple[Profile, ...], rng: np.random.Generator) -> Floats:
    begin = np.zeros((len(profiles), 7))
    begin[:, 2] = [person.vagal_rest for person in profiles]
    begin[:, 5] = [person.breathing for person in profiles]
    begin[:, 6] = rng.uniform(0, 2 * math.pi, len(profiles))
    return begin


def _common(plan: Plan, ends: Any, steps: int, step: float, rng: np.random.Generator) -> Floats:
    """Return the increments of arousal that all get at once: a random walk's, as strong as each span says."""
    size = np.repeat([span.shared for span in plan.spans], np.diff(ends, prepend=0))
    if not size.any():
        return np.zeros(steps)
    increments: Floats = size[:steps] * math.sqrt(step / 60) * rng.standard_normal(steps)
    return increments


def _reach(members: Mapping[str, ScenarioMember], plan: Plan, step: float) -> tuple[Floats, Floats, Any]:
    """Return reach (spans, to, from, cue), how much of rhythm gets through (spans, to, from), and lags in steps."""
    names, n = tuple(members), len(members)
    heard = np.zeros((n, n, len(CUES)))
    lag = np.zeros((n, n, len(CUES)), np.int64)
    for i, j in np.ndindex(n, n):
        hears = members[names[i]].hears
        if i != j and (hears is None or names[j] in hears):
            heard[i, j] = [members[names[j]].gain(cue) for cue in CUES]
        lag[i, j] = [round((cue.delay + members[names[j]].late) / step) for cue in CUES.values()]
    openness = np.array([span.openness() for span in plan.spans])
    present = np.array([[name not in span.absent for name in names] for span in plan.spans], dtype=np.float64)
    reach = openness[:, None, None, :] * heard[None] * (present[:, :, None] * present[:, None, :])[..., None]
    felt = [list(CUES).index(cue) for cue in ("rhythm", "touch")]
    return reach, reach[..., felt].max(axis=-1), lag
