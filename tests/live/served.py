"""A real server on loopback, in a thread of its own, and clients that speak to it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from coregulation.live.room import wire
from coregulation.live.server import ServerOptions, application
from coregulation.live.server.serving import listen, server
from coregulation.live.signals.heart_packets import TICK, HeartPacket, encode_heart_packet
from coregulation.store import Store

OPEN: dict[str, list[httpx.Client | ClientConnection]] = {}  # what a test leaves open is closed with its server


def close_all(base: str) -> None:
    for one in OPEN.pop(base, []):
        one.close()


class Running:
    """A server that runs."""

    def __init__(self, folder: Path, speed: float = 1.0, port: int = 0) -> None:
        self._socket = listen("127.0.0.1", port)
        self.port = self._socket.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.app, self.registry = application(Store(folder), ServerOptions(self.port, speed=speed))
        self._server = server(self.app)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def stop(self) -> None:
        close_all(self.base)
        self._server.should_exit = True
        self._thread.join(60)
        self._socket.close()
        assert not self._thread.is_alive()

    def host(self) -> Browser:
        browser = Browser(self.base)
        assert browser.post("/api/enter", {"token": self.registry.access.new_token()}).status_code == 204
        return browser


@contextlib.contextmanager
def running(folder: Path, speed: float = 1.0) -> Iterator[Running]:
    one = Running(folder, speed)
    try:
        yield one
    finally:
        one.stop()


class Browser:
    """What a page does."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx.Client(base_url=base, headers={"origin": base}, timeout=60)
        OPEN.setdefault(base, []).append(self.http)

    def post(self, path: str, told: Any) -> httpx.Response:
        return self.http.post(path, json=told)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    def room(self, **asked: Any) -> str:
        people = asked.pop("people", ("ada", "ben"))
        body = {"people": [{"person": who} for who in people], "practice": "silent-sitting", "feedback": "both"} | asked
        answer = self.post("/api/rooms", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["room"]

    def enter(
        self, room: str, *people: str, role: wire.Role = "participant", take_over: bool = False, keys: Any = None
    ) -> Seated:
        url = f"{self.base.replace('http', 'ws', 1)}/api/rooms/{room}/socket"
        one = Seated(opened(url, self.cookie, self.base), people, self.base)
        OPEN[self.base].append(one.socket)
        one.say(wire.Hello(role, list(people), take_over=take_over, keys=keys or {}))
        return one


def opened(url: str, cookie: str, origin: str | None) -> ClientConnection:
    """Open a socket; its server closes it."""
    headers = {"cookie": cookie} if cookie else {}
    manager = connect(url, additional_headers=headers, origin=origin, max_size=2**22, max_queue=None)  # type: ignore[arg-type]
    return manager.__enter__()


class Seated:
    """A page in a room."""

    def __init__(self, socket: ClientConnection, people: tuple[str, ...], base: str) -> None:
        self.socket, self.people, self._base = socket, people, base
        self.heard: list[Any] = []
        self.seq = dict.fromkeys(people, 0)

    def say(self, message: wire.Message) -> None:
        self.socket.send(wire.encode(message).decode())

    def raw(self, text: str | bytes) -> None:
        self.socket.send(text)

    def hear(self, seconds: float = 60.0) -> Any:
        message = wire.from_server(self.socket.recv(seconds))
        self.heard.append(message)
        return message

    def until(self, wanted: Callable[[Any], bool], seconds: float = 90.0) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            message = self.hear(max(0.01, deadline - time.monotonic()))
            if wanted(message):
                return message

    def of(self, kind: type, seconds: float = 90.0, **having: Any) -> Any:
        return self.until(lambda m: isinstance(m, kind) and all(getattr(m, k) == v for k, v in having.items()), seconds)

    def phase(self, phase: wire.Phase, seconds: float = 90.0) -> wire.RoomMessage:
        return self.of(wire.RoomMessage, seconds, phase=phase)

    def sync(self) -> None:
        sent = time.monotonic()
        self.say(wire.Ping(sent))
        pong = self.of(wire.Pong)
        back = time.monotonic()
        self.say(wire.ClockIs(((pong.t1 - sent) + (pong.t2 - back)) / 2, back - sent))

    def ready(self) -> None:
        for who in self.people:
            self.say(wire.Ready(who))

    def consent(self, *purposes: wire.Purpose) -> None:
        for who in self.people:
            self.say(wire.Consent(who, list(purposes), "1"))

    def open(self, who: str, stream: str | None = None) -> str:
        name = stream or f"hr-{who}"
        self.say(wire.OpenStream(name, who, "hr", "Test strap"))
        return name

    def beat(self, who: str, rr: float = 0.9, seq: int | None = None, stream: str | None = None) -> int:
        """Send one notification with one interval."""
        number = self.seq[who] if seq is None else seq
        data = encode_heart_packet(HeartPacket(round(60 / rr), (round(rr / TICK),), contact=True))
        self.say(wire.Samples(stream or f"hr-{who}", number, [time.monotonic()], [data]))
        if seq is None:
            self.seq[who] += 1
        return number

    def close(self) -> None:
        self.socket.close()
        OPEN[self._base].remove(self.socket)


def to_sensors(one: Seated, *purposes: wire.Purpose) -> None:
    """From the door to the sensors, on one screen."""
    one.phase("arrive")
    one.ready()
    one.phase("consent")
    one.consent(*(purposes or ("show-partner", "keep")))
    one.ready()
    one.phase("sensors")
    one.sync()
