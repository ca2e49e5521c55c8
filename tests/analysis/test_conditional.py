"""Conditional linkage: what came by breath goes with breath, what did not stays, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import lfilter

from coregulation.analysis.conditional import Conditioning, adjusted_conditional
from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.measures.concordance import Concordance
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.errors import UsageError
from coregulation.events import Turn
from coregulation.simulate.breathing_pairs import RATE, BreathingPair

QUICK = Analysis(surrogates=199, bodies=False, signals=("heart_rate",))
BREATH = replace(QUICK, conditioning=Conditioning(("resp",)))


def breathing_pair(seconds=600, shared=0.8, direct=0.0, seed=2):
    return BreathingPair(shared, direct).simulate(seed, seconds)


def test_a_link_by_breath_goes_with_breath():
    finding = BREATH(breathing_pair())
    (left,) = finding.conditional
    assert left.plain.p == pytest.approx(1 / 200)
    assert left.covariates == ("resp",)
    assert min(left.explained) > 0.7
    assert abs(left.coupling.estimate.value) < 0.3 < left.plain.estimate.value
    assert left.p > 0.05


def test_a_link_beside_breath_stays():
    (left,) = BREATH(breathing_pair(direct=0.8)).conditional
    assert left.p == pytest.approx(1 / 200)


def test_people_who_share_nothing_have_nothing_left_in_common():
    seeds = range(3, 11)
    ps = [BREATH(breathing_pair(shared=0.0, seed=seed)).conditional[0].p for seed in seeds]
    assert sum(p <= 0.05 for p in ps) <= 2


def test_no_other_answer_changes():
    session = breathing_pair()
    plain, conditional = QUICK(session), BREATH(session)
    assert [c.p for c in plain.couplings] == [c.p for c in conditional.couplings]
    assert [v.kind for v in plain.verdicts] == [v.kind for v in conditional.verdicts]
    assert plain.conditional == ()


def test_secondary_measures_are_computed_of_what_is_left():
    (left,) = replace(BREATH, measures=(Concordance(),))(breathing_pair()).conditional
    (concordance,) = left.measures
    assert concordance.p > 0.05


def test_p_is_adjusted_over_all_signals():
    session = breathing_pair(direct=0.8)
    both = replace(BREATH, signals=None, conditioning=Conditioning(("heart_rate",)))(session).conditional
    assert [each.plain.signal for each in both] == ["resp"], "a channel is not taken out of itself"
    assert adjusted_conditional(both) == [both[0].p]


@pytest.mark.parametrize("later", [0.0, 30.0])  # the second beyond every lag
def test_a_covariate_that_was_recorded_from_another_moment_on_is_taken_out_at_its_own_time(later):
    session = breathing_pair()
    first, second = session.recordings
    breath = first.signals["resp"]
    cut = replace(breath, values=breath.values[int(later * RATE) :], start=breath.start + later)
    moved = replace(session, recordings=(replace(first, signals={**first.signals, "resp": cut}), second))
    (left,) = BREATH(moved).conditional
    assert min(left.explained) > 0.7


def test_each_pair_of_a_group_has_its_own_answer_with_as_many_draws_as_without():
    pair, other = breathing_pair(), breathing_pair(seed=5).recordings
    third = replace(other[0], person=replace(other[0].person, id="cleo"))
    finding = BREATH(replace(pair, recordings=(*pair.recordings, third)))
    assert [left.plain.pair for left in finding.conditional] == [("ada", "ben"), ("ada", "cleo"), ("ben", "cleo")]
    assert {len(left.coupling.nulls) for left in finding.conditional} == {199}


def turns(*spans):
    return tuple(Turn(who, start, end) for who, start, end in spans)


def test_speech_can_be_taken_out():
    rng = np.random.default_rng(2)
    begins = np.cumsum(rng.uniform(12, 30, 28))  # so that no other delay fits
    spans = [(who, float(at), float(at + 9)) for at in begins if at < 590 for who in ("ada", "ben")]
    session = breathing_pair(shared=0.0)
    talking = np.zeros(int(600 * RATE))
    for _, start, end in spans[::2]:
        talking[int(start * RATE) : int(end * RATE)] = 1
    talking = lfilter([0.1], [1, -0.9], talking)  # a heart follows within some seconds
    lifted = tuple(
        replace(
            r,
            signals={
                "heart_rate": replace(
                    r.signals["heart_rate"],
                    values=70 + 5 * talking + rng.standard_normal(len(talking)),
                )
            },
        )
        for r in session.recordings
    )
    spoken = replace(session, recordings=lifted, turns=turns(*spans))
    (left,) = replace(QUICK, conditioning=Conditioning(("speech",)))(spoken).conditional
    assert left.plain.p <= 0.05 < left.p


def test_what_nobody_has_is_refused_with_the_near_name():
    with pytest.raises(UsageError, match="Did you mean resp"):
        replace(QUICK, conditioning=Conditioning(("rsp",)))(breathing_pair())


def test_a_signal_is_not_taken_out_of_itself():
    with pytest.raises(UsageError, match="cannot be taken out of itself"):
        replace(QUICK, conditioning=Conditioning(("heart_rate",)))(breathing_pair())


def test_what_one_person_lacks_is_told():
    session = breathing_pair()
    first, second = session.recordings
    bare = replace(session, recordings=(first, replace(second, signals={"heart_rate": second.signals["heart_rate"]})))
    (left,) = BREATH(bare).conditional
    assert (left.p, left.coupling) == (None, None)
    assert left.refused.code == LinkageRefusal.NO_COVARIATE
    assert left.refused.facts["people"] == ("ben",)


@pytest.mark.parametrize(("known", "refused"), [(256.0, False), (255.0, False), (254.5, True)])
def test_too_little_time_for_so_many_coefficients_is_told(known, refused):
    """At 2 Hz, 51 coefficients need 255 s of everything together."""
    session = breathing_pair(seconds=320)
    first, second = session.recordings
    breath_of = first.signals["resp"].values.copy()
    breath_of[int(known * RATE) :] = np.nan
    short = replace(first, signals={**first.signals, "resp": replace(first.signals["resp"], values=breath_of)})
    (left,) = BREATH(replace(session, recordings=(short, second))).conditional
    assert (left.refused is not None) is refused
    if refused:
        assert left.refused.code == LinkageRefusal.FEW_FOR_COVARIATES
