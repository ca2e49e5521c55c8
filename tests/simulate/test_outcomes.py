import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.signals import Window
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.outcomes import each, half_life, median_interval, true_recovery
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan

RATE = 5.0


def decay(tau, zero=0.0, height=1.0):
    t = np.arange(600 * RATE) / RATE
    return zero + np.where(t < 100, 0.0, height * np.exp(-(t - 100) / tau))


@given(st.floats(10, 120), st.floats(-3, 3), st.floats(0.5, 4))
def test_an_exponential_return_has_its_half_life_whatever_its_zero_and_height(tau, zero, height):
    found = true_recovery(decay(tau, zero, height), RATE, Window(10, 80), Window(100, 600))
    assert found.half_life == pytest.approx(tau * math.log(2), abs=0.3)
    assert found.excess > 0.7 * height


def test_a_dip_that_does_not_last_is_no_recovery():
    values = decay(60.0)
    values[int(110 * RATE) : int(113 * RATE)] = 0.0
    assert true_recovery(values, RATE, Window(10, 80), Window(100, 600)).half_life == pytest.approx(
        60 * math.log(2), abs=1
    )


def test_never_is_infinite():
    assert true_recovery(decay(1e6), RATE, Window(10, 80), Window(100, 600)).half_life == math.inf


def test_an_empty_span_is_refused():
    with pytest.raises(UsageError, match="no sample"):
        true_recovery(decay(10), RATE, Window(0, 10), Window(900, 950))


def test_the_interval_of_a_median_covers_it_and_keeps_never():
    rng = np.random.default_rng(1)
    hits = [low <= 3 <= high for _, low, high in (median_interval(rng.normal(3, 1, 25), rng) for _ in range(300))]
    assert 0.9 < np.mean(hits) <= 1.0
    median, low, high = median_interval(np.array([1.0, 2.0, math.inf, math.inf, math.inf]), rng)
    assert (median, high) == (math.inf, math.inf)
    assert low < math.inf


def test_a_noiseless_person_returns_as_the_equation_says():
    calm = Profile(arousal_diffusion=0.0, borrowed=0.0, alarm=0.0, contagion=0.0, window=50.0)
    plan = Plan(
        ("a",),
        (
            PlanSpan("rest", 60, together=False),
            PlanSpan("push", 40, {"a": 1}, False),
            PlanSpan("r", 200, together=False),
        ),
    )
    run = states({"a": ScenarioMember(calm)}, plan, 1)
    lives = each(lambda s: half_life(s, 0, Window(0, 60), Window(100, 300)), [run, run])
    assert lives == pytest.approx([30 * math.log(2)] * 2, abs=0.6)
