"""How a server runs, said once and known to every part of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server runs.

    Args:
        port: where.
        host: the name or address in the browser's line; anything but loopback needs `secure`.
        secure: TLS.
        speed: how much faster than a clock sessions run, for tests and shows.
    """

    port: int = 8765
    host: str = "127.0.0.1"
    secure: bool = False
    speed: float = 1.0

    @property
    def origins(self) -> tuple[str, ...]:
        """Where pages come from."""
        scheme = "https" if self.secure else "http"
        names = dict.fromkeys((self.host, "127.0.0.1", "localhost", "[::1]"))
        return tuple(f"{scheme}://{name}:{self.port}" for name in names)
