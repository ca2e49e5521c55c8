"""Rooms under attack: `coregulation live` with many rooms of two straps, while others on the network do what they can.

    python -m bench.live_attack --rooms 40 --minutes 60 --json attack.json

The attackers, each from addresses of its own on loopback: half-sent request heads that are held open, slow bodies, wrong tokens and codes in floods,
bad frames and storms of messages on a socket of a guest at the door, uploads that are announced as huge or never end, and new connections as fast as they
are taken. Told: the delay from a beat to its acknowledgement (in all, by room and by minute), what was lost, the server's memory over time, what
share of a core the server and this generator took, and the machine's load. `--write` also makes docs/generated/live-attack.md.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from bench.live_load import PORT, Strap, Tally, cpu, memory
from bench.tables import machine, written

BODY = {
    "people": [{"person": "ada"}, {"person": "ben"}], "screens": "own", "practice": "silent-sitting", "feedback": "both", "minutes": 60,
    "baseline": 30,
}  # fmt: skip
Attack = Callable[[str, Counter[str]], Awaitable[None]]


async def raw(source: str, data: bytes, hold: float) -> bytes:
    """Send bytes over a connection of its own, hold it open for some seconds, and return what came back first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT, local_addr=(source, 0))
    try:
        writer.write(data)
        await writer.drain()
        return await asyncio.wait_for(reader.read(200), hold)
    except TimeoutError:
        return b""
    finally:
        writer.close()


def head(method: str, path: str, *lines: str) -> bytes:
    """Return a request's head."""
    host = f"127.0.0.1:{PORT}"
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Origin: http://{host}", *lines, "", ""]
    ).encode()


async def half_heads(source: str, seen: Counter[str]) -> None:
    """Hold a request whose head never ends."""
    seen[f"half head {(await raw(source, head('GET', '/')[:-2] + b'X-a: ', 30.0))[:12]!r}"] += 1


async def slow_bodies(source: str, seen: Counter[str]) -> None:
    """Send a body one byte at a time."""
    lines = ("Content-Type: application/json", "Content-Length: 200000")
    _, writer = await asyncio.open_connection("127.0.0.1", PORT, local_addr=(source, 0))
    writer.write(head("POST", "/api/join", *lines))
    with contextlib.suppress(OSError):
        for _ in range(30):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(1.0)
    seen["slow body"] += 1
    writer.close()


async def guesses(source: str, seen: Counter[str]) -> None:
    """Try wrong tokens and codes."""
    for path, body in (("/api/enter", b'{"token":"x"}'), ("/api/join", b'{"code":"x"}')):
        request = head("POST", path, "Content-Type: application/json", f"Content-Length: {len(body)}") + body
        seen[f"guess {(await raw(source, request, 5.0))[9:12]!r}"] += 1


async def uploads(source: str, seen: Counter[str]) -> None:
    """Announce an upload of a terabyte, and one of 60 MB that nobody asked for."""
    for size in (10**12, 60 * 1024 * 1024):
        request = head("POST", "/api/import?name=a.csv", f"Content-Length: {size}") + bytes(64 * 1024)
        seen[f"upload {(await raw(source, request, 10.0))[9:12]!r}"] += 1


async def strangers(source: str, seen: Counter[str]) -> None:
    """Open a socket without a cookie."""
    lines = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {'A' * 22}==",
    )
    seen[f"stranger {(await raw(source, head('GET', '/api/rooms/none/socket', *lines), 5.0))[9:12]!r}"] += 1


ATTACKS: dict[Attack, float] = {
    half_heads: 0.05,
    slow_bodies: 1.0,
    guesses: 0.05,
    uploads: 0.5,
    strangers: 0.05,
}  # s between two


async def again_and_again(attack: Attack, number: int, pause: float, until: float, seen: Counter[str]) -> None:
    """Attack until the end, from addresses of its own, with at most a hundred at once."""
    running: set[asyncio.Task[None]] = set()
    while time.monotonic() < until:
        if len(running) < 100:
            task = asyncio.create_task(attack(f"127.0.{100 + number}.{random.randrange(1, 9)}", seen))
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(
                lambda one: (
                    one.cancelled() or (seen.update([f"{attack.__name__} broken off"]) if one.exception() else None)
                )
            )
        await asyncio.sleep(pause)
    await asyncio.gather(*running, return_exceptions=True)


async def storms(base: str, cookie: str, room: str, until: float, seen: Counter[str]) -> None:
    """Storm a room's door with messages and frames that are none, from a guest that was never let in."""
    url = f"{base.replace('http', 'ws', 1)}/api/rooms/{room}/socket"
    rng = random.Random(5)
    while time.monotonic() < until:
        with contextlib.suppress(Exception):  # whatever the server does to it, it comes again
            async with connect(
                url, additional_headers={"cookie": cookie}, origin=base, local_addr=("127.0.99.1", 0)
            ) as socket:
                await socket.send('{"type":"hello","role":"viewer"}')
                for _ in range(2000):
                    await socket.send(
                        rng.choice(
                            [
                                '{"type":"stop"}',
                                "[" * 500,
                                "x" * 60_000,
                                '{"type":"mark","label":"x"}',
                                bytes(rng.randbytes(50)),
                            ]
                        )
                    )
        seen["storm"] += 1
        await asyncio.sleep(0.5)


