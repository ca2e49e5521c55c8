"""Pairs of a known kind: the three that steady or stir, and those that only look like it (REGULATION.md 8).

Each can be had as latent arousal (channel "arousal"), or as beats and breath of bodies that follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coregulation.errors import UsageError, nearest_names
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import ObservationSetting, Wearing, half_lives, observe_states, with_physiology
from coregulation.simulate.pair_model import PairModel, PairSeries
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together, in_random_order
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import Link, Truth

PAIR = ("ada", "ben")
Design = Callable[[int, np.random.Generator], Plan]
_UNLINKED, _SCRIPTED, _LINKED = Link(False, False), Link(True, False), Link(True, True, coupled=True)


def crossed(times: int, rng: np.random.Generator) -> Plan:
    """Alone first in half of the sessions, together first in the others."""
    return alone_and_together(PAIR, times, together_first=bool(rng.integers(2)))


def alone_first(times: int, _: np.random.Generator) -> Plan:
    """The fixed order, in which getting used to it can pass for help."""
    return alone_and_together(PAIR, times)


def random_order(times: int, rng: np.random.Generator) -> Plan:
    """All stressors shuffled."""
    return in_random_order(alone_and_together(PAIR, times), rng)


def only_ada(times: int, rng: np.random.Generator) -> Plan:
    """Ada alone is ever perturbed; ben is there for half of it."""
    plan = crossed(times, rng)
    at = [i for i, span in enumerate(plan.spans) if span.together and "ben" in span.dose]
    spans = [span for i, span in enumerate(plan.spans) if not {i, i - 1} & set(at)]
    return Plan(PAIR, tuple(_only(span, "ada") for span in spans))


def both_at_once(times: int, rng: np.random.Generator) -> Plan:
    """Every stressor hits both, and the session says so."""
    return _both(crossed(times, rng), hidden=False)


def both_undeclared(times: int, rng: np.random.Generator) -> Plan:
    """Every stressor together hits both, and the session names one."""
    return _both(crossed(times, rng), hidden=True)


def with_recording(times: int, rng: np.random.Generator) -> Plan:
    """Ben is a recording, declared as such; ada alone is perturbed."""
    plan = only_ada(times, rng)
    return Plan(PAIR, tuple(replace(span, partner="recorded") for span in plan.spans))


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A kind of pair, what would be the right thing to say of it, and why that is not obvious.

    Args:
        about: one sentence.
        kinds: verdicts (SESSION.md 3) that are right; the first is the one that full knowledge would give.
        model: the plain pair's parameters.
        design: the plan it is met in.
        steadied: who is truly steadied by the other.
        link: what is true of the linkage within the blocks together, with nothing taken out of them before.
        members: nervous systems instead of the plain pair, where breath is the point.
        vary: coefficient of variation of people's rates from seed to seed; 0: both always alike.
    """

    about: str
    kinds: tuple[str, ...]
    model: PairModel = field(default_factory=PairModel)
    design: Design = crossed
    steadied: tuple[str, ...] = ()
    link: Link = _UNLINKED
    members: Mapping[str, ScenarioMember] | None = None
    vary: float = 0.25


def _members(**changes: Any) -> dict[str, ScenarioMember]:
    return {name: ScenarioMember(replace(Profile(), **changes)) for name in PAIR}


def _breathing(guide: float | None) -> Design:
    def design(times: int, rng: np.random.Generator) -> Plan:
        plan = crossed(times, rng)
        open_cues = {"rhythm": 1.0} if guide is None else {}
        spans = [replace(s, cues=open_cues, guide=guide) if s.together else s for s in plan.spans]
        return Plan(PAIR, tuple(spans))

    return design


_NOTHING = ("self-regulating", "in-parallel")
_HELP = (0.03, 0.03)
_DEAF = {"receptivity": 0.0, "borrowed": 0.0, "contagion": 0.0}

