"""A source in place of a page: its packets take the same way as everybody's, through the store to the engine."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coregulation.errors import CoregulationError, UsageError
from coregulation.live.room import wire
from coregulation.live.room.comparison import UNCONFIRMED
from coregulation.live.room.reasons import RoomReason, reason_of, room_reason
from coregulation.live.server.room_task import RECORDED, RoomTask
from coregulation.live.signals.packets import Packets, from_body, to_body
from coregulation.live.signals.stream_kinds import HEART_RATE_STREAM
from coregulation.live.sources.agent import Radio
from coregulation.report.catalogue import Catalogue
from coregulation.store import DiskFullError, RawPiece, Store

if TYPE_CHECKING:
    from coregulation.live.room.state import RoomState
    from coregulation.live.sources.following import LivedSecond

AGAIN = 1.0  # s after which a piece is tried again that found no room on the disk


@dataclass(frozen=True, slots=True)
class FeedTarget:
    """Where a source feeds into.

    Args:
        room: whose people it stands for.
        keep: returns when a piece is on the disk.
        speed: how much faster than a clock the session runs.
    """

    room: RoomTask
    keep: Callable[[RawPiece], Awaitable[None]]
    speed: float = 1.0


class SourceFeed:
    """One sensor's stream, fed from inside the server.

    Args:
        line: where to.
        person: whose sensor it is.
        device: what the card says it is.
    """

    def __init__(self, line: FeedTarget, person: str, device: str) -> None:
        self._line, self._person = line, person
        opening = wire.OpenStream(f"{device.split()[0].lower()}-{person}"[:32], person, HEART_RATE_STREAM.name, device)
        self._stream = opening.stream
        self._seq = line.room.live.open_stream(opening) + 1

    async def give(self, at: float, data: bytes, off: float = 0.0) -> None:
        """Keep a packet, then compute on it."""
        live = self._line.room.live
        packets = Packets([at], [data], off)
        piece = RawPiece(live.streams[self._stream].record.id, self._seq, to_body(packets))
        while not await self._kept(piece):
            await asyncio.sleep(AGAIN)
        self._line.room.pulse(self._person, live.compute(self._stream, self._seq, packets))
        self._seq += 1

    async def _kept(self, piece: RawPiece) -> bool:
        """Keep a piece; on a full disk say so and keep it later."""
        try:
            await self._line.keep(piece)
        except DiskFullError as error:
            self._line.room.trouble(reason_of(error))
            return False
        return True


async def feeding_allowed(room: RoomTask) -> bool:
    """Wait until everybody agreed and sensors are wanted; False if the session ends before."""
    while room.live.room.phase not in RECORDED:
        if room.live.room.phase == "ended":
            return False
        await asyncio.sleep(0.05)
    return True


async def feed_from_simulation(line: FeedTarget) -> None:
    """Feed a simulated pair for as long as the session records."""
    from coregulation.live.sources.following import INDEPENDENT, STEADYING, FollowingHearts
    from coregulation.live.sources.simulated import SimulatedPair

    room = line.room
    if not await feeding_allowed(room):
        return
    people = tuple(room.live.room.seats)
    try:
        feeds = [SourceFeed(line, person, Catalogue().text("live.simulated-strap")) for person in people]
    except CoregulationError:
        return  # somebody took their consent back between two breaths
    setup = room.live.room.setup
    pair = SimulatedPair(max(2, len(people)), setup.linked, setup.seed)
    practising = ("practice", "settle")
    packets = pair.packets(room.live.clock(), lambda _: room.live.room.phase in practising)
    if setup.protocol is not None:
        model = STEADYING if setup.linked else INDEPENDENT
        packets = FollowingHearts(model, setup.seed).packets(
            lambda t: _lived(room.live.room, people, t), room.live.clock()
        )
    for second in packets:
        wait = max((packet.at for packet in second), default=0.0) - room.live.clock()
        await asyncio.sleep(max(0.0, wait) / line.speed)
        if room.live.room.phase not in RECORDED:
            return
        for packet in second:
            if packet.person < len(feeds):
                await feeds[packet.person].give(packet.at, packet.data)


def _lived(room: RoomState, people: tuple[str, ...], t: float) -> LivedSecond:
    """Return what two simulated people did at a time of a comparison, which may be a moment ago on a busy computer."""
    from coregulation.live.sources.following import LivedSecond

    block = next((block for block in reversed(room.blocks) if block.start <= t), None)
    if block is None or (block.end is not None and t >= block.end):
        return LivedSecond()
    stirred = tuple(people.index(person) for person in block.perturbed) if "perturb-" in block.kind else ()
    return LivedSecond(stirred, block.kind.endswith("-together") and not block.kind.startswith(UNCONFIRMED))


async def feed_from_store(line: FeedTarget, store: Store, session: str) -> None:
    """Feed the heart packets of a kept session again, person by person, as they came then."""
    room = line.room
    if not await feeding_allowed(room):
        return
    people = tuple(room.live.room.seats)
    kept = [stream for stream in store.streams(session) if stream.kind == HEART_RATE_STREAM.name]
    order = list(dict.fromkeys(stream.person for stream in kept))
    packets = sorted(
        (at, order.index(stream.person), data)
        for stream in kept
        for piece in store.pieces(stream.id)
        for at, data in _pairs(from_body(piece.body))
    )
    if not packets:
        room.trouble(room_reason(RoomReason.NOTHING_TO_REPLAY))
        return
    feeds = [SourceFeed(line, person, Catalogue().text("live.replayed-strap")) for person in people]
    shift = room.live.clock() - packets[0][0]
    for at, number, data in packets:
        await asyncio.sleep(max(0.0, at + shift - room.live.clock()) / line.speed)
        if room.live.room.phase not in RECORDED:
            return
        if number < len(feeds):
            await feeds[number].give(at + shift, data)


def _pairs(packets: Packets) -> list[tuple[float, bytes]]:
    return list(zip(packets.at, packets.data, strict=True))


async def feed_from_radio(line: FeedTarget, radio: Radio | None = None) -> None:
    """Feed the straps that this computer's own radio finds, one for each person, in the order in which they answer."""
    from coregulation.live.sources.agent import SCAN, BleakRadio, notifications

    room = line.room
    if not await feeding_allowed(room):
        return
    people = tuple(room.live.room.seats)
    try:
        straps = await (radio or BleakRadio()).find(len(people), SCAN)
    except UsageError as error:
        room.trouble(reason_of(error))
        return
    if len(straps) < len(people):
        room.trouble(room_reason(RoomReason.FEW_STRAPS, found=len(straps), wanted=len(people)))
    await asyncio.gather(*(
        _from(line, person, strap.name, notifications(strap, room.is_over))
        for person, strap in zip(people, straps, strict=False)
    ))  # fmt: skip


async def feed_from_lsl(line: FeedTarget) -> None:
    """Feed RR that other programs send by LSL, and send them what happens here."""
    from coregulation.live.sources.lsl import Markers, inlets, intervals

    room = line.room
    if not await feeding_allowed(room):
        return
    people = tuple(room.live.room.seats)
    try:
        inlets_found = await asyncio.to_thread(inlets, len(people))
        room.markers = Markers(room.live.name).tell
    except UsageError as error:
        room.trouble(reason_of(error))
        return
    await asyncio.gather(*(
        _from(line, person, f"LSL {number}", intervals(inlet, room.is_over))
        for number, (person, inlet) in enumerate(zip(people, inlets_found, strict=False))
    ))  # fmt: skip


async def _from(line: FeedTarget, person: str, device: str, packets: AsyncIterator[bytes]) -> None:
    feed = SourceFeed(line, person, re.sub(r"[^\w ]", "", device, flags=re.ASCII).strip() or "Strap")
    async for data in packets:
        await feed.give(line.room.live.clock(), data)