async def run(rooms: int, minutes: float, base: str, token: str, pid: int) -> dict[str, object]:
    """Run rooms and attacks, and return what was measured."""
    tally, seen, memories, loads, shares, own = Tally(), Counter[str](), [], [], [], []
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, timeout=60) as http:
        assert (await http.post("/api/enter", json={"token": token})).status_code == 204
        cookie = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
        names = [(await http.post("/api/rooms", json=BODY)).json()["room"] for _ in range(rooms)]
        code = (await http.post(f"/api/rooms/{names[0]}/invitations", json={"role": "viewer", "people": []})).json()[
            "code"
        ]
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, timeout=60) as http:
        assert (await http.post("/api/join", json={"code": code})).status_code == 200
        guest = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
    until = time.monotonic() + 60 * minutes + 30
    straps = [
        Strap(base, cookie, name, who, k % 10 == 0, tally, f"127.0.{2 + k // 20}.1")
        for k, name in enumerate(names)
        for who in ("ada", "ben")
    ]
    tasks = [asyncio.create_task(one.run(until)) for one in straps]
    await asyncio.sleep(20.0)
    attacks = [
        asyncio.create_task(again_and_again(attack, k, pause, until - 20, seen))
        for k, (attack, pause) in enumerate(ATTACKS.items())
    ]
    attacks.append(asyncio.create_task(storms(base, guest, names[0], until - 20, seen)))
    before, spent = cpu(pid), time.process_time()
    while not all(task.done() for task in tasks):
        await asyncio.sleep(30)
        memories.append(round(memory(pid), 1))
        loads.append(round(os.getloadavg()[0], 1))
        shares.append(round((cpu(pid) - before) / 30, 2))
        own.append(round((time.process_time() - spent) / 30, 2))
        before, spent = cpu(pid), time.process_time()
    await asyncio.gather(*attacks, return_exceptions=True)
    return {
        "rooms": rooms, "minutes": minutes, "beats": len(tally.delays), "delay_ms": quantiles(tally.delays),
        "room_p95_ms": sorted(quantiles(some)["p95"] for some in grouped(tally.rooms, tally.delays).values()),
        "minute_ms": [quantiles(some) for _, some in sorted(grouped([int((t - began) // 60) for t in tally.times], tally.delays).items())],
        "sent": tally.sent, "acknowledged": tally.acknowledged, "refused": tally.refused, "closed_early": tally.closed,
        "failed": [repr(task.exception()) for task in tasks if task.exception()][:3],
        "attacks": dict(seen.most_common()), "memory_mb": memories, "cpu_share": shares, "generator_share": own, "machine_load": loads,
    }  # fmt: skip


def quantiles(delays: list[float]) -> dict[str, float]:
    """Return quantiles of delays in ms."""
    ordered = sorted(delays) or [float("nan")]
    return {
        name: round(1000 * ordered[min(len(ordered) - 1, int(q * len(ordered)))], 1)
        for name, q in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    }


def grouped(keys: Sequence[object], values: list[float]) -> dict[Any, list[float]]:
    """Return the values of each key."""
    groups: dict[Any, list[float]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(key, []).append(value)
    return groups


def table(measured: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the table."""
    minutes, memories = measured["minute_ms"], measured["memory_mb"]
    yield "| what | measured |"
    yield "|---|---|"
    yield f"| rooms, minutes, beats timed | {measured['rooms']}, {measured['minutes']:g}, {measured['beats']:,} |"
    yield (
        "| delay from a beat to its acknowledgement, ms | "
        + ", ".join(f"{name} {value:g}" for name, value in measured["delay_ms"].items())
        + " |"
    )
    yield f"| largest p95 of a room, ms | {measured['room_p95_ms'][-1]:g} |"
    yield f"| largest p95 of a minute, ms | {max(minute['p95'] for minute in minutes):g} |"
    yield f"| minutes with a p95 over 100 ms | {sum(minute['p95'] > 100 for minute in minutes)} of {len(minutes)} |"
    yield f"| sent, acknowledged, refused, closed early | {measured['sent']:,}, {measured['acknowledged']:,}, {measured['refused']}, {measured['closed_early']} |"
    yield f"| memory of the server, MB, first, largest, last half minute | {memories[0]:g}, {max(memories):g}, {memories[-1]:g} |"
    for name, key in (
        ("the server", "cpu_share"),
        ("the generator", "generator_share"),
        ("machine load", "machine_load"),
    ):
        some = sorted(measured[key])
        yield f"| {name}{'' if 'load' in name else ', share of a core'}: least, median, largest | {some[0]:g}, {some[len(some) // 2]:g}, {some[-1]:g} |"
    yield (
        f"| attacks | {sum(measured['attacks'].values()):,}: "
        + ", ".join(f"{name} {count:,}" for name, count in measured["attacks"].items())
        + " |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--nice", type=int, default=0, help="of the server and of this generator, where others use the machine as well"
    )
    args = parser.parse_args()
    if args.nice:
        os.nice(args.nice)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [
            sys.executable,
            "-m",
            "coregulation",
            "live",
            "--no-browser",
            "--port",
            str(PORT),
            "--store",
            folder,
        ]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        try:
            assert server.stdout is not None
            base, token = server.stdout.readline().split()[1].split("/#token=")
            measured = asyncio.run(run(args.rooms, args.minutes, base, token, server.pid))
            measured["server_alive"] = server.poll() is None
        finally:
            server.terminate()
            server.wait(60)
    text = json.dumps(measured)
    sys.stdout.write(text + "\n")
    if args.json is not None:
        args.json.write_text(text)
    if args.write:
        call = f"python -m bench.live_attack --rooms {args.rooms} --minutes {args.minutes:g} --nice {args.nice} --write"
        written("live-attack", call, table(measured), machine())


if __name__ == "__main__":
    main()