KNOWN: dict[str, KnownAnswer] = {
    "mutual": KnownAnswer(
        "Each returns faster when the other is there.", ("mutual-co-regulation",), PairModel(d=_HELP), steadied=PAIR
    ),
    "lent": KnownAnswer(
        "Ben's presence makes ada return faster.", ("lent-regulation",), PairModel(d=(0.03, 0.0)), steadied=("ada",)
    ),
    "co-dysregulation": KnownAnswer(
        "Each is stirred by the other, with no added damping.",
        ("co-dysregulation",),
        PairModel(p=(0.012, 0.012)),
        link=_LINKED,
    ),
    "independent": KnownAnswer("Nothing passes.", ("self-regulating",)),
    "identical-dynamics": KnownAnswer(
        "Nothing passes between two people with the same rates.", ("self-regulating",), vary=0.0
    ),
    "coupling-without-regulation": KnownAnswer(
        "A linear linked pair: what one sheds the other carries, so the pair's burden is as apart.",
        ("linked-without-regulating",),
        PairModel(d=_HELP, p=_HELP),
        link=_LINKED,
    ),
    "only-one-hit": KnownAnswer(
        "As before, but ada alone is ever perturbed: she returns sooner, and ben pays for it.",
        ("linked-without-regulating", "linked-steadying-unknown"),
        PairModel(d=_HELP, p=_HELP),
        only_ada,
        link=_LINKED,
    ),
    "common-stressor": KnownAnswer(
        "Every stressor hits both; nothing passes.", _NOTHING, design=both_at_once, link=_SCRIPTED
    ),
    "both-hit-undeclared": KnownAnswer(
        "Together, every stressor hits both but the session names one: looks like contagion.",
        _NOTHING,
        design=both_undeclared,
        link=_SCRIPTED,
    ),
    "unscripted-input": KnownAnswer(
        "The room gives both the same random input.", _NOTHING, PairModel(h=(0.008, 0.008)), link=Link(True, True)
    ),
    "recording-helps": KnownAnswer(
        "A recorded voice that truly helps: no second nervous system answered.",
        ("one-way",),
        PairModel(d=(0.03, 0.0)),
        with_recording,
        steadied=("ada",),
    ),
    "recording-does-nothing": KnownAnswer(
        "A recorded voice that does nothing.", ("self-regulating",), design=with_recording
    ),
    "habituation-fixed-order": KnownAnswer(
        "Everybody gets used to it, and alone always came first.",
        ("self-regulating",),
        PairModel(tiring=0.06, settling=0.12),
        alone_first,
    ),
    "habituation-random-order": KnownAnswer(
        "Everybody gets used to it, in an order that chance made.",
        ("self-regulating",),
        PairModel(tiring=0.06, settling=0.12),
        random_order,
    ),
    "shifted-rest": KnownAnswer(
        "Mere presence lowers the resting level; no return is faster.",
        ("self-regulating",),
        PairModel(level=(-0.25, -0.25)),
    ),
    "guide-only": KnownAnswer(
        "Both breathe with a pacer and reach each other through nothing else.",
        ("in-parallel",),
        design=_breathing(6.0),
        link=_SCRIPTED,
        members=_members(**_DEAF),
    ),
    "breaths-almost-locked": KnownAnswer(
        "Each one's breath pulls the other's, without a guide; nothing else passes.",
        ("in-parallel", "linked-without-regulating"),
        design=_breathing(None),
        link=_LINKED,
        members=_members(**_DEAF, entrainment=0.25),
    ),
}


def known_answer(
    name: str, seed: int, times: int = 3, rate: float = 1.0, wearing: Wearing | None = None
) -> tuple[Session, Truth]:
    """Return a session of a known kind of pair and its truth; another seed is another pair of that kind.

    Args:
        name: one of `KNOWN`.
        seed: of everything.
        times: stressors a person and condition.
        rate: of the channel "arousal", in Hz.
        wearing: what is worn; None gives arousal itself, measured with noise (pairs of breath get belt and strap).

    Raises:
        UsageError: if there is no such kind, with the near ones.
    """
    if name not in KNOWN:
        near = nearest_names(name, KNOWN)
        raise UsageError("There is no known pair {name!r}. Did you mean {near:or}?", name=name, near=near)
    kind = KNOWN[name]
    rng = random_generator(seed)
    plan = kind.design(times, rng)
    if kind.members is None:
        session, truth = _plain_pair(kind, plan, seed, rng, rate, wearing)
    else:
        run = states(kind.members, plan, seed, vary=1.0)
        session, truth = observe_states(run, plan, rng, wearing, ObservationSetting(name))
    shared = ("pacer",) if any(span.guide for span in plan.spans) else ()
    session = replace(session, id=f"{name}-{seed}", shared=shared)
    return session, replace(truth, link=kind.link, kinds=kind.kinds, steadied=kind.steadied)


def _plain_pair(
    kind: KnownAnswer, plan: Plan, seed: int, rng: np.random.Generator, rate: float, wearing: Wearing | None
) -> tuple[Session, Truth]:
    model = kind.model.varied(rng, kind.vary)
    series = model.draw(rng, plan, rate)
    if wearing is None:
        session, truth = _measured(series, plan, seed)
    else:
        bodies = Profile().varied(rng), Profile().varied(rng)
        session, truth = observe_states(with_physiology(series, plan, bodies, seed), plan, rng, wearing)
    return session, replace(truth, burden=model.burden(), model=model)


def _measured(series: PairSeries, plan: Plan, seed: int) -> tuple[Session, Truth]:
    """Return arousal itself as it was measured."""
    seen, latent = (
        {name: Signal(values, series.rate, 0.0, Unit.ARBITRARY) for name, values in zip(PAIR, both.T, strict=True)}
        for both in (series.measured, series.latent)
    )
    recordings = tuple(Recording(Person(name), {"arousal": signal}) for name, signal in seen.items())
    session = Session("known", recordings, blocks=plan.blocks(), shared=(), setting="one room", simulated=True)
    return session, Truth(seed, half_lives=half_lives(latent, plan), arousal=latent, plan=plan)


def _only(span: PlanSpan, who: str) -> PlanSpan:
    return replace(span, dose={name: u for name, u in span.dose.items() if name == who})


def _both(plan: Plan, hidden: bool) -> Plan:
    spans = []
    for span in plan.spans:
        if span.dose and span.together:
            unseen = tuple(name for name in PAIR if name not in span.dose) if hidden else ()
            spans.append(replace(span, dose=dict.fromkeys(PAIR, 1.0), undeclared=unseen))
        else:
            spans.append(span)
    return Plan(PAIR, tuple(spans))
