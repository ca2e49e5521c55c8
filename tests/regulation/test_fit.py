"""What the search doubts, and which moments have rates of their own: just below, at, and just above."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from coregulation.regulation.fit import doubting, doubting_spikes
from coregulation.regulation.model import WeakPriors
from coregulation.regulation.panel import Panel, model_grid
from coregulation.regulation.posterior import posterior_of
from coregulation.regulation.statespace import StateSpace
from tests.regulation.truth import timetable

DESIGN = timetable(1, rest=40.0, hit=10.0, recover=60.0)


def target(values: np.ndarray, design=DESIGN):
    grid = model_grid(Panel(np.arange(len(values), dtype=float), values), design)
    return posterior_of(grid, StateSpace().layout(grid, design), WeakPriors())


def noise() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((360, 2))


@pytest.mark.parametrize(("residual", "doubted"), [(2.99, False), (3.0, False), (3.01, True)])
def test_an_innovation_is_doubted_from_three_deviations(residual: float, doubted: bool) -> None:
    plain = target(noise())
    residuals = np.zeros(np.isfinite(plain.grid.y).sum())
    residuals[7] = -residual
    told = doubting(plain, SimpleNamespace(point=SimpleNamespace(residual=residuals)))  # type: ignore[arg-type]
    assert (told is not None) is doubted
    if told is not None:
        assert told.doubt.max() == pytest.approx((4 + residual**2) / 5)


@pytest.mark.parametrize(("deviations", "doubted"), [(7.99, False), (8.0, False), (8.01, True)])
def test_a_value_is_doubted_from_eight_deviations_of_its_neighbours(deviations: float, doubted: bool) -> None:
    """A saw of noughts and ones, each of which lies one beside the mean of its two neighbours."""
    values = np.tile(np.array([0.0, 1.0])[:, None], (180, 2))
    spread = 1.4826 / np.sqrt(1.5)
    values[101, 0] = 1.0 + (deviations - 1e-9 * (deviations == 8)) * spread
    told = doubting_spikes(target(values))
    assert bool(told.doubt[:, 0].max() > 1) is doubted


@pytest.mark.parametrize(("moments", "free"), [(3, 0), (4, 4), (8, 8)])
def test_four_moments_have_rates_of_their_own(moments: int, free: int) -> None:
    grid = SimpleNamespace(companies=np.array([[[False, True], [True, False]]]), moments=moments)
    assert StateSpace().layout(grid, DESIGN).moments == free  # type: ignore[arg-type]


def test_a_smooth_series_has_no_spikes():
    """Where most values are the median of their five themselves, as of slow swells, the others are no spikes."""
    swell = np.sin(2 * np.pi * np.arange(360.0)[:, None] / 75.0 + np.arange(2.0))
    assert doubting_spikes(target(swell)).doubt.max() == 1.0
