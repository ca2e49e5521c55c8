"""Who lent how much to whom: against the equations themselves, each sign with a path on which it matters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from coregulation.regulation.counterfactual import _one, _without
from coregulation.regulation.design import Design
from coregulation.regulation.model import Dynamics
from coregulation.regulation.panel import ModelGrid, Panel, model_grid
from tests.regulation.truth import A, B, timetable

DESIGN = timetable(1, rest=40.0, hit=20.0, recover=100.0)
RATE = np.array([0.04, 0.05])
FINE = 50  # steps a second of the solution that is compared with


def grid_of(design: Design) -> ModelGrid:
    times = np.arange(0.0, design.spans[-1].end)
    return model_grid(Panel(times, np.random.default_rng(0).standard_normal((len(times), 2))), design)


def effects_of(grid: ModelGrid, dose: float, exposure: dict[int, float]) -> np.ndarray:
    values = {"dose": lambda _: dose, "cross_exposure": lambda e: exposure.get(e.person, 0.0)}
    return np.array([values[e.kind](e) if e.kind in values else 0.0 for e in grid.effects])


def paths(
    grid: ModelGrid, damping: np.ndarray, drive: np.ndarray, exposure: dict[int, float]
) -> tuple[np.ndarray, ...]:
    """Solve the model with and without the other's part, in steps of 1/50 s."""
    x, z = np.zeros(2), np.zeros(2)
    seen, without = [x.copy()], [z.copy()]
    for start, end in zip(grid.times[:-1], grid.times[1:], strict=True):
        middle = np.array([(start + end) / 2])
        together = bool(DESIGN.company(middle).any())
        on = [p for p in DESIGN.probes if p.start < middle[0] < p.end]
        own = np.array([0.05 * any(who in p.hit for p in on) for who in (A, B)])
        other = np.array([exposure.get(i, 0.0) * any((A, B)[1 - i] in p.hit for p in on) for i in (0, 1)])
        for _ in range(FINE):
            step = (end - start) / FINE
            x = x + step * (-(RATE + damping * together) * x + together * (drive @ x + other) + own)
            z = z + step * (-RATE * z + own)
        seen.append(x.copy())
        without.append(z.copy())
    return np.array(seen), np.array(without)


CASES = {
    "damping": (np.array([0.05, 0.02]), np.zeros((2, 2)), {}),
    "drive": (np.zeros(2), np.array([[0.0, 0.02], [0.01, 0.0]]), {}),
    "cross exposure": (np.zeros(2), np.zeros((2, 2)), {0: 0.02, 1: 0.03}),
    "all three": (np.array([0.05, 0.02]), np.array([[0.0, 0.02], [0.01, 0.0]]), {0: 0.02, 1: 0.03}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_would_have_been_without_the_other_solves_the_equations(case: str) -> None:
    damping, drive, exposure = CASES[case]
    grid = grid_of(DESIGN)
    seen, without = paths(grid, damping, drive, exposure)
    dynamics = Dynamics(RATE, damping, drive, np.full(2, 0.01), np.full(2, 0.01))
    difference = _without(grid, dynamics, effects_of(grid, 0.05, exposure), seen)
    largest = np.abs(without - seen).max()
    assert largest > 0.05
    assert np.abs(difference - (without - seen)).max() < 0.03 * largest


def test_each_person_s_part_has_its_own_sign() -> None:
    """Damping spares the receiver and costs nothing; being driven by the receiver costs the giver."""
    grid = grid_of(DESIGN)
    fit = SimpleNamespace(target=SimpleNamespace(grid=grid), design=DESIGN)
    (probe,) = DESIGN.of(A, True)
    for damping, drive, lent_sign, cost_sign in (
        (np.array([0.05, 0.0]), np.zeros((2, 2)), 1, 0),
        (np.zeros(2), np.array([[0.0, 0.0], [0.03, 0.0]]), 0, 1),
    ):
        seen, _ = paths(grid, damping, drive, {})
        dynamics = Dynamics(RATE, damping, drive, np.full(2, 0.01), np.full(2, 0.01))
        missing = _without(grid, dynamics, effects_of(grid, 0.05, {}), seen)
        (lent,), (cost,), (area,) = _one(fit, seen, missing, [(A, probe)])  # type: ignore[arg-type]
        assert np.sign(round(lent, 6)) == lent_sign
        assert np.sign(round(cost, 6)) == cost_sign
        assert area > 0
