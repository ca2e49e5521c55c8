"""The rehearsal compiles everything that beats of any sensor need, so that no room waits for a compiler."""

from __future__ import annotations

import subprocess
import sys

from coregulation.live.server.warmup import REHEARSED
from coregulation.live.signals.stream_kinds import STREAM_KINDS, brings_beats

COUNTS = """
import gc
import random
from numba.core.dispatcher import Dispatcher
from coregulation.live.server.warmup import warm_up
from coregulation.live.signals.engine import Engine
from coregulation.live.signals.packets import Packets
from bench.live_load import FRAMES
import struct

def compiled():
    return sum(len(one.overloads) for one in gc.get_objects() if isinstance(one, Dispatcher))

gc.freeze = lambda: None
warm_up()
before = compiled()
engine = Engine(("ada",))
for k in range(200):
    at = 0.5 * k
    engine.heart("ada", 1, Packets([at], [struct.pack("<BQB", 0, int(at * 1e9), 0) + FRAMES[k % len(FRAMES)]]), "pmd")
    engine.slow(at)
rng = random.Random(2)
for k in range(90):
    rows = [struct.pack("<df", k + j / 25, 90 - (j % 20 == 0) + rng.gauss(0, 0.05)) for j in range(25)]
    engine.heart("ada", 2, Packets([float(k)], [b"".join(rows)]), "finger")
print(before, compiled())
"""


def test_after_the_rehearsal_nothing_is_compiled_for_a_sensor():
    answer = subprocess.run([sys.executable, "-c", COUNTS], capture_output=True, text=True, check=True)
    before, after = map(int, answer.stdout.split())
    assert before > 0
    assert after == before


def test_every_kind_of_sensor_with_beats_is_rehearsed():
    assert {*REHEARSED, "hr"} == {kind for kind in STREAM_KINDS if brings_beats(kind)}
