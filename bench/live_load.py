"""Load on `coregulation live`: many rooms of two straps against one server process, and what breaks first.

    python bench/live_load.py --rooms 200 --minutes 10 --json load.json

Every client sends a heart-rate notification a second (a tenth of the rooms also 130 Hz ECG in PMD frames, two a second), is told the
state five times a second, and measures how long its own beat takes back to it (`ack`, which leaves after the disk has the piece,
the stages were stepped and the early pulse was sent). The generator runs on the same machine and takes its share of it. Told: p50, p95, p99 of that delay, lost
acknowledgements, memory of the server over time, its processor time, and the size of the store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
from websockets.asyncio.client import connect

from coregulation.live.room import wire
from coregulation.live.signals.heart_packets import HeartPacket, encode_heart_packet

PORT = 8799
DECODER = msgspec.json.Decoder(dict)
PASSED_OVER = (
    '{"type":"state"',
    '{"type":"pulse"',
    '{"type":"quality"',
)  # heard, and not read: the generator has one core


def ecg(seconds: int = 19, every: float = 0.95) -> list[bytes]:
    """Return frames of half a second of an ECG with a beat every so often (µV, 130 Hz), to be sent round and round."""
    rng = random.Random(1)
    grid = [k / 130 for k in range(130 * seconds)]
    wave = [
        sum(1000 * math.exp(-(((t - every * b) / 0.012) ** 2)) for b in (round(t / every),)) + rng.gauss(0, 15)
        for t in grid
    ]
    whole = b"".join(int(v).to_bytes(3, "little", signed=True) for v in wave)
    return [whole[k : k + 195] for k in range(0, len(whole), 195)]


FRAMES = ecg()


class Tally:
    """What all clients measured together."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.rooms: list[str] = []  # of each delay: in which room, and when it was acknowledged (s, steady clock)
        self.times: list[float] = []
        self.sent = self.acknowledged = self.refused = self.closed = 0


class Strap:
    """One person's client."""

    def __init__(
        self, base: str, cookie: str, room: str, who: str, ecg: bool, tally: Tally, source: str = "127.0.0.1"
    ) -> None:
        self.base, self.cookie, self.room, self.who, self.ecg, self.tally = base, cookie, room, who, ecg, tally
        self.source = source  # one address may hold 64 connections
        self.waiting: dict[int, float] = {}
        self.phase = ""
        self.over = False

    async def run(self, until: float) -> None:
        url = f"{self.base.replace('http', 'ws', 1)}/api/rooms/{self.room}/socket"
        async with connect(
            url,
            additional_headers={"cookie": self.cookie},
            origin=self.base,
            compression=None,
            local_addr=(self.source, 0),
        ) as ws:
            self.ws = ws
            await self.say(wire.Hello("participant", [self.who]))
            self.hearing = hearing = asyncio.create_task(self.hear())
            await self.through()
            await asyncio.gather(self.beats(until), *([self.frames(until)] if self.ecg else []))
            await asyncio.sleep(2.0)
            self.over = True
            hearing.cancel()

    async def say(self, message: wire.Message) -> None:
        await self.ws.send(wire.encode(message).decode())

    async def hear(self) -> None:
        try:
            async for text in self.ws:
                if text.startswith(PASSED_OVER):
                    continue
                told = DECODER.decode(text)
                kind = told["type"]
                if kind == "room":
                    self.phase = told["phase"]
                elif kind == "ack" and told["stream"].startswith("hr"):
                    self.tally.acknowledged += 1
                    if told["seq"] in self.waiting:
                        self.tally.delays.append(time.perf_counter() - self.waiting.pop(told["seq"]))
                        self.tally.rooms.append(self.room)
                        self.tally.times.append(time.monotonic())
                elif kind == "refused":
                    self.tally.refused += 1
                elif kind == "pong":
                    back = time.monotonic()
                    trip = back - told["sent"]
                    await self.say(wire.ClockIs(told["t1"] - told["sent"] - trip / 2, trip))
        finally:
            self.tally.closed += not self.over

    async def through(self) -> None:
        for phase, said in (
            ("arrive", []),
            ("consent", [wire.Consent(self.who, ["show-partner", "keep"], "1")]),
            ("sensors", [wire.Ping(time.monotonic())]),
        ):
            while self.phase != phase:
                if self.hearing.done():
                    raise ConnectionError(f"closed before {phase}")
                await asyncio.sleep(0.05)
            for message in said:
                await self.say(message)
            if phase != "sensors":
                await self.say(wire.Ready(self.who))
        await asyncio.sleep(0.5)
        await self.say(wire.OpenStream(f"hr-{self.who}", self.who, "hr", "Load"))
        if self.ecg:
            await self.say(wire.OpenStream(f"ecg-{self.who}", self.who, "pmd", "Load"))

    async def beats(self, until: float) -> None:
        rng = random.Random(f"{self.room}{self.who}")
        await asyncio.sleep(rng.random())
        seq, began = 0, time.monotonic()
        while time.monotonic() < until:
            ticks = (round(1024 * rng.gauss(0.95, 0.03)),)
            data = encode_heart_packet(HeartPacket(63, ticks, contact=True))
            if seq > 20:
                self.waiting[seq] = time.perf_counter()
            await self.say(wire.Samples(f"hr-{self.who}", seq, [time.monotonic()], [data]))
            self.tally.sent += 1
            if seq == 15:
                await self.say(wire.Ready(self.who))
            seq += 1
            if seq == 25 and self.who == "ada":
                await self.say(wire.Skip())  # the alone minutes: the practice is the heavier part
            await asyncio.sleep(max(0.0, began + seq - time.monotonic()))

    async def frames(self, until: float) -> None:
        seq, began = 0, time.monotonic()
        while time.monotonic() < until:
            stamp = int((time.monotonic()) * 1e9)
            body = struct.pack("<BQB", 0, stamp, 0) + FRAMES[seq % len(FRAMES)]
            await self.say(wire.Samples(f"ecg-{self.who}", seq, [time.monotonic()], [body]))
            seq += 1
            await asyncio.sleep(max(0.0, began + seq * 0.5 - time.monotonic()))


