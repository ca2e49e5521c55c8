"""The heart's curve: taken off exactly, found by likelihood, and never finer than it can be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.regulation.emission import SaturatingEmission, linearise_emission
from coregulation.regulation.panel import Panel
from coregulation.regulation.statespace import StateSpace
from tests.regulation.truth import Truth, simulate, timetable


def test_a_curve_is_taken_off_and_its_jacobian_counted() -> None:
    x = np.linspace(-20, 60, 50)
    curve = SaturatingEmission(30.0)
    y = 30 * np.arcsinh(x / 30)
    np.testing.assert_allclose(curve.index(y), x, atol=1e-9)
    step = 1e-5
    slopes = (curve.index(y + step) - curve.index(y - step)) / (2 * step)
    assert curve.log_slopes(y) == pytest.approx(np.log(slopes).sum(), abs=1e-5)
    assert SaturatingEmission().log_slopes(y) == 0
    assert SaturatingEmission().index(y) is y
    with pytest.raises(UsageError, match="positive"):
        SaturatingEmission(0.0)


def test_a_bent_heart_is_straightened_and_a_straight_one_left() -> None:
    design = timetable(2, rest=120.0, hit=30.0, recover=150.0)
    truth = Truth(k=(0.02, 0.02), sigma=0.3, noise=0.3, dose=1.5)
    panel, _ = simulate(truth, design, np.random.default_rng(0), 0.25)
    heights = panel.values - np.array(truth.level)
    bent = Panel(panel.times, 70 + 20 * np.arcsinh(heights / 20))
    how = StateSpace(draws=50)
    assert linearise_emission(bent, design, how)[1].span < 45
    straight = replace(panel, values=70 + panel.values)
    assert linearise_emission(straight, design, how, (math.inf, 22.0))[1].span == math.inf
