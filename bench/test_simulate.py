"""Simulated bodies: an hour of a pair from states to what sensors give, and many hours of states on two cores."""

import numpy as np
import pytest

from coregulation.simulate.confounds import known_answer
from coregulation.simulate.nervous_system import ScenarioMember, many_states, states
from coregulation.simulate.observe import Wearing, observe_states
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES
from coregulation.simulate.sensors import Belt, Electrocardiograph, SkinElectrodes

HOUR = Plan(
    ("ada", "ben"),
    (
        PlanSpan("together-rest", 1800),
        PlanSpan("perturb-together", 40, {"ada": 1.0}),
        PlanSpan("recover-together", 1760),
    ),
)
MEMBERS = {"ada": ScenarioMember(PROFILES["secure"]), "ben": ScenarioMember(PROFILES["grounded"])}
WORN = {
    "beats, breath and skin (goal 60 ms)": Wearing(sensors=(Belt(), SkinElectrodes())),
    "and ECG at 250 Hz of both (goal 0.5 s)": Wearing(sensors=(Belt(), SkinElectrodes(), Electrocardiograph())),
}


def an_hour(wearing):
    return observe_states(states(MEMBERS, HOUR, 1), HOUR, np.random.default_rng(1), wearing)


@pytest.mark.parametrize("name", WORN)
def test_an_hour_of_a_pair(benchmark, name):
    session, _ = benchmark.pedantic(an_hour, (WORN[name],), rounds=7, warmup_rounds=2)
    assert len(session.of("ada").beats) > 3600


def test_a_hundred_pair_hours_of_states_on_two_cores(benchmark):
    """A hundredth of what three minutes should be enough for: the goal here is 1.8 s."""
    benchmark.pedantic(
        lambda: sum(1 for _ in many_states(MEMBERS, HOUR, 100, seed=1, workers=2)), rounds=3, warmup_rounds=1
    )


def test_a_known_pair_of_the_plain_model(benchmark):
    benchmark.pedantic(known_answer, ("mutual", 1), rounds=7, warmup_rounds=1)
