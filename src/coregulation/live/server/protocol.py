"""HTTP connections with bounds: how many of one address and in all, and how long one may take to say what it wants.

uvicorn has none of these, and every connection that is held costs a file descriptor.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from coregulation.live.server.worker import place_of
from coregulation.report.catalogue import Catalogue

PER_ADDRESS = 64  # connections; a browser opens about six, and several people may share one address
HEAD_WITHIN = 10.0  # s from the opening of a connection (or the end of the last answer) to the end of a request's head
LOG_LINES = 20  # of one logger in a minute; what comes beyond is counted
MINUTE = 60.0


def most_connections() -> int:
    """Return how many connections are taken in all: the store, reports and a reserve need descriptors too."""
    try:
        import resource
    except ImportError:
        return 512
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, min(2048, soft // 2 if soft != resource.RLIM_INFINITY else 2048))


class Connections:
    """The open connections of a server, by address; a WebSocket stays one."""

    def __init__(self, most: int | None = None, per_address: int = PER_ADDRESS) -> None:
        self._most = most_connections() if most is None else most
        self._per_address = per_address
        self._open: dict[str, set[Any]] = {}

    def take(self, address: str, transport: Any) -> bool:
        """Whether one more is taken."""
        mine = self._open.setdefault(address, set())
        if len(mine) >= self._per_address or sum(map(len, self._open.values())) >= self._most:
            self._prune()
            mine = self._open.setdefault(address, set())
        if len(mine) >= self._per_address or sum(map(len, self._open.values())) >= self._most:
            return False
        mine.add(transport)
        return True

    def _prune(self) -> None:
        left = {
            address: {transport for transport in some if not transport.is_closing()}
            for address, some in self._open.items()
        }
        self._open = {address: some for address, some in left.items() if some}


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 with bounds; `bounded_protocol` says which."""

    open_connections: ClassVar[Connections]
    head_within: ClassVar[float] = HEAD_WITHIN
    _late: asyncio.TimerHandle | None = None
    _is_socket = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or break it off if there are too many."""
        super().connection_made(transport)
        if not self.open_connections.take(self.client[0] if self.client else "", transport):
            transport.abort()
            return
        self._wait_for_head()

    def handle_events(self) -> None:
        """Read what came; a request whose head is complete is waited for no more."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_waiting()
        elif self._late is None and not self._is_socket and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over to the socket of a room."""
        self._stop_waiting()
        self._is_socket = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the connection is gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._late = self.loop.call_later(self.head_within, self._too_late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()


def bounded_protocol(connections: Connections, head_within: float = HEAD_WITHIN) -> type[asyncio.Protocol]:
    """Return a protocol class for uvicorn that keeps bounds.

    Parameters
    ----------
    connections
        Of one server.
    head_within
        Seconds in which a request's head must be complete.

    Returns
    -------
    type
        For `uvicorn.Config(http=…)`.
    """
    return type("OneServersProtocol", (BoundedProtocol,), {"open_connections": connections, "head_within": head_within})


class FewLines(logging.Filter):
    """Lets a bounded number of lines a minute through, whatever happens, and says how many it left out.

    Of an error, the kind and the place are written, but not its text, which may quote a name or what a person wrote.
    """

    def __init__(self, lines: int = LOG_LINES) -> None:
        super().__init__()
        self._lines, self._since, self._count = lines, time.monotonic(), 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.getMessage().splitlines()[0]} ({place_of(record.exc_info[1])})"
            record.args, record.exc_info, record.exc_text = (), None, None
        now = time.monotonic()
        if now - self._since > MINUTE:
            left_out = self._count - self._lines
            self._since, self._count = now, 0
            if left_out > 0:
                record.msg = Catalogue().text("live.lines-left-out", message=record.getMessage(), count=left_out)
                record.args = ()
        self._count += 1
        return self._count <= self._lines


def bound_logs() -> None:
    """Bound what the server's libraries write."""
    for name in ("asyncio", "uvicorn", "uvicorn.error", "websockets", "websockets.server"):
        logger = logging.getLogger(name)
        if not any(isinstance(item, FewLines) for item in logger.filters):
            logger.addFilter(FewLines())
