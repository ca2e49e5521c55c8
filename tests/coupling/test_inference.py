import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.inference import (
    Coupling,
    Pairing,
    count_as_strong,
    estimate_coupling,
    p_value,
)
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.reasons import because
from coregulation.settings import Z_LEVEL
from coregulation.signals import Signal, Unit

MEASURE = LaggedCorrelation(20.0, 4.0)
BOOT = BlockBootstrap(draws=99)


def coupling(statistic, nulls, refused=None):
    return Coupling(
        ("a", "b"), "motion", MEASURE, "circular shift", "G1", True, statistic, np.asarray(nulls, float), None, 9.0, 1.0,
        0, refused,
    )  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0, 1))
def test_p_counts_the_data_among_their_surrogates(nulls, statistic):
    p = coupling(statistic, nulls).p
    assert p == pytest.approx((1 + sum(null >= statistic - 1e-12 for null in nulls)) / (1 + len(nulls)))
    assert 1 / (1 + len(nulls)) <= p <= 1  # never zero


@pytest.mark.parametrize(("short_of", "as_strong"), [(0.0, 1), (0.5e-12, 1), (2e-12, 0), (-2e-12, 1)])
def test_a_surrogate_is_as_strong_up_to_rounding(short_of, as_strong):
    assert count_as_strong(0.5, np.array([0.5 - short_of, 0.1])) == as_strong
    assert p_value(0.5, np.array([0.5 - short_of, 0.1])) == (1 + as_strong) / 3


def test_p_cannot_be_told_to_it():
    with pytest.raises(TypeError):
        Coupling(p=0.01)
    with pytest.raises((AttributeError, TypeError)):  # what a frozen class with slots says depends on the Python
        coupling(1.0, [0.0]).p = 0.01


@pytest.mark.parametrize(
    "refusal",
    [
        coupling(1.0, []),
        coupling(1.0, [0.5] * 99, because(LinkageRefusal.FEW_SURROGATES, count=9, needed=99)),
        coupling(math.nan, [0.5] * 99),
    ],
)
def test_without_a_null_there_is_no_p(refusal):
    assert refusal.p is None


def pair(seed, lag, strength=0.8, n=600, rate=2.0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n + 40)
    y = strength * np.roll(x, lag) + math.sqrt(1 - strength**2) * rng.standard_normal(n + 40)
    return tuple(Signal(v[20:-20], rate, 0.0, Unit.ARBITRARY) for v in (x, y))


def estimated(x, y, clock_sd=0.0, seed=0):
    return estimate_coupling(
        [MEASURE.surface(x, y)], MEASURE, Pairing("ada", "ben", clock_sd), BOOT, np.random.default_rng(seed)
    )


@pytest.mark.parametrize(("lag", "leader"), [(4, "ada"), (-4, "ben"), (0, None)])
def test_who_leads_has_a_name_and_the_lag_no_sign(lag, leader):
    found = estimated(*pair(1, lag))
    assert found.leader == leader
    assert found.lag == abs(lag) / 2
    assert found.lag_interval[0] <= lag / 2 <= found.lag_interval[1]
    assert found.interval[0] < found.value < found.interval[1]
    assert found.value == pytest.approx(0.8, abs=0.08)


def test_two_who_follow_a_steady_pacer_are_not_a_whole_cycle_apart():
    """Every cycle later they agree as well; the nearest lag is told, not the one whose last digit is largest."""
    swing = np.sin(2 * np.pi * np.arange(1200) / 6 + 0.3)  # 3 s a cycle at 2 Hz, lags of up to 4 s
    x, y = (Signal(v[20:-20], 2.0, 0.0, Unit.ARBITRARY) for v in (swing, np.roll(swing, 1)))
    found = estimated(x, y)
    assert found.lag == 0.5
    assert -0.5 < found.lag_interval[0] <= 0.5 <= found.lag_interval[1] < 1.0


def test_opposite_signals_have_a_negative_value():
    x, y = pair(1, 4)
    turned = estimated(x, Signal(-y.values, y.rate, y.start, y.unit))
    plain = estimated(x, y)
    assert turned.value == pytest.approx(-plain.value)
    assert turned.interval == pytest.approx((-plain.interval[1], -plain.interval[0]))
    assert (turned.leader, turned.lag) == (plain.leader, plain.lag)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 999), st.integers(-6, 6), st.floats(0, 0.9))
def test_naming_the_other_first_mirrors_the_lag_interval_and_keeps_the_rest(seed, lag, strength):
    x, y = pair(seed, lag, strength)
    one = estimated(x, y, 0.3)
    rng = np.random.default_rng(0)
    other = estimate_coupling([MEASURE.surface(y, x)], MEASURE, Pairing("ben", "ada", 0.3), BOOT, rng)
    assert (other.lag, other.leader) == (one.lag, one.leader)
    assert other.value == pytest.approx(one.value)
    assert other.interval == pytest.approx(one.interval)
    assert other.lag_interval == pytest.approx((-one.lag_interval[1], -one.lag_interval[0]))


def test_what_the_clocks_leave_open_widens_the_lag_and_can_take_the_leader_away():
    x, y = pair(1, 4)
    sure, unsure = estimated(x, y, 0.0), estimated(x, y, 2.0)
    assert unsure.lag_interval[0] < sure.lag_interval[0] < sure.lag_interval[1] < unsure.lag_interval[1]
    assert unsure.lag_interval[1] - 2.0 == pytest.approx(math.hypot(sure.lag_interval[1] - 2.0, Z_LEVEL * 2.0))
    assert (sure.leader, unsure.leader) == ("ada", None)


def test_clocks_that_nobody_stated_name_no_leader():
    found = estimated(*pair(1, 4), clock_sd=None)
    assert found.leader is None
    assert found.clock_sd is None


def test_the_signed_value_at_a_fixed_lag_has_intervals_of_both_levels():
    x, y = pair(1, 0)
    declared = estimated(x, Signal(-y.values, y.rate, y.start, y.unit)).declared
    assert declared.lag == 0.0
    assert declared.interval[0] < declared.value < declared.interval[1] < 0
    wide = math.atanh(declared.interval[1]) - declared.mean
    freedom = 281 // 40 - 1  # 281 windows a second apart, in blocks of two windows of 20 s
    assert wide / declared.half_width == pytest.approx(stdtrit(freedom, 0.975) / stdtrit(freedom, 0.95), rel=0.02)
    assert declared.quantile == pytest.approx(stdtrit(freedom, 0.95))


def test_nothing_to_estimate():
    x = Signal(np.full(100, np.nan), 2.0, 0.0, Unit.ARBITRARY)
    assert estimated(x, x) is None
    assert estimate_coupling([], MEASURE, Pairing("a", "b"), BOOT, np.random.default_rng(0)) is None


def test_one_lag_and_one_window_are_enough_for_an_estimate():
    x, y = (Signal(s.values[:44], 2.0, 0.0, s.unit) for s in pair(1, 0))
    measure = LaggedCorrelation(20.0, 0.0, 10.0)
    found = estimate_coupling([measure.surface(x, y)], measure, Pairing("a", "b"), BOOT, np.random.default_rng(0))
    assert found.lag == 0.0
    assert found.lag_interval == (0.0, 0.0)
