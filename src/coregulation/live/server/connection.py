"""One open socket, and the task that sends what waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from coregulation.live.room import wire
from coregulation.live.server.outbox import Outbox

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

TOO_SLOW, NORMAL, POLICY = 1013, 1000, 1008
SAME = 0.9  # s of the session after which a picture is sent though it shows the same


class Connection:
    """A client.

    Args:
        client: its name among the sockets of a room.
        device: the browser behind it.
        socket: accepted.
    """

    def __init__(self, client: str, device: str, socket: WebSocket) -> None:
        self.client, self.device = client, device
        self._socket = socket
        self._outbox = Outbox()
        self._wake = asyncio.Event()
        self._ending: int | None = None
        self.welcomed = False
        self.task: asyncio.Task[None] | None = None
        self._showed: object = None
        self._showed_at = -SAME

    def send(self, message: wire.Message) -> None:
        """Put a message into the line; it leaves as soon as the client takes it."""
        self._outbox.put(message)
        if self._outbox.overflown and self._ending != TOO_SLOW:
            self._ending = TOO_SLOW
            if self.task is not None:
                self.task.cancel()  # it may hang in a send that the client never takes
        self._wake.set()

    def picture(self, state: wire.StateMessage) -> None:
        """Send a picture if it shows something else than the last one did, or that is a second old."""
        shows = (state.people, state.together, state.together_at)
        if shows != self._showed or state.t - self._showed_at >= SAME:
            self._showed, self._showed_at = shows, state.t
            self.send(state)

    def end(self, code: wire.Farewell) -> None:
        """Say goodbye and close."""
        self.send(wire.Bye(code))
        self._ending = NORMAL if self._ending is None else self._ending
        self._wake.set()

    async def sending(self) -> None:
        """Send until the end; then close the socket, with 1013 where the client was too slow."""
        try:
            await self._send_all()
        except asyncio.CancelledError:
            if self._ending != TOO_SLOW:
                raise
        await self._socket.close(self._ending or NORMAL)

    async def _send_all(self) -> None:
        while True:
            text = self._outbox.take()
            if text is not None:
                await self._socket.send_text(text.decode())
            elif self._ending is not None:
                return
            else:
                self._wake.clear()
                await self._wake.wait()
