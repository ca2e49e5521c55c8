"""A finished session to look at: a simulated comparison of two people of whom one steadies the other, with its report."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

from coregulation.events import Block
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.described import CUE
from coregulation.live.room.practice import protocol
from coregulation.live.room.script import ScriptPart, ScriptPeople
from coregulation.live.server.own_minutes import COMPARISON, heart_of, heart_rates, parts_of
from coregulation.live.signals.heart_packets import heart_packet
from coregulation.live.sources.following import STEADYING, FollowingHearts, LivedSecond
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Floats

PAIR = ("Ada", "Ben")
SEED = 1
FIRST_BEAT = 0.2  # s


@functools.cache
def example_session() -> Session:
    """Simulate the session."""
    parts = build_comparison(protocol(COMPARISON), ScriptPeople(PAIR, helper=PAIR[1]))
    edges = [0.0, *itertools.accumulate(CUE if part.seconds is None else part.seconds for part in parts)]
    spans = list(zip(parts, edges, edges[1:], strict=False))
    blocks = tuple(
        Block(part.block, start, end, part.perturbed, present=part.present, partner=part.partner if part.present else None)
        for part, start, end in spans
        if part.role != "cue"
    )  # fmt: skip
    recordings = tuple(Recording(Person(who), {}, Beats(times)) for who, times in zip(PAIR, _beats(spans), strict=True))
    return Session("example", recordings, blocks=blocks, shared=(), setting="one room", task=COMPARISON, simulated=True)


def _beats(spans: list[tuple[ScriptPart, float, float]]) -> list[Floats]:
    """Return the beat times of both, in s."""
    times: list[list[float]] = [[FIRST_BEAT], [FIRST_BEAT]]
    hearts = FollowingHearts(STEADYING, SEED).packets(lambda second: _lived(spans, second))
    for packets in itertools.islice(hearts, int(spans[-1][2])):
        for packet in packets:
            for rr in heart_packet(packet.data).rr:
                times[packet.person].append(times[packet.person][-1] + rr)
    return [np.array(each) for each in times]


def _lived(spans: list[tuple[ScriptPart, float, float]], second: float) -> LivedSecond:
    part = next(part for part, start, end in spans if start <= second < end)
    stirred = (PAIR.index(part.perturbed[0]),) if part.role == "task" else ()
    return LivedSecond(stirred, part.setting == "together" and part.role != "cue")


@functools.cache
def example_minutes() -> dict[str, Any]:
    """Return the first screen of it, as `own_minutes` does of a session that was kept."""
    session = example_session()
    rates = heart_rates(session)
    nothing: dict[str, Any] = {"private": False, "words": None, "ratings": {}, "signs": []}
    people = [{"person": who, **heart_of(rates.get(who), session.blocks), **nothing} for who in PAIR]
    return {
        "session": session.id, "people": people, "parts": parts_of(session.blocks), "several": True, "marks": [], "kept": list(PAIR), "simulated": True,
        "next": None,
    }  # fmt: skip


def example_report() -> tuple[bytes, bytes]:
    """Analyse it as `coregulation analyze` would, and return page and result."""
    from coregulation.analysis.pipeline import Analysis
    from coregulation.report.page import render_page
    from coregulation.report.result import result_of, to_json

    finding = Analysis(jobs=1)(example_session())
    return render_page(finding).encode(), to_json(result_of(finding))
