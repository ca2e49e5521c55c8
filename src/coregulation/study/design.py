"""A plan to ask the power of: what is worn, what happens when, how many pairs, and how strong it may be.

The plan is TOML; every key is known or refused, and what cannot be meant is refused where it is read.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from typing import Annotated, Literal

import msgspec

from coregulation.errors import UsageError, nearest_names
from coregulation.simulate.observe import Wearing
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.plan import Plan, PlanSpan, in_random_order
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.sensor_sets import sensor_set

PAIR = ("ada", "ben")
_HALF = math.log(2)

Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Size = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class Strength(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One expectation of what passes between two people while they are together; zero and one mean nothing.

    Args:
        name: as the tables call it.
        ratio: half-life of arousal together over alone, of each: below 1 is steadying.
        drive: of one's arousal on the other's, in 1/s.
        moments: size of quick shared moments that only this pair has, in a.u./s.
        breath: pull of breath on breath, in rad/s.
        whom: who of the two it reaches: "both", or only the "first" (lent one way).
    """

    name: str
    ratio: Positive = 1.0
    drive: Size = 0.0
    moments: Size = 0.0
    breath: Size = 0.0
    whom: Literal["both", "first"] = "both"

    def model(self, half_life: float, moment: float) -> PairModel:
        """Return the plain pair that has it; half-life alone and a shared moment's time constant in s.

        Raises:
            UsageError: if such a pair never returns.
        """
        k = _HALF / half_life
        damping = k * (1 / self.ratio - 1)
        other = float(self.whom == "both")
        return PairModel(
            k=(k, k), d=(damping, other * damping), p=(self.drive, other * self.drive), h=(self.moments, self.moments),
            e_tau=moment,
        )  # fmt: skip


class PlanBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block: its kind, length in s, each person's dose of the stressor, and whether the two are together."""

    kind: str
    seconds: Positive
    dose: dict[str, float] = {}
    together: bool = True

    def span(self) -> PlanSpan:
        """Return it as the simulator has it."""
        return PlanSpan(self.kind, self.seconds, self.dose, self.together)


class PlanPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Blocks that come once (`first`), then blocks that come `times` times."""

    blocks: tuple[PlanBlock, ...] = ()
    times: Count = 1
    first: tuple[PlanBlock, ...] = ()

    def recovering(self, seconds: float) -> PlanPart:
        """Return it with so many s in each block that recovers."""
        blocks = tuple(
            msgspec.structs.replace(one, seconds=seconds) if one.kind.startswith("recover") else one
            for one in self.blocks
        )
        return msgspec.structs.replace(self, blocks=blocks)

    def spans(self, times: int | None) -> tuple[PlanSpan, ...]:
        """Return them one after the other; what comes more than once may come `times` times instead."""
        often = self.times if times is None or self.times == 1 else times
        return tuple(block.span() for block in (*self.first, *self.blocks * often))


class Smallest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the smallest design is looked for: how often the repeated parts may come, and at most how many pairs."""

    times: tuple[Count, ...]
    pairs: Count = 40


class PowerPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A design and what is expected of it.

    Args:
        schema: of this file.
        title: a few words.
        wearing: by its name in `simulate.kits`.
        part: what happens, in order.
        strength: what may be true.
        asks: "linkage", or "borrowed-regulation" as well, which needs a stressor alone.
        order: "as-written"; "crossed": the parts after the first come in reverse in every second group of pairs;
            "random": stressors shuffled.
        pairs: how many will be recorded, under one script; each is held against the others.
        half_life: of arousal alone, in s.
        moment: time constant of shared moments, in s.
        goal: the power that is wanted.
        draws: simulated pairs for each strength.
        surrogates: of each analysis.
        seed: of everything.
        step: of the simulated arousal, in s.
        vary: coefficient of variation of people's rates.
        smallest: where to look for the smallest design.
    """

    schema: Literal["coregulation.power/1"]
    title: str
    part: tuple[PlanPart, ...]
    strength: Annotated[tuple[Strength, ...], msgspec.Meta(min_length=1)]
    wearing: str = "strap"
    asks: Literal["linkage", "borrowed-regulation"] = "linkage"
    order: Literal["as-written", "crossed", "random"] = "as-written"
    pairs: Count = 1
    half_life: Positive = 35.0
    moment: Positive = 5.0
    goal: Share = 0.8
    draws: Annotated[int, msgspec.Meta(ge=20)] = 200
    surrogates: Annotated[int, msgspec.Meta(ge=99)] = 499
    seed: Annotated[int, msgspec.Meta(ge=0)] = 1
    step: Positive = 1.0
    vary: Size = 0.25
    smallest: Smallest | None = None

    def changed(self, wearing: str | None = None, recover: float | None = None) -> PowerPlan:
        """Return the plan with something else worn, or with so many s after each stressor.

        Raises:
            UsageError: if such a plan cannot be meant.
        """
        other = msgspec.structs.replace(self, wearing=wearing or self.wearing)
        if recover is not None:
            other = msgspec.structs.replace(other, part=tuple(part.recovering(recover) for part in self.part))
        _check(other)
        return other

    def worn(self) -> Wearing:
        """Return what is worn."""
        return sensor_set(self.wearing)

    @property
    def recovery(self) -> bool:
        """Whether it asks who settles sooner."""
        return self.asks == "borrowed-regulation"

    def designs(self) -> tuple[int | None, ...]:
        """Return how often the repeated parts come: as written (None) first, then where the smallest is looked for."""
        return (None, *(self.smallest.times if self.smallest else ()))

    def plan(self, times: int | None = None, group: int = 0) -> Plan:
        """Return the plan that a group of pairs lives through."""
        turned = self.order == "crossed" and group % 2 == 1
        parts = (*self.part[:1], *reversed(self.part[1:])) if turned else self.part
        plan = Plan(PAIR, tuple(span for part in parts for span in part.spans(times)))
        return in_random_order(plan, random_generator(self.seed, 2, group)) if self.order == "random" else plan

    def key(self) -> str:
        """Return a name that any change of the plan changes."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]


def power_plan(text: str) -> PowerPlan:
    """Read a plan from TOML text.

    Raises:
        UsageError: if it is no TOML, has an unknown key or a value that cannot be meant, brings nobody together, asks for
            borrowed regulation without a stressor alone, or steps too coarsely.
    """
    try:
        plan = msgspec.convert(tomllib.loads(text), PowerPlan)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("The plan is not valid TOML: {error}.", error=str(error)) from error
    except msgspec.ValidationError as error:
        raise _unreadable(error) from error
    _check(plan)
    return plan


def _unreadable(error: msgspec.ValidationError) -> UsageError:
    kinds: dict[str, type[msgspec.Struct]] = {
        "blocks": PlanBlock, "first": PlanBlock, "strength": Strength, "smallest": Smallest, "part": PlanPart,
    }  # fmt: skip
    if "unknown field" not in str(error):
        return UsageError("The plan cannot be read: {error}. See `coregulation power --help`.", error=str(error))
    message, _, where = str(error).partition(" - at ")
    kind = next((kinds[word] for word in kinds if word in where), PowerPlan)
    near = nearest_names(message.split("`")[1], kind.__struct_fields__)
    return UsageError("The plan cannot be read: {error}. Did you mean {near:or}?", error=str(error), near=near)


def _check(plan: PowerPlan) -> None:
    plan.worn()
    names = [strength.name for strength in plan.strength]
    if len(set(names)) < len(names):
        raise UsageError("Two strengths have the same name.")
    lived = plan.plan()
    lived.require_together()
    lived.rest()
    if plan.recovery:
        lived.require_alone()
    if plan.smallest is not None and not any(part.times > 1 for part in plan.part):
        raise UsageError("No part comes more than once (times), so there is no smaller or larger design to look for.")
    bound = coarsest_step(plan)
    if plan.step > bound:
        raise UsageError(
            "A step of {step:g} s is too coarse; what is planned changes within {fastest:.3g} s, which needs a step of "
            "{bound:.3g} s at most.",
            step=plan.step,
            fastest=5 * bound,
            bound=bound,
        )
    for span in lived.spans:
        if abs(span.seconds / plan.step - round(span.seconds / plan.step)) > 1e-6:
            raise UsageError(
                "A block of {seconds:g} s is no whole number of steps of {step:g} s.",
                seconds=span.seconds,
                step=plan.step,
            )


def coarsest_step(plan: PowerPlan) -> float:
    """Return the largest step (s) that is allowed: a fifth of the fastest thing that is planned."""
    models = [strength.model(plan.half_life, plan.moment) for strength in plan.strength]
    rates = [k + d for model in models for k, d in zip(model.k, model.d, strict=True)]
    shortest = min(span.seconds for span in plan.plan().spans)
    return min(1 / max(rates), plan.moment, shortest) / 5
