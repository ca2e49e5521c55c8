import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.nervous_system import ScenarioMember, coarsest_step, many_states, states
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together
from coregulation.simulate.profiles import PROFILES

QUIET = {"arousal_diffusion": 0.0, "breathing_sd": 0.0}
PAIR = ("ada", "ben")


def pair(a="secure", b="grounded", **changes):
    return {name: ScenarioMember(replace(PROFILES[kind], **changes)) for name, kind in zip(PAIR, (a, b), strict=True)}


def test_the_same_seed_gives_the_same_for_any_number_of_workers():
    plan = alone_and_together(PAIR, 1)
    one, three = (list(many_states(pair(), plan, 9, seed=4, workers=w)) for w in (1, 3))
    assert len(one) == 9
    assert all(np.array_equal(a.values, b.values) for a, b in zip(one, three, strict=True))
    assert np.array_equal(states(pair(), plan, 4, 7, vary=1.0).values, one[7].values)
    assert not np.array_equal(one[0].values, one[1].values)


def test_states_are_read_only_and_named():
    run = states(pair(), Plan(PAIR, (PlanSpan("x", 10),)), 1)
    assert run.rate == pytest.approx(5.0)
    assert run.times[-1] == pytest.approx(9.8)
    assert run.vagal.shape == run.shutdown.shape == run.breathing.shape == (50, 2)
    assert not run.values.flags.writeable
    assert run.openness[0] == pytest.approx([1.0, 1.0])


def test_a_recording_hears_nobody_and_gives_only_its_voice():
    voice = ScenarioMember(PROFILES["grounded"], hears=(), emits={"voice": 0.5})
    plan = Plan(("ada", "tape"), (PlanSpan("rest", 60), PlanSpan("push", 40, {"ada": 1.0}), PlanSpan("after", 60)))
    run = states({"ada": ScenarioMember(Profile()), "tape": voice}, plan, 1)
    assert run.openness[-1] == pytest.approx([0.125, 0.0])
    undisturbed = Plan(("ada", "tape"), (PlanSpan("rest", 160),))
    alone = states({"ada": ScenarioMember(Profile()), "tape": voice}, undisturbed, 1)
    assert np.array_equal(run.arousal[:, 1], alone.arousal[:, 1])


def test_who_is_absent_neither_gives_nor_gets():
    run = states(pair(), Plan(PAIR, (PlanSpan("x", 20, absent=("ben",)),)), 1)
    assert not run.openness.any()


def test_a_delayed_partner_arrives_late():
    plan = Plan(PAIR, (PlanSpan("push", 40, {"ben": 2.0}), PlanSpan("after", 60)))
    people = pair("secure", "trauma", **QUIET)
    prompt = states(people, plan, 1).safety[:, 0]
    late = states({"ada": people["ada"], "ben": replace(people["ben"], late=20.0)}, plan, 1).safety[:, 0]
    drop = [np.argmax(x < x[:60].max() - 0.2) for x in (prompt[20:], late[120:])]
    assert drop[1] - drop[0] == pytest.approx(0, abs=10)


def test_a_guide_and_a_shared_input_reach_both_and_nothing_else_need():
    paced = Plan(PAIR, (PlanSpan("x", 120, cues={}, guide=6.0),))
    run = states(pair("secure", "secure"), paced, 1, vary=1.0)
    turns = (run.phase[-1] - run.phase[150]) / (2 * math.pi) / (run.times[-1] - run.times[150]) * 60
    assert turns == pytest.approx([6.0, 6.0], abs=0.15)
    film = Plan(PAIR, (PlanSpan("film", 600, cues={}, shared=0.5),))
    both = states(pair("secure", "secure"), film, 1).arousal
    own = states(pair("secure", "secure"), Plan(PAIR, (PlanSpan("film", 600, cues={}),)), 1).arousal
    assert np.corrcoef(both.T)[0, 1] > 0.9
    assert abs(np.corrcoef(own.T)[0, 1]) < 0.5


