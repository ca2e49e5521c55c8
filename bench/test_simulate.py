"""Simulated bodies: an hour of a pair from states to what sensors give, and many hours of states on two cores."""

import numpy as np
import pytest

from coregulation.simulate.impostors import known
from coregulation.simulate.nervous_system import Member, many, states
from coregulation.simulate.observe import Wearing, observed
from coregulation.simulate.plan import Plan, Span
from coregulation.simulate.profiles import PROFILES
from coregulation.simulate.sensors import Belt, Electrocardiograph, SkinElectrodes

HOUR = Plan(
    ("ada", "ben"),
    (Span("together-rest", 1800), Span("perturb-together", 40, {"ada": 1.0}), Span("recover-together", 1760)),
)
MEMBERS = {"ada": Member(PROFILES["secure"]), "ben": Member(PROFILES["grounded"])}
WORN = {
    "beats, breath and skin (goal 60 ms)": Wearing(sensors=(Belt(), SkinElectrodes())),
    "and ECG at 250 Hz of both (goal 0.5 s)": Wearing(sensors=(Belt(), SkinElectrodes(), Electrocardiograph())),
}


def an_hour(wearing):
    return observed(states(MEMBERS, HOUR, 1), HOUR, np.random.default_rng(1), wearing)


@pytest.mark.parametrize("name", WORN)
def test_an_hour_of_a_pair(benchmark, name):
    session, _ = benchmark.pedantic(an_hour, (WORN[name],), rounds=7, warmup_rounds=2)
    assert len(session.of("ada").beats) > 3600


def test_a_hundred_pair_hours_of_states_on_two_cores(benchmark):
    """A hundredth of what three minutes should be enough for: the goal here is 1.8 s."""
    benchmark.pedantic(lambda: sum(1 for _ in many(MEMBERS, HOUR, 100, seed=1, workers=2)), rounds=3, warmup_rounds=1)


def test_a_known_pair_of_the_plain_model(benchmark):
    benchmark.pedantic(known, ("mutual", 1), rounds=7, warmup_rounds=1)
