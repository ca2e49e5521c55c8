"""The socket of a room: hello first, then one message after the other, each answered or refused."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING, Any

from coregulation.errors import CoregulationError, ProtocolError
from coregulation.live.room import wire
from coregulation.live.room.access import AccessDevice, SeatGrant, TokenBucket
from coregulation.live.room.reasons import RoomReason, reason_of, room_reason
from coregulation.live.server.connection import POLICY, Connection
from coregulation.reasons import Reason
from coregulation.report.catalogue import Catalogue
from coregulation.store import DiskFullError

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from coregulation.live.server.room_registry import RoomRegistry
    from coregulation.live.server.room_task import RoomTask

RATE, BURST = 200.0, 4000.0  # messages of one client: what was held back during a loss of network comes at once
HELLO_WITHIN = 10.0  # s
TRY_AGAIN = 1013


class RoomSocket:
    """One client's life in a room."""

    def __init__(self, registry: RoomRegistry, room: RoomTask, device: AccessDevice, socket: WebSocket) -> None:
        self._registry, self._room, self._device, self._socket = registry, room, device, socket
        self._bucket = TokenBucket(RATE, BURST)
        self._connection = Connection(secrets.token_hex(6), device.id, socket)

    async def run(self) -> None:
        """Serve the client until it or the room goes."""
        await self._socket.accept()
        sender = self._connection.task = asyncio.create_task(self._connection.sending())
        try:
            if await self._greeted():
                await self._serve()
        finally:
            self._room.gone(self._connection)
            self._connection.end("closed")
            with contextlib.suppress(Exception):  # a socket that broke cannot be said goodbye to
                await asyncio.wait_for(sender, 1.0)

    async def _greeted(self) -> bool:
        from coregulation.live.room.state import Joined
        from coregulation.live.server.room_task import is_resumed

        hello = await self._first()
        if hello is None:
            return False
        live = self._room.live
        resumed = is_resumed(live.room, self._device.id, hello.people)
        self._room.connections[self._connection.client] = self._connection
        event = Joined(
            self._connection.client,
            self._device.id,
            hello.role,
            tuple(hello.people),
            self._device.host,
            hello.take_over,
        )
        self._room.take(event)
        if self._connection.client not in live.room.clients:
            return False
        self._room.welcome(self._connection, hello, resumed)
        return True

    async def _first(self) -> wire.Hello | None:
        with contextlib.suppress(asyncio.TimeoutError):
            message = await asyncio.wait_for(self._next(), HELLO_WITHIN)
            if not isinstance(message, wire.Hello):
                self._refuse("not-now", room_reason(RoomReason.HELLO_FIRST), None)
            elif message.v != wire.VERSION:
                self._refuse("version", room_reason(RoomReason.VERSION, version=wire.VERSION), "hello")
            elif not self._entitled(message):
                self._refuse("not-yours", room_reason(RoomReason.NOT_INVITED), "hello")
            else:
                return message
        return None

    def _entitled(self, hello: wire.Hello) -> bool:
        if self._device.host:
            return True
        seats = self._device.rooms.get(self._room.live.name, SeatGrant("viewer", ()))
        return self._room.live.name in self._device.rooms and seats.role == hello.role and set(hello.people) <= set(seats.people)  # fmt: skip

    async def _serve(self) -> None:
        while (message := await self._next()) is not None:
            if isinstance(message, wire.Message):
                await self._take(message)

    async def _next(self) -> Any:
        """Return the next message; False for one that was refused, None at the end."""
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            return None
        if not self._bucket.take(self._registry.steady()):
            self._refuse("too-fast", room_reason(RoomReason.TOO_FAST, rate=round(RATE)), None)
            return False
        text: str | bytes = event.get("text") or event.get("bytes") or b""
        try:
            return wire.from_client(text)
        except ProtocolError as error:
            self._refuse("malformed", room_reason(RoomReason.MALFORMED, text=str(error)), None)
            return False

    async def _take(self, message: wire.Message) -> None:
        from coregulation.live.room.state import Received

        live, client = self._room.live, self._connection.client
        try:
            if isinstance(message, wire.Ping):
                t = live.clock()
                self._connection.send(wire.Pong(message.sent, t, live.clock()))
            elif isinstance(message, wire.ClockIs):
                live.set_clock(client, message)
            elif isinstance(message, wire.Samples):
                await self._samples(message)
            elif isinstance(message, wire.OpenStream):
                self._open(message)
            elif isinstance(message, wire.EndStream):
                live.end_stream(client, message)
            elif isinstance(message, wire.Hello):
                self._refuse("not-now", room_reason(RoomReason.HELLO_TWICE), "hello")
            else:
                self._room.take(Received(client, message))  # type: ignore[arg-type]
        except DiskFullError as error:
            self._refuse("disk-full", reason_of(error), str(message.__struct_config__.tag))
        except CoregulationError as error:
            self._refuse("unknown", reason_of(error), str(message.__struct_config__.tag))

    def _open(self, message: wire.OpenStream) -> None:
        from coregulation.live.room.permissions import refusal_of

        refused = refusal_of(self._room.live.room, self._connection.client, message)
        if refused is not None:
            self._refuse(refused.code, refused.reason, "stream")
            return
        last = self._room.live.open_stream(message)
        if last >= 0:
            self._connection.send(wire.Ack(message.stream, last))

    async def _samples(self, message: wire.Samples) -> None:
        from coregulation.live.room.permissions import refusal_of

        live, client = self._room.live, self._connection.client
        law = refusal_of(live.room, client, message)
        if law is not None:
            self._refuse(law.code, law.reason, "samples")
            return
        refused = live.refused(client, message)
        if refused is not None:
            self._connection.send(refused)
            return
        if not live.is_kept(message):
            piece, packets = live.piece(client, message)
            await self._registry.kept(piece)
            person = live.streams[message.stream].record.person
            self._room.pulse(person, live.compute(message.stream, message.seq, packets))
        self._connection.send(wire.Ack(message.stream, message.seq))

    def _refuse(self, code: wire.Refusal, reason: Reason, about: str | None) -> None:
        self._connection.send(wire.refused(code, reason, about))


async def _unlock(registry: RoomRegistry, name: str, device: AccessDevice, socket: WebSocket) -> None:
    """Take the keys that a page of an interrupted session brings back; the page comes again when the room is there."""
    await socket.accept()
    with contextlib.suppress(asyncio.TimeoutError, ProtocolError):
        event = await asyncio.wait_for(socket.receive(), HELLO_WITHIN)
        hello = wire.from_client(event.get("text") or event.get("bytes") or b"")
        if isinstance(hello, wire.Hello):
            registry.bring_keys(name, device, hello.keys)
    await socket.send_text(wire.encode(wire.refused("not-now", room_reason(RoomReason.LOCKED), "hello")).decode())
    await socket.close(TRY_AGAIN)


async def serve(
    registry: RoomRegistry, room: RoomTask | None, name: str, device: AccessDevice | None, socket: WebSocket
) -> None:
    """Serve a socket; one that has no cookie or no room is refused before it opens."""
    if device is not None and room is None and name in registry.locked:
        await _unlock(registry, name, device, socket)
        return
    if device is None or room is None:
        registry.record_refusal("socket")
        await socket.close(POLICY, Catalogue().text("live.no-seat"))
        return
    await RoomSocket(registry, room, device, socket).run()