def test_breaths_pull_each_other_only_where_they_are_felt():
    def lock(cues):
        members = pair("secure", "earned-secure", entrainment=0.5, breathing_sd=0.004)
        members["ben"] = replace(members["ben"], profile=replace(members["ben"].profile, breathing=0.27))
        run = states(members, Plan(PAIR, (PlanSpan("x", 300, cues=cues),)), 1)
        return abs(np.exp(1j * (run.phase[:, 0] - run.phase[:, 1]))[500:].mean())

    assert lock({"rhythm": 1.0}) > 0.95
    assert lock({"voice": 1.0}) < 0.5


def test_contagion_grows_with_the_cues_that_get_through():
    def peak(openness):
        plan = Plan(
            PAIR, (PlanSpan("x", 300, {"ben": 1.0}, cues={"voice": openness, "face": openness, "touch": openness}),)
        )
        stirred = pair("secure", "trauma", safety_bias=-0.6, **QUIET)
        return states(stirred, plan, 1).arousal[:, 0].max()

    assert peak(0.1) < peak(0.5) < peak(1.0)


@pytest.mark.parametrize("vary", [0.0, 1.0])
def test_a_partner_moves_the_resting_heart_by_a_few_beats_and_never_below_the_floor(vary):
    alone = Plan(PAIR, (PlanSpan("x", 300, together=False),))
    there = Plan(PAIR, (PlanSpan("x", 300),))
    shift = [states(pair(), p, 2, 0, vary).vagal[500:, 0].mean() for p in (alone, there)]
    assert 0 < 36 * (shift[1] - shift[0]) < 4
    stressed = states(pair("trauma", "trauma"), Plan(PAIR, (PlanSpan("x", 300, {"ada": 3.0}),)), 2, 0, vary)
    assert stressed.vagal.min() >= Profile().vagal_floor - 1e-9


def test_halving_the_step_changes_little():
    plan = alone_and_together(PAIR, 1)
    quiet = pair("secure", "trauma", **QUIET)
    fine, coarse = states(quiet, plan, 1, step=0.05), states(quiet, plan, 1, step=0.1)
    assert np.allclose(fine.arousal[::2][: len(coarse.arousal)], coarse.arousal, atol=0.01)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: states(pair(), Plan(PAIR, (PlanSpan("x", 9),)), 1, step=2.0), "at most 0.3 s"),
        (lambda: states(pair(), Plan(PAIR, (PlanSpan("x", 9),)), 1, step=0.0), "cannot be used"),
        (lambda: states(pair(), Plan(("ada",), (PlanSpan("x", 9),)), 1), "The plan is for ada"),
        (
            lambda: states({"ada": ScenarioMember(Profile(), hears=("cem",))}, Plan(("ada",), (PlanSpan("x", 9),)), 1),
            "not there",
        ),
        (lambda: states(pair(), Plan(PAIR, (PlanSpan("x", 9),)), 1, vary=-1.0), "0 or more times"),
        (lambda: next(many_states(pair(), Plan(PAIR, (PlanSpan("x", 9),)), 1, 1, workers=0)), "one worker"),
        (lambda: ScenarioMember(Profile(), late=-1.0), "from 0 up"),
        (lambda: ScenarioMember(Profile(), emits={"voise": 1.0}), "Did you mean voice"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(UsageError, match=said):
        call()


def test_the_coarsest_step_follows_the_fastest_state():
    assert coarsest_step((Profile(),)) == pytest.approx(0.3)
    assert coarsest_step((Profile(tau_safety=1.0),)) == pytest.approx(0.1)


def test_many_pairs_take_no_more_memory_than_a_few():
    plan = Plan(PAIR, (PlanSpan("x", 300),))

    def peak(pairs):
        tracemalloc.start()
        try:
            count = sum(1 for _ in many_states(pair(), plan, pairs, seed=1, workers=2))
            return count, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(8)
    (few, small), (more, large) = peak(8), peak(48)
    assert (few, more) == (8, 48)
    assert large < 1.5 * small
