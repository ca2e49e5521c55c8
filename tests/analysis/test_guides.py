"""A guide in one block is no guide of the whole session: what it guided is left out where enough remains."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.analysis.guides import MIN_UNGUIDED, without_guided
from coregulation.events import Block, Exclusion
from coregulation.regulation.gate import VerdictKind
from tests import sessions

PACED = Block("practice", 0.0, 240.0, guide="breath pacer")


def of_length(seconds: float, *blocks: Block):
    people = {name: sessions.wander(k, seconds) for k, name in enumerate(("ada", "ben"))}
    return sessions.session(people, shared=(), blocks=blocks)


@pytest.mark.parametrize(
    ("unguided", "left_out"), [(MIN_UNGUIDED - 1, False), (MIN_UNGUIDED, True), (MIN_UNGUIDED + 1, True)]
)
def test_five_minutes_without_a_guide_are_enough(unguided: float, left_out: bool):
    session, guides = without_guided(of_length(240.0 + unguided, PACED))
    assert guides == (() if left_out else ("breath pacer",))
    assert session.exclusions == ((Exclusion(0.0, 240.0, "breath pacer"),) if left_out else ())


def test_time_alone_is_no_time_to_compare_and_blocks_may_overlap():
    rest = Block("alone-rest", 240.0, 500.0)
    assert without_guided(of_length(700.0, PACED, rest))[1] == ("breath pacer",)
    assert without_guided(of_length(900.0, PACED, rest, Block("talk", 100.0, 200.0, guide="metronome")))[1] == ()


def test_without_a_guide_nothing_changes_and_alone_nobody_follows_it_with_anybody():
    for block in (Block("talk", 0.0, 240.0), Block("alone-practice", 0.0, 240.0, guide="breath pacer")):
        session = of_length(300.0, block)
        assert without_guided(session) == (session, ())


def test_a_short_guided_block_does_not_decide_a_long_session():
    """Before, this verdict was "in parallel", as if all fifteen minutes had been guided."""
    ada = sessions.wander(1, 900.0)
    people = {"ada": ada, "ben": sessions.follower(ada, 1001)}
    finding = sessions.QUICK(sessions.session(people, shared=(), blocks=(PACED,)))
    (verdict,) = finding.verdicts
    assert verdict.kind is not VerdictKind.IN_PARALLEL
    assert verdict.gate("G1").state == "passed"
    assert finding.about.exclusions == (Exclusion(0.0, 240.0, "breath pacer"),)
    trace = finding.traces["ada", "heart_rate"]
    guided = np.arange(len(trace.values)) / trace.rate + trace.window.start < 240.0
    assert np.isnan(trace.values[guided]).all()
    assert not np.isnan(trace.values[~guided]).all()
