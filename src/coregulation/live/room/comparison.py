"""A comparison as it goes for these people: before each arm a cue that is followed or not, then rests, tasks and returns.

Nothing here has a text: a page says each part from its role and setting, so that no two settings can share their words.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from coregulation.live.room.practice import ArmText, Protocol, StressorText, practice
from coregulation.live.room.script import ScriptPart, ScriptPeople, build_script, whom
from coregulation.live.room.wire import Setting

CHANGE = "change"  # kind of the block in which people change places
UNCONFIRMED = "unconfirmed-"  # before the kind of a block whose cue was not followed; no analysis counts it
LEFT_OUT = "left-out-"  # before the kind of a block with a task that was not finished

_SETTINGS: Mapping[bool, Setting] = {True: "together", False: "apart"}
replace = msgspec.structs.replace


def build_comparison(design: Protocol, cast: ScriptPeople) -> tuple[ScriptPart, ...]:
    """Return the parts of a crossover design: a rest apart, then in each arm a cue, and what it holds."""
    shared: dict[str, Any] = {"tasked": tasked_of(design, cast), "stays": _stays(design, cast)}
    start = ScriptPart(
        "start-cue", "", None, cast.people, CHANGE, partner="none", role="cue", setting="apart", **shared
    )
    rest = replace(start, step="start-rest", seconds=design.start, block="alone-rest", role="rest")
    parts = [start, rest]
    for number, arm in enumerate(_in_order(design, cast)):
        again = parts[-1].setting == _setting(arm)
        parts += [replace(part, **shared) for part in _arm(design, arm, cast, number, again)]
    return tuple(_numbered(parts))


def tasked_of(design: Protocol, cast: ScriptPeople) -> tuple[str, ...]:
    """Return whom the tasks of a design are for, in the order of their seats."""
    named = {
        who
        for arm in design.arm
        if arm.stressor is not None
        for words in arm.stressor.perturbed
        for who in whom(words, cast)
    }
    return tuple(person for person in cast.people if person in named)


def with_kind(block: str, setting: Setting | None, confirmed: bool) -> str:
    """Return the kind of a part's block as it is kept: what was not confirmed is kept as neither alone nor together."""
    return block if confirmed or setting is None or block == CHANGE else f"{UNCONFIRMED}{block}"


def _stays(design: Protocol, cast: ScriptPeople) -> str:
    return (*tasked_of(design, cast), *cast.people)[0]


def _setting(arm: ArmText) -> Setting:
    return "recorded" if arm.partner == "recorded" else _SETTINGS[arm.kind == "together"]


def _in_order(design: Protocol, cast: ScriptPeople) -> Iterator[ArmText]:
    """Yield the arms of this visit.

    Balanced ones are turned by one from visit to visit, so that each comes first as often; where they begin, and what is
    drawn by lot, depends on who is in it, so that not every pair begins alike.
    """
    lot = zlib.crc32(" ".join(cast.people).encode())
    if design.order == "random":
        import numpy as np

        rng = np.random.default_rng([lot, cast.visit, len(design.arm)])
        for _ in range(design.rounds):
            yield from (design.arm[k] for k in rng.permutation(len(design.arm)))
        return
    at = (lot + cast.visit) % len(design.arm) if design.order == "balanced" else 0
    arms = (*design.arm[at:], *design.arm[:at])
    for number in range(design.rounds):
        yield from arms[::-1] if number % 2 else arms


def _arm(design: Protocol, arm: ArmText, cast: ScriptPeople, number: int, again: bool) -> list[ScriptPart]:
    """Return the parts of one arm."""
    setting = _setting(arm)
    present = cast.people if arm.kind == "together" else ()
    named = f"{arm.id}-{number + 1}"
    shared: dict[str, Any] = {"present": present, "partner": arm.partner, "setting": setting}
    cue = ScriptPart(f"{named}-cue", "", None, cast.people, CHANGE, role="cue", again=again, **shared)
    rest = replace(cue, step=f"{named}-rest", seconds=design.rest, block=f"{arm.kind}-rest", role="rest", again=False)
    done = [] if arm.practice is None else build_script(practice(arm.practice), None, arm.minutes, cast)
    practised = [
        replace(part, step=f"{named}-{part.step}", block=_block(part.block, arm.kind), choices=(), leads={}, **shared)
        for part in done
    ]
    return [cue, *([rest] if design.rest else []), *practised, *_stirred(arm, rest, cast)]


def _block(block: str, kind: str) -> str:
    """Return the kind of a practice's block in an arm; what is done alone is not kept as done together."""
    if kind == "together":
        return block
    return "alone-rest" if block.endswith("-rest") else f"alone-{block}"


def _stirred(arm: ArmText, rest: ScriptPart, cast: ScriptPeople) -> Iterator[ScriptPart]:
    """Yield each task of an arm, and the time after it."""
    if arm.stressor is None:
        return
    for at, each in enumerate(_turns(arm.stressor, cast)):
        step = rest.step.replace("-rest", f"-{arm.stressor.id}{f'-{at + 1}' if at else ''}")
        yield replace(
            rest, step=step, seconds=arm.stressor.seconds, people=each, block=f"perturb-{arm.kind}", perturbed=each, role="task"
        )  # fmt: skip
        yield replace(
            rest, step=f"{step}-recover", seconds=arm.stressor.recover, block=f"recover-{arm.kind}", perturbed=each, role="return"
        )  # fmt: skip


def _turns(stressor: StressorText, cast: ScriptPeople) -> Sequence[tuple[str, ...]]:
    """Return who is stirred at each task of an arm."""
    named = {person for words in stressor.perturbed for person in whom(words, cast)}
    who = tuple(person for person in cast.people if person in named)
    return [*((person,) for person in who)] * stressor.times if stressor.turns else [who] * stressor.times


def _numbered(parts: Sequence[ScriptPart]) -> Iterator[ScriptPart]:
    """Yield parts in which each task, and the time after it, knows its number."""
    moment = 0
    for part in parts:
        moment += part.role == "task"
        yield replace(part, moment=moment) if part.role in ("task", "return") else part
