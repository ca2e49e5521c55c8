"""What waits to be sent to one client: the newest picture, and events in a bounded line; a slow client never slows others."""

from __future__ import annotations

from collections import deque

from coregulation.live.room import wire

MAX_EVENTS = 256  # events


class Outbox:
    """A slot of one for `state`, where the newest wins, and a line for everything else, which must not be lost."""

    def __init__(self, most: int = MAX_EVENTS) -> None:
        self._most = most
        self._events: deque[bytes] = deque()
        self._state: bytes | None = None
        self.overflown = False

    def put(self, message: wire.Message) -> None:
        """Take a message; once the line is full the client is too slow, and nothing more is taken."""
        if self.overflown:
            return
        if isinstance(message, wire.StateMessage):
            self._state = wire.encode(message)
        elif len(self._events) >= self._most:
            self.overflown = True
        else:
            self._events.append(wire.encode(message))

    def take(self) -> bytes | None:
        """Return what is to be sent next: events first, then the picture; None if nothing is."""
        if self._events:
            return self._events.popleft()
        state, self._state = self._state, None
        return state
