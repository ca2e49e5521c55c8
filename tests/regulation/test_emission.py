"""The heart's curve: taken off exactly over the own zero, and both curves are in every interval."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.regulation.emission import HEART, STRAIGHT, SaturatingEmission, apply_emission
from coregulation.regulation.guarded_fit import fit_guarded
from coregulation.regulation.panel import Panel
from coregulation.regulation.statespace import StateSpace
from tests.regulation.truth import A, Truth, simulate, timetable


def test_a_curve_is_taken_off() -> None:
    x = np.linspace(-20, 60, 50)
    np.testing.assert_allclose(SaturatingEmission(30.0).index(30 * np.arcsinh(x / 30)), x, atol=1e-9)
    assert SaturatingEmission().index(x) is x
    with pytest.raises(UsageError, match="positive"):
        SaturatingEmission(0.0)


def test_heights_are_over_the_own_zero() -> None:
    design = timetable(1, rest=60.0, hit=20.0, recover=60.0)
    panel, _ = simulate(Truth(), design, np.random.default_rng(0), 1.0)
    index = apply_emission(Panel(panel.times, panel.values + 70.0), design, STRAIGHT)
    resting = panel.times < 60
    np.testing.assert_allclose(np.median(index.values[resting], axis=0), 0, atol=0.1)


def test_both_curves_are_in_the_interval() -> None:
    design = timetable(2, rest=60.0, hit=20.0, recover=70.0)
    panel, _ = simulate(Truth(sigma=0.5, dose=2.0), design, np.random.default_rng(0), 0.25)
    fit, _ = fit_guarded(Panel(panel.times, panel.values + 70), design, True, StateSpace(draws=200))
    own = [one.own_burden(A) for one in (fit.all[0], *fit.others)]
    assert len(fit.all) == len(HEART) == 2
    assert math.isinf(HEART[1].span)
    assert fit.rates[0].shape == (400, 2)
    assert own[0].low <= max(one.low for one in own)
