"""Independent hearts as the simulated straps make them: a report passes G1 by chance, in about one of twenty and no more."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from coregulation.coupling.settings import LINKAGE
from coregulation.events import Block
from coregulation.live.sources.simulated import RATE, SimulatedPair
from coregulation.regulation.gate import GateState
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats
from tests.sessions import QUICK

PAIRS, ALONE, END = 60, 180.0, 480.0  # s: alone until then, together until the end


def beats(rates, begun):
    times = [begun]
    while times[-1] < END:
        times.append(times[-1] + 60 / rates[int((times[-1] - begun) * RATE) % len(rates)])
    return Beats(np.array(times))


def independent_session(seed):
    """What the straps of `SimulatedPair` say to a session of a browser, but for the browser."""
    rng, pair = np.random.default_rng(seed), SimulatedPair(2, linked=False, seed=seed)
    alone, practising = (pair._drawn(rng, practising=practising) for practising in (False, True))
    turn = round(ALONE * RATE)
    recordings = tuple(
        Recording(Person(name), {}, beats(np.concatenate([first[:turn], then[turn:]]), 0.3 * rng.random()), {})
        for name, first, then in zip(("ada", "ben"), alone, practising, strict=True)
    )
    blocks = (Block("alone-rest", 0.0, ALONE), Block("silent", ALONE, END))
    return Session(f"independent {seed}", recordings, shared=(), blocks=blocks)


def test_independent_pairs_pass_by_chance_and_no_more_often():
    """With a size of .05, more than this bound come once in a thousand runs of other seeds."""
    states = [QUICK(independent_session(seed)).verdicts[0].gate("G1").state for seed in range(1, PAIRS + 1)]
    assert GateState.CANNOT_TELL not in states
    assert states.count(GateState.PASSED) <= binom.ppf(0.999, PAIRS, LINKAGE.alpha)
