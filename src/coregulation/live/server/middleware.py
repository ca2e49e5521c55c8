"""In front of everything: the right host, the right origin, and headers that leave no room for anybody else's code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import msgspec

from coregulation.live.room.reasons import RoomReason, room_reason
from coregulation.reasons import Reason

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 64 * 1024 * 1024  # bytes of an upload
HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "bluetooth=(self), camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()",
}
HSTS = 180 * 86400  # s in which a browser does not come back without TLS
REPORT_POLICY = (
    "sandbox allow-scripts allow-modals; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'self'"
)


class SecurityMiddleware:
    """Refuses what was not meant for this server, and puts the headers on every answer.

    Args:
        app: what stands behind.
        origins: where its pages come from, such as `http://127.0.0.1:8765`.
        record: takes note that a request was refused.
    """

    def __init__(self, app: App, origins: tuple[str, ...], record: Callable[[str], None] = lambda _: None) -> None:
        self._app, self._record = app, record
        self._origins = frozenset(origins)
        secure = any(origin.startswith("https://") for origin in origins)
        self._transport = {"strict-transport-security": f"max-age={HSTS}"} if secure else {}
        self._hosts = frozenset(origin.split("://", 1)[1] for origin in origins)
        sockets = " ".join(
            origin.replace("http", "ws", 1) for origin in origins if "[" not in origin
        )  # CSP knows no IPv6
        self._policy = (
            f"default-src 'self'; connect-src 'self' {sockets}; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
            "worker-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is not None:
            self._record(refused[1].code)
            await _refuse(scope, receive, self._dressed(send) if scope["type"] == "http" else send, refused)
            return
        await self._app(scope, receive, self._dressed(send) if scope["type"] == "http" else send)

    def _refused(self, scope: Scope) -> tuple[int, Reason] | None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host") not in self._hosts:
            return 403, room_reason(RoomReason.WRONG_ADDRESS)
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if changes and headers.get("origin") not in self._origins:
            return 403, room_reason(RoomReason.WRONG_PAGE)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return 413, room_reason(RoomReason.TOO_LARGE, kilobytes=MAX_BODY // 1024)
        return None

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                wanted = {
                    **HEADERS,
                    **self._transport,
                    "content-security-policy": self._policy,
                    "cache-control": "no-store",
                }
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in wanted.items() if k.encode() not in present),
                ]
            await send(message)

        return dressed


async def _refuse(scope: Scope, receive: Receive, send: Send, refused: tuple[int, Reason]) -> None:
    status, reason = refused
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": reason.code})
        return
    body = msgspec.json.encode({"code": "not-yours", "reason": reason.code, "facts": reason.as_plain()["facts"]})
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
