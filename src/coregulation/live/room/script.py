"""A practice as it goes for these people: one part after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from coregulation.live.room.practice import (
    AnchorText,
    Partner,
    Practice,
    StepText,
    fixed_seconds,
)
from coregulation.live.room.wire import Choice, Pace, PartRole, Setting

MAX_RATE, MIN_RATE, CHILD = (
    16.0,
    4.5,
    6.0,
)  # breaths per minute: where a pacer may begin, how slow it may be, and with a child
RESTING = 13.0  # where nobody's own rate is known
MIN_SHARE = 30.0  # s that a step with a share has at least


class ScriptPart(msgspec.Struct, frozen=True):
    """One thing to do, for whom and how long (None: until people go on), and the block that it is kept as."""

    step: str
    say: str
    seconds: float | None
    people: tuple[str, ...]
    block: str
    present: tuple[str, ...] = ()
    partner: Partner = "live"
    perturbed: tuple[str, ...] = ()
    cues: dict[str, bool] = {}
    choices: tuple[Choice, ...] = ()
    leads: dict[str, str] = {}  # from a choice to a step
    pace: Pace | None = None
    sound: str = "none"
    eyes: Literal["open", "free"] = "open"
    role: PartRole = "practice"
    setting: Setting | None = None  # of a comparison: who is where
    again: bool = False  # the setting is that of the arm before
    tasked: tuple[str, ...] = ()  # whom the tasks of this visit are for
    stays: str | None = None  # apart: who stays at a screen that several share
    moment: int = 0  # counts the tasks of a comparison from 1

    @property
    def guide(self) -> str | None:
        """The common input of the block."""
        return None if self.pace is None else f"pacer {self.pace.to_rate:g}/min"


@dataclass(frozen=True, slots=True)
class ScriptPeople:
    """Who is in it, and what is known of them before it begins.

    Args:
        people: in the order of their seats.
        helper: who steadies, in practices that have a helper; None: the second.
        resting: own breaths per minute of the slower one; None: not known.
        help: 1 to 0: how much the pacer still helps, less at each visit.
        children: whether a child is among them.
        visit: counts the sessions of these people from 0.
    """

    people: tuple[str, ...]
    helper: str | None = None
    resting: float | None = None
    help: float = 1.0
    children: bool = False
    visit: int = 0


def pacer_help(visits: int) -> float:
    """Return how much a pacer helps after so many visits: whole at first, gone after five."""
    return max(0.0, 1.0 - 0.2 * visits)


def build_script(
    plan: Practice, anchor: str | None, minutes: float | None, cast: ScriptPeople
) -> tuple[ScriptPart, ...]:
    """Return the parts of a practice.

    Raises:
        UsageError: if it has no such anchor.
    """
    chosen = plan.chosen(anchor)
    length = 60 * (plan.minutes if minutes is None else minutes)
    shares = sum((step.share or 0.0) * step.repeat for step in plan.step)
    left = max(0.0, length - fixed_seconds(plan))
    steps = [step for step in plan.step for _ in range(step.repeat)]
    return tuple(
        _part(plan, step, chosen, _seconds(step, left, shares), cast, first=step is steps[0]) for step in steps
    )


def _seconds(step: StepText, left: float, shares: float) -> float | None:
    if step.seconds is not None:
        return step.seconds
    return None if step.share is None else max(MIN_SHARE, left * step.share / shares)


def _part(
    plan: Practice, step: StepText, anchor: AnchorText, seconds: float | None, cast: ScriptPeople, first: bool
) -> ScriptPart:
    paced = step.pace is not None and anchor.breath
    return ScriptPart(
        step=step.id,
        say=f"{step.say} {anchor.say}" if first else step.say,
        seconds=seconds,
        people=whom(step.whom, cast),
        block=step.block,
        present=cast.people if plan.people != "one" and plan.way == "mutual" else (),
        partner=plan.partner,
        cues={str(name): shown for name, shown in step.cues.items()},
        choices=tuple(Choice(choice.id, choice.label) for choice in step.choice),
        leads={choice.id: choice.goto for choice in step.choice if choice.goto},
        pace=_pace(step, cast) if paced else None,
        sound=step.sound if step.sound != "pacer" or paced else "none",
        eyes=step.eyes,
    )


def _pace(step: StepText, cast: ScriptPeople) -> Pace:
    """Return the pacer: from one's own rate slowly to the one meant, never faster than now, and easier with a child."""
    assert step.pace is not None
    target = max(step.pace.to_rate, CHILD if cast.children else MIN_RATE)
    begins = min(MAX_RATE, max(target, cast.resting or RESTING))
    return Pace(0.0, begins, target, step.pace.ramp, step.pace.in_share, cast.help)


def whom(words: str, cast: ScriptPeople) -> tuple[str, ...]:
    """Return the people whom a word of a file means."""
    if words == "all" or len(cast.people) < 2:
        return cast.people
    helper = cast.helper or cast.people[1]
    others = tuple(person for person in cast.people if person != helper)
    chosen: Mapping[str, tuple[str, ...]] = {
        "first": cast.people[:1],
        "second": cast.people[1:2],
        "helper": (helper,),
        "other": others,
        "tasked": others[:1],
    }
    return chosen[words]
