"""A rehearsal before the first session: everything a practice computes is loaded and compiled before somebody waits for it."""

from __future__ import annotations

import gc
import itertools
import struct
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from coregulation.live.signals.engine import Engine
from coregulation.live.signals.frame_beats import RATE as ECG_RATE
from coregulation.live.signals.heart_packets import ECG
from coregulation.live.signals.packets import Packets
from coregulation.live.sources.simulated import SimulatedPair
from coregulation.signals import Floats

SECONDS = 240
WAVE_SECONDS = 90
SELDOM = 20_000  # new objects before garbage is looked for


def warm_up() -> None:
    """Run an engine over some simulated minutes; what is loaded by then stays, so collecting garbage passes it over."""
    engine = Engine(("0", "1"))
    for second in itertools.islice(SimulatedPair(2, seed=0).packets(0.0, lambda _: True), SECONDS):
        for packet in second:
            engine.heart(str(packet.person), packet.person, Packets([packet.at], [packet.data]))
            engine.slow(packet.at)
    for kind, packets in REHEARSED.items():
        _rehearse(kind, packets())
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)  # a look through everything stops all rooms for a tenth of a second


def _rehearse(kind: str, packets: Iterator[Packets]) -> None:
    """Detect beats in what a kind of sensor sends: its detector is compiled here, and not while people are in a room."""
    engine = Engine(("0",))
    for some in packets:
        engine.heart("0", 0, some, kind)
        engine.slow(some.at[-1])
        engine.card("0", some.at[-1])


def _pulses(rate: float) -> Iterator[tuple[float, Floats]]:
    """Yield each second and a wave with a narrow peak per beat (0 to 1), with some noise, for a little more than a minute."""
    rng = np.random.default_rng(0)
    for second in range(WAVE_SECONDS):
        times = second + np.arange(round(rate)) / rate
        yield second + 1.0, np.exp(-((((times + 0.45) % 0.9 - 0.45) / 0.02) ** 2)) + rng.normal(0, 0.01, len(times))


def _strap_frames() -> Iterator[Packets]:
    for end, wave in _pulses(ECG_RATE):
        body = b"".join(int(1000 * value).to_bytes(3, "little", signed=True) for value in wave)
        yield Packets([end], [struct.pack("<BQB", ECG, int(end * 1e9), 0) + body])


def _camera_readings() -> Iterator[Packets]:
    for end, wave in _pulses(30.0):
        rows = (struct.pack("<df", end - 1.0 + k / 30.0, 100.0 - value) for k, value in enumerate(wave))
        yield Packets([end], [b"".join(rows)])


REHEARSED: Mapping[str, Callable[[], Iterator[Packets]]] = {"pmd": _strap_frames, "finger": _camera_readings}
