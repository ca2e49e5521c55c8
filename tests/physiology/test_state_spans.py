"""States every 30 s: where rule and model agree, what only a report can tell, and what makes them abstain."""

from dataclasses import replace

import numpy as np
import pytest

from coregulation.physiology.arousal import Arousal, Baseline, RestLevel
from coregulation.physiology.body import compute_body
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.state_spans import StateSpan, name_states
from coregulation.physiology.states import NamedState, State
from coregulation.reasons import because
from coregulation.signals import Signal, Unit, Window

REST = Window(0.0, 180.0)
NO_DRAWS = np.empty((0, 2))


def made(arousal, rsa=0.0, motion=None, seconds=360.0, spread=0.1):
    """A body whose arousal, RSA and movement are known in z; RSA has middle 5 and spread 0.5 at rest."""
    n = round(2 * seconds)
    told = compute_body({"heart_rate": Signal(70 + np.sin(np.arange(seconds)), 1.0, 0.0, Unit.PER_MINUTE)})

    def signal(values):
        return Signal(np.broadcast_to(np.asarray(values, float), (n,)), 2.0, 0.0, Unit.ARBITRARY)

    index = signal(arousal)
    low, high = (replace(index, values=index.values + sign * 1.96 * spread) for sign in (-1, 1))
    calm = np.where(np.arange(n) < 360, np.arange(n) % 3, 0.0)
    return replace(
        told,
        rsa=signal(5 + 0.5 * np.asarray(rsa)),
        motion=signal(calm + (0 if motion is None else np.where(np.arange(n) < 360, 0, motion))),
        heart_rate=signal(70),
        arousal=Arousal(index, low, high, ("heart_rate", "rsa"), ""),
    )


OWN = Baseline({"heart_rate": RestLevel(70, 2, NO_DRAWS), "rsa": RestLevel(5, 0.5, NO_DRAWS)}, REST)


def states_of(found, reports=None, paced=False):
    return [span.state for span in name_states(found, OWN, reports, paced)]


def test_stirred_for_long_is_mobilised_and_the_span_says_why():
    spans = name_states(made(2.0, rsa=-1.0), OWN)
    assert [span.window for span in spans] == [Window(30.0 * k, 30.0 * k + 30) for k in range(12)]
    assert {span.state for span in spans[1:]} == {State.MOBILISED}
    assert spans[3].why.code == PhysiologyReason.STATE_ABOVE_REST
    assert spans[3].arousal == pytest.approx(2.0)
    assert sum(spans[3].probability) == pytest.approx(1.0)


@pytest.mark.parametrize("arousal", [2.0, 3.0, 5.0])
def test_more_of_the_same_is_no_other_pattern(arousal):
    assert set(states_of(made(arousal, rsa=-5.0))[2:]) == {State.MOBILISED}


def test_quiet_is_unclear_unless_somebody_says_to_be_engaged():
    assert set(states_of(made(0.0, rsa=0.5))) == {State.UNCLEAR}
    engaged = {"engaged": tuple((float(t), 7.0) for t in range(0, 360, 60))}
    assert set(states_of(made(0.0, rsa=0.5), engaged)[1:]) == {State.SETTLED}
    absent = {"engaged": tuple((float(t), 2.0) for t in range(0, 360, 60))}
    assert set(states_of(made(0.0, rsa=0.5), absent)) == {State.UNCLEAR}


def test_no_heart_alone_says_shut_down():
    low = made(-1.2, rsa=-1.5, motion=-1.0)
    spans = name_states(low, OWN)
    assert {span.by_model for span in spans} == {State.UNCLEAR}
    assert max(span.probability[2] for span in spans) > 0.8
    numb = {"numb": tuple((float(t), 8.0) for t in range(0, 360, 60))}
    assert State.SHUT_DOWN in states_of(low, numb)
    assert State.SHUT_DOWN not in states_of(low, {"numb": ((180.0, 3.0),)})


def test_a_report_holds_for_a_minute():
    numb = {"numb": ((100.0, 8.0),)}
    spans = name_states(made(-1.2, rsa=-1.5, motion=-1.0), OWN, numb)
    where = [span.window.start for span in spans if span.by_rule.state is State.SHUT_DOWN]
    assert where
    assert min(where) >= 30
    assert max(where) <= 150


def test_a_pacer_takes_rsa_out():
    spans = name_states(made(-1.2, rsa=-1.5, motion=-1.0), OWN, {"numb": ((180.0, 9.0),)}, paced=True)
    assert {span.by_rule.state for span in spans} == {State.UNCLEAR}


def test_unknown_arousal_is_unclear():
    gone = np.where((np.arange(720) > 240) & (np.arange(720) < 480), np.nan, 2.0)
    spans = name_states(made(gone, rsa=-1.0), OWN)
    dark = [span for span in spans if 120 <= span.window.start < 240]
    assert {span.state for span in dark} == {State.UNCLEAR}
    assert np.isnan(dark[1].arousal)
    assert dark[1].why.code == PhysiologyReason.STATE_QUALITY


def test_rule_and_model_must_agree():
    above, between = because(PhysiologyReason.STATE_ABOVE_REST), because(PhysiologyReason.STATE_BETWEEN)
    span = StateSpan(REST, NamedState(State.MOBILISED, above), State.UNCLEAR, (0.25,) * 4, 1.5)
    assert span.state is State.UNCLEAR
    assert span.why == because(PhysiologyReason.STATE_DISAGREE, rule="mobilised", model="unclear")
    assert replace(span, by_model=State.MOBILISED).why == above
    assert replace(span, by_rule=NamedState(State.UNCLEAR, between), by_model=State.MOBILISED).why == between


def test_without_arousal_there_is_nothing_to_name():
    assert name_states(replace(made(0.0), arousal=None), OWN) == ()


def test_movement_that_never_changed_and_rsa_without_a_rest_say_nothing():
    still = made(2.0)
    still = replace(still, motion=replace(still.motion, values=np.zeros(720)))
    bare = Baseline({"heart_rate": OWN.rests["heart_rate"]}, REST)
    spans = name_states(still, bare)
    assert {span.state for span in spans[2:]} == {State.MOBILISED}
    assert [
        span.window for span in name_states(replace(still, motion=Signal(np.empty(0), 2.0, 0.0, Unit.ARBITRARY)), bare)
    ]
