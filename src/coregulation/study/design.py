"""A plan to ask the power of: what is worn, what happens when, how many pairs, and how strong it may be.

The plan is TOML; every key is known or refused, and what cannot be used is refused where it is read.
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

    Parameters
    ----------
    name
        As the tables call it.
    ratio
        Half-life of arousal together over alone, of each: below 1 is steadying.
    drive
        Of one's arousal on the other's, in 1/s.
    moments
        Size of quick shared moments that only this pair has, in a.u./s.
    breath
        Pull of breath on breath, in rad/s.
    whom
        Who of the two it reaches: "both", or only the "first" (lent one way).
    """

    name: str
    ratio: Positive = 1.0
    drive: Size = 0.0
    moments: Size = 0.0
    breath: Size = 0.0
    whom: Literal["both", "first"] = "both"

    def model(self, half_life: float, moment: float) -> PairModel:
        """Make the plain pair that has this strength.

        Parameters
        ----------
        half_life
            Of arousal alone, in s.
        moment
            Time constant of a shared moment, in s.

        Returns
        -------
        PairModel
            With equal rates alone.

        Raises
        ------
        UsageError
            If such a pair never returns.
        """
        k = _HALF / half_life
        damping = k * (1 / self.ratio - 1)
        other = float(self.whom == "both")
        return PairModel(
            k=(k, k), d=(damping, other * damping), p=(self.drive, other * self.drive), h=(self.moments, self.moments),
            e_tau=moment,
        )  # fmt: skip


class PlanBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block of a plan.

    Parameters
    ----------
    kind
        As in a manifest.
    seconds
        Its length, in s.
    dose
        Of the stressor, by person.
    together
        Whether the two are together.
    """

    kind: str
    seconds: Positive
    dose: dict[str, float] = {}
    together: bool = True

    def span(self) -> PlanSpan:
        """Return it as the simulator has it."""
        return PlanSpan(self.kind, self.seconds, self.dose, self.together)


class PlanPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Blocks that come once, then blocks that are repeated.

    Parameters
    ----------
    blocks
        Blocks that are repeated, in order.
    times
        How often they come, at least once.
    first
        Blocks that come once before them.
    """

    blocks: tuple[PlanBlock, ...] = ()
    times: Count = 1
    first: tuple[PlanBlock, ...] = ()

    def recovering(self, seconds: float) -> PlanPart:
        """Set the length of each block that recovers.

        Parameters
        ----------
        seconds
            In s.

        Returns
        -------
        PlanPart
            With these blocks.
        """
        blocks = tuple(
            msgspec.structs.replace(block, seconds=seconds) if block.kind.startswith("recover") else block
            for block in self.blocks
        )
        return msgspec.structs.replace(self, blocks=blocks)

    def spans(self, times: int | None) -> tuple[PlanSpan, ...]:
        """Lay the blocks one after the other.

        Parameters
        ----------
        times
            How often blocks that repeat come instead; None: as written.

        Returns
        -------
        tuple of PlanSpan
            In order.
        """
        often = self.times if times is None or self.times == 1 else times
        return tuple(block.span() for block in (*self.first, *self.blocks * often))


