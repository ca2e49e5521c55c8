"""A rehearsal before the first session: everything a practice computes is loaded and compiled before somebody waits for it."""

from __future__ import annotations

import gc
import itertools

from coregulation.live.signals.engine import Engine
from coregulation.live.signals.packets import Packets
from coregulation.live.sources.simulated import SimulatedPair

SECONDS = 240
SELDOM = 20_000  # new objects before garbage is looked for


def warm_up() -> None:
    """Run an engine over some simulated minutes; what is loaded by then stays, so collecting garbage passes it over."""
    engine = Engine(("0", "1"))
    for second in itertools.islice(SimulatedPair(2, seed=0).packets(0.0, lambda _: True), SECONDS):
        for packet in second:
            engine.heart(str(packet.person), packet.person, Packets([packet.at], [packet.data]))
            engine.slow(packet.at)
    question = engine.question(float(SECONDS), 0.0, paced=False)
    if question is not None:
        question.answer()
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)  # a look through everything stops all rooms for a tenth of a second