def memory(pid: int) -> float:
    """Resident memory in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def cpu(pid: int) -> float:
    """Processor seconds so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(rooms: int, minutes: float, base: str, token: str, pid: int) -> dict[str, object]:
    """Run the load and return what was measured."""
    tally, memories, shares = Tally(), [], []
    async with httpx.AsyncClient(base_url=base, headers={"origin": base}, timeout=60) as http:
        await http.post("/api/enter", json={"token": token})
        cookie = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
        body = {
            "people": [{"person": "ada"}, {"person": "ben"}],
            "screens": "own",
            "practice": "silent-sitting",
            "feedback": "both",
            "minutes": 30,
        }
        names = [(await http.post("/api/rooms", json=body)).json()["room"] for _ in range(rooms)]
    until = time.monotonic() + 60 * minutes + 30
    straps = [
        Strap(base, cookie, name, who, k % 10 == 0, tally, f"127.0.{2 + k // 20}.1")
        for k, name in enumerate(names)
        for who in ("ada", "ben")
    ]
    tasks = []
    for one in straps:
        tasks.append(asyncio.create_task(one.run(until)))
        await asyncio.sleep(0.02)
    before = cpu(pid)
    while not all(task.done() for task in tasks):
        await asyncio.sleep(10)
        memories.append(round(memory(pid), 1))
        shares.append(round((cpu(pid) - before) / 10, 2))
        before = cpu(pid)
    failed = [repr(task.exception()) for task in tasks if task.exception()]
    delays = sorted(tally.delays) or [float("nan")]
    at = lambda q: round(1000 * delays[min(len(delays) - 1, int(q * len(delays)))], 1)  # noqa: E731
    return {
        "rooms": rooms, "minutes": minutes, "clients": len(straps), "beats": len(delays),
        "delay_ms": {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)},
        "sent": tally.sent, "acknowledged": tally.acknowledged, "refused": tally.refused, "closed_early": tally.closed,
        "failed": failed[:3], "memory_mb": memories, "cpu_share": shares,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--json", default=None)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "coregulation", "live", "--no-browser", "--port", str(PORT), "--store", folder]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            base, token = line.split()[1].split("/#token=")
            found = asyncio.run(load(args.rooms, args.minutes, base, token, server.pid))
            found["store_mb"] = round(sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 1e6, 1)
        finally:
            server.terminate()
            server.wait(20)
    text = json.dumps(found)
    sys.stdout.write(text + "\n")
    if args.json:
        Path(args.json).write_text(text)


if __name__ == "__main__":
    main()
