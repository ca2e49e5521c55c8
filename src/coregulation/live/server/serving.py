"""From a folder and a port to a running server: the socket, the certificate, the browser, and an orderly end."""

from __future__ import annotations

import errno
import html
import ipaddress
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coregulation.errors import UsageError
from coregulation.live.room.wire import MAX_MESSAGE
from coregulation.report.catalogue import Catalogue

if TYPE_CHECKING:
    import uvicorn

    from coregulation.live.server.options import ServerOptions
    from coregulation.live.server.room_registry import RoomRegistry

Say = Callable[[str], None]
SWITCH = 0.001  # s after which a thread that computes lets the one go on that answers


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve.

    Args:
        folder: where sessions are kept.
        port: where to listen.
        host: this computer's name for others; anything but loopback needs `tls`.
        tls: "own", or a certificate and its key.
        passphrase: of the store.
        speed: of sessions' clocks, for tests and shows.
        browser: whether to open one.
    """

    folder: Path
    port: int = 8765
    host: str = "127.0.0.1"
    tls: Sequence[str] | None = None
    passphrase: str | None = None
    speed: float = 1.0
    browser: bool = True


def run_server(how: ServeOptions, say: Say) -> None:
    """Serve until stopped by hand.

    Raises:
        UsageError: if the port is taken, the folder in use, or others may look on without TLS.
        DataError: if the store cannot be used.
    """
    forbid_core_dumps()
    away = not is_loopback(how.host)
    if away and not how.tls:
        raise UsageError(
            "Without TLS nothing is served beyond this computer: what straps say could be read on the way, and other devices' "
            "browsers would refuse Bluetooth. Use --host {host} --tls own, or give a certificate and its key.",
            host=how.host,
        )
    listening = listen(how.host if away else "127.0.0.1", how.port)
    try:
        _serve(how, say, listening)
    finally:
        listening.close()


def _serve(how: ServeOptions, say: Say, listening: socket.socket) -> None:
    from coregulation.live.server import ServerOptions, application
    from coregulation.store import Store

    files = _certificate(how, say)
    options = ServerOptions(how.port, how.host, files is not None, how.speed)
    app, registry = application(Store(how.folder, how.passphrase), options)
    catalogue, address = Catalogue(), new_address(options, registry)
    say(catalogue.text("live.address", address=address))
    say(catalogue.text("live.address-note", folder=how.folder))
    registry.access.late = lambda: say(catalogue.text("live.address-new", address=new_address(options, registry)))
    opening = redirect_file(how.folder, address)
    if how.browser:
        threading.Timer(0.3, webbrowser.open, (opening.as_uri(),)).start()
    sys.setswitchinterval(SWITCH)
    try:
        server(app, files).run(sockets=[listening])
    finally:
        opening.unlink(missing_ok=True)


def new_address(options: ServerOptions, registry: RoomRegistry) -> str:
    """Return an address that lets one browser in."""
    return f"{options.origins[0]}/#token={registry.access.new_token()}"


def forbid_core_dumps() -> None:
    """Keep what is in memory out of a file that the system writes when a program crashes."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def redirect_file(folder: Path, address: str) -> Path:
    """Write a page that only its owner can read and that leads to an address with a token.

    The browser is given this file: an address in the call of a browser can be read by every user of the computer in the list of
    processes.

    Parameters
    ----------
    folder
        Of the store.
    address
        With the token of the start.

    Returns
    -------
    Path
        The file; it is to be removed at the end.
    """
    path = (folder / "open.html").resolve()
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(
            f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={html.escape(address)}">\n'
        )
    return path


def server(app: object, files: tuple[Path, Path] | None = None) -> uvicorn.Server:
    """Return a server of an application, with what a room needs set outright."""
    import uvicorn

    from coregulation.live.server.protocol import Connections, bound_logs, bounded_protocol

    bound_logs()
    certificate, key = files or (None, None)
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=bounded_protocol(Connections()),
        ws="websockets-sansio",
        ws_max_size=2 * MAX_MESSAGE,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        lifespan="on",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return uvicorn.Server(config)


def listen(address: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: if the port is taken or may not be used.
    """
    # only where TCP is named does asyncio send small messages at once, instead of 40 ms later (Nagle)
    family, target = _resolved(address, port)
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(target)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise UsageError(
                "Port {port} is taken or not allowed; perhaps `coregulation live` runs already. Give another: --port {other}.",
                port=port,
                other=port % 60000 + 1024,
            ) from error
        raise UsageError(
            "This computer cannot listen at {address}:{port} ({reason}).",
            address=address,
            port=port,
            reason=error.strerror,
        ) from error
    listening.setblocking(False)
    return listening


def _resolved(address: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    """Return the one address of this computer that a name or address means: nothing listens on any other."""
    try:
        addresses = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise UsageError(
            "The name {name} is not known on this network. Give this computer's address.", name=address
        ) from error
    family, _, _, _, target = sorted(addresses, key=lambda item: item[0] != socket.AF_INET)[0]
    return family, target


def is_loopback(host: str) -> bool:
    """Whether a name or address means this computer alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _certificate(how: ServeOptions, say: Say) -> tuple[Path, Path] | None:
    if not how.tls:
        return None
    if list(how.tls) == ["own"]:
        from coregulation.live.server.certificates import own

        return own(how.folder / "certificates", how.host, say)
    if len(how.tls) != 2 or not all(Path(path).is_file() for path in how.tls):
        raise UsageError('--tls takes "own", or two files that are there: the certificate and its key.')
    return Path(how.tls[0]), Path(how.tls[1])
