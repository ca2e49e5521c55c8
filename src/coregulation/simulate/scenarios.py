"""Scenarios of the articles and of the protocols, as data files, and `simulate`, which plays them.

A scenario of one's own is TOML text, read by whoever may open files, and passed to `scenario_from`.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar

from coregulation.data import data_names, data_text
from coregulation.errors import UsageError, nearest_names
from coregulation.session import Session
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.observe import ObservationSetting, Wearing, observe_states
from coregulation.simulate.plan import Plan, PlanSpan, in_random_order
from coregulation.simulate.profiles import profile
from coregulation.simulate.random_streams import random_generator
from coregulation.simulate.truth import Truth

SCHEMA = "coregulation.scenario/1"
Table = TypeVar("Table")


@dataclass(frozen=True, slots=True)
class ScenarioRole:
    """Somebody in a scenario; see `ScenarioMember` for what it hears, emits and wears.

    Parameters
    ----------
    id
        Name.
    profile
        By name.
    role
        Kept in the session.
    changes
        Numbers of the profile that are set.
    hears
        Whose cues reach it; None: everybody's.
    emits
        How much of each cue it can give; None: all.
    late
        Delay of its cues, in s.
    worn
        Whether it wears sensors and is in the session.
    """

    id: str
    profile: str
    role: str | None = None
    changes: dict[str, float] | None = None
    hears: tuple[str, ...] | None = None
    emits: dict[str, float] | None = None
    late: float = 0.0
    worn: bool = True

    def member(self) -> ScenarioMember:
        """Return the member."""
        who = profile(self.profile).changed(self.changes or {})
        return ScenarioMember(who, self.hears, self.emits, self.late, self.worn, self.role)


@dataclass(frozen=True, slots=True)
class ScenarioPart:
    """Blocks that come once, then blocks that come several times.

    Parameters
    ----------
    blocks
        Those that come `times` times.
    times
        From 1 up.
    first
        Those that come once.
    """

    blocks: tuple[PlanSpan, ...] = ()
    times: int = 1
    first: tuple[PlanSpan, ...] = ()

    def spans(self) -> tuple[PlanSpan, ...]:
        """Return them one after the other."""
        if self.times < 1:
            raise UsageError("A part comes at least once; times = {times} came.", times=self.times)
        return self.first + self.blocks * self.times


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as its file has it.

    Parameters
    ----------
    title
        A few words.
    about
        What happens, in a sentence or two.
    person
        Who is in it.
    part
        What happens, in order.
    claims
        Numbers of the claims (`coregulation claims`) that it plays.
    limits
        What it does not show.
    asks
        "linkage", or "borrowed-regulation", which needs a stressor alone.
    order
        "as-written"; "crossed": with an odd seed the parts after the first come in reverse; "random": stressors
        shuffled.
    kinds
        Verdicts that are right, where the design alone settles it.
    shared
        What everybody got at once.
    setting
        Of the session.
    task
        Of the session.
    speech
        Share of the time each person speaks.
    name
        The file's.
    """

    title: str
    about: str
    person: tuple[ScenarioRole, ...]
    part: tuple[ScenarioPart, ...]
    claims: tuple[int, ...] = ()
    limits: str = ""
    asks: Literal["linkage", "borrowed-regulation"] = "linkage"
    order: Literal["as-written", "crossed", "random"] = "as-written"
    kinds: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    setting: str = "one room"
    task: str | None = None
    speech: float = 0.0
    name: str = "own"

    def __post_init__(self) -> None:
        names = [who.id for who in self.person]
        if len(set(names)) < len(names):
            raise UsageError("Two people of a scenario have the same id.")
        plan = self.plan(0)
        if len(names) > 1:
            plan.require_together()
        if self.asks == "borrowed-regulation":
            plan.require_alone()

    def members(self) -> dict[str, ScenarioMember]:
        """Return everybody by id."""
        return {who.id: who.member() for who in self.person}

    def plan(self, seed: int) -> Plan:
        """Make the plan of one session.

        Parameters
        ----------
        seed
            Decides the order where it is crossed or random.

        Returns
        -------
        Plan
            For everybody in the scenario.
        """
        turned = self.order == "crossed" and seed % 2 == 1
        parts = (*self.part[:1], *reversed(self.part[1:])) if turned else self.part
        plan = Plan(tuple(who.id for who in self.person), tuple(span for part in parts for span in part.spans()))
        return in_random_order(plan, random_generator(seed, 2)) if self.order == "random" else plan