class Smallest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the smallest design is looked for.

    Parameters
    ----------
    times
        How often the repeated parts may come.
    pairs
        How many pairs at most.
    """

    times: tuple[Count, ...]
    pairs: Count = 40


class PowerPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A design and what is expected of it.

    Parameters
    ----------
    schema
        Of this file.
    title
        A few words.
    wearing
        By its name in `simulate.kits`.
    part
        What happens, in order.
    strength
        What may be true.
    asks
        "linkage", or "borrowed-regulation" as well, which needs a stressor alone.
    order
        "as-written"; "crossed": the parts after the first come in reverse in every second group of pairs; "random":
        stressors shuffled; "rounds": the parts after the first come once in each round, in an order by lot.
    pairs
        How many will be recorded, under one script; each is compared with the others.
    half_life
        Of arousal alone, in s.
    moment
        Time constant of shared moments, in s.
    goal
        The power that is wanted.
    draws
        Simulated pairs for each strength.
    surrogates
        Of each analysis.
    seed
        Of everything.
    step
        Of the simulated arousal, in s.
    vary
        Coefficient of variation of people's rates.
    smallest
        Where to look for the smallest design.
    """

    schema: Literal["coregulation.power/1"]
    title: str
    part: tuple[PlanPart, ...]
    strength: Annotated[tuple[Strength, ...], msgspec.Meta(min_length=1)]
    wearing: str = "strap"
    asks: Literal["linkage", "borrowed-regulation"] = "linkage"
    order: Literal["as-written", "crossed", "random", "rounds"] = "as-written"
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
        """Change what is worn or the time to recover.

        Parameters
        ----------
        wearing
            The name of a sensor set; None: as written.
        recover
            After each stressor, in s; None: as written.

        Returns
        -------
        PowerPlan
            Checked.

        Raises
        ------
        UsageError
            If such a plan cannot be used.
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
        """Make the plan that a group of pairs lives through.

        Parameters
        ----------
        times
            How often the repeated parts come; None: as written.
        group
            Number of the group: decides the order where it is crossed or random.

        Returns
        -------
        Plan
            For two people.
        """
        if self.order == "rounds":
            return Plan(PAIR, self._in_rounds(times, group))
        turned = self.order == "crossed" and group % 2 == 1
        parts = (*self.part[:1], *reversed(self.part[1:])) if turned else self.part
        plan = Plan(PAIR, tuple(span for part in parts for span in part.spans(times)))
        return in_random_order(plan, random_generator(self.seed, 2, group)) if self.order == "random" else plan

    def _in_rounds(self, times: int | None, group: int) -> tuple[PlanSpan, ...]:
        """Lay out the first part, then in each round every other part once, in an order by lot."""
        rng = random_generator(self.seed, 2, group)
        first, *others = self.part
        rounds = max(part.times if times is None else times for part in others)
        drawn = (others[at] for _ in range(rounds) for at in rng.permutation(len(others)))
        return (*first.spans(None), *(block.span() for part in drawn for block in part.blocks))

    def key(self) -> str:
        """Return a name that any change of the plan changes."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]


def power_plan(text: str) -> PowerPlan:
    """Read a plan from TOML text.

    Parameters
    ----------
    text
        TOML.

    Returns
    -------
    PowerPlan
        Checked.

    Raises
    ------
    UsageError
        If it is no TOML, has an unknown key or a value that cannot be used, brings nobody together, asks for borrowed
        regulation without a stressor alone, or steps too coarsely.
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
        return UsageError("The plan cannot be read: {error}. `coregulation power --example > new-plan.toml` writes one.", error=str(error))  # fmt: skip
    message, _, where = str(error).partition(" - at ")
    kind = next((kinds[word] for word in kinds if word in where), PowerPlan)
    near = nearest_names(message.split("`")[1], kind.__struct_fields__)
    return UsageError("The plan cannot be read: {error}. Did you mean {near:or}?", error=str(error), near=near)


def _check(plan: PowerPlan) -> None:
    plan.worn()
    names = [strength.name for strength in plan.strength]
    if len(set(names)) < len(names):
        raise UsageError("Two strengths have the same name.")
    as_written = plan.plan()
    as_written.require_together()
    as_written.rest()
    if plan.recovery:
        as_written.require_alone()
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
    for span in as_written.spans:
        if abs(span.seconds / plan.step - round(span.seconds / plan.step)) > 1e-6:
            raise UsageError(
                "A block of {seconds:g} s is no whole number of steps of {step:g} s.",
                seconds=span.seconds,
                step=plan.step,
            )


def coarsest_step(plan: PowerPlan) -> float:
    """Compute the largest allowed step: a fifth of the fastest time constant that is planned.

    Parameters
    ----------
    plan
        What is asked.

    Returns
    -------
    float
        In s.
    """
    models = [strength.model(plan.half_life, plan.moment) for strength in plan.strength]
    rates = [k + d for model in models for k, d in zip(model.k, model.d, strict=True)]
    shortest = min(span.seconds for span in plan.plan().spans)
    return min(1 / max(rates), plan.moment, shortest) / 5
