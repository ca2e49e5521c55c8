"""The answer of natural mode: what may be said when, and bad input."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from coregulation.regulation.interval import Interval
from coregulation.regulation.natural.answer import (
    CLAIMS,
    NaturalDirection,
    NaturalState,
    _decided,
    _refusal,
    ask_natural,
    holm,
)
from coregulation.regulation.natural.common_input import InnovationCorrelation
from coregulation.simulate.natural_pairs import NATURAL_LAWS, NaturalPairLaw
from tests.regulation.natural.courses import course, pair, simulated

HELP = NATURAL_LAWS["help"]
ENOUGH = NaturalDirection(
    "ben", "ada", 3600.0, 1, 20, 12, 0, NaturalState.MORE_NEEDED, Interval(-0.3, -0.5, -0.1), 0.01, 0.02, 999,
    InnovationCorrelation(0.0, 0.5), 0.5,
)  # fmt: skip


def ask(sessions, seed=0, **facts):
    return ask_natural(sessions, np.random.default_rng(seed), shifts=199, **facts)


def evening(settled_until: int, rises: int = 40, seconds: int = 5400, seed: int = 0):
    """Ada rises every 120 s; Ben is calm before the first rises and not before the others; hers pass sooner beside a calm Ben."""
    rng = np.random.default_rng(seed)
    peaks = [400 + k * 120 for k in range(rises)]
    calm = [k < settled_until for k in rng.permutation(rises)]
    ada = course(seconds, peaks, decay=[8.0 if c else 30.0 for c in calm]) + 0.05 * rng.standard_normal(seconds)
    ben = np.full(seconds, 1.0)
    for peak, c in zip(peaks, calm, strict=True):
        ben[peak - 50 : peak + 10] = 0.0 if c else 2.5
    return pair(ada, ben + 0.3 * rng.standard_normal(seconds))


def test_rises_that_pass_sooner_beside_a_settled_partner_are_told():
    answers = [ask([evening(20, seed=seed)])[0] for seed in range(8)]
    told = [answer for answer in answers if answer.state is NaturalState.SOONER]
    assert len(told) >= 5
    assert all(answer.effect.high < 0 and answer.adjusted <= 0.05 for answer in told)
    assert (told[0].giver, told[0].receiver) == ("ben", "ada")
    assert told[0].rises == told[0].settled + told[0].unsettled == len(told[0].drawn)


def test_rises_that_pass_later_are_told_as_such():
    session = evening(20)
    flipped = replace(session, levels=np.stack([session.levels[0], 2.5 - session.levels[1]]))
    assert ask([flipped])[0].effect.value > 0.3
    later = replace(ENOUGH, effect=Interval(0.3, 0.1, 0.5))
    assert _decided(later, shared=False).state is NaturalState.LATER


def test_help_makes_effects_below_nothing_and_strangers_none():
    helped = [ask([session])[0].effect.value for session in simulated(HELP, 20, 5400, 1)]
    strange = [ask([session])[0].effect.value for session in simulated(NaturalPairLaw(), 20, 5400, 1)]
    assert np.mean(helped) < -0.2
    assert abs(np.mean(strange)) < 0.15


def test_four_evenings_pooled_say_more_than_one():
    sessions = simulated(HELP, 16, 5400, 3)
    single = [ask([session])[0] for session in sessions]
    pooled = [ask(sessions[k : k + 4])[0] for k in range(0, 16, 4)]
    assert np.mean([p.p for p in pooled]) < np.mean([p.p for p in single])
    assert pooled[0].sessions == 4
    assert pooled[0].time == pytest.approx(4 * 5400)
    assert {rise.session for rise in pooled[0].drawn} == {0, 1, 2, 3}


def test_the_same_seed_gives_the_same_answer_and_the_order_of_people_only_turns_it():
    session = simulated(HELP, 1, 3600, 4)[0]
    first, again = ask([session]), ask([session])
    assert [d.p for d in first] == [d.p for d in again]
    turned = ask([session.turned()])
    assert turned[1].effect.value == pytest.approx(first[0].effect.value)


def with_(**facts):
    return replace(ENOUGH, **facts)


@pytest.mark.parametrize(("seconds", "state"), [(1799.0, NaturalState.TOO_SHORT), (1800.0, None), (1801.0, None)])
def test_half_an_hour_is_computed(seconds, state):
    assert _refusal(with_(time=seconds)) is state


@pytest.mark.parametrize(("rises", "state"), [(7, NaturalState.TOO_FEW_RISES), (8, None), (9, None)])
def test_eight_rises_are_computed(rises, state):
    assert _refusal(with_(rises=rises, settled=4 if rises > 7 else 3)) is state


@pytest.mark.parametrize(("settled", "state"), [
    (3, NaturalState.SETTLED_TOO_RARELY), (4, None), (5, None), (15, None), (16, None), (17, NaturalState.SETTLED_TOO_OFTEN),
])  # fmt: skip
def test_four_of_each_kind_are_needed(settled, state):
    assert _refusal(with_(settled=settled)) is state


@pytest.mark.parametrize(("seconds", "told"), [(3599.0, False), (3600.0, True), (3601.0, True)])
def test_an_hour_is_told(seconds, told):
    assert (_decided(with_(time=seconds), shared=False).state in CLAIMS) == told


@pytest.mark.parametrize(("rises", "told"), [(19, False), (20, True), (21, True)])
def test_twenty_rises_are_told(rises, told):
    assert (_decided(with_(rises=rises), shared=False).state in CLAIMS) == told


@pytest.mark.parametrize(("p", "state"), [
    (0.049, NaturalState.CONTROLS_DIFFER), (0.05, NaturalState.SOONER), (0.051, NaturalState.SOONER),
    (math.nan, NaturalState.CONTROLS_DIFFER),
])  # fmt: skip
def test_negative_controls_close_the_gate_below_a_twentieth(p, state):
    assert _decided(with_(controls=p), shared=False).state is state


@pytest.mark.parametrize(("p", "state"), [(0.049, NaturalState.SOONER), (0.05, NaturalState.SOONER), (0.051, NaturalState.NOT_SHOWN)])  # fmt: skip
def test_an_adjusted_p_up_to_a_twentieth_is_told(p, state):
    assert _decided(with_(adjusted=p), shared=False).state is state


def test_a_closed_gate_and_a_declared_input_come_first():
    assert (
        _decided(with_(common=InnovationCorrelation(0.1, 0.1)), shared=False).state is NaturalState.SOMETHING_MOVED_BOTH
    )
    assert _decided(ENOUGH, shared=True).state is NaturalState.SHARED_KNOWN
    refused = with_(state=NaturalState.TOO_SHORT)
    assert _decided(refused, shared=True) is refused
    assert not refused.is_shown


@pytest.mark.parametrize(("settled", "counts"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_rise_counts_as_settled_from_a_half(settled, counts):
    rise = ask([evening(20)])[0].drawn[0]
    assert replace(rise, settled=settled).was_settled == counts


def test_holm_over_two_directions():
    assert holm([0.02, 0.04]) == pytest.approx([0.04, 0.04])
    assert holm([0.03, 0.01]) == pytest.approx([0.03, 0.02])
    assert holm([0.8, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([math.nan, 0.03])[1] == pytest.approx(0.03)
    assert math.isnan(holm([math.nan, 0.03])[0])


def test_fewer_than_eight_rises_say_so():
    answer, _ = ask([evening(3, rises=7)])
    assert answer.state is NaturalState.TOO_FEW_RISES
    assert answer.drawn == ()
    assert math.isnan(answer.effect.value)


@pytest.mark.parametrize(("settled", "state"), [(40, NaturalState.SETTLED_TOO_OFTEN), (0, NaturalState.SETTLED_TOO_RARELY)])  # fmt: skip
def test_a_partner_who_is_always_or_never_settled_says_so(settled, state):
    assert ask([evening(settled)])[0].state is state


def test_half_of_a_signal_missing_leaves_half_of_the_rises():
    session = evening(20)
    levels = session.levels.copy()
    levels[1, 2700:] = np.nan
    whole, half = ask([session])[0], ask([replace(session, levels=levels)])[0]
    assert half.time == 2700
    assert 8 <= half.rises < 0.6 * whole.rises
    assert half.state is NaturalState.MORE_NEEDED
    levels[1, :2650] = np.nan
    assert ask([replace(session, levels=levels)])[0].state is NaturalState.TOO_SHORT


def test_events_inside_rises_of_both_leave_those_rises_out():
    session = simulated(NaturalPairLaw(both_hit=1.0), 1, 5400, 5)[0]
    before = ask([session])
    events = np.zeros((2, 5400), dtype=bool)
    for direction in before:
        for rise in direction.drawn[:6]:
            events[:, round(rise.peak) - 4] = True
    after = ask([replace(session, events=events)])
    for old, new in zip(before, after, strict=True):
        assert new.rises <= old.rises - 6
        assert new.left_out >= 6


def test_gaps_that_move_with_the_course_can_leave_too_few_moves():
    session = evening(20)
    levels = session.levels.copy()
    holes = np.ones(5400, dtype=bool)
    for peak in range(400, 5200, 120):
        holes[peak - 50 : peak] = False
    levels[1, holes] = np.nan
    answer, _ = ask([replace(session, levels=levels)])
    assert answer.state in (NaturalState.NO_TEST, NaturalState.TOO_SHORT, NaturalState.TOO_FEW_RISES)


def test_short_sessions_can_be_pooled_and_one_too_short_to_be_moved_does_no_harm():
    sessions = [*simulated(HELP, 6, 900, 9), *simulated(HELP, 1, 100, 9)]
    answer, _ = ask(sessions)
    assert answer.sessions == 7
    assert answer.time == pytest.approx(5500, abs=2)
    assert answer.is_shown or answer.state is NaturalState.TOO_FEW_RISES


def test_speech_after_rises_is_compared_between_both_kinds():
    session = simulated(NATURAL_LAWS["speech"], 3, 5400, 2)
    answer, _ = ask(session)
    assert answer.left_out > 10
    assert answer.driven is None or all(0 <= share <= 1 for share in answer.driven)


def test_an_hour_takes_a_second():
    session = simulated(HELP, 1, 3600, 6)[0]
    ask_natural([session], np.random.default_rng(0), shifts=99)
    begin = time.process_time()
    ask_natural([session], np.random.default_rng(0), shifts=999)
    assert time.process_time() - begin < 1.0
