"""Practices and crossover designs as data: what a file may hold, and how it is read."""

from __future__ import annotations

import functools
import tomllib
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from coregulation.data import data_names, data_text
from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.live.room.wire import Feedback, Line, Name, Text

SCHEMA = "coregulation.practice/1"
PROTOCOL = "coregulation.protocol/1"

Whom = Literal["all", "first", "second", "helper", "other"]
Partner = Literal["live", "recorded", "delayed", "animal", "imagined", "none"]
Positive = Annotated[float, msgspec.Meta(gt=0, le=3600)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a file: a key that is not known is an error."""


class PaceText(_Table, frozen=True):
    """A pacer: from one's own rate to `to_rate` breaths per minute over `ramp` s; no holds, in no longer than out."""

    to_rate: Annotated[float, msgspec.Meta(ge=4.5, le=10)] = 6.0
    ramp: Annotated[float, msgspec.Meta(ge=0, le=600)] = 150.0
    in_share: Annotated[float, msgspec.Meta(ge=0.34, le=0.5)] = 0.4


class ChoiceText(_Table, frozen=True):
    """Something that may be picked at a step; `goto` leads to another step."""

    id: Name
    label: Line
    goto: Name | None = None


class StepText(_Table, frozen=True):
    """One thing to do: for `seconds`, or for a `share` of the minutes left, or until people go on."""

    id: Name
    say: Text
    seconds: Positive | None = None
    share: Positive | None = None
    whom: Whom = msgspec.field(default="all", name="for")
    block: Line = "practice"
    cues: dict[Literal["rhythm", "voice", "face", "touch"], bool] = {}
    eyes: Literal["open", "free"] = "open"
    sound: Literal["none", "pacer", "bell", "voice"] = "none"
    optional: bool = False
    repeat: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    pace: PaceText | None = None
    choice: tuple[ChoiceText, ...] = ()


class AnchorText(_Table, frozen=True):
    """What attention may rest on."""

    id: Name
    label: Line
    say: Text
    breath: bool = False
    default: bool = False


class Practice(_Table, frozen=True):
    """A practice: what is done, what is known of it, and for whom it is not."""

    id: Name
    title: Line
    about: Text
    people: Literal["one", "pair", "group"]
    evidence: Literal["good", "some", "little", "none"]
    evidence_said: Text
    sources: tuple[Text, ...]
    anchor: tuple[AnchorText, ...]
    step: tuple[StepText, ...]
    order: int = 100
    way: Literal["mutual", "one-way"] = "mutual"
    partner: Partner = "live"
    items: tuple[int, ...] = ()
    cautions: tuple[Text, ...] = ()
    children: bool = False
    shared: tuple[Line, ...] = ()
    minutes: Annotated[float, msgspec.Meta(ge=1, le=60)] = 5.0
    live_rates: bool = True
    feedback: tuple[Feedback, ...] = ("none", "own", "both", "facilitator")

    @property
    def usual_anchor(self) -> AnchorText:
        """The anchor that is taken unless another is chosen; one without breath, unless the file says otherwise."""
        usual = [anchor for anchor in self.anchor if anchor.default]
        return (usual or [anchor for anchor in self.anchor if not anchor.breath])[0]

    def chosen(self, anchor: str | None) -> AnchorText:
        """Return an anchor by its id; None is the usual one.

        Raises:
            UsageError: if there is none of that id.
        """
        matching = [item for item in self.anchor if item.id == anchor]
        if anchor is not None and not matching:
            raise UsageError(
                "{title} has no anchor {anchor!r}. Did you mean {near:or}?",
                title=self.title,
                anchor=anchor,
                near=nearest_names(anchor, [item.id for item in self.anchor]),
            )
        return matching[0] if matching else self.usual_anchor


class StressorText(_Table, frozen=True):
    """Something benign that stirs a little; it may always be left out.

    It comes `times` times, each with time to recover: for all who are named at once, or `turns` for one after the other, so
    that together one is stirred while the other is at ease. "tasked": the one whom the visit is about. What it is, people choose.
    """

    id: Name
    seconds: Annotated[float, msgspec.Meta(ge=10, le=180)]
    perturbed: tuple[Literal["first", "second", "tasked", "all"], ...] = ("first",)
    recover: Annotated[float, msgspec.Meta(ge=60, le=600)] = 120.0
    times: Annotated[int, msgspec.Meta(ge=1, le=6)] = 1
    turns: bool = False


class ArmText(_Table, frozen=True):
    """One condition of a crossover."""

    id: Name
    kind: Literal["alone", "together"]
    practice: Name | None = None
    partner: Partner = "live"
    minutes: Annotated[float, msgspec.Meta(ge=1, le=60)] | None = None
    stressor: StressorText | None = None


class Protocol(_Table, frozen=True):
    """A crossover design: the same people in each condition, in an order that is balanced, drawn or fixed.

    All arms come once a round. Drawn: each round has an order by lot. Else every second round goes back the way the one
    before came (A B, B A), so that getting used to it falls on both alike. `start`: s of rest apart before the first arm. `table`: the
    plan whose table says how often such a session answers.
    """

    id: Name
    title: Line
    about: Text
    arm: tuple[ArmText, ...]
    order: Literal["balanced", "random", "fixed"] = "balanced"
    rounds: Annotated[int, msgspec.Meta(ge=1, le=6)] = 1
    rest: Annotated[float, msgspec.Meta(ge=0, le=600)] = 120.0
    start: Annotated[float, msgspec.Meta(ge=60, le=600)] = 120.0
    recommended: bool = False
    table: Name | None = None

    @property
    def one_tasked(self) -> bool:
        """Whether the tasks are for one person, and the other supports."""
        return any(arm.stressor is not None and "tasked" in arm.stressor.perturbed for arm in self.arm)

    @property
    def stirs(self) -> bool:
        """Whether it has tasks, which are not for everybody."""
        return any(arm.stressor is not None for arm in self.arm)


@functools.cache
def practices() -> dict[str, Practice]:
    """Return the practices that come with the package, in their order.

    Raises:
        DataError: if a file is none; the error names it and the key.
    """
    listed = [practice_from(text, name) for name, text in _texts("practices")]
    return {item.id: item for item in sorted(listed, key=lambda item: (item.order, item.id))}


@functools.cache
def protocols() -> dict[str, Protocol]:
    """Return the crossover designs that come with the package; each arm's practice is known."""
    listed = {name: protocol_from(text, name) for name, text in _texts("practices", "protocols")}
    for item in listed.values():
        for arm in item.arm:
            if arm.practice is not None:
                practice(arm.practice)
    return dict(sorted(listed.items(), key=lambda named: (not named[1].recommended, named[0])))


def practice(name: str) -> Practice:
    """Return a practice.

    Raises:
        UsageError: if there is none of that name.
    """
    if name not in practices():
        near = nearest_names(name, practices())
        raise UsageError("There is no practice {name!r}. Did you mean {near:or}?", name=name, near=near)
    return practices()[name]


def protocol(name: str) -> Protocol:
    """Return a crossover design.

    Raises:
        UsageError: if there is none of that name.
    """
    if name not in protocols():
        near = nearest_names(name, protocols())
        raise UsageError("There is no protocol {name!r}. Did you mean {near:or}?", name=name, near=near)
    return protocols()[name]


def practice_from(text: str, name: str) -> Practice:
    """Read a practice file.

    Raises:
        DataError: if it cannot be used: no TOML, a key unknown or of the wrong type, no anchor without breath, a choice
            that leads nowhere, a pacer without a breath anchor, steps that take longer than the whole.
    """
    read = _read(text, name, SCHEMA, Practice)
    steps = {step.id for step in read.step}
    wrong = (
        (len(steps) < len(read.step), DataError("two steps have one id")),
        (not read.step, DataError("it has no step")),
        (all(anchor.breath for anchor in read.anchor), DataError("it needs an anchor without breath")),
        (any(step.pace for step in read.step) and not any(anchor.breath for anchor in read.anchor), DataError("a pacer needs a breath anchor")),
        (any(c.goto and c.goto not in steps for step in read.step for c in step.choice), DataError("a choice leads to no step")),
        (any(step.seconds and step.share for step in read.step), DataError("a step has seconds or a share, not both")),
        (fixed_seconds(read) > 60 * read.minutes, DataError("its steps take longer than its minutes")),
    )  # fmt: skip
    for bad, why in wrong:
        if bad:
            raise DataError("The practice {name!r} cannot be used: {why}.", name=name, why=why)
    return read


def protocol_from(text: str, name: str) -> Protocol:
    """Read a crossover design.

    Raises:
        DataError: if it cannot be used.
    """
    read = _read(text, name, PROTOCOL, Protocol)
    if len({arm.id for arm in read.arm}) < max(2, len(read.arm)):
        raise DataError("The protocol {name!r} needs two arms or more, each with an id of its own.", name=name)
    return read


def fixed_seconds(item: Practice) -> float:
    """Return how long the steps of fixed length take together, in s."""
    return sum(step.seconds * step.repeat for step in item.step if step.seconds)


File = TypeVar("File", Practice, Protocol)


def _read(text: str, name: str, schema: str, kind: type[File]) -> File:
    try:
        table: dict[str, Any] = tomllib.loads(text)
        if table.pop("schema", None) != schema:
            raise DataError('{name}: it must begin with schema = "{schema}".', name=name, schema=schema)
        read = msgspec.convert(table, kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError("{name}: {error}.", name=name, error=error) from error
    if read.id != name:
        raise DataError("{name}: its id is {id!r}; it must be the name of the file.", name=name, id=read.id)
    return read


def _texts(*folder: str) -> list[tuple[str, str]]:
    return [(name, data_text(*folder, f"{name}.toml")) for name in data_names(*folder)]