def scenario_names() -> tuple[str, ...]:
    """List the scenarios that come with the package.

    Returns
    -------
    tuple of str
        Names that `load_scenario` takes.
    """
    return data_names("scenarios")


@functools.cache
def load_scenario(name: str) -> Scenario:
    """Load a scenario of the package.

    Parameters
    ----------
    name
        One of `scenario_names()`.

    Returns
    -------
    Scenario
        As its file has it.

    Raises
    ------
    UsageError
        If there is none of that name, with the near ones.
    """
    if name not in scenario_names():
        near = nearest_names(name, scenario_names())
        raise UsageError("There is no scenario {name!r}. Did you mean {near:or}?", name=name, near=near)
    return scenario_from(data_text("scenarios", f"{name}.toml"), name)


def scenario_from(text: str, name: str = "own") -> Scenario:
    """Read a scenario from TOML text.

    Parameters
    ----------
    text
        TOML.
    name
        What to call it.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    UsageError
        If it is no TOML, has another schema, an unknown key (with the near ones) or a value that cannot be used.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("The scenario is not valid TOML: {error}.", error=str(error)) from error
    if table.pop("schema", None) != SCHEMA:
        raise UsageError('A scenario begins with schema = "{schema}".', schema=SCHEMA)
    _know(table, Scenario, "the scenario")
    for who in table.get("person", ()):
        _know(who, ScenarioRole, "a person")
    for part in table.get("part", ()):
        _know(part, ScenarioPart, "a part")
        for span in (*part.get("first", ()), *part.get("blocks", ())):
            _know(span, PlanSpan, "a block")
    return replace(_typed(table, Scenario), name=name)


def simulate(of: str | Scenario, seed: int, wearing: Wearing | None = None, vary: float = 1.0) -> tuple[Session, Truth]:
    """Play a scenario.

    Parameters
    ----------
    of
        A scenario or its name.
    seed
        Of everything; another seed is other people of the same kind.
    wearing
        What they wear; None: strap, breath belt and skin electrodes.
    vary
        How much people of a profile differ, 0 (not at all) to 1 (as stated in `parameters`) or more.

    Returns
    -------
    tuple of Session and Truth
        A session like any other, marked as simulated, and what was true in it.

    Raises
    ------
    UsageError
        If the scenario is not known.
    """
    played = load_scenario(of) if isinstance(of, str) else of
    members, plan = played.members(), played.plan(seed)
    worn = wearing or Wearing(speech=played.speech)
    about = ObservationSetting(
        f"{played.name}-{seed}",
        tuple(member.role for member in members.values()),
        tuple(member.recorded for member in members.values()),
        played.shared,
        played.setting,
        played.task or played.title,
    )
    session, truth = observe_states(
        states(members, plan, seed, vary=vary), plan, random_generator(seed, 3), worn, about
    )
    return session, replace(truth, seed=seed, kinds=played.kinds)


def _know(table: dict[str, Any], kind: type[Any], where: str) -> None:
    known = [item.name for item in fields(kind)]
    for key in table:
        if key not in known or (kind is Scenario and key == "name"):
            raise UsageError(
                "The key {key!r} of {where} is not known. Did you mean {near:or}?",
                key=key, where=where, near=nearest_names(key, known),
            )  # fmt: skip


def _typed(table: dict[str, Any], kind: type[Table]) -> Table:
    import msgspec

    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise UsageError("The scenario cannot be read: {error}.", error=str(error)) from error
