"""Sessions whose truth is known, made in a line."""

from __future__ import annotations

import math

import numpy as np

from coregulation.analysis.pipeline import Analysis
from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal

RATE = 2.0
QUICK = Analysis(
    surrogates=199, secondary=99, sensitivity=(), bootstrap=BlockBootstrap(draws=99), jobs=1, seed=3, bodies=False
)  # fmt: skip


def wander(seed, seconds=600.0, rate=RATE):
    """Somebody's slow ups and downs, as heart rate in 1/min."""
    from scipy.signal import lfilter

    steps = np.random.default_rng(seed).standard_normal(round(seconds * rate) + 200)
    return 70 + 2 * lfilter([1.0], [1.0, -0.8], steps)[200:]


def follower(leader, seed, strength=0.8, lag=4):
    """Somebody who follows, `lag` samples later."""
    own = wander(seed, len(leader) / RATE) - 70
    return 70 + strength * np.roll(leader - 70, lag) + math.sqrt(1 - strength**2) * own


def session(people, *, channel="heart_rate", rate=RATE, roles=None, clocks=None, start=0.0, **facts):
    """A session of people by name, each with the values of one channel or a mapping of channels."""
    recordings = []
    for name, values in people.items():
        channels = values if isinstance(values, dict) else {channel: values}
        signals = {key: Signal(v, rate, start, CHANNELS[key].unit) for key, v in channels.items()}
        own = dict.fromkeys(channels, clocks[name]) if clocks else {}
        recordings.append(Recording(Person(name, (roles or {}).get(name)), signals, None, own))
    return Session(facts.pop("id", "made"), tuple(recordings), **facts)


def linked(seed=1, seconds=600.0, **facts):
    """Ben follows ada by two seconds."""
    ada = wander(seed, seconds)
    return session({"ada": ada, "ben": follower(ada, seed + 1000)}, **facts)


def strangers(seed=1, seconds=600.0, **facts):
    """Nobody has to do with anybody."""
    return session({"ada": wander(seed, seconds), "ben": wander(seed + 1000, seconds)}, **facts)


def script(count, linked_by=0.0, weight=0.0, seed=50, seconds=600.0, **facts):
    """Sessions of one script: `weight` of it reaches everybody, and each second person follows the first."""
    shared = wander(seed - 1, seconds) - 70
    out = []
    for k in range(count):
        first = wander(seed + 2 * k, seconds)
        second = follower(first, seed + 2 * k + 1, linked_by)
        people = {f"a{k}": first + weight * shared, f"b{k}": second + weight * shared}
        out.append(session(people, id=f"pair {k}", **facts))
    return out


UNSTATED = Clock(offset_sd=None)
