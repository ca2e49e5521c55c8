"""States: the rule's every branch, the filter's laws, and that both abstain and say their doubt."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.physiology import State, StateEvidence, StateFilter, most_likely, name_state
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.states import STATE_NAMES, state_evidence
from coregulation.reasons import because
from coregulation.signals import Window
from coregulation.stage import Piece
from tests.laws.stages import check_stage
from tests.physiology.test_arousal import REST, inputs


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        (StateEvidence(0.9, 0.0, 2.0), State.MOBILISED, PhysiologyReason.STATE_ABOVE_REST),
        (StateEvidence(0.0, 0.9, 0.1, engaged=True), State.SETTLED, PhysiologyReason.STATE_NEAR_REST_ENGAGED),
        (StateEvidence(0.0, 0.9, 0.1, engaged=False), State.UNCLEAR, PhysiologyReason.STATE_NEAR_REST),
        (StateEvidence(0.0, 0.9, 0.1), State.UNCLEAR, PhysiologyReason.STATE_NEAR_REST),
        (
            StateEvidence(0.0, 0.1, -1.5, -1.0, still=True, numb=7),
            State.SHUT_DOWN,
            PhysiologyReason.STATE_LOW_STILL_NUMB,
        ),
        (StateEvidence(0.0, 0.1, -1.5, -1.0, still=True), State.UNCLEAR, PhysiologyReason.STATE_LOW),
        (StateEvidence(0.0, 0.1, -1.5, -1.0, numb=9), State.UNCLEAR, PhysiologyReason.STATE_LOW),
        (StateEvidence(0.0, 0.1, -1.5, 0.5, still=True, numb=9), State.UNCLEAR, PhysiologyReason.STATE_LOW),
        (StateEvidence(0.4, 0.4, 0.9), State.UNCLEAR, PhysiologyReason.STATE_BETWEEN),
        (StateEvidence(0.9, 0.0, 2.0, quality=0.5), State.UNCLEAR, PhysiologyReason.STATE_QUALITY),
        (StateEvidence(0.9, 0.0), State.UNCLEAR, PhysiologyReason.STATE_QUALITY),
        (StateEvidence(0.9, 0.0, 2.0, quality=float("nan")), State.UNCLEAR, PhysiologyReason.STATE_QUALITY),
    ],
)
def test_the_rule(given, state, why):
    found = name_state(given)
    assert found.state is state
    assert found.why == because(why)


def test_evidence_weighs_time_and_doubt():
    from coregulation.physiology import arousal, baseline

    given = inputs(1, 3.0)
    index = arousal(given, baseline(given, REST))
    late = state_evidence(index, Window(600, 630))
    assert late.above > 0.9
    assert name_state(late).state is State.MOBILISED
    rest = state_evidence(index, Window(100, 130), engaged=True)
    assert rest.near > rest.above
    nothing = state_evidence(index, Window(5000, 5030))
    assert name_state(nothing).state is State.UNCLEAR
    assert nothing.quality == 0.0


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 99), max_size=10))
def test_laws_of_the_filter(seed, at):
    rng = np.random.default_rng(seed)
    z = np.where(rng.random((100, 4)) < 0.3, np.nan, 3 * rng.standard_normal((100, 4)))
    edges = [0, *sorted(set(at)), 100]
    parts = [Piece(z[a:b], 5.0 * b) for a, b in itertools.pairwise(edges)]
    check_stage(StateFilter(), Piece(z, 500.0), parts, lambda pieces: np.concatenate([p.data for p in pieces]).ravel())
    _, out = StateFilter().step(StateFilter().start(), Piece(z, 500.0))
    np.testing.assert_allclose(out.data.sum(axis=1), 1.0)
    assert (out.data >= 0).all()


@pytest.mark.parametrize(
    ("z", "state"),
    [
        ([0.0, 0.5, 0.0, 1.0], State.SETTLED),
        ([1.8, -0.8, 0.7, 0.0], State.MOBILISED),
        ([-0.7, -0.8, -1.0, -1.0], State.SHUT_DOWN),
        ([6.0, 6.0, -6.0, 6.0], State.UNCLEAR),
        ([np.nan] * 4, State.UNCLEAR),
    ],
)
def test_the_filter_finds_what_stays(z, state):
    _, out = StateFilter().step(StateFilter().start(), Piece(np.tile(z, (24, 1)), 120.0))
    assert most_likely(out.data[-1]) is state
    assert most_likely(out.data[-1], quality=0.5) is State.UNCLEAR


def test_the_filter_is_right_as_often_as_it_says():
    """States drawn from its own model: calibration error under .05, and more right than wrong when it names one."""
    rng = np.random.default_rng(4)
    means = np.array([[0.0, 0.5, 0.0, 1.0], [1.8, -0.8, 0.7, 0.0], [-0.7, -0.8, -1.0, -1.0]])
    stay = np.exp(-5 / np.array([120.0, 60.0, 120.0, 60.0]))
    true, at = np.empty(20000, int), 0
    for i in range(len(true)):
        at = at if rng.random() < stay[at] else int(rng.choice([s for s in range(4) if s != at]))
        true[i] = at
    spread = np.where(true == 3, 3.0, 1.0)[:, None]
    z = np.vstack([means, np.zeros((1, 4))])[true] + spread * rng.standard_normal((len(true), 4))
    _, out = StateFilter().step(StateFilter().start(), Piece(z, 1e5))
    best = out.data.argmax(axis=1)
    sure, right = out.data.max(axis=1), out.data.argmax(axis=1) == true
    error = sum(
        abs(sure[inside].mean() - right[inside].mean()) * inside.mean()
        for low in np.arange(0, 1, 0.1)
        if (inside := (sure >= low) & (sure < low + 0.1 + 1e-12)).any()
    )
    assert error < 0.02
    assert right[sure >= 0.6].mean() > 0.85
    assert len(STATE_NAMES) == 3
    assert best.max() == 3
