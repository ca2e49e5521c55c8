"""What is left of a signal without its covariates: the closed form of least squares, lags, gaps, units and lengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coupling.adjustment import LaggedRegression
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit

RATE = 2.0


def signal(values, start=0.0):
    return Signal(np.asarray(values, float), RATE, start, Unit.ARBITRARY)


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


@pytest.mark.parametrize("seconds", [-2.0, 0.0, 1.5, 3.0, 10.0])
def test_what_follows_a_covariate_is_taken_out_at_every_lag(seconds):
    covariate, lag = noise(600), round(seconds * RATE)
    left = LaggedRegression()(signal(np.roll(covariate, lag) * 3 + 70), [signal(covariate)])
    valid = np.isfinite(left.signal.values)
    assert valid.sum() == 600 - 20 - 4
    assert np.abs(left.signal.values[valid]).max() < 1e-9
    assert left.explained == pytest.approx(1.0)


@pytest.mark.parametrize("seconds", [-3.0, 11.0])
def test_what_lies_beyond_the_lags_stays(seconds):
    covariate = noise(2000)
    assert LaggedRegression()(signal(np.roll(covariate, round(seconds * RATE))), [signal(covariate)]).explained < 0.05


def test_it_is_the_residual_of_ordinary_least_squares():
    values, covariates = noise(300), [noise(300, 1), noise(300, 2)]
    regression = LaggedRegression(lead=0.0, follow=0.0)
    left = regression(signal(values), [signal(each) for each in covariates])
    hat = np.column_stack([np.ones(300), *covariates])
    expected = values - hat @ np.linalg.inv(hat.T @ hat) @ hat.T @ values
    np.testing.assert_allclose(left.signal.values, expected, atol=1e-12)
    assert left.explained == pytest.approx(1 - expected.var() / values.var())


@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_the_units_of_a_covariate_decide_nothing(scale, offset):
    values, covariate = noise(200), noise(200, 1)
    plain, other = (
        LaggedRegression(1.0, 2.0)(signal(values), [signal(c)]) for c in (covariate, covariate * scale + offset)
    )
    np.testing.assert_allclose(plain.signal.values, other.signal.values, atol=1e-6)


def test_a_gap_of_a_covariate_is_a_gap_of_what_is_left_at_every_lag():
    covariate = noise(400)
    covariate[100:104] = np.nan
    left = LaggedRegression()(signal(noise(400, 1)), [signal(covariate)])
    assert np.isnan(left.signal.values[100 - 4 : 104 + 20]).all()
    assert np.isfinite(left.signal.values[124:396]).all()


def test_a_covariate_that_does_not_vary_takes_nothing_out():
    values = noise(400)
    left = LaggedRegression(0.0, 0.0)(signal(values), [signal(np.zeros(400))])
    np.testing.assert_allclose(left.signal.values, values - values.mean(), atol=1e-12)
    assert left.explained == pytest.approx(0.0, abs=1e-12)


def test_a_signal_without_a_valid_sample_has_nothing_left():
    left = LaggedRegression()(signal(np.full(50, np.nan)), [signal(noise(50))])
    assert np.isnan(left.signal.values).all()
    assert np.isnan(left.explained)


def test_lags_and_length_follow_from_the_settings():
    regression = LaggedRegression()
    assert list(regression.lags(2.0)) == list(range(-4, 21))
    assert regression.seconds_needed(2, 2.0) == 10 * (1 + 2 * 25) / 2
    assert list(LaggedRegression(0.0, 0.0).lags(2.0)) == [0]


def test_other_grids_are_refused():
    with pytest.raises(UsageError, match="one grid"):
        LaggedRegression()(signal(noise(50)), [signal(noise(49))])


@pytest.mark.parametrize("wrong", [{"lead": -1.0}, {"follow": -1.0}, {"least_ratio": 0.0}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(UsageError, match="must not be negative"):
        LaggedRegression(**wrong)
