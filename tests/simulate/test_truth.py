import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.signals import Beats, Unit
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.truth import Link, TrueBurden, Truth, plain

rates = st.floats(0.005, 0.1)


@given(rates, rates)
def test_on_the_verge_a_burden_is_without_end(k1, k2):
    """p₁ p₂ = k₁ k₂ within rounding: the sign of an eigenvalue's last digit must not decide."""
    p = math.sqrt(k1 * k2)
    with pytest.raises(UsageError, match="never returns"):
        TrueBurden.of(np.array([[-k1, p], [p, -k2]]), (k1, k2))


def test_a_burden_is_what_is_borne_over_time():
    drift, k = np.array([[-0.05, 0.01], [0.02, -0.03]]), (0.03, 0.02)
    burden = TrueBurden.of(drift, k)
    for i in (0, 1):
        x, borne = np.eye(2)[i], np.zeros(2)
        for _ in range(40_000):
            middle = x + 0.025 * drift @ x
            borne += 0.05 * middle
            x = x + 0.05 * drift @ middle
        assert burden.own_burden[i] == pytest.approx(k[i] * borne[i], rel=1e-3)
        assert burden.cost_to_partner[i] == pytest.approx(k[i] * borne[1 - i], rel=1e-3)
        assert burden.net_effect[i] == pytest.approx(k[i] * borne.sum(), rel=1e-3)


@given(rates, rates, st.floats(0, 0.1))
def test_a_diffusive_link_never_adds_to_what_the_pushed_bear(k1, k2, c):
    burden = TrueBurden.of(np.array([[-k1 - c, c], [c, -k2 - c]]), (k1, k2))
    assert max(burden.own_burden) <= 1 + 1e-9
    assert min(burden.cost_to_partner) >= 0


@given(rates, st.floats(0, 0.1))
def test_equal_people_with_a_diffusive_link_bear_as_much_as_apart(k, c):
    burden = TrueBurden.of(np.array([[-k - c, c], [c, -k - c]]), (k, k))
    assert burden.net_effect == pytest.approx((1, 1))
    assert burden.pair_burden == pytest.approx(1)


def test_a_pair_that_never_returns_has_no_burden():
    with pytest.raises(UsageError, match="never returns"):
        TrueBurden.of(np.array([[-0.01, 0.02], [0.02, -0.01]]), (0.01, 0.01))


def test_a_truth_is_plain_enough_for_a_sidecar():
    plan = Plan(("a",), (PlanSpan("x", 1, {"a": 1.0}),))
    truth = Truth(
        1,
        Link(True, False),
        half_lives=(("a", 0.0, True, math.inf),),
        beats={"a": Beats(np.array([1.0]))},
        model=Unit.SECOND,
        plan=plan,
    )
    told = json.loads(json.dumps(plain(truth)))
    assert told["link"]["beyond_own"] is True
    assert told["half_lives"] == [["a", 0.0, True, None]]
    assert told["beats"]["a"]["times"] == [1.0]
    assert told["plan"]["spans"][0]["dose"] == {"a": 1.0}
    assert told["model"] == "SECOND"
    assert told["burden"] is None
