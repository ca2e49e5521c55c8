"""The shared vocabulary of generated things: signals with gaps, beats, windows, clocks, sessions."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coregulation.clock import Clock
from coregulation.events import Block, Exclusion, Mark
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window

times = st.floats(-1e4, 1e4).map(lambda t: round(t, 4))
rates = st.sampled_from([0.5, 1.0, 2.0, 4.0, 10.0, 25.0, 130.0, 33.3])
values = st.floats(-1e6, 1e6, allow_subnormal=False)


@st.composite
def windows(draw: st.DrawFn, longest: float = 1e4) -> Window:
    start = draw(times)
    return Window(start, start + draw(st.floats(0, longest)))


@st.composite
def signals(draw: st.DrawFn, least: int = 0, most: int = 200) -> Signal:
    """Any regular signal, with any number of gaps."""
    array = draw(hnp.arrays(np.float64, st.integers(least, most), elements=values))
    for first, length in draw(
        st.lists(st.tuples(st.integers(0, most), st.integers(1, 30)), max_size=min(3, most // 20))
    ):
        array[first : first + length] = np.nan
    return Signal(array, draw(rates), draw(times), draw(st.sampled_from(Unit)))


@st.composite
def beats(draw: st.DrawFn, most: int = 60) -> Beats:
    """Beats at a human pace, some of them marked, some after a break."""
    intervals = draw(hnp.arrays(np.float64, st.integers(0, most), elements=st.floats(0.25, 3.0)))
    flags = hnp.arrays(bool, len(intervals))
    return Beats(draw(times) + np.cumsum(intervals), draw(flags), draw(flags))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    sd = st.floats(0, 10)
    return Clock(draw(times), draw(st.none() | sd), draw(st.floats(-500, 500)), draw(sd))


@st.composite
def sessions(draw: st.DrawFn, least: int = 2, most: int = 4) -> Session:
    """Two or more people with a signal or beats each, consecutive blocks, marks and spans left out."""
    ids = draw(st.lists(st.text("abcdefg", min_size=1, max_size=4), min_size=least, max_size=most, unique=True))
    who = st.none() | st.sampled_from(ids)
    edges = sorted(draw(st.lists(times, max_size=4, unique=True)))
    spans = list(itertools.pairwise(edges))
    kinds = st.sampled_from(["alone-rest", "together-rest", "talk"])
    return Session(
        id="generated",
        recordings=tuple(draw(_recordings(name)) for name in ids),
        marks=tuple(Mark(draw(times), "mark", draw(who)) for _ in range(draw(st.integers(0, 2)))),
        blocks=tuple(Block(draw(kinds), a, b, present=tuple(ids), cues={"voice": True}) for a, b in spans),
        exclusions=tuple(Exclusion(a, b, "cough", draw(who)) for a, b in spans),
        shared=draw(st.none() | st.just(()) | st.just(("music",))),
    )


@st.composite
def _recordings(draw: st.DrawFn, name: str) -> Recording:
    channels = st.dictionaries(st.sampled_from(["heart_rate", "resp", "eda"]), signals(most=6), max_size=2)
    return Recording(
        Person(name, draw(st.none() | st.just("client"))),
        draw(channels),
        draw(st.none() | beats(most=4)),
        {"resp": draw(clocks())},
    )
