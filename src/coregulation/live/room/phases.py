"""From phase to phase, from part to part, and the blocks that remain of it in the session."""

from __future__ import annotations

from typing import Literal

from coregulation.live.room.comparison import CHANGE, LEFT_OUT, UNCONFIRMED, build_comparison, tasked_of, with_kind
from coregulation.live.room.permissions import NEXT, Trigger
from coregulation.live.room.practice import practice, protocol
from coregulation.live.room.script import ScriptPart, ScriptPeople, build_script, pacer_help
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
    if room.setup.protocol is not None:  # it brings its own rest, and ends with the last return
        phase = NEXT.get((phase, "skip"), phase) if phase in ("baseline", "settle") else phase
    room = unready(block_closed(room, now))
    lengths = {"baseline": room.setup.baseline, "settle": room.setup.settle}
    until = now + lengths[phase] if phase in lengths else None
    room = replace(room, phase=phase, since=now, until=until)
    if phase == "practice":
        return _begun(room, now)
    return block_opened(room, now), (Entered(phase), BroadcastRoom())


def people_of(room: RoomState) -> ScriptPeople:
    """Return who is in it, and what is known of them."""
    setup = room.setup
    return ScriptPeople(
        tuple(room.seats), setup.helper, room.resting, pacer_help(setup.visit),
        any(guest.child for guest in setup.people), setup.visit,
    )  # fmt: skip


def whom_it_tasks(room: RoomState) -> tuple[str, ...]:
    """Return for whom the tasks of a comparison are; nobody where there is none."""
    return () if room.setup.protocol is None else tasked_of(protocol(room.setup.protocol), people_of(room))


def _begun(room: RoomState, now: float) -> Outcome:
    setup, cast = room.setup, people_of(room)
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


def cue_answered(room: RoomState, followed: bool, now: float) -> Outcome:
    """Go on after a cue of a comparison; only what follows a cue that was followed counts."""
    return next_part(replace(unready(room), confirmed=followed), now)


def part_left_out(room: RoomState, now: float) -> Outcome:
    """Go on to the next part; a task that was left out does not count, and what would follow it is left out, too."""
    doing = room.now_doing
    if doing is None or doing.role in ("practice", "rest", "return"):
        return next_part(room, now)
    if doing.role == "cue":
        return cue_answered(room, followed=False, now=now)
    return at_part(_renamed(room, LEFT_OUT, 1), room.part + 2, now)


def to_cue_again(room: RoomState, now: float) -> Outcome:
    """After a pause in a comparison: ask again where people are; what was interrupted does not count."""
    doing = room.now_doing
    assert doing is not None
    room = _renamed(room, UNCONFIRMED, 2 if doing.role == "return" else 1)
    cue = max(n for n, part in enumerate(room.parts[: room.part + 1]) if part.role == "cue")
    return at_part(room, cue, now)


def _renamed(room: RoomState, before: str, count: int) -> RoomState:
    """Put a word before the kinds of the last blocks of this part's moment; the cue's own block stays."""
    named = (CHANGE, UNCONFIRMED, LEFT_OUT)
    first, last = room.blocks[:-count], room.blocks[-count:]
    renamed = (
        block if block.kind.startswith(named) else replace(block, kind=f"{before}{block.kind}") for block in last
    )
    return replace(room, blocks=(*first, *renamed))


def at_part(room: RoomState, part: int, now: float) -> Outcome:
    """Begin a part; after the last the practice is over."""
    if part >= len(room.parts):
        return onward(room, "over", now)
    doing = room.parts[part]
    until = None if doing.seconds is None else now + doing.seconds
    before = room.now_doing if part else None
    room = replace(room, part=part, part_since=now, part_until=until, confirmed=room.confirmed and doing.role != "cue")
    if before is None or doing.role != "practice" or _block_of(before, room, now) != _block_of(doing, room, now):
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
    return room if doing is None else replace(room, blocks=(*room.blocks, _block_of(doing, room, now)))


def _block_of(part: ScriptPart, room: RoomState, now: float) -> KeptBlock:
    kind = with_kind(part.block, part.setting, room.confirmed)
    return KeptBlock(kind, now, None, part.present, part.partner, part.perturbed, part.cues, part.guide)
