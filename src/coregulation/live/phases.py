"""From phase to phase, from part to part, and the blocks that remain of it in the session."""

from __future__ import annotations

from typing import Literal

from coregulation.live.law import NEXT, Trigger
from coregulation.live.practice import practice, protocol
from coregulation.live.room import Entered, KeptBlock, Outcome, Room, Tell, TellStep, replace, unready
from coregulation.live.script import Cast, Part, crossover, faded, script


def in_time(room: Room, now: float) -> Outcome:
    """Go on where a phase or a part has had its time."""
    if room.phase in ("baseline", "settle") and room.until is not None and now >= room.until:
        return onward(room, "time", now)
    if room.phase == "practice" and room.part_until is not None and now >= room.part_until:
        return next_part(room, now)
    return room, ()


def onward(room: Room, trigger: Trigger, now: float) -> Outcome:
    """Go to the phase that follows, by the table."""
    phase = NEXT[room.phase, trigger]
    room = unready(block_closed(room, now))
    lengths = {"baseline": room.setup.baseline, "settle": room.setup.settle}
    until = now + lengths[phase] if phase in lengths else None
    room = replace(room, phase=phase, since=now, until=until)
    if phase == "practice":
        return _begun(room, now)
    return block_opened(room, now), (Entered(phase), Tell())


def _begun(room: Room, now: float) -> Outcome:
    setup = room.setup
    cast = Cast(
        tuple(room.seats), setup.helper, room.resting, faded(setup.visit),
        any(guest.child for guest in setup.people), setup.visit,
    )  # fmt: skip
    if setup.protocol is not None:
        parts = crossover(protocol(setup.protocol), cast)
    elif setup.practice is not None:
        parts = script(practice(setup.practice), setup.anchor, setup.minutes, cast)
    else:
        parts = ()
    room, actions = at_part(replace(room, parts=parts), 0, now)
    return room, (Entered("practice"), *actions)


def next_part(room: Room, now: float) -> Outcome:
    """Go to the part of the practice that follows."""
    return at_part(room, room.part + 1, now)


def at_part(room: Room, part: int, now: float) -> Outcome:
    """Begin a part; after the last the practice is over."""
    if part >= len(room.parts):
        return onward(room, "over", now)
    doing = room.parts[part]
    until = None if doing.seconds is None else now + doing.seconds
    before = room.now_doing if part else None
    room = replace(room, part=part, part_since=now, part_until=until)
    if before is None or _block_of(before, now) != _block_of(doing, now):
        room = block_opened(block_closed(room, now), now)
    return room, (Tell(), TellStep())


def ended(room: Room, why: Literal["finished", "stopped", "left"], now: float) -> Room:
    """End the session: because it was over, somebody stopped it, or everybody left."""
    return replace(block_closed(room, now), phase="ended", since=now, until=None, paused=None, ended=why)


def block_closed(room: Room, now: float) -> Room:
    """End the block that is on."""
    if not room.blocks or room.blocks[-1].end is not None:
        return room
    *before, last = room.blocks
    kept = (*before, replace(last, end=now)) if now > last.start else tuple(before)
    return replace(room, blocks=kept)


def block_opened(room: Room, now: float) -> Room:
    """Begin the block of this phase, if it has one."""
    people = tuple(room.seats)
    doing = room.now_doing
    if room.phase == "baseline":
        return replace(room, blocks=(*room.blocks, KeptBlock("alone-rest", now)))
    if room.phase == "settle":
        return replace(room, blocks=(*room.blocks, KeptBlock("settle", now, present=people)))
    return room if doing is None else replace(room, blocks=(*room.blocks, _block_of(doing, now)))


def _block_of(part: Part, now: float) -> KeptBlock:
    return KeptBlock(part.block, now, None, part.present, part.partner, part.perturbed, part.cues, part.guide)
