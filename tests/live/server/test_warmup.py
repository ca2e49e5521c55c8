"""The rehearsal compiles everything that beats of any sensor need, so that no room waits for a compiler."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from coregulation.live.server import rehearsal, warmup
from coregulation.live.server.warmup import REHEARSED
from coregulation.live.signals.stream_kinds import STREAM_KINDS, brings_beats
from tests.live.served import running

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


def test_the_program_ends_while_it_still_rehearses(tmp_path, monkeypatch):
    going = threading.Event()
    monkeypatch.setattr(rehearsal, "REHEARSAL", rehearsal.Rehearsal())
    monkeypatch.setattr(warmup, "warm_up", lambda: going.wait(60))
    with running(tmp_path / "store") as served:
        served.host().room()
        assert not rehearsal.REHEARSAL.is_over()
        began = time.monotonic()
    assert time.monotonic() - began < 30
    going.set()


def test_a_rehearsal_that_fails_holds_up_no_room(monkeypatch):
    def broken():
        raise ValueError

    monkeypatch.setattr(warmup, "warm_up", broken)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    tried = rehearsal.Rehearsal()
    tried.begin()
    deadline = time.monotonic() + 30
    while not tried.is_over():
        assert time.monotonic() < deadline
        time.sleep(0.01)
