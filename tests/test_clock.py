"""Device time to session time, and what is not known about it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.clock import Clock, lag_sd
from coregulation.errors import UsageError
from tests import strategies


@pytest.mark.parametrize("field", ["offset", "offset_sd", "drift_ppm", "drift_sd_ppm"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_stated_is_finite(field, value):
    with pytest.raises(UsageError, match=f"{field} must be a finite"):
        Clock(**{field: value})


@pytest.mark.parametrize("field", ["offset_sd", "drift_sd_ppm"])
def test_an_uncertainty_is_not_negative(field):
    with pytest.raises(UsageError, match="negative"):
        Clock(**{field: -1.0})


def test_session_time_by_hand():
    clock = Clock(offset=10.0, drift_ppm=100.0)
    assert clock.session_time(1000.0) == pytest.approx(1010.1)
    np.testing.assert_allclose(clock.session_time(np.array([0.0, 1000.0])), [10, 1010.1])


@given(strategies.clocks(), strategies.times, st.floats(1e-3, 1e3))
def test_time_never_runs_backwards(clock, at, later):
    assert clock.session_time(at + later) > clock.session_time(at)


def test_the_uncertainty_grows_with_the_distance_from_zero():
    clock = Clock(offset_sd=0.03, drift_sd_ppm=40.0)
    assert clock.sd(0.0) == 0.03
    assert clock.sd(1000.0) == pytest.approx(0.05)
    assert clock.sd(-1000.0) == pytest.approx(0.05)


def test_nobody_stated_it():
    unknown = Clock(offset_sd=None)
    assert unknown.sd(10.0) is None
    assert lag_sd(unknown, Clock(name="other"), 10.0) is None
    assert lag_sd(Clock(name="other"), unknown, 10.0) is None


def test_two_devices_of_which_nobody_stated_anything_are_not_one_clock():
    assert lag_sd(Clock(offset_sd=None), Clock(offset_sd=None), 10.0) is None


def test_two_devices_stated_alike_are_not_one_clock():
    assert lag_sd(Clock(offset_sd=0.3), Clock(offset_sd=0.3), 0.0) == pytest.approx(0.3 * math.sqrt(2))


def test_one_device_is_sure_of_itself_whatever_it_knows_of_the_session():
    for sd in (None, 0.5):
        strap = Clock(offset_sd=sd, drift_sd_ppm=50, name="strap")
        assert lag_sd(strap, strap, 1000.0) == 0.0


def test_both_at_the_session_clock_are_sure():
    assert lag_sd(Clock(), Clock(), 1000.0) == 0.0


@given(strategies.clocks(), strategies.clocks(), strategies.times)
def test_a_lag_is_as_unsure_as_both_clocks(one, other, at):
    both = lag_sd(one, other, at)
    assert both == lag_sd(other, one, at)
    sds = one.sd(at - one.offset), other.sd(at - other.offset)
    if None in sds:
        assert both is None
    else:
        assert both == pytest.approx(math.hypot(*sds))
