"""From phase to phase, from part to part, and the blocks that remain of it in the session."""

from __future__ import annotations

from typing import Literal

from coregulation.live.room.permissions import NEXT, Trigger
from coregulation.live.room.practice import practice, protocol
from coregulation.live.room.script import ScriptPart, ScriptPeople, build_comparison, build_script, pacer_help
from coregulation.live.room.state import (
    BroadcastRoom,
    BroadcastStep,
    Entered,
    KeptBlock,
    Outcome,
    RoomState,
    replace,
    unready,
)


def in_time(room: RoomState, now: float) -> Outcome:
    """Go on where a phase or a part has had its time."""
    if room.phase in ("baseline", "settle") and room.until is not None and now >= room.until:
        return onward(room, "time", now)
    if room.phase == "practice" and room.part_until is not None and now >= room.part_until:
        return next_part(room, now)
    return room, ()


def onward(room: RoomState, trigger: Trigger, now: float) -> Outcome:
    """Go to the phase that follows, by the table."""
    phase = NEXT[room.phase, trigger]
    room = unready(block_closed(room, now))
    lengths = {"baseline": room.setup.baseline, "settle": room.setup.settle}
    until = now + lengths[phase] if phase in lengths else None
    room = replace(room, phase=phase, since=now, until=until)
    if phase == "practice":
        return _begun(room, now)
    return block_opened(room, now), (Entered(phase), BroadcastRoom())


def _begun(room: RoomState, now: float) -> Outcome:
    setup = room.setup
    cast = ScriptPeople(
        tuple(room.seats), setup.helper, room.resting, pacer_help(setup.visit),
        any(guest.child for guest in setup.people), setup.visit,
    )  # fmt: skip
    if setup.protocol is not None:
        parts = build_comparison(protocol(setup.protocol), cast)
    elif setup.practice is not None:
        parts = build_script(practice(setup.practice), setup.anchor, setup.minutes, cast)
    else:
        parts = ()
    room, actions = at_part(replace(room, parts=parts), 0, now)
    return room, (Entered("practice"), *actions)


def next_part(room: RoomState, now: float) -> Outcome:
    """Go to the part of the practice that follows."""
    return at_part(room, room.part + 1, now)


def at_part(room: RoomState, part: int, now: float) -> Outcome:
    """Begin a part; after the last the practice is over."""
    if part >= len(room.parts):
        return onward(room, "over", now)
    doing = room.parts[part]
    until = None if doing.seconds is None else now + doing.seconds
    before = room.now_doing if part else None
    room = replace(room, part=part, part_since=now, part_until=until)
    if before is None or _block_of(before, now) != _block_of(doing, now):
        room = block_opened(block_closed(room, now), now)
    return room, (BroadcastRoom(), BroadcastStep())


def ended(room: RoomState, why: Literal["finished", "stopped", "left"], now: float) -> RoomState:
    """End the session: because it was over, somebody stopped it, or everybody left."""
    return replace(block_closed(room, now), phase="ended", since=now, until=None, paused=None, ended=why)


def block_closed(room: RoomState, now: float) -> RoomState:
    """End the block that is on."""
    if not room.blocks or room.blocks[-1].end is not None:
        return room
    *before, last = room.blocks
    kept = (*before, replace(last, end=now)) if now > last.start else tuple(before)
    return replace(room, blocks=kept)


def block_opened(room: RoomState, now: float) -> RoomState:
    """Begin the block of this phase, if it has one."""
    people = tuple(room.seats)
    doing = room.now_doing
    if room.phase == "baseline":
        return replace(room, blocks=(*room.blocks, KeptBlock("alone-rest", now)))
    if room.phase == "settle":
        return replace(room, blocks=(*room.blocks, KeptBlock("settle", now, present=people)))
    return room if doing is None else replace(room, blocks=(*room.blocks, _block_of(doing, now)))


def _block_of(part: ScriptPart, now: float) -> KeptBlock:
    return KeptBlock(part.block, now, None, part.present, part.partner, part.perturbed, part.cues, part.guide)
